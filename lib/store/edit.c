/* Jobs that wait: held, released, and changed before they begin. */
#include <string.h>

#include "lib/store/db.h"
#include "lib/store/rows.h"
#include "lib/sys/now.h"

static enum store_result set_waiting(struct store *store, const struct job *job)
{
	return db_run(store,
		      "UPDATE job SET held = ?, not_before = ?, updated = ? WHERE id = ?",
		      "iiii", (int64_t)job->held, job->not_before_ms, now_ms(), job->id);
}

static enum store_result hold_locked(struct store *store, int64_t id, const char *actor)
{
	struct job job = { 0 };
	enum store_result result = store_job(store, id, &job);

	if (result != STORE_DONE)
		return result;
	if (job.state != JOB_QUEUED && job.state != JOB_BOOTING &&
	    !job_may_retry(job.state))
		return db_no(store, "job %lld is %s: it is too late to hold it",
			     (long long)id, job_state_name(job.state));
	if (job.held)
		return db_no(store, "job %lld is held already", (long long)id);
	job.held = true;
	result = set_waiting(store, &job);
	return result == STORE_DONE ? row_note_job(store, &job, "hold", actor, "")
				    : result;
}

enum store_result store_job_hold(struct store *store, int64_t id, const char *actor)
{
	enum store_result result = store_begin(store);

	if (result != STORE_DONE)
		return result;
	return row_finish(store, hold_locked(store, id, actor));
}

static enum store_result release_locked(struct store *store, int64_t id,
					const char *actor)
{
	struct job job = { 0 };
	enum store_result result = store_job(store, id, &job);

	if (result != STORE_DONE)
		return result;
	if (!job.held && job.not_before_ms <= now_ms())
		return db_no(store, "job %lld is not held", (long long)id);
	job.held = false;
	job.not_before_ms = 0;
	result = set_waiting(store, &job);
	return result == STORE_DONE ? row_note_job(store, &job, "release", actor, "")
				    : result;
}

enum store_result store_job_release(struct store *store, int64_t id, const char *actor)
{
	enum store_result result = store_begin(store);

	if (result != STORE_DONE)
		return result;
	return row_finish(store, release_locked(store, id, actor));
}

/* ---- edit ---- */

static enum store_result refuse_late(struct store *store, const struct job *job)
{
	if (job->state == JOB_QUEUED || job->state == JOB_FAILED ||
	    job->state == JOB_CANCELLED)
		return STORE_DONE;
	if (job->state == JOB_DONE)
		return db_no(store,
			     "job %lld is done: jobctl add --like makes another one",
			     (long long)job->id);
	return db_no(store, "job %lld is %s: a job under way cannot be changed",
		     (long long)job->id, job_state_name(job->state));
}

static enum store_result write_job(struct store *store, const struct job *job)
{
	return db_run(store,
		      "UPDATE job SET image = ?, platform = ?, profile = ?, network = ?,"
		      " hostname = ?, held = ?, not_before = ?, updated = ? WHERE id = ?",
		      "tttttiiii", job->image, job->platform, job->profile, job->network,
		      job->hostname, (int64_t)job->held, job->not_before_ms, now_ms(),
		      job->id);
}

static enum store_result edit_locked(struct store *store, const struct job *job,
				     const struct settings *settings, const char *actor,
				     const char *text)
{
	struct job before = { 0 };
	enum store_result result = store_job(store, job->id, &before);

	if (result == STORE_DONE)
		result = refuse_late(store, &before);
	if (result != STORE_DONE)
		return result;
	result = write_job(store, job);
	if (result == STORE_NO)
		return row_in_the_way(store, 0, job->hostname);
	if (result == STORE_DONE)
		result = db_run(store, "DELETE FROM job_setting WHERE job = ?", "i",
				job->id);
	if (result == STORE_DONE)
		result = row_write_settings(store, job->id, settings);
	if (result == STORE_DONE && strcmp(before.hostname, job->hostname) != 0)
		result = row_machine_known(store, before.machine, job->hostname);
	return result == STORE_DONE ? row_note_job(store, &before, "edit", actor, text)
				    : result;
}

enum store_result store_job_edit(struct store *store, const struct job *job,
				 const struct settings *settings, const char *actor,
				 const char *text)
{
	enum store_result result = store_begin(store);

	if (result != STORE_DONE)
		return result;
	return row_finish(store, edit_locked(store, job, settings, actor, text));
}
