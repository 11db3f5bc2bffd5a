/*
 * alive - whether a service of a site still runs, by when it was last heard of.
 *
 * Units   milliseconds; times are since 1970 UTC, 0 for never.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define ALIVE_MS 30000       /* how often a service tells that it runs */
#define ALIVE_STALE_MS 90000 /* who was not heard of for so long is down */

enum alive_state {
	ALIVE_UP,
	ALIVE_DOWN,    /* nothing was heard of it for too long */
	ALIVE_STOPPED, /* it ended in order */
};

enum alive_state alive_state(int64_t seen_ms, int64_t stopped_ms, int64_t now_ms);
const char *alive_state_name(enum alive_state state);
