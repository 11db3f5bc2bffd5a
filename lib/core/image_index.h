/*
 * image_index - the list of a catalogue that other sites follow, in memory.
 *
 * IMAGES/INDEX is what sha256sum -c reads, with what is current in comments:
 *
 *	# pxekit-index: 1
 *	# current: debian12 1.0.0
 *	5d41402a...  debian12/1.0.0/MANIFEST
 *
 * Errors  false, *line is the number of the bad line and *why a constant text.
 * Memory  image_index_parse() and image_index_add() allocate; image_index_free() frees.
 */
#pragma once

#include "lib/core/image.h"

struct image_index_entry {
	char name[JOB_NAME], version[JOB_NAME];
	char sha256[IMAGE_SHA256]; /* of its manifest */
	bool current;
};

struct image_index {
	struct image_index_entry *entry;
	size_t count;
};

bool image_index_parse(const char *text, size_t len, struct image_index *out,
		       size_t *line, const char **why);
void image_index_free(struct image_index *index);

/* False without memory, or if there are too many. */
bool image_index_add(struct image_index *index, const struct image_index_entry *entry);

/* The text with a NUL behind it, to be freed by free(); NULL without memory. */
char *image_index_print(const struct image_index *index);

/* The version "" is the current one; NULL if there is none such. */
const struct image_index_entry *image_index_find(const struct image_index *index,
						 const char *name, const char *version);
