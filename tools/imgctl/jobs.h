/*
 * jobs - which jobs need a version of an image.
 *
 * Errors  every function exits with a message if the database cannot be read.
 */
#pragma once

#include "lib/store/store.h"
#include "tools/imgctl/imgctl.h"

struct image_jobs {
	struct job *job;
	size_t count;
};

/*
 * The database of the configuration: NULL if there is none yet, so that no job can
 * need anything.
 */
struct store *jobs_open(struct imgctl *ctl, enum store_mode mode);

/* The jobs that are not over and install reference; jobs_free() it. */
void jobs_of(struct store *store, const char *reference, struct image_jobs *out);
void jobs_free(struct image_jobs *jobs);
