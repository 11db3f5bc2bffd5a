#include "config.h"

#include "tools/bootweb/page_choices.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/media/catalogue.h"
#include "lib/store/overview.h"
#include "lib/sys/print.h"
#include "tools/bootweb/page_form.h"

#define DEVICES 50

/* Where the choices of one field go. */
struct choices {
	const struct page *page;
	struct view *field;
	const char *value;
	bool all;  /* they are options of a select */
	bool seen; /* the value was one of them */
};

static void add(struct choices *c, const char *value, const char *shown)
{
	struct view *item = view_item(c->field, c->all ? "options" : "choices");
	bool chosen = strcmp(value, c->value) == 0;

	c->seen = c->seen || chosen;
	if (!c->all) {
		view_text(item, "choice", value);
		view_text(item, "about", shown);
		return;
	}
	view_text(item, "option", value);
	view_text(item, "shown", shown);
	view_flag(item, "chosen", chosen);
}

/* ---- images ---- */

static void add_version(struct choices *c, const struct catalogue_entry *e)
{
	char reference[2 * JOB_NAME], shown[2 * JOB_NAME + 32];

	if (e->current) {
		snprintf(shown, sizeof(shown), "%s (now %s)", e->name, e->version);
		add(c, e->name, shown);
	}
	snprintf(reference, sizeof(reference), "%s@%s", e->name, e->version);
	add(c, reference, reference);
}

static void add_images(struct choices *c)
{
	struct catalogue_list list = { 0 };
	char why[CATALOGUE_WHY];

	add(c, "", "Choose one");
	if (!catalogue_list(c->page->conf->images, NULL, &list, why))
		return;
	for (size_t i = 0; i < list.count; i++)
		add_version(c, &list.entry[i]);
	catalogue_list_free(&list);
}

static void add_editions_of(struct choices *c, const struct catalogue_entry *e)
{
	char reference[2 * JOB_NAME], why[CATALOGUE_WHY];
	struct image image;

	snprintf(reference, sizeof(reference), "%s@%s", e->name, e->version);
	if (!catalogue_load(c->page->conf->images, reference, &image, why))
		return;
	for (size_t i = 0; i < image.editions; i++)
		add(c, image.edition[i].name, reference);
	image_free(&image);
}

static void add_editions(struct choices *c)
{
	struct catalogue_list list = { 0 };
	char why[CATALOGUE_WHY];

	if (!catalogue_list(c->page->conf->images, NULL, &list, why))
		return;
	for (size_t i = 0; i < list.count; i++)
		if (list.entry[i].current)
			add_editions_of(c, &list.entry[i]);
	catalogue_list_free(&list);
}

/* ---- devices ---- */

static void add_devices(struct choices *c)
{
	const struct store_machine_page new = { .by_disposition = true,
						.disposition = MACHINE_NEW,
						.text = "" };
	char mac[MAC_TEXT], about[4 * JOB_NAME], age[PAGE_AGE];
	int64_t ids[DEVICES];
	size_t count = store_machine_page(c->page->store, &new, ids, DEVICES);
	struct machine m;

	for (size_t i = 0; i < count; i++) {
		if (store_machine_by_id(c->page->store, ids[i], &m) != STORE_DONE)
			continue;
		snprintf(about, sizeof(about), "new: %s%s%s, seen %s", m.manufacturer,
			 *m.manufacturer ? " " : "", m.product,
			 page_age(m.last_seen_ms, age));
		add(c, print_mac(&m.mac, mac), about);
	}
}

/* ---- names of pxekit.conf ---- */

static void add_networks(struct choices *c)
{
	const struct conf *conf = c->page->conf;

	add(c, "", "Where the machine is seen");
	for (size_t i = 0; i < conf->networks; i++)
		add(c, conf->network[i].name, conf->network[i].name);
}

static void add_platforms(struct choices *c)
{
	const struct conf *conf = c->page->conf;

	add(c, "", "The network's");
	for (size_t i = 0; i < conf->platforms; i++)
		add(c, conf->platform[i].name, conf->platform[i].name);
}

static void add_profiles(struct choices *c)
{
	const struct conf *conf = c->page->conf;

	add(c, "", "The network's");
	for (size_t i = 0; i < conf->profiles; i++)
		add(c, conf->profile[i].name, conf->profile[i].name);
}

static void add_addressing(struct choices *c)
{
	add(c, "dhcp", "DHCP");
	add(c, "static", "Static address");
}

static void add_transports(struct choices *c)
{
	add(c, "", "The usual one");
	add(c, "http", "HTTP");
	add(c, "smb", "SMB");
}

static void add_yes_no(struct choices *c)
{
	add(c, "", "As the profile says");
	add(c, "yes", "Yes");
	add(c, "no", "No");
}

static const struct source {
	const char *name;
	bool all;
	void (*add)(struct choices *c);
} sources[] = {
	{ "mac", false, add_devices },         { "image", true, add_images },
	{ "edition", false, add_editions },    { "network", true, add_networks },
	{ "profile", true, add_profiles },     { "platform", true, add_platforms },
	{ "transport", true, add_transports }, { FORM_ADDRESSING, true, add_addressing },
};

static const struct source *source_of(const char *name)
{
	static const struct source yes_no = { "", true, add_yes_no };
	const struct setting_def *def = setting_find(name);

	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		if (strcmp(sources[i].name, name) == 0)
			return &sources[i];
	return def && setting_is(def, SETTING_FLAG) ? &yes_no : NULL;
}

bool choices_are_all(const char *name)
{
	const struct source *source = source_of(name);

	return source && source->all;
}

void choices_put(struct page *page, struct view *field, const char *name,
		 const char *value)
{
	static const char *const options[] = { "option", "chosen", "shown", NULL };
	static const char *const choices[] = { "choice", "about", NULL };
	const struct source *source = source_of(name);
	struct choices c = {
		.page = page, .field = field, .value = value, .all = source && source->all
	};

	view_list(field, "options", options);
	view_list(field, "choices", choices);
	view_flag(field, "choices_any", source && !source->all);
	if (source)
		source->add(&c);
	if (c.all && !c.seen && *value)
		add(&c, value, value);
}
