/* What source.c asks of the readers of discs: source_udf.c and source_iso.c. */
#pragma once

#include "lib/media/source.h"

bool source_add(struct source *s, const char *path, int64_t size,
		char why[static CATALOGUE_WHY]);

/* Before the names of a folder: false if there are too many, or it lies too deep. */
bool source_enter(struct source *s, const char *path, int depth,
		  char why[static CATALOGUE_WHY]);

/* ---- UDF, by libudfread ---- */

bool source_open_udf(struct source *s, char why[static CATALOGUE_WHY]);
void source_close_udf(struct source *s);
bool source_map_udf(const struct source *s, const struct source_entry *entry,
		    struct source_extent **extent, size_t *count,
		    char why[static CATALOGUE_WHY]);
ssize_t source_peek_udf(const struct source *s, const struct source_entry *entry,
			int64_t offset, void *out, size_t len,
			char why[static CATALOGUE_WHY]);
/* An open file of the disc, to be read and closed by libudfread. */
void *source_file_udf(const struct source *s, const struct source_entry *entry,
		      char why[static CATALOGUE_WHY]);

/* ---- ISO 9660, by libarchive ---- */

bool source_list_iso(struct source *s, char why[static CATALOGUE_WHY]);
