/* What was installed, down to checksums: by a job, and on a machine over the years. */
#include "config.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "lib/media/catalogue.h"
#include "lib/sys/print.h"
#include "tools/bootweb/page_record.h"

static void put(struct view *view, const char *name, const char *value, const char *sha)
{
	struct view *item = view_item(view, "records");

	view_text(item, "name", name);
	view_text(item, "value", value);
	view_text(item, "sha", sha ? sha : "");
}

/* ---- what a job is going to install: the manifest of its pinned version ---- */

static void put_file(struct view *view, const struct image_file *file)
{
	char text[sizeof(file->name) + PRINT_TIME + 4], size[PRINT_TIME];

	if (file->size >= 0)
		snprintf(text, sizeof(text), "%s, %s", file->name,
			 print_octets(file->size, size));
	else
		snprintf(text, sizeof(text), "%s", file->name);
	put(view, "File", text, file->sha256);
}

static void put_manifest(const struct page *page, const struct job *job)
{
	char why[CATALOGUE_WHY];
	struct image image;

	put(page->view, "Image", job->image, "");
	if (!catalogue_load(page->conf->images, job->image, &image, why)) {
		put(page->view, "Files", why, "");
		return;
	}
	put(page->view, "Kind", image_kind_name(image.kind), "");
	for (size_t i = 0; i < image.files; i++)
		put_file(page->view, &image.file[i]);
	image_free(&image);
}

/* ---- what was installed: its record ---- */

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static void put_each(struct view *view, const char *name, const json_t *list,
		     const char *second)
{
	char value[512];

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);

		snprintf(value, sizeof(value), "%s %s", text_of(item, "name"),
			 text_of(item, second));
		put(view, name, value, text_of(item, "sha256"));
	}
}

static void put_record(struct view *view, const char *line)
{
	json_t *record = json_loads(line, 0, NULL);
	const json_t *loader = json_object_get(record, "loader");

	put(view, "By", text_of(record, "actor"), "");
	put(view, "Image", text_of(record, "image"),
	    text_of(json_object_get(record, "manifest"), "sha256"));
	if (*text_of(record, "edition"))
		put(view, "Edition", text_of(record, "edition"), "");
	if (json_is_object(loader))
		put(view, "Loader", text_of(loader, "file"), text_of(loader, "sha256"));
	put_each(view, "File", json_object_get(record, "files"), "");
	put_each(view, "Driver", json_object_get(record, "drivers"), "version");
	put_each(view, "Template", json_object_get(record, "templates"), "");
	json_decref(record);
}

static const char *const record_fields[] = { "name", "value", "sha", NULL };

void page_put_record(struct page *page, const struct job *job)
{
	const struct install_filter filter = { .job = job->id };
	struct store_list *list = store_installs(page->store, &filter);
	struct store_install i;
	bool recorded = false;

	view_list(page->view, "records", record_fields);
	while (list && job->state == JOB_DONE && store_next_install(list, &i))
		if (i.attempt == job->attempt && *i.line) {
			put_record(page->view, i.line);
			recorded = true;
		}
	store_list_end(list);
	if (!recorded)
		put_manifest(page, job);
	view_flag(page->view, "record", true);
	view_text(page->view, "record_title",
		  recorded ? "Install record" : "What it installs");
}

/* ---- one machine ---- */

static void put_install(struct view *item, const struct store_install *i)
{
	char clock[PRINT_TIME];

	print_clock(i->time_ms, clock);
	clock[strcspn(clock, ".")] = '\0'; /* without milliseconds */
	view_int(item, "number", i->id);
	view_text(item, "time", clock);
	view_int(item, "job", i->job);
	view_print(item, "attempt", "attempt %u", i->attempt);
	view_text(item, "image", i->image);
	view_text(item, "hostname", i->hostname);
	view_list(item, "records", record_fields);
	if (*i->line)
		put_record(item, i->line);
	view_flag(item, "recorded", *i->line);
}

bool page_put_installs(struct page *page, int64_t machine, struct store_install *newest)
{
	static const char *const fields[] = { "number", "time",     "job",      "attempt",
					      "image",  "hostname", "recorded", "records",
					      "name",   "value",    "sha",      NULL };
	const struct install_filter filter = { .machine = machine };
	struct store_list *list = store_installs(page->store, &filter);
	bool any = false;

	view_list(page->view, "installs", fields);
	while (list && store_next_install(list, newest)) {
		put_install(view_item(page->view, "installs"), newest);
		any = true;
	}
	store_list_end(list);
	newest->line = "";
	view_flag(page->view, "installed_any", any);
	return any;
}
