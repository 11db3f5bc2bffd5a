/* What recipe.c, recipe_windows.c and recipe_linux.c share. */
#pragma once

#include "lib/media/recipe.h"

/* Appends a file that will be called name in the image. */
bool recipe_add(struct recipe *r, const struct source *from,
		const struct source_entry *entry, const char *name,
		char why[static CATALOGUE_WHY]);

/* The same if the source has it; *added tells. */
bool recipe_add_found(struct recipe *r, const struct source *from, const char *path,
		      const char *name, bool *added, char why[static CATALOGUE_WHY]);

/* Opens one more source. */
struct source *recipe_open(struct recipe *r, const char *path,
			   char why[static CATALOGUE_WHY]);

/* ---- Windows ---- */

/* A disc or folder with sources/boot.wim or install.wim; *taken tells. */
bool recipe_windows(struct recipe *r, const struct source *s, bool *taken,
		    char why[static CATALOGUE_WHY]);

/* One file that begins as a WIM does; the other parts of a set lie beside it. */
bool recipe_wim(struct recipe *r, const struct source *s, char why[static CATALOGUE_WHY]);

/* Adds a WIM's editions to the image, and what else it says, if they are not there. */
bool recipe_wim_facts(struct image *image, const struct source *s,
		      const struct source_entry *entry, char why[static CATALOGUE_WHY]);

/* ---- Linux ---- */

bool recipe_linux(struct recipe *r, const struct source *s, bool *taken,
		  char why[static CATALOGUE_WHY]);

/* vmlinuz of 2.6 or later, by its own mark; *arch is its processor. */
bool recipe_is_kernel(const uint8_t *head, size_t len, const char **arch);
