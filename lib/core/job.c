#include "lib/core/job.h"

#include <stddef.h>

#include "lib/core/words.h"

static const char *const names[JOB_STATES] = {
	[JOB_QUEUED] = "queued",
	[JOB_BOOTING] = "booting",
	[JOB_INSTALLING] = "installing",
	[JOB_CONFIGURING] = "configuring",
	[JOB_DONE] = "done",
	[JOB_FAILED] = "failed",
	[JOB_CANCELLED] = "cancelled",
};

#define TO(state) (1u << JOB_##state)

/*
 * The one table of moves.  A machine may be further on than its last report
 * said (a lost report is not a lost install), so steps forward may skip some;
 * nothing but retry leads back, and that starts another attempt.
 */
static const unsigned moves[JOB_STATES] = {
	[JOB_QUEUED] = TO(BOOTING) | TO(INSTALLING) | TO(CONFIGURING) | TO(DONE) |
		       TO(FAILED) | TO(CANCELLED),
	[JOB_BOOTING] =
		TO(INSTALLING) | TO(CONFIGURING) | TO(DONE) | TO(FAILED) | TO(CANCELLED),
	[JOB_INSTALLING] = TO(CONFIGURING) | TO(DONE) | TO(FAILED) | TO(CANCELLED),
	[JOB_CONFIGURING] = TO(DONE) | TO(FAILED) | TO(CANCELLED),
	[JOB_DONE] = TO(QUEUED),
	[JOB_FAILED] = TO(QUEUED),
	[JOB_CANCELLED] = TO(QUEUED),
};

const char *job_state_name(enum job_state state)
{
	return state < JOB_STATES ? names[state] : "unknown";
}

bool job_state_parse(const char *name, enum job_state *out)
{
	int i = words_find(names, JOB_STATES, name);

	if (i < 0)
		return false;
	*out = (enum job_state)i;
	return true;
}

bool job_is_active(enum job_state state)
{
	return state <= JOB_CONFIGURING;
}

bool job_may_retry(enum job_state state)
{
	return moves[state] & TO(QUEUED);
}

enum job_move job_move(enum job_state from, enum job_state to)
{
	if (from == to)
		return JOB_MOVE_REPEAT;
	return moves[from] & 1u << to ? JOB_MOVE_LEGAL : JOB_MOVE_ILLEGAL;
}
