/*
 * lay - files laid out for a machine to boot from: out of a boot.wim, of the media that
 * it lies among, or as they are.
 *
 * What is there already with the same octets is not written again; what is written takes
 * its place in one step.
 *
 * Errors  the functions end the program with what failed.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/media/wim.h"

struct lay {
	const char *folder; /* below which all of it goes */
	const char *shown;  /* the boot.wim, as people call it */
	const char *source; /* the one that lies among its media */
	struct wim *wim;
	unsigned image;
	char scratch[PATH_MAX]; /* an empty folder, and empty again afterwards */
	bool tell, dry;         /* print each name; write nothing */
	bool changed;           /* something was written */
};

/* A file, and where it comes from: the first place that has it. */
struct lay_part {
	const char *name, *wim[2], *media;
	bool needed, keep; /* keep: whatever is there stays */
};

/* The path of a file, with the folders that lead to it; false if nothing is written. */
bool lay_begin(const struct lay *l, const char *name, char path[static PATH_MAX]);

void lay_octets(struct lay *l, const char *name, const void *octets, size_t len);
void lay_file(struct lay *l, const char *name, const char *from);
void lay_parts(struct lay *l, const struct lay_part *part, size_t parts);

/* The fonts of the boot.wim into that folder. */
void lay_fonts(struct lay *l, const char *into, bool keep);

/* The same file under a second name, or a copy if that is on another file system. */
void lay_link(struct lay *l, const char *name, const char *from);
