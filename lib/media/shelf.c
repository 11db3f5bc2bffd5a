#include "config.h"

#include "lib/media/shelf.h"

#include <stdlib.h>
#include <string.h>

/* The one that was asked for last is the first. */
struct place {
	struct place *next;
	char *path;
	bool stale; /* read anew since, and perhaps in use */
	struct file_mark mark;
	struct image image;
};

struct shelf {
	struct place *first;
};

struct shelf *shelf_new(void)
{
	return calloc(1, sizeof(struct shelf));
}

static void drop(struct place **place)
{
	struct place *gone = *place;

	*place = gone->next;
	image_free(&gone->image);
	free(gone->path);
	free(gone);
}

void shelf_free(struct shelf *shelf)
{
	while (shelf && shelf->first)
		drop(&shelf->first);
	free(shelf);
}

void shelf_tidy(struct shelf *shelf)
{
	size_t kept = 0;

	for (struct place **p = &shelf->first; *p;) {
		if ((*p)->stale || kept == SHELF_IMAGES) {
			drop(p);
		} else {
			p = &(*p)->next;
			kept++;
		}
	}
}

static struct place *take_out(struct shelf *shelf, const char *path)
{
	for (struct place **p = &shelf->first; *p; p = &(*p)->next)
		if (!(*p)->stale && strcmp((*p)->path, path) == 0) {
			struct place *found = *p;

			*p = found->next;
			return found;
		}
	return NULL;
}

static void put_in(struct shelf *shelf, struct place *place)
{
	place->next = shelf->first;
	shelf->first = place;
}

static struct place *read_anew(const struct catalogue_manifest *manifest,
			       char why[static CATALOGUE_WHY])
{
	struct place *place = calloc(1, sizeof(*place));

	if (place)
		place->path = strdup(manifest->path);
	if (!place || !place->path)
		catalogue_refuse(why, "%s: not enough memory", manifest->path);
	else if (catalogue_read(manifest, &place->image, &place->mark, why))
		return place;
	if (place)
		free(place->path);
	free(place);
	return NULL;
}

const struct image *shelf_image(struct shelf *shelf, const char *images,
				const char *reference, char why[static CATALOGUE_WHY])
{
	struct catalogue_manifest manifest;
	struct place *place;

	if (!catalogue_manifest(images, reference, &manifest, why))
		return NULL;
	place = take_out(shelf, manifest.path);
	if (place && file_unchanged(manifest.path, &place->mark) != 1) {
		place->stale = true;
		put_in(shelf, place);
		place = NULL;
	}
	if (!place)
		place = read_anew(&manifest, why);
	if (!place)
		return NULL;
	put_in(shelf, place);
	return &place->image;
}
