/*
 * catalogue - the image directories of a site.
 *
 *	IMAGES/NAME/VERSION/MANIFEST, and IMAGES/NAME/current -> VERSION
 *
 * Errors  false and one sentence in why, naming the file.
 * Memory  catalogue_load() fills an image that image_free() frees.
 */
#pragma once

#include "lib/core/image.h"

#define CATALOGUE_WHY 512

/* Resolves NAME or NAME@VERSION (NAME: its current) and reads the manifest. */
bool catalogue_load(const char *images, const char *reference, struct image *out,
		    char why[static CATALOGUE_WHY]);
