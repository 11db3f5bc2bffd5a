/*
 * catalogue_verify - whether the files of a folder are those of its manifest.
 *
 * Units   octets; times are milliseconds since 1970 UTC.
 * Errors  false and one sentence in why: the folder or the manifest cannot be read.
 *         What is wrong with a file is told to the caller, one by one.
 */
#pragma once

#include <stdint.h>

#include "lib/media/catalogue.h"

enum verify_fault {
	VERIFY_MISSING,    /* the manifest names it, the folder has it not */
	VERIFY_EXTRA,      /* the folder has it, the manifest does not name it */
	VERIFY_SIZE,       /* it is longer or shorter than the manifest says */
	VERIFY_CHANGED,    /* its SHA-256 is another */
	VERIFY_NO_FILE,    /* a link, a folder, a device */
	VERIFY_UNREADABLE, /* errno says why */
	VERIFY_FAULTS,
};

struct verify_watch {
	void *context;
	void (*fault)(void *context, enum verify_fault fault, const char *file);
	/* Called now and then: so many octets of all have been read. */
	void (*progress)(void *context, int64_t done, int64_t all);
};

/* "is missing", "is not in the manifest", ... */
const char *verify_fault_text(enum verify_fault fault);

/*
 * Compares the folder with the manifest; *faults is how many were told.  MANIFEST at the
 * top of the folder is no extra file.
 */
bool verify_folder(const char *path, const struct image *image,
		   const struct verify_watch *watch, size_t *faults,
		   char why[static CATALOGUE_WHY]);

/* The SHA-256 of a file from where fd stands, and its size; -1 with errno. */
int verify_sum(int fd, char sha256[static IMAGE_SHA256], int64_t *size);

/* The SHA-256 of a version's manifest; false with errno. */
bool catalogue_manifest_sum(const char *images, const char *name, const char *version,
			    char out[static IMAGE_SHA256]);

/* ---- what is remembered of a version: IMAGES/NAME/.VERSION.verified ---- */

enum verify_state {
	VERIFY_NEVER,
	VERIFY_GOOD,
	VERIFY_BAD,
	VERIFY_OLD, /* of another manifest than the one that is there */
	VERIFY_STATES,
};

struct verify_record {
	enum verify_state state;
	int64_t time_ms; /* 0 of VERIFY_NEVER */
	size_t faults;
};

const char *verify_state_name(enum verify_state state);
void verify_recall(const char *images, const char *name, const char *version,
		   struct verify_record *out);
/* -1 with errno. */
int verify_remember(const char *images, const char *name, const char *version,
		    size_t faults);
