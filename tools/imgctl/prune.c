/* imgctl prune: takes away the versions that nobody used for the longest time. */
#include "config.h"

#include "tools/imgctl/prune.h"

#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/sys/conf_value.h"
#include "lib/sys/exits.h"
#include "tools/imgctl/jobs.h"
#include "tools/imgctl/overview.h"

#define NAMED_MAX 10000
#define KEEP_MAX 1000

enum { KEY_KEEP = 700 };

const struct verb_option prune_options[] = {
	{ "keep", KEY_KEEP, "N", "so many versions of each image stay at least" },
	{ "dry-run", 'n', NULL, "say what would go and change nothing" },
	{ 0 },
};

struct wish {
	struct store *store; /* NULL: there is no database */
	unsigned keep;
	bool dry_run;
	char **named;
	size_t names;
};

static void parse(struct wish *w, struct imgctl *ctl, int argc, char *argv[])
{
	char name[JOB_NAME], version[JOB_NAME];
	int c;

	while ((c = imgctl_next(ctl, argc, argv)) != -1) {
		w->dry_run |= c == 'n';
		if (c == KEY_KEEP &&
		    (!conf_value_number(optarg, KEEP_MAX, &w->keep) || w->keep == 0))
			errx(EXIT_MISUSE, "--keep %s: is not a number from 1 to %d",
			     optarg, KEEP_MAX);
	}
	verb_arguments(&ctl->face, argc, 0, NAMED_MAX);
	if (!w->keep)
		errx(EXIT_MISUSE, "prune: wants --keep: how many versions shall stay?");
	w->named = argv + optind;
	w->names = (size_t)(argc - optind);
	for (size_t i = 0; i < w->names; i++)
		if (!image_reference(w->named[i], name, version) || !*version)
			errx(EXIT_MISUSE, "prune: '%s' is not NAME@VERSION", w->named[i]);
}

static bool is_needed(const struct wish *w, const char *reference)
{
	struct image_jobs jobs;
	bool needed = false;

	for (size_t i = 0; i < w->names && !needed; i++)
		needed = strcmp(w->named[i], reference) == 0;
	if (needed)
		return true;
	jobs_of(w->store, reference, &jobs);
	needed = jobs.count > 0;
	jobs_free(&jobs);
	return needed;
}

/* A version that cannot be read is not judged: it stays. */
static void fill(const struct wish *w, struct imgctl *ctl,
		 const struct catalogue_entry *entry, struct prune_row *row)
{
	char why[CATALOGUE_WHY];
	struct image image;

	snprintf(row->reference, sizeof(row->reference), "%s@%s", entry->name,
		 entry->version);
	if (!catalogue_load(imgctl_images(ctl), row->reference, &image, why)) {
		warnx("%s", why);
		row->needed = true;
		return;
	}
	row->used_ms = prune_used(imgctl_images(ctl), &image);
	row->needed = entry->current || is_needed(w, row->reference);
	image_free(&image);
}

/* The versions of one image stand side by side. */
static int prune_image(const struct wish *w, struct imgctl *ctl,
		       const struct catalogue_entry *entry, size_t count)
{
	struct prune_row *rows = calloc(count, sizeof(*rows));
	int code = EXIT_DONE, one;

	if (!rows)
		err(EXIT_FAILED, "prune");
	for (size_t i = 0; i < count; i++)
		fill(w, ctl, &entry[i], &rows[i]);
	prune_choose(rows, count, w->keep);
	for (size_t i = 0; i < count; i++) {
		if (!rows[i].goes)
			continue;
		one = rm_version(ctl, w->store, rows[i].reference, w->dry_run);
		code = one > code ? one : code;
	}
	free(rows);
	return code;
}

int prune_main(struct imgctl *ctl, int argc, char *argv[])
{
	struct catalogue_list list;
	struct wish w = { 0 };
	int code = EXIT_DONE, one;

	parse(&w, ctl, argc, argv);
	w.store = jobs_open(ctl, w.dry_run ? STORE_READ : STORE_WRITE);
	overview_list(ctl, NULL, &list);
	for (size_t from = 0, to; from < list.count; from = to) {
		for (to = from + 1; to < list.count && strcmp(list.entry[from].name,
							      list.entry[to].name) == 0;)
			to++;
		one = prune_image(&w, ctl, &list.entry[from], to - from);
		code = one > code ? one : code;
	}
	catalogue_list_free(&list);
	store_close(w.store);
	return code;
}
