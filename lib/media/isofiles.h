/*
 * isofiles - the files of a disc image or a folder: a list, and then their octets.
 *
 * A file that ends in .inf stands for its folder, three levels of it at most.
 *
 * A disc image is read by libarchive in two passes.  The first makes the list and finds
 * out which name has the octets of each file: libarchive gives them to one name
 * only, and to its hard links (identical files, on a disc) none, with no error.
 * The second gives the octets, in the order of the disc.
 *
 * Of a disc that has a UDF part that part is read, by source.h.
 *
 * Units   octets; nanoseconds since 1970.
 * Errors  NULL or false and a sentence in why.
 * Memory  isofiles_close() frees all.
 * Source  libarchive 3.6; ISO 9660 with Joliet or Rock Ridge; libudfread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ISOFILES_WHY 512
#define ISOFILES_MOST 1000000 /* files */

struct isofile {
	char *path; /* "folder/file", as it is spelt; no "..", and no slash around it */
	int64_t size, mtime_ns;
	size_t data;     /* which file has the octets: this one, or whose link it is */
	uint32_t number; /* in the order of the disc */
	char *link;      /* NULL, or the name that has the octets */
};

struct isofiles {
	char *source; /* as given; of an INF: its folder */
	char *only;   /* NULL, or the one INF that was given */
	bool folder;
	struct isofile *file; /* sorted by path without regard to case */
	size_t count, room;
};

struct isofiles *isofiles_open(const char *path, char why[static ISOFILES_WHY]);
void isofiles_close(struct isofiles *files);

/* The file of this path in any case; NULL if there is none. */
const struct isofile *isofiles_find(const struct isofiles *files, const char *path);

/*
 * Hands out the octets of all wanted files (a flag for each): take() gets each piece in
 * turn, and at the end of each file one of no octets.  Wanted files that have the same
 * octets get each piece one after the other.  take() may refuse, and says why itself.
 */
typedef bool isofiles_take(void *arg, size_t index, const void *octets, size_t len);
bool isofiles_read(const struct isofiles *files, const bool wanted[], isofiles_take *take,
		   void *arg, char why[static ISOFILES_WHY]);
