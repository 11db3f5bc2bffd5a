/* imgctl list: what the catalogue holds. */
#include "config.h"

#include <err.h>
#include <getopt.h>
#include <stdio.h>

#include "lib/sys/exits.h"
#include "lib/sys/print.h"
#include "lib/sys/table.h"
#include "tools/imgctl/overview.h"

static const struct table_column columns[] = {
	{ "NAME", 0.2, false, false },
	{ "VERSION", 5, false, false },
	{ "CURRENT", 3, false, false },
	{ "KIND", 5, false, false },
	{ "ARCH", 5, false, false },
	{ "SIZE", 5, true, false },
	{ "EDITIONS", 1, true, false },
	{ "VERIFIED", 0.2, false, false },
	{ 0 },
};

static void add_row(struct table *t, const struct overview *o)
{
	char size[PRINT_TIME] = "", verified[OVERVIEW_VERIFIED];

	overview_verified(o, verified);
	if (o->size >= 0)
		print_octets(o->size, size);
	table_row(t);
	table_cell(t, o->entry->name);
	table_cell(t, o->entry->version);
	table_cell(t, o->entry->current ? "yes" : "");
	table_cell(t, o->good ? image_kind_name(o->image.kind) : "damaged");
	table_cell(t, o->image.arch);
	table_cell(t, size);
	if (o->image.editions)
		table_cellf(t, "%zu", o->image.editions);
	else
		table_cell(t, "");
	table_cell(t, verified);
}

static void build(struct jsonout *j, const void *what)
{
	const struct overview *o = what;

	overview_json(j, o);
	if (!o->good)
		return;
	jsonout_int(j, "files", (int64_t)o->image.files);
	jsonout_int(j, "editions", (int64_t)o->image.editions);
}

/* A damaged manifest is a row and a message, and the rest is shown all the same. */
static int print_all(struct imgctl *ctl, const struct catalogue_list *list)
{
	struct print_list objects = { .name = "images" };
	int code = EXIT_DONE;
	struct overview o;
	struct table t;

	if (!ctl->json)
		table_begin(&t, columns);
	for (size_t i = 0; i < list->count; i++) {
		overview_of(ctl, &list->entry[i], &o);
		if (!o.good) {
			warnx("%s", o.why);
			code = EXIT_FAILED;
		}
		if (ctl->json)
			print_list_item(&objects, build, &o);
		else
			add_row(&t, &o);
		overview_done(&o);
	}
	if (ctl->json)
		print_list_end(&objects);
	else
		table_end(&t);
	return code;
}

int list_main(struct imgctl *ctl, int argc, char *argv[])
{
	struct catalogue_list list;
	int code;

	while (imgctl_next(ctl, argc, argv) != -1)
		;
	verb_arguments(&ctl->face, argc, 0, 1);
	overview_list(ctl, argv[optind], &list);
	if (!list.count && !ctl->json)
		fputs("There is no image yet; imgctl import makes one.\n", stderr);
	code = print_all(ctl, &list);
	catalogue_list_free(&list);
	return code;
}
