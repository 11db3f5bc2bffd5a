/*
 * sweep - when a job has had no news for too long.
 *
 * A machine that dies says nothing; one that dies and boots again says the same
 * again and again.  The first is found by the time since its last report, the
 * second by the time since its attempt began (and by plan_for(), which counts
 * how often the machine began).
 *
 * Units   milliseconds; times are since 1970 UTC.  A bound of 0 is none.
 * Source  DESIGN.md, "States of a job".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/core/job.h"

struct sweep_bounds {
	int64_t silence_ms[JOB_STATES]; /* without news in this state */
	int64_t attempt_ms;             /* for the whole of an attempt, once it booted */
	bool retry; /* the policy: queue again, while attempts are left; else fail */
};

/*
 * Whether the job is stalled at now_ms.  A job that is over, is held or whose time
 * has not come is not.  why, if not NULL, becomes a clause: "no news for 1 h while
 * installing".
 */
#define SWEEP_WHY 96
bool sweep_stalled(const struct sweep_bounds *bounds, const struct job *job,
		   int64_t now_ms, char *why);
