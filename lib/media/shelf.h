/*
 * shelf - manifests of images that were read before, for who needs them often: one is
 * read again as soon as its file is another or has changed.
 *
 * Errors  NULL and one sentence in why, naming the file.
 * Memory  what shelf_image() gives is the shelf's, and stays as it is until
 *         shelf_tidy(), which leaves the last SHELF_IMAGES of them; shelf_free() frees
 *         all.  One thread at a time.
 */
#pragma once

#include "lib/media/catalogue.h"

#define SHELF_IMAGES 32

struct shelf;

struct shelf *shelf_new(void); /* NULL without memory */
void shelf_free(struct shelf *shelf);
void shelf_tidy(struct shelf *shelf);

/* As catalogue_load(). */
const struct image *shelf_image(struct shelf *shelf, const char *images,
				const char *reference, char why[static CATALOGUE_WHY]);
