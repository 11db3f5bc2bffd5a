/*
 * place - where a build reads and writes: a boot.wim and its neighbours, or an image of
 * the catalogue; its lock; and the one moment in which the new one is there.
 *
 *	FOLDER/.boot.wim.wimprep/	of a file
 *	IMAGES/NAME/.wimprep/		of an image
 *		lock			held while somebody builds
 *		record...		what the last build saw (record.h)
 *		stage/ draft...		rubbish if nobody holds the lock
 *
 * Errors  the functions end the program with what failed, or return false.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/core/job.h"

struct place {
	bool catalogue, in_place;
	char source[PATH_MAX];   /* is read, never written */
	char output[PATH_MAX];   /* what an earlier build made; may not exist, or "" */
	char original[PATH_MAX]; /* the name by which the source is kept, or "" */
	char install[PATH_MAX];  /* install.wim, .esd or the first .swm, or "" */
	char work[PATH_MAX], stage[PATH_MAX], draft[PATH_MAX], record[PATH_MAX];
	char images[PATH_MAX], name[JOB_NAME], base[JOB_NAME], made[JOB_NAME];
	char boot_name[256]; /* in the manifest */
	const char *shown;   /* what the user named */
	int lock;            /* -1: none, as in a dry run */
};

/* printf(3) for paths; ends the program if one is too long. */
__attribute__((format(printf, 2, 3))) void place_path(char out[static PATH_MAX],
						      const char *format, ...);

/* output NULL: source itself, whose original is kept beside it. */
void place_file(struct place *p, const char *source, const char *output);

/* Reference is NAME or NAME@VERSION; of a prepared version its base is the source. */
void place_image(struct place *p, const char *images, const char *reference);

/* Takes the lock, waiting as long as that; ends the program with EXIT_BUSY if not. */
void place_lock(struct place *p, unsigned wait_s);

/* A folder for a dry run, which writes nothing else. */
void place_borrow(struct place *p);

/* Makes its stage an empty folder. */
void place_scratch(const struct place *p, char folder[static PATH_MAX]);

/* The boot.wim of that version itself. */
void place_boot(const char *images, const char *reference, char path[static PATH_MAX]);

/* What an earlier run left, and what this one will. */
void place_clear(struct place *p);

/* Between these two, whatever ends the program clears the place first. */
void place_begin(struct place *p);
void place_end(struct place *p);

/* Ends the program if there is no room for this many octets. */
void place_room(const struct place *p, const char *folder, unsigned long long octets);

/* The draft becomes the output; the marker names the drivers in it. */
void place_publish(struct place *p, const char *marker);

/* Makes the prepared version the image's current one; false if it is so already. */
bool place_switch(const struct place *p);

/* What people call the output: the path as they named it, or NAME@VERSION. */
const char *place_shown(const struct place *p);
