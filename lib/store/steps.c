/* What each attempt did and for how long, and what that says of those to come. */
#include <stdio.h>
#include <string.h>

#include "lib/store/db.h"
#include "lib/store/rows.h"

#define ATTEMPT_OF "(SELECT id FROM attempt WHERE job = ?1 AND number = ?2)"

enum store_result row_end_steps(struct store *store, const struct job *job,
				int64_t time_ms)
{
	return db_run(store,
		      "UPDATE step SET ended = max(began, ?3) WHERE attempt = " ATTEMPT_OF
		      " AND ended = 0",
		      "iii", job->id, (int64_t)job->attempt, time_ms);
}

static bool goes_on(const struct job *job, enum job_state to, const char *step)
{
	return job->state == to && (!*step || strcmp(job->step, step) == 0);
}

enum store_result row_step(struct store *store, const struct job *job, enum job_state to,
			   const char *step, int64_t time_ms)
{
	char name[2 * JOB_NAME + 2];
	enum store_result result;

	if (goes_on(job, to, step))
		return STORE_DONE;
	result = row_end_steps(store, job, time_ms);
	if (result != STORE_DONE || !job_is_active(to))
		return result;
	snprintf(name, sizeof(name), "%s%s%s", job_state_name(to), *step ? ": " : "",
		 step);
	return db_run(store,
		      "INSERT INTO step (attempt, position, name, began)"
		      " SELECT " ATTEMPT_OF ", 1 + coalesce(max(position), 0), ?3, ?4"
		      " FROM step WHERE attempt = " ATTEMPT_OF,
		      "iiti", job->id, (int64_t)job->attempt, name, time_ms);
}

/* ---- the time left ---- */

#define PAST 50 /* attempts that an estimate rests on */

/*
 * What was left of each past attempt when it was where this one is.  ?3 and ?4 bound
 * the image: one version, or all of a name among the newest jobs.  Each reads jobs from
 * the newest on and stops at the last it wants: a page asks this for every job.
 */
#define LEFT(how, which)                                                                 \
	"WITH mine AS (SELECT s.name, s.began FROM attempt a JOIN step s"                \
	"  ON s.attempt = a.id WHERE a.job = ?1 AND a.number = ?2"                       \
	"  ORDER BY s.position DESC LIMIT 1),"                                           \
	" past AS (SELECT a.ended - s.began AS ms FROM job j " how                       \
	" CROSS JOIN attempt a"                                                          \
	"  ON a.job = j.id AND a.number = j.attempt CROSS JOIN step s ON s.attempt = "   \
	"a.id"                                                                           \
	"  WHERE " which " AND j.state = 'done'"                                         \
	"  AND s.name = (SELECT name FROM mine) ORDER BY j.id DESC LIMIT ?5)"            \
	" SELECT ms, (SELECT began FROM mine) FROM past ORDER BY ms"                     \
	" LIMIT 1 OFFSET (SELECT (count(*) - 1) / 2 FROM past)"

static const char of_this[] =
	LEFT("INDEXED BY job_image", "j.image = ?3 AND j.platform = ?4");
static const char of_any[] =
	LEFT("NOT INDEXED", "j.image >= ?3 AND j.image < ?4"
			    " AND j.id > (SELECT max(id) FROM job) - 5000");

static enum store_result left_by(struct store *store, const char *sql, struct job *job,
				 const char *three, const char *four, int64_t now_ms)
{
	sqlite3_stmt *stmt = db_query(store, sql, "iitti", job->id, (int64_t)job->attempt,
				      three, four, (int64_t)PAST);
	enum store_result result = db_row(store, stmt);

	if (result != STORE_DONE)
		return result;
	job->left_ms =
		sqlite3_column_int64(stmt, 0) - (now_ms - sqlite3_column_int64(stmt, 1));
	if (job->left_ms < 0)
		job->left_ms = 0;
	sqlite3_reset(stmt);
	return STORE_DONE;
}

enum store_result store_estimate(struct store *store, struct job *job, int64_t now_ms)
{
	char from[sizeof(job->image)], to[sizeof(job->image)], *at;
	enum store_result result;

	job->left_ms = -1;
	if (!job_is_active(job->state) || job->state == JOB_QUEUED)
		return STORE_DONE;
	result = left_by(store, of_this, job, job->image, job->platform, now_ms);
	if (result != STORE_NO)
		return result;
	/* Another version of it takes about as long. */
	snprintf(from, sizeof(from), "%s", job->image);
	at = strchr(from, '@');
	if (!at)
		return STORE_DONE;
	at[1] = '\0';
	memcpy(to, from, sizeof(to));
	to[at - from] = '@' + 1;
	result = left_by(store, of_any, job, from, to, now_ms);
	return result == STORE_NO ? STORE_DONE : result;
}
