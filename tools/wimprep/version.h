/*
 * version - the versions that wimprep adds to an image: 1.2 becomes 1.2+d1, 1.2+d2, ...
 */
#pragma once

#include <stdbool.h>

#include "lib/core/job.h"

/* True, and the base of it, if version is a prepared one. */
bool version_base(const char *version, char base[static JOB_NAME]);

/* The prepared version of base with the highest number; false if there is none. */
bool version_newest(const char *images, const char *name, const char *base,
		    char newest[static JOB_NAME]);

/* The one to follow after newest ("" for none); false if its name would be too long. */
bool version_next(const char *base, const char *newest, char next[static JOB_NAME]);
