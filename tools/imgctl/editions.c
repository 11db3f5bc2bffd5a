/* imgctl editions: what may be installed from an image. */
#include "config.h"

#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/media/recipe.h"
#include "lib/sys/exits.h"
#include "lib/sys/print.h"
#include "lib/sys/table.h"
#include "tools/imgctl/imgctl.h"

static void build_edition(struct jsonout *j, const void *what)
{
	const struct image_edition *e = what;

	jsonout_int(j, "index", e->index);
	jsonout_text(j, "name", e->name);
	jsonout_int(j, "build", e->build);
	jsonout_text(j, "arch", e->arch);
	jsonout_text(j, "type", e->type);
	jsonout_text(j, "edition", e->id);
	jsonout_text(j, "language", e->language);
	jsonout_int(j, "size", e->size);
}

static void print_editions(const struct image *image)
{
	static const struct table_column columns[] = {
		{ "INDEX", 0, true, false },
		{ "NAME", 0.4, false, false },
		{ "BUILD", 0, true, false },
		{ "ARCH", 0, false, false },
		{ "TYPE", 0, false, false },
		{ "EDITION", 0, false, false },
		{ "LANGUAGE", 0, false, false },
		{ "SIZE", 0, true, false },
		{ 0 },
	};
	char size[PRINT_TIME];
	struct table t;

	table_begin(&t, columns);
	for (size_t i = 0; i < image->editions; i++) {
		const struct image_edition *e = &image->edition[i];

		table_row(&t);
		table_cellf(&t, "%d", e->index);
		table_cell(&t, e->name);
		table_cellf(&t, "%d", e->build);
		table_cell(&t, e->arch);
		table_cell(&t, e->type);
		table_cell(&t, e->id);
		table_cell(&t, e->language);
		table_cell(&t, print_octets(e->size, size));
	}
	table_end(&t);
}

/* What has a '/' or is there is a file; else it is a name in the catalogue. */
static bool load(struct imgctl *ctl, const char *text, struct image *out)
{
	char why[CATALOGUE_WHY];

	if (!strchr(text, '/') && access(text, F_OK) < 0)
		return imgctl_load(ctl, text, out);
	if (recipe_editions(text, out, why))
		return true;
	warnx("%s", why);
	return false;
}

int editions_main(struct imgctl *ctl, int argc, char *argv[])
{
	struct print_list list = { .name = "editions" };
	struct image image;

	while (imgctl_next(ctl, argc, argv) != -1)
		;
	verb_arguments(&ctl->face, argc, 1, 1);
	if (!load(ctl, argv[optind], &image))
		return EXIT_FAILED;
	if (ctl->json) {
		for (size_t i = 0; i < image.editions; i++)
			print_list_item(&list, build_edition, &image.edition[i]);
		print_list_end(&list);
	} else
		print_editions(&image);
	image_free(&image);
	return EXIT_DONE;
}
