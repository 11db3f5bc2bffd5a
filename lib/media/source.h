/*
 * source - what can be imported: a file, a folder, a UDF disc, an ISO 9660 disc.
 *
 * A disc that has a UDF part is read by that, never by its ISO part: Microsoft's
 * discs show only README.TXT there.  Names are found in either case.
 *
 * Units   octets.
 * Errors  false or NULL, and one sentence in why, naming the file.
 * Memory  source_open() allocates, source_close() frees; entries live as long.
 * Source  ECMA-167 (UDF), ECMA-119 (ISO 9660).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/media/catalogue.h"

enum source_kind { SOURCE_FILE, SOURCE_FOLDER, SOURCE_UDF, SOURCE_ISO };

struct source_entry {
	char *path; /* below the top, without a '/' before it */
	int64_t size;
};

struct source {
	enum source_kind kind;
	char *path;      /* as the user named it */
	int fd;          /* the file, the disc or the folder */
	int64_t size;    /* of the file or disc */
	int64_t on_disk; /* octets that it takes; less than size if it has holes */
	char label[64];  /* of a disc */
	struct source_entry *entry; /* of a file: itself, by its last name */
	size_t entries, folders;
	void *udf; /* the open disc, if it is one */
};

struct source *source_open(const char *path, char why[static CATALOGUE_WHY]);
void source_close(struct source *source);

/* The entry of that path in any case, or NULL. */
const struct source_entry *source_find(const struct source *source, const char *path);

/*
 * Some octets out of a file, for a look: how many there were, or -1.  Fewer
 * than asked for only at the end.
 */
ssize_t source_peek(const struct source *source, const struct source_entry *entry,
		    int64_t offset, void *out, size_t len,
		    char why[static CATALOGUE_WHY]);

/* A run of octets of an open file: where an entry lies. */
struct source_extent {
	int64_t at, len;
};

/*
 * Where an entry's octets lie in *fd, which stays open as long as the source; a
 * folder's files are opened for it, and the caller closes those (*own).  *count
 * 0: only a reader can tell.  Refuses what runs past the end of the disc.
 */
bool source_map(const struct source *source, const struct source_entry *entry, int *fd,
		bool *own, struct source_extent **extent, size_t *count,
		char why[static CATALOGUE_WHY]);

/* Reads an entry of a disc from its beginning. */
struct source_reader;
struct source_reader *source_reader(const struct source *source,
				    const struct source_entry *entry,
				    char why[static CATALOGUE_WHY]);
/* How many octets, 0 at the end, -1 with why. */
ssize_t source_read(struct source_reader *reader, void *out, size_t len,
		    char why[static CATALOGUE_WHY]);
/* NULL is nothing to free. */
void source_reader_free(struct source_reader *reader);
