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

/* Upper bounds of the classes of the durations of steps, in seconds. */
extern const int64_t tally_step_bounds[TALLY_BOUNDS];

struct store_durations {
	int64_t upto[TALLY_BOUNDS], count, sum_ms; /* up to each bound, and all */
};

/* Machines name their steps themselves: those beyond the first few count as "other". */
#define TALLY_STEPS 32
#define TALLY_STEP (2 * JOB_NAME + 2)

struct store_tally {
	int64_t seq; /* the last event that is counted */
	struct store_tally_kind {
		int64_t count, refused, octets;
	} kind[EVENT_KINDS];
	struct store_tally_step {
		char name[TALLY_STEP]; /* as store_stats() has it, or "other" */
		struct store_durations took;
	} step[TALLY_STEPS]; /* of attempts that are done */
	size_t steps;
};

/* Adds the events that have come since. */
enum store_result store_tally_add(struct store *store, struct store_tally *tally);

/* How long the attempts took that ended so. */
enum store_result store_durations(struct store *store, enum job_state state,
				  struct store_durations *out);
