/* Jobs that have had no news for too long. */
#include <stdio.h>

#include "lib/store/db.h"
#include "lib/store/rows.h"
#include "lib/sys/now.h"

static enum store_result fail(struct store *store, struct job *job, const char *why,
			      const char *actor)
{
	const char *was = job_state_name(job->state);
	enum store_result result = row_move_job(store, job, JOB_FAILED, now_ms());

	if (result == STORE_DONE)
		result = db_run(store, "UPDATE job SET text = ? WHERE id = ?", "ti", why,
				job->id);
	job->state = JOB_FAILED;
	return result == STORE_DONE ? row_note_change(store, job, "sweep", actor, was,
						      job_state_name(job->state), why)
				    : result;
}

static enum store_result time_out(struct store *store, int64_t id, bool again,
				  const char *actor)
{
	char why[SWEEP_WHY];
	struct job job = { 0 };
	enum store_result result = store_job(store, id, &job);

	if (result != STORE_DONE)
		return result;
	if (!sweep_stalled(&store->bounds, &job, now_ms(), why))
		return db_no(store, "job %lld is not stalled", (long long)id);
	result = fail(store, &job, why, actor);
	return result == STORE_DONE && again ? store_job_retry(store, id, actor) : result;
}

enum store_result store_job_time_out(struct store *store, int64_t id, bool again,
				     const char *actor)
{
	enum store_result result = store_begin(store);

	if (result != STORE_DONE)
		return result;
	return row_finish(store, time_out(store, id, again, actor));
}
