/* The images of this site, their versions, and whether their files are whole. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/media/catalogue_verify.h"
#include "lib/sys/print.h"
#include "tools/bootweb/current.h"
#include "tools/bootweb/page.h"

/* The colour of a state on the page. */
static const char *const kinds[VERIFY_STATES] = {
	[VERIFY_NEVER] = "unknown",
	[VERIFY_GOOD] = "good",
	[VERIFY_BAD] = "bad",
	[VERIFY_OLD] = "old",
};

static void put_verified(struct page *page, struct view *item,
			 const struct catalogue_entry *e)
{
	struct verify_record record = { 0 };
	char age[PAGE_AGE];

	verify_recall(page->conf->images, e->name, e->version, &record);
	view_text(item, "state", kinds[record.state]);
	view_text(item, "label", verify_state_name(record.state));
	if (record.faults)
		view_print(item, "verified", "%zu %s, %s", record.faults,
			   record.faults == 1 ? "fault" : "faults",
			   page_age(record.time_ms, age));
	else
		view_text(item, "verified",
			  record.time_ms ? page_age(record.time_ms, age) : "");
}

static int64_t size_of(const struct image *image)
{
	int64_t sum = 0;

	for (size_t i = 0; i < image->files; i++)
		sum += image->file[i].size > 0 ? image->file[i].size : 0;
	return sum;
}

static void put_editions(struct view *item, const struct image *image)
{
	static const char *const fields[] = { "edition", NULL };

	view_list(item, "editions", fields);
	for (size_t i = 0; i < image->editions; i++)
		view_text(view_item(item, "editions"), "edition", image->edition[i].name);
}

static void put_manifest(struct page *page, struct view *item,
			 const struct catalogue_entry *e)
{
	char reference[2 * JOB_NAME], why[CATALOGUE_WHY] = "", size[PRINT_TIME];
	struct image image = { 0 };
	bool read;

	snprintf(reference, sizeof(reference), "%s@%s", e->name, e->version);
	read = catalogue_load(page->conf->images, reference, &image, why);
	view_text(item, "reference", reference);
	view_text(item, "kind", read ? image_kind_name(image.kind) : "");
	view_text(item, "arch", image.arch);
	view_text(item, "comment", image.comment);
	view_text(item, "why", read ? "" : why);
	view_text(item, "size",
		  size_of(&image) ? print_octets(size_of(&image), size) : "");
	put_editions(item, &image);
	if (read)
		image_free(&image);
}

static void put_image(struct page *page, const struct catalogue_entry *e)
{
	struct view *item = view_item(page->view, "images");

	view_text(item, "name", e->name);
	view_text(item, "version", e->version);
	view_flag(item, "current", e->current);
	put_manifest(page, item, e);
	put_verified(page, item, e);
}

enum MHD_Result page_images(struct web_request *r)
{
	static const char *const fields[] = { "name",      "version", "current",
					      "reference", "kind",    "arch",
					      "comment",   "why",     "size",
					      "state",     "label",   "verified",
					      "editions",  "edition", NULL };
	struct catalogue_list list = { 0 };
	char why[CATALOGUE_WHY] = "";
	struct page page;
	bool read;

	if (!page_enter(&page, r))
		return page.visit.result;
	page.here = "images";
	snprintf(page.title, sizeof(page.title), "Images");
	read = catalogue_list(page.conf->images, NULL, &list, why);
	view_list(page.view, "images", fields);
	for (size_t i = 0; read && i < list.count; i++)
		put_image(&page, &list.entry[i]);
	view_flag(page.view, "any", list.count);
	view_text(page.view, "problem", read ? "" : why);
	if (read)
		catalogue_list_free(&list);
	return page_give(&page, MHD_HTTP_OK, "images.html");
}

enum MHD_Result page_image_current(struct web_request *r)
{
	char before[JOB_NAME] = "", why[CATALOGUE_WHY] = "";
	struct page page;
	unsigned status;

	if (!page_enter_writer(&page, r))
		return page.visit.result;
	status = current_switch(&page.visit, r->path.segment[1], r->path.segment[2],
				false, before, why);
	if (status != MHD_HTTP_OK)
		return page_message(&page, status, "That cannot be done now", "%s.", why);
	return page_go(&page, "/images?said=current");
}
