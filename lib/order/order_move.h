/*
 * order_move - what can be done to a job or a machine by one word: a verb of jobctl,
 * the end of a path of the API, a button of the dashboard.
 */
#pragma once

#include "lib/store/store.h"

struct order_move {
	const char *name;
	enum store_result (*apply)(struct store *store, int64_t id, const char *actor);
	const char *past; /* what it is then */
	bool installs;    /* and needs the image, which imgctl may have taken away */
	bool unseen;      /* also of a machine that was never seen */
};

/* NULL if there is none of that name. */
const struct order_move *order_move_of_job(const char *name);
const struct order_move *order_move_of_machine(const char *name);
