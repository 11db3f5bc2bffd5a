/*
 * tally - sums over events and attempts, for the metrics.
 *
 * Units   octets, milliseconds.
 * Errors  enum store_result.
 */
#pragma once

#include "lib/store/store.h"

#define TALLY_BOUNDS 9

/* Upper bounds of the classes of durations, in seconds. */
extern const int64_t tally_bounds[TALLY_BOUNDS];

struct store_tally {
	int64_t seq; /* the last event that is counted */
	struct store_tally_kind {
		int64_t count, refused, octets;
	} kind[EVENT_KINDS];
};

/* Adds the events that have come since. */
enum store_result store_tally_add(struct store *store, struct store_tally *tally);

/* How long the attempts took that ended so: those up to each bound, and all. */
struct store_durations {
	int64_t upto[TALLY_BOUNDS], count, sum_ms;
};

enum store_result store_durations(struct store *store, enum job_state state,
				  struct store_durations *out);
