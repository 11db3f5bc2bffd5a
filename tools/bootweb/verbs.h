/*
 * verbs - what can be done to a job or a machine by one word, in the API's paths and
 * behind the dashboard's buttons.
 */
#pragma once

#include "lib/store/store.h"

struct verb {
	const char *name;
	enum store_result (*apply)(struct store *store, int64_t id, const char *actor);
	bool installs; /* and needs the image, which imgctl may have taken away */
};

/* NULL if there is none of that name. */
const struct verb *verb_of_job(const char *name);
const struct verb *verb_of_machine(const char *name);
