/*
 * catalogue - the image directories of a site.
 *
 *	IMAGES/NAME/VERSION/MANIFEST, and IMAGES/NAME/current -> VERSION
 *
 * Errors  false and one sentence in why, naming the file.
 * Memory  catalogue_load() fills an image that image_free() frees, catalogue_list()
 *         a list that catalogue_list_free() frees.
 */
#pragma once

#include <limits.h>
#include <stddef.h>

#include "lib/core/image.h"
#include "lib/sys/file.h"

#define CATALOGUE_WHY 512

/* Resolves NAME or NAME@VERSION (NAME: its current) and reads the manifest. */
bool catalogue_load(const char *images, const char *reference, struct image *out,
		    char why[static CATALOGUE_WHY]);

/* The same in two steps: which manifest, and what it says and was when it was read. */
struct catalogue_manifest {
	char name[JOB_NAME], version[JOB_NAME], path[PATH_MAX];
};
bool catalogue_manifest(const char *images, const char *reference,
			struct catalogue_manifest *out, char why[static CATALOGUE_WHY]);
bool catalogue_read(const struct catalogue_manifest *manifest, struct image *out,
		    struct file_mark *mark, char why[static CATALOGUE_WHY]);

/* Whether catalogue_load() would do it. */
bool catalogue_has(const char *images, const char *reference,
		   char why[static CATALOGUE_WHY]);

/* The version that NAME's current points at, whether it is there or not. */
bool catalogue_current(const char *images, const char *name,
		       char version[static JOB_NAME], char why[static CATALOGUE_WHY]);

struct catalogue_entry {
	char name[JOB_NAME], version[JOB_NAME];
	bool current;
};

struct catalogue_list {
	struct catalogue_entry *entry;
	size_t count;
};

/*
 * Every version of every image, or of one; by name, then by version as people
 * count (1.9 before 1.10).  Other names than images have are passed over.
 */
bool catalogue_list(const char *images, const char *name, struct catalogue_list *out,
		    char why[static CATALOGUE_WHY]);
void catalogue_list_free(struct catalogue_list *list);

/*
 * Writes IMAGES/INDEX anew, by which other sites know what there is (it is none where
 * there is no image).  Whatever changes the catalogue does it by itself, and leaves it
 * to the next change if it cannot.
 */
bool catalogue_index(const char *images, char why[static CATALOGUE_WHY]);

/* Writes the sentence and returns false. */
__attribute__((format(printf, 2, 3))) bool
catalogue_refuse(char why[static CATALOGUE_WHY], const char *format, ...);
