#include "config.h"

#include <err.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/media/wim.h"
#include "lib/sys/exits.h"
#include "tools/wimprep/json.h"
#include "tools/wimprep/wimprep.h"

enum { JSON = 256, INDEX };

const struct verb_option diff_options[] = {
	{ "json", JSON, NULL, "print JSON" },
	{ "index", INDEX, "N", "only image N" },
	{ 0 },
};

struct item {
	char *path;
	bool folder;
	uint64_t size;
	uint8_t sha1[WIM_SHA1];
};

struct list {
	struct item *item;
	size_t n, room;
};

static bool take(const struct wim_entry *e, void *arg)
{
	struct list *list = arg;
	struct item *it;

	if (list->n == list->room) {
		list->room = list->room ? 2 * list->room : 4096;
		list->item = realloc(list->item, list->room * sizeof(*list->item));
		if (!list->item)
			err(EXIT_FAILED, "list of files");
	}
	it = &list->item[list->n++];
	*it = (struct item){ .path = strdup(e->path),
			     .folder = e->folder,
			     .size = e->size };
	if (!it->path)
		err(EXIT_FAILED, "list of files");
	memcpy(it->sha1, e->sha1, WIM_SHA1);
	return true;
}

static int by_path(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int order = strcasecmp(x->path, y->path);

	return order ? order : strcmp(x->path, y->path);
}

/* image past the last one: nothing is in it. */
static struct list read_list(const char *path, struct wim *w, unsigned image)
{
	struct list list = { 0 };
	char why[WIM_WHY];

	if (image > wim_facts(w)->images)
		return list;
	if (!wim_walk(w, image, "/", take, &list, why))
		errx(EXIT_FAILED, "%s: image %u: %s", path, image, why);
	if (list.n)
		qsort(list.item, list.n, sizeof(*list.item), by_path);
	return list;
}

static void free_list(struct list *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->item[i].path);
	free(list->item);
}

static bool alike(const struct item *a, const struct item *b)
{
	return a->folder == b->folder && memcmp(a->sha1, b->sha1, WIM_SHA1) == 0;
}

struct report {
	bool json, differs;
	unsigned image;
};

static void hash_field(const char *name, const struct item *it)
{
	char text[WIM_SHA1_TEXT];

	if (!it || it->folder) {
		printf(", \"%s\": null", name);
		return;
	}
	wim_sha1_text(it->sha1, text);
	printf(", \"%s\": \"%s\"", name, text);
}

static void tell(struct report *r, const struct item *a, const struct item *b)
{
	const struct item *it = a ? a : b;

	if (!it)
		return;
	if (!r->json) {
		printf("%u %c %s%s\n", r->image,
		       a && b ? '~'
		       : a    ? '-'
			      : '+',
		       it->path, it->folder ? "/" : "");
	} else {
		printf("%s\n    {\"image\": %u, \"change\": \"%s\", \"path\": ",
		       r->differs ? "," : "", r->image,
		       a && b ? "changed"
		       : a    ? "removed"
			      : "added");
		json_text(it->path);
		printf(", \"folder\": %s", it->folder ? "true" : "false");
		hash_field("sha1_a", a);
		hash_field("sha1_b", b);
		putchar('}');
	}
	r->differs = true;
}

/* The heads of two lists; those of equal name are compared. */
static void merge(struct report *r, const struct list *a, const struct list *b)
{
	size_t i = 0, k = 0;

	while (i < a->n || k < b->n) {
		int order = i == a->n   ? 1
			    : k == b->n ? -1
					: strcasecmp(a->item[i].path, b->item[k].path);

		if (order < 0)
			tell(r, &a->item[i++], NULL);
		else if (order > 0)
			tell(r, NULL, &b->item[k++]);
		else {
			if (!alike(&a->item[i], &b->item[k]))
				tell(r, &a->item[i], &b->item[k]);
			i++;
			k++;
		}
	}
}

static void compare(struct report *r, const char *const name[2], struct wim *const w[2],
		    unsigned image)
{
	uint8_t root[2][WIM_SHA1];
	struct list a, b;

	if (wim_root(w[0], image, root[0]) && wim_root(w[1], image, root[1]) &&
	    memcmp(root[0], root[1], WIM_SHA1) == 0)
		return;
	a = read_list(name[0], w[0], image);
	b = read_list(name[1], w[1], image);
	r->image = image;
	merge(r, &a, &b);
	free_list(&a);
	free_list(&b);
}

static int diff(const char *const name[2], unsigned only, bool json)
{
	struct report r = { .json = json };
	struct wim *w[2];
	char why[WIM_WHY];
	unsigned images = 0;

	for (int i = 0; i < 2; i++) {
		w[i] = wim_open(name[i], NULL, why);
		if (!w[i])
			errx(EXIT_FAILED, "%s: %s", name[i], why);
		if (wim_facts(w[i])->images > images)
			images = wim_facts(w[i])->images;
	}
	if (only > images)
		errx(EXIT_FAILED, "neither has an image %u", only);
	if (json)
		printf("{\"changes\": [");
	for (unsigned image = 1; image <= images; image++)
		if (!only || only == image)
			compare(&r, name, w, image);
	if (json)
		printf("%s], \"alike\": %s}\n", r.differs ? "\n" : "",
		       r.differs ? "false" : "true");
	wim_close(w[0]);
	wim_close(w[1]);
	return r.differs ? EXIT_NO : EXIT_DONE;
}

int diff_main(const struct verb_face *face, int argc, char *argv[])
{
	bool json = false;
	unsigned only = 0;
	int c;

	while ((c = verb_next(face, argc, argv)) != -1) {
		switch (c) {
		case JSON:
			json = true;
			break;
		case INDEX:
			only = wimprep_index(optarg);
			break;
		default:
			break;
		}
	}
	if (argc - optind != 2) {
		warnx("diff wants two files");
		verb_misuse(face);
	}
	return diff((const char *const[]){ argv[optind], argv[optind + 1] }, only, json);
}
