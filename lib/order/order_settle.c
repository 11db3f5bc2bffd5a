/* What pxekit.conf and the images say to an order. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/platform.h"
#include "lib/core/seal.h"
#include "lib/core/windows.h"
#include "lib/order/order_inside.h"

/*
 * The network a job without one gets its platform and profile from: where the
 * machine was seen, or the only one there is.
 */
static const struct conf_network *home_network(const struct order *o,
					       const struct order_site *site)
{
	const struct conf_network *network = NULL;
	struct machine machine;

	if (*o->network)
		return conf_network_named(site->conf, o->network);
	if (store_machine(site->store, &o->key, &machine) == STORE_DONE)
		network = conf_network_named(site->conf, machine.network);
	if (!network && site->conf->networks == 1)
		network = site->conf->network;
	return network;
}

static void inherit(char out[static JOB_NAME], const char *own, const char *network)
{
	snprintf(out, JOB_NAME, "%s", *own || !network ? own : network);
}

static void settle_names(struct order *o, const struct order_site *site,
			 const struct conf_network *network)
{
	const struct conf *conf = site->conf;

	snprintf(o->job.network, JOB_NAME, "%s", o->network);
	inherit(o->job.platform, o->platform, network ? network->platform : NULL);
	inherit(o->job.profile, o->profile, network ? network->profile : NULL);
	if (*o->network && !network)
		order_complain(o, "network", o->network,
			       "pxekit.conf has no such network");
	if (*o->job.platform && !conf_platform_named(conf, o->job.platform))
		order_complain(o, "platform", o->job.platform,
			       "pxekit.conf has no such platform");
	if (*o->job.profile && !conf_profile_named(conf, o->job.profile))
		order_complain(o, "profile", o->job.profile,
			       "pxekit.conf has no such profile");
}

/* ---- the profile ---- */

/* A secret that the profile names a file of. */
static void read_file(struct order *o, const struct setting_def *def, const char *path)
{
	char why[PASSWORD_WHY], sentence[ORDER_SENTENCE];
	char *secret = password_file(path, why);

	if (secret) {
		order_say(o, def->name, secret);
	} else {
		snprintf(sentence, sizeof(sentence), "--%s-file %s: %s", def->name, path,
			 why);
		order_complain_so(o, def->name, sentence);
	}
	password_free(secret);
}

static void settle_profile(struct order *o, const struct order_site *site)
{
	const struct conf_profile *profile =
		*o->job.profile ? conf_profile_named(site->conf, o->job.profile) : NULL;

	if (!profile)
		return;
	for (size_t i = 0; i < setting_count; i++)
		if (profile->files.value[i] && !o->settings.value[i])
			read_file(o, &setting_defs[i], profile->files.value[i]);
	if (!settings_inherit(&o->settings, &profile->settings))
		order_complain(o, "profile", o->job.profile, "there is no memory for it");
}

/* ---- the image ---- */

static const struct image *settle_image(struct order *o, struct order_site *site)
{
	const struct image *image = order_image_of(o, site, o->image);

	if (!image)
		return NULL;
	if (image->kind == IMAGE_ROOTFS && !image->min_disk) {
		order_complain(o, "image", o->image,
			       "its MANIFEST does not say min-disk, so no disk could be "
			       "judged large enough");
		return NULL;
	}
	snprintf(o->job.image, sizeof(o->job.image), "%s@%s", image->name,
		 image->version);
	return image;
}

static void set(struct order *o, const char *name, const char *value)
{
	if (!settings_set(&o->settings, name, value))
		order_complain(o, name, "", "there is no memory for it");
}

/* The share that an image is to come from, and its password. */
static void settle_transport(struct order *o, const struct order_site *site)
{
	const char *share = site->conf->smb_share;
	char *sealed = NULL;

	if (strcmp(settings_get(&o->settings, "transport"), "smb") != 0)
		return;
	if (!share || !*share)
		order_complain(o, "transport", "smb",
			       "pxekit.conf names no share in its section smb");
	else if (store_secret(site->store, "smb-password", &sealed) == STORE_NO)
		order_warn(o, "transport",
			   "--transport smb: there is no password of the share yet: "
			   "jobctl secret set smb-password");
	free(sealed);
}

/* The edition gets its full name, and Administrator a password. */
static void settle_windows(struct order *o, const struct order_site *site,
			   const struct image *image)
{
	const struct image_edition *edition;
	char why[WINDOWS_WHY];

	edition = windows_edition(image, &o->settings, why);
	if (!edition) {
		order_complain(o, "image", o->image, why);
		return;
	}
	if (!windows_check(&o->settings, edition, why)) {
		order_complain_so(o, "", why);
		return;
	}
	settle_transport(o, site);
	set(o, "edition", edition->name);
	if (*settings_get(&o->settings, "admin-password"))
		return;
	password_make(o->made);
	set(o, "admin-password", o->made);
}

/* cloud-init gets its answers from the network, so that it cannot be told of it there. */
static void settle_answers(struct order *o, const struct image *image)
{
	const char *address = settings_get(&o->settings, "address");

	if (image->answers == IMAGE_CLOUD_INIT && *address)
		order_complain(o, "address", address,
			       "what cloud-init sets up gets its address by DHCP; "
			       "--arguments may say ip= to the kernel");
}

/* ---- whether they go together ---- */

static void warning(void *arg, const char *sentence)
{
	order_warn(arg, "platform", sentence);
}

/* pxekit.conf says more of a platform than the table: its route and its disk rule. */
static void settle_fit(struct order *o, const struct order_site *site,
		       const struct conf_network *network, const struct image *image)
{
	const struct conf_platform *own =
		conf_platform_named(site->conf, o->job.platform);
	char why[WINDOWS_WHY > PLATFORM_WHY ? WINDOWS_WHY : PLATFORM_WHY];
	struct platform_case c = {
		.platform = platform_find(o->job.platform),
		.image = image,
		.settings = &o->settings,
		.disk = settings_get(&o->settings, "disk"),
		.route = own ? own->route : ROUTE_UNSAID,
	};

	if (!c.platform)
		return;
	if (!*c.disk && own && own->disk)
		c.disk = own->disk;
	if (!c.route && network)
		c.route = network->route;
	if (image->kind == IMAGE_WIM)
		c.edition = windows_edition(image, &o->settings, why);
	if (platform_possible(&c, why))
		platform_warn(&c, warning, o);
	else
		order_complain_so(o, "platform", why);
}

static void open_one(struct order *o, const struct order_site *site, size_t i)
{
	const char *name = setting_defs[i].name;
	char *plain = seal_open(&site->key, o->settings.value[i]), why[SETTING_WHY];

	if (!plain)
		order_complain(o, name, "", "is not sealed with this site's key");
	else if (!setting_check(name, plain, why))
		order_complain(o, name, "", why);
	else
		set(o, name, plain);
	password_free(plain);
}

static void open_sealed(struct order *o, struct order_site *site)
{
	for (size_t i = 0; o->sealed && i < setting_count; i++)
		if (setting_is(&setting_defs[i], SETTING_SECRET) &&
		    o->settings.value[i] && seal_is_sealed(o->settings.value[i]) &&
		    order_key(o, site))
			open_one(o, site, i);
}

bool order_settle(struct order *o, struct order_site *site)
{
	const struct conf_network *network;
	const struct image *image = NULL;

	open_sealed(o, site);
	o->job.held = o->held;
	o->job.not_before_ms = o->not_before_ms;
	if (!o->macs && !o->was)
		order_complain(o, "mac", "", "is missing: which machine is meant?");
	network = home_network(o, site);
	settle_names(o, site, network);
	if (o->was)
		order_leave_profile(o, site);
	settle_profile(o, site);
	if (!*o->image)
		order_complain(o, "image", "", "is missing: what shall be installed?");
	else
		image = settle_image(o, site);
	if (image && image->kind == IMAGE_WIM && !o->refused)
		settle_windows(o, site, image);
	if (image)
		settle_answers(o, image);
	if (image && !o->refused)
		settle_fit(o, site, network, image);
	snprintf(o->job.hostname, JOB_NAME, "%s", settings_get(&o->settings, "hostname"));
	return !o->refused;
}
