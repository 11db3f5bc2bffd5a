/*
 * drift - systems that were not installed from what is the image's current version.
 *
 * Memory  values; the list is the caller's, of store_installs() with newest.
 */
#pragma once

#include "lib/store/store.h"

struct drift {
	struct store_install install; /* the machine's newest */
	struct machine machine;
	char current[2 * JOB_NAME]; /* NAME@VERSION; "" if the image has none any more */
};

/* Whether out->install is not what a new job would bring; fills in out->current. */
bool drift_is(const char *images, struct drift *out);

/* The next one that drifted and is not retired; images is the folder of the site's. */
bool drift_next(struct store *store, struct store_list *newest, const char *images,
		struct drift *out);
