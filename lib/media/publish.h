/*
 * publish - a new version of an image: all of it appears at once, or nothing.
 *
 * Files are written into IMAGES/NAME/.import-XXXXXX, which its process locks
 * (flock); publish_end() syncs it and renames it.  What a killed process left
 * is taken away by the next one.
 *
 * Units   octets.
 * Errors  false or -1, and one sentence in why.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/media/catalogue.h"

struct publish {
	const char *images;
	char name[JOB_NAME], version[JOB_NAME];
	char draft[48];  /* the folder's name while it is not finished */
	int folder, dir; /* IMAGES/NAME and the draft */
};

/* False with why if the version exists, or cannot be one (NULL: not known yet). */
bool publish_free(const char *images, const char *name, const char *version,
		  char why[static CATALOGUE_WHY]);

/* need: octets that will be written; refuses if there is no room for them. */
bool publish_begin(struct publish *p, const char *images, const char *name,
		   const char *version, int64_t need, char why[static CATALOGUE_WHY]);

/* A new file of the draft, its folders made; room for size octets is set aside. */
int publish_file(struct publish *p, const char *name, int64_t size,
		 char why[static CATALOGUE_WHY]);

/*
 * The file from under that name: itself, if it is of the same file system (a hard
 * link, so that it must never be written again), else a copy.
 */
bool publish_link(struct publish *p, const char *name, const char *from,
		  char why[static CATALOGUE_WHY]);

/* The file from, of the same file system, is no more where it was. */
bool publish_move(struct publish *p, const char *name, const char *from,
		  char why[static CATALOGUE_WHY]);

/*
 * As publish_begin(), but goes on with the draft that publish_leave() or a killed
 * process has left under this tag, at most PUBLISH_TAG characters of a file name;
 * drafts with other tags that nobody works on are taken away.  *busy: this one is
 * worked on by another process.
 */
#define PUBLISH_TAG 40
bool publish_resume(struct publish *p, const char *images, const char *name,
		    const char *version, const char *tag, bool *busy,
		    char why[static CATALOGUE_WHY]);

/* A file of such a draft, to be read and written on; it is made if need be. */
int publish_reopen(struct publish *p, const char *name, char why[static CATALOGUE_WHY]);

/* Refuses if there is no room for so many more octets. */
bool publish_room(struct publish *p, int64_t need, char why[static CATALOGUE_WHY]);

/* The draft stays for the next publish_resume(). */
void publish_leave(struct publish *p);

/* Writes the manifest and lets the version appear; the first one becomes current. */
bool publish_end(struct publish *p, const char *manifest, char why[static CATALOGUE_WHY]);

/* Takes the draft away; does nothing after publish_end(). */
void publish_abort(struct publish *p);
