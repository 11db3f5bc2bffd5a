/*
 * catalogue_change - moves an image's current, and takes versions away.
 *
 * Each step is one rename: whoever reads meanwhile sees the old state or the new
 * one, and so does whoever comes after a power cut.  Writers wait for one another.
 *
 *	IMAGES/NAME/.history       the versions that were current before, oldest first
 *	IMAGES/NAME/.removed-*     what is being deleted; the next removal goes on
 *
 * Errors  false and one sentence in why; *busy says that a later try may do.
 */
#pragma once

#include "lib/media/catalogue.h"

/* Makes version the current one of name; before is "" if there was none. */
bool catalogue_switch(const char *images, const char *name, const char *version,
		      char before[static JOB_NAME], char why[static CATALOGUE_WHY]);

/* The newest version of the history that is still there and not the current one. */
bool catalogue_previous(const char *images, const char *name,
			char version[static JOB_NAME], char why[static CATALOGUE_WHY]);

/* Back to that version; it leaves the history, so that the next one goes further back. */
bool catalogue_switch_back(const char *images, const char *name,
			   char version[static JOB_NAME], char before[static JOB_NAME],
			   char why[static CATALOGUE_WHY]);

/*
 * Takes a version away, and current with it if it points there.  *busy: it is
 * being verified.  The last version takes the folder of the image along.
 */
bool catalogue_remove(const char *images, const char *name, const char *version,
		      bool *busy, char why[static CATALOGUE_WHY]);
