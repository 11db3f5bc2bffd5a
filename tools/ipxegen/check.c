#include "config.h"

#include "tools/ipxegen/check.h"

#include <err.h>
#include <stdlib.h>

#include "lib/order/order.h"
#include "lib/render/artefact.h"
#include "lib/serve/menu.h"
#include "lib/sys/exits.h"

static bool try(const struct artefact_facts *facts, const struct artefact *which)
{
	char why[ARTEFACT_WHY], *text = NULL;
	size_t len;
	bool secret;
	bool ok = artefact_render(facts, which, &text, &len, &secret, why);

	if (!ok)
		warnx("%s", why);
	free(text);
	return ok;
}

/* The text with one entry that leads to the image, and one to a URL. */
static bool try_menu(struct artefact_facts facts, const struct artefact *which,
		     const struct image *image)
{
	static char sample[] = "sample", none[] = "";
	static struct conf_menu entry = { .name = sample,
					  .title = sample,
					  .image = sample,
					  .url = none,
					  .arguments = sample,
					  .firmware = none };
	static struct conf_menu chain = { .name = sample,
					  .title = sample,
					  .image = none,
					  .url = sample,
					  .arguments = none,
					  .firmware = none,
					  .is_default = true };
	const struct artefact_menu menu[] = { { &entry, image }, { &chain, NULL } };

	facts.menu = menu;
	facts.menus = 2;
	return try(&facts, which);
}

/* An image of a kind that the artefact is for. */
static bool try_kind(struct artefact_facts facts, const struct artefact *which,
		     enum image_kind kind)
{
	struct image_file file[] = {
		{ .name = "rootfs.tar.zst", .sha256 = "00", .size = 1 },
		{ .name = "vmlinuz", .sha256 = "00", .size = 1 },
		{ .name = "initrd.img", .sha256 = "00", .size = 1 },
		{ .name = "boot.efi", .sha256 = "00", .size = 1 },
		{ .name = "image.iso", .sha256 = "00", .size = 1 }
	};
	const struct image image = {
		.name = "sample", .version = "1", .kind = kind, .file = file, .files = 5
	};
	const struct plan plan = { .action = PLAN_INSTALL,
				   .rule = "job",
				   .why = "sample" };

	facts.plan = &plan;
	facts.image = &image;
	return artefact_has_menu(which) ? try_menu(facts, which, &image)
					: try(&facts, which);
}

static bool try_with_job(const struct conf *conf, const struct artefact *which,
			 const struct settings *settings)
{
	static const struct machine machine = { .uuid = "sample", .serial = "sample" };
	static const struct job job = { .id = 1, .attempt = 1, .hostname = "sample" };
	const struct artefact_facts facts = { .conf = conf,
					      .network = conf->network,
					      .machine = &machine,
					      .job = &job,
					      .settings = settings,
					      .token = "1-sample" };

	for (int kind = 0; kind < IMAGE_KINDS; kind++)
		if (!which->kinds || which->kinds & 1u << kind)
			if (!try_kind(facts, which, (enum image_kind)kind))
				return false;
	return true;
}

static void complain(const char *why)
{
	warnx("%s", why);
}

bool check_menus(const struct conf *conf)
{
	struct serve_menu menu;
	bool all;

	if (!serve_menu_load(conf, NULL, NULL, &menu, complain))
		err(EXIT_FAILED, "the menus");
	all = menu.entries == conf->menus;
	serve_menu_free(&menu);
	return all;
}

/* For a machine that nobody has, in a database that nobody has. */
static bool check_default(struct store *store, const struct conf *conf,
			  const struct conf_network *network)
{
	static const struct mac nobody = { { 2, 0, 0, 0, 0, 1 } };
	struct order_site site = { .conf = conf, .store = store };
	struct order o = { 0 };
	bool good = order_default(&o, &site, network, &nobody);

	for (size_t i = 0; i < o.notes; i++)
		warnx("network %s: default-job: %s%s", network->name,
		      o.note[i].warning ? "warning: " : "", o.note[i].sentence);
	order_free(&o);
	order_site_end(&site);
	return good;
}

bool check_default_jobs(const struct conf *conf)
{
	struct store *store = NULL;
	bool good = true;

	if (store_open(STORE_MEMORY, STORE_WRITE, &store) != STORE_DONE)
		errx(EXIT_FAILED, "%s", store ? store_why(store) : "out of memory");
	for (size_t i = 0; i < conf->networks; i++)
		if (*conf->network[i].default_job)
			good &= check_default(store, conf, &conf->network[i]);
	store_close(store);
	return good;
}

bool check_templates(const struct conf *conf)
{
	const struct artefact_facts nobody = { .conf = conf, .network = conf->network };
	struct settings settings = { 0 };
	bool ok = true;

	for (size_t i = 0; i < setting_count; i++)
		if (!settings_set(&settings, setting_defs[i].name, "sample"))
			err(EXIT_FAILED, "sample");
	for (size_t i = 0; i < artefact_count; i++) {
		const struct artefact *which = &artefacts[i];
		bool good = which->kinds || try(&nobody, which);

		ok &= good && try_with_job(conf, which, &settings);
	}
	settings_free(&settings);
	return ok;
}
