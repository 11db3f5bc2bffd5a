/*
 * api_event - one event as the list and the stream tell it.
 */
#pragma once

#include "lib/core/jsonout.h"
#include "lib/store/store.h"

/* seq, received, machine, verdict, why, and the line of pxekit-events(5) as "event". */
void api_event_build(struct jsonout *j, const struct store_event *e);
