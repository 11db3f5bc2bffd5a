/* What a job installs, down to checksums: the manifest of its pinned version. */
#include "config.h"

#include <stdio.h>

#include "lib/media/catalogue.h"
#include "lib/sys/print.h"
#include "tools/bootweb/page_job.h"

static void put(struct page *page, const char *name, const char *value, const char *sha)
{
	struct view *item = view_item(page->view, "records");

	view_text(item, "name", name);
	view_text(item, "value", value);
	view_text(item, "sha", sha);
}

static void put_file(struct page *page, const struct image_file *file)
{
	char text[sizeof(file->name) + PRINT_TIME + 4], size[PRINT_TIME];

	if (file->size >= 0)
		snprintf(text, sizeof(text), "%s, %s", file->name,
			 print_octets(file->size, size));
	else
		snprintf(text, sizeof(text), "%s", file->name);
	put(page, "File", text, file->sha256);
}

void page_put_record(struct page *page, const struct job *job)
{
	static const char *const fields[] = { "name", "value", "sha", NULL };
	char why[CATALOGUE_WHY];
	struct image image;

	view_list(page->view, "records", fields);
	put(page, "Image", job->image, "");
	view_flag(page->view, "record", true);
	if (!catalogue_load(page->conf->images, job->image, &image, why)) {
		put(page, "Files", why, "");
		return;
	}
	put(page, "Kind", image_kind_name(image.kind), "");
	for (size_t i = 0; i < image.files; i++)
		put_file(page, &image.file[i]);
	image_free(&image);
}
