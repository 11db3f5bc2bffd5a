#include "lib/core/sweep.h"

#include <inttypes.h>
#include <stdio.h>

static void say(char *why, const char *before, int64_t ms, const char *after)
{
	static const struct {
		int64_t ms;
		const char *name;
	} units[] = { { 86400000, "d" }, { 3600000, "h" }, { 60000, "min" } };

	if (!why)
		return;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (ms % units[i].ms == 0) {
			snprintf(why, SWEEP_WHY, "%s %" PRId64 " %s%s", before,
				 ms / units[i].ms, units[i].name, after);
			return;
		}
	snprintf(why, SWEEP_WHY, "%s %" PRId64 " s%s", before, ms / 1000, after);
}

bool sweep_stalled(const struct sweep_bounds *bounds, const struct job *job,
		   int64_t now_ms, char *why)
{
	char after[SWEEP_WHY / 2];
	int64_t silence;

	if (!job_is_active(job->state) || job->held || now_ms < job->not_before_ms)
		return false;
	silence = bounds->silence_ms[job->state];
	if (silence && now_ms - job->updated_ms >= silence) {
		snprintf(after, sizeof(after), " while %s", job_state_name(job->state));
		say(why, "no news for", silence, after);
		return true;
	}
	if (!job->booted_ms || !bounds->attempt_ms ||
	    now_ms - job->booted_ms < bounds->attempt_ms)
		return false;
	say(why, "not done within", bounds->attempt_ms, "");
	return true;
}
