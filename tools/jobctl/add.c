#include "config.h"

#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/core/object.h"
#include "lib/core/seal.h"
#include "lib/media/catalogue.h"
#include "lib/sys/exits.h"
#include "lib/sys/keyfile.h"
#include "lib/sys/print.h"
#include "lib/sys/tool.h"
#include "tools/jobctl/fits.h"
#include "tools/jobctl/jobctl.h"
#include "tools/jobctl/secret.h"
#include "tools/jobctl/windows.h"

#define MACS_MAX 8

enum { KEY_UUID = 256, KEY_SERIAL, KEY_PLATFORM, KEY_PROFILE, KEY_NETWORK };

const struct verb_option add_options[] = {
	{ "mac", 'm', "MAC", "an address of the machine; several may be given" },
	{ "image", 'i', "NAME[@VERSION]",
	  "what to install; the current version if none is said" },
	{ "uuid", KEY_UUID, "UUID", "the SMBIOS UUID of the machine" },
	{ "serial", KEY_SERIAL, "TEXT", "the serial number of the machine" },
	{ "platform", KEY_PLATFORM, "NAME", "a platform of pxekit.conf" },
	{ "profile", KEY_PROFILE, "NAME", "a profile of pxekit.conf" },
	{ "network", KEY_NETWORK, "NAME", "the network of pxekit.conf it boots from" },
	{ "dry-run", 'n', NULL, "check everything and change nothing" },
	{ 0 },
};

struct request {
	struct mac mac[MACS_MAX];
	size_t macs;
	struct machine_key key;
	const char *image, *platform, *profile, *network;
	struct settings settings;
	struct job job;
	char made[SECRET_MADE]; /* the password that nobody gave; shown once */
	bool dry_run;
};

/* ---- options ---- */

static void add_mac(struct request *r, const char *text)
{
	const char *why;

	if (r->macs == MACS_MAX)
		errx(EXIT_MISUSE, "--mac %s: a machine has at most %d", text, MACS_MAX);
	if (!mac_parse(text, &r->mac[r->macs], &why))
		errx(EXIT_MISUSE, "--mac %s: %s", text, why);
	r->macs++;
}

static void set_uuid(struct request *r, const char *text)
{
	if (!machine_uuid_parse(text, r->key.uuid))
		errx(EXIT_MISUSE, "--uuid %s: is not one machine's UUID", text);
}

static void set_serial(struct request *r, const char *text)
{
	if (!*text || strlen(text) >= sizeof(r->key.serial))
		errx(EXIT_MISUSE, "--serial %s: is empty or too long", text);
	snprintf(r->key.serial, sizeof(r->key.serial), "%s", text);
}

static void set_secret(struct request *r, const struct setting_def *def, const char *path)
{
	char why[SETTING_WHY], option[JOB_NAME], *value;

	snprintf(option, sizeof(option), "%s-file", def->name);
	value = secret_read(def->name, option, path);
	if (!setting_check(def->name, value, why))
		errx(EXIT_MISUSE, "--%s (secret): %s", def->name, why);
	if (!settings_set(&r->settings, def->name, value))
		err(EXIT_FAILED, "--%s", def->name);
	secret_free(value);
}

/* value NULL: a switch that was given without one. */
static void set_setting(struct request *r, const struct setting_def *def,
			const char *value)
{
	char why[SETTING_WHY];

	if (setting_is(def, SETTING_SECRET)) {
		set_secret(r, def, value);
		return;
	}
	value = value ? value : "yes";
	if (!setting_check(def->name, value, why))
		errx(EXIT_MISUSE, "--%s %s: %s", def->name, value, why);
	if (!settings_set(&r->settings, def->name, value))
		err(EXIT_FAILED, "--%s", def->name);
}

static void take_option(struct request *r, int c)
{
	switch (c) {
	case 'm':
		add_mac(r, optarg);
		return;
	case 'i':
		r->image = optarg;
		return;
	case KEY_UUID:
		set_uuid(r, optarg);
		return;
	case KEY_SERIAL:
		set_serial(r, optarg);
		return;
	case KEY_PLATFORM:
		r->platform = optarg;
		return;
	case KEY_PROFILE:
		r->profile = optarg;
		return;
	case KEY_NETWORK:
		r->network = optarg;
		return;
	case 'n':
		r->dry_run = true;
		return;
	default:
		set_setting(r, &setting_defs[c - OPTION_SETTING], optarg);
	}
}

static void parse(struct jobctl *ctl, int argc, char *argv[], struct request *r)
{
	int c;

	while ((c = options_next(ctl, argc, argv)) != -1)
		take_option(r, c);
	options_arguments(ctl, argc, 0, 0);
	if (!r->macs || !r->image) {
		warnx("add: wants --mac and --image");
		options_misuse(ctl->verb);
	}
	r->key.mac = r->mac[0];
	r->key.has_mac = true;
}

/* ---- what the configuration says ---- */

static void copy_name(char out[static JOB_NAME], const char *option, const char *name)
{
	if (strlen(name) >= JOB_NAME)
		errx(EXIT_MISUSE, "--%s %s: is too long", option, name);
	snprintf(out, JOB_NAME, "%s", name);
}

/*
 * The network a job without one gets its platform and profile from: where the
 * machine was seen, or the only one there is.
 */
static const struct conf_network *home_network(const struct jobctl *ctl,
					       const struct request *r)
{
	const struct conf_network *network = NULL;
	struct machine machine;

	if (r->network)
		return conf_network_named(ctl->conf, r->network);
	if (store_machine(ctl->store, &r->key, &machine) == STORE_DONE)
		network = conf_network_named(ctl->conf, machine.network);
	if (!network && ctl->conf->networks == 1)
		network = ctl->conf->network;
	return network;
}

static void resolve_image(const struct jobctl *ctl, struct request *r)
{
	struct image image;
	char why[CATALOGUE_WHY];

	if (!catalogue_load(ctl->conf->images, r->image, &image, why))
		errx(EXIT_MISUSE, "--image %s: %s", r->image, why);
	if (image.kind == IMAGE_ROOTFS && !image.min_disk)
		errx(EXIT_MISUSE,
		     "--image %s: its MANIFEST does not say min-disk, so no disk could "
		     "be "
		     "judged large enough",
		     r->image);
	snprintf(r->job.image, sizeof(r->job.image), "%s@%s", image.name, image.version);
	image_free(&image);
}

static void resolve_windows(const struct jobctl *ctl, struct request *r,
			    const struct conf_network *network)
{
	struct image image;
	char why[CATALOGUE_WHY];

	if (!catalogue_load(ctl->conf->images, r->job.image, &image, why))
		errx(EXIT_MISUSE, "--image %s: %s", r->image, why);
	if (image.kind == IMAGE_WIM)
		windows_resolve(r->image, &image, &r->settings, r->made);
	fits_check(ctl->conf, network, r->job.platform, &image, &r->settings);
	image_free(&image);
}

/* Secrets that the profile names a file of, where the job does not say its own. */
static void read_profile_files(struct request *r, const struct conf_profile *profile)
{
	for (size_t i = 0; i < setting_count; i++)
		if (profile->files.value[i] && !r->settings.value[i])
			set_secret(r, &setting_defs[i], profile->files.value[i]);
}

static void resolve_profile(const struct jobctl *ctl, struct request *r)
{
	const struct conf_profile *profile;

	if (!*r->job.profile)
		return;
	profile = conf_profile_named(ctl->conf, r->job.profile);
	if (!profile)
		errx(EXIT_MISUSE, "--profile %s: pxekit.conf has no such profile",
		     r->job.profile);
	read_profile_files(r, profile);
	if (!settings_inherit(&r->settings, &profile->settings))
		err(EXIT_FAILED, "--profile %s", r->job.profile);
}

static void resolve(const struct jobctl *ctl, struct request *r)
{
	const struct conf_network *network = home_network(ctl, r);

	if (r->network && !network)
		errx(EXIT_MISUSE, "--network %s: pxekit.conf has no such network",
		     r->network);
	if (!r->platform && network && network->platform)
		r->platform = network->platform;
	if (!r->profile && network && network->profile)
		r->profile = network->profile;
	copy_name(r->job.network, "network", r->network ? r->network : "");
	copy_name(r->job.platform, "platform", r->platform ? r->platform : "");
	copy_name(r->job.profile, "profile", r->profile ? r->profile : "");
	if (*r->job.platform && !conf_platform_named(ctl->conf, r->job.platform))
		errx(EXIT_MISUSE, "--platform %s: pxekit.conf has no such platform",
		     r->job.platform);
	resolve_profile(ctl, r);
	resolve_image(ctl, r);
	resolve_windows(ctl, r, network);
	copy_name(r->job.hostname, "hostname", settings_get(&r->settings, "hostname"));
}

/* The first job draws the site's key: its token and its secrets rest on it. */
static void seal(const struct jobctl *ctl, struct settings *settings)
{
	struct token_key key;

	if (keyfile_ensure(ctl->conf->key, &key) < 0)
		err(EXIT_FAILED, "%s: cannot be the key of the site", ctl->conf->key);
	if (!seal_settings(&key, settings))
		err(EXIT_FAILED, "secrets");
	explicit_bzero(&key, sizeof(key));
}

/* ---- the database ---- */

/* Says which job is in the way, and what to do about it. */
static int refused(const struct jobctl *ctl, const struct request *r)
{
	char why[JOB_TEXT], mac[MAC_TEXT];
	struct plan_facts facts = { 0 };

	snprintf(why, sizeof(why), "%s", store_why(ctl->store));
	store_end(ctl->store, false);
	if (store_facts(ctl->store, &r->key, &facts, NULL) == STORE_DONE &&
	    facts.has_job && job_is_active(facts.job.state))
		warnx("%s: has job %" PRId64 " (%s, %s) already; wait until it is over, "
		      "or: jobctl cancel %" PRId64,
		      print_mac(&r->key.mac, mac), facts.job.id, facts.job.image,
		      job_state_name(facts.job.state), facts.job.id);
	else
		warnx("%s", why);
	return EXIT_NO;
}

static enum store_result add_addresses(const struct jobctl *ctl, const struct request *r)
{
	enum store_result result = STORE_DONE;

	for (size_t i = 1; result == STORE_DONE && i < r->macs; i++)
		result = store_machine_add_mac(ctl->store, r->job.machine, &r->mac[i]);
	return result;
}

static int queue(const struct jobctl *ctl, struct request *r)
{
	enum store_result result = store_begin(ctl->store);

	if (result != STORE_DONE)
		return jobctl_result(ctl, result);
	resolve_image(ctl, r); /* again, now that imgctl rm waits for us */
	result = store_job_add(ctl->store, &r->key, &r->job, &r->settings, tool_actor());
	if (result == STORE_DONE)
		result = add_addresses(ctl, r);
	if (result == STORE_NO)
		return refused(ctl, r);
	if (result != STORE_DONE) {
		int code = jobctl_result(ctl, result);

		store_end(ctl->store, false);
		return code;
	}
	return jobctl_result(ctl, store_end(ctl->store, !r->dry_run));
}

static void build(struct jsonout *j, const void *what)
{
	const struct request *r = what;

	jsonout_open(j, "job", '{');
	object_job(j, &r->job);
	jsonout_close(j, '}');
	jsonout_open(j, "settings", '{');
	object_settings(j, &r->settings);
	jsonout_close(j, '}');
	if (*r->made)
		jsonout_text(j, "admin_password", r->made);
	jsonout_bool(j, "dry_run", r->dry_run);
}

static void report(const struct jobctl *ctl, struct request *r)
{
	char mac[MAC_TEXT];

	if (r->dry_run) {
		r->job.id = 0;
		*r->made = '\0'; /* it would be another one */
	}
	if (ctl->json)
		print_json(build, r);
	else if (r->dry_run)
		printf("dry run: %s %s would be queued\n", print_mac(&r->key.mac, mac),
		       r->job.image);
	else
		printf("job %" PRId64 ": %s %s %s\n", r->job.id,
		       print_mac(&r->key.mac, mac), r->job.image,
		       job_state_name(r->job.state));
	if (*r->made && !ctl->json)
		printf("Administrator's password, shown only now: %s\n", r->made);
	explicit_bzero(r->made, sizeof(r->made));
}

int add_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct request r = { 0 };
	int code;

	parse(ctl, argc, argv, &r);
	jobctl_open(ctl, STORE_WRITE);
	resolve(ctl, &r);
	seal(ctl, &r.settings);
	code = queue(ctl, &r);
	if (code == EXIT_DONE)
		report(ctl, &r);
	settings_free(&r.settings);
	return code;
}
