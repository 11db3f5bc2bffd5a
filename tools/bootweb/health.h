/*
 * health - what both faces ask of a site.
 */
#pragma once

#include "lib/store/store.h"

#define HEALTH_WHY 128

/*
 * What is wrong if reports of machines wait for jobctl ingest and it is not alive; NULL
 * if all is well, or cannot be told.
 */
const char *health_of_ingest(struct store *store, char why[static HEALTH_WHY]);
