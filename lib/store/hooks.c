/* What hooks have decided about jobs, and how far they have read the events. */
#include <stdio.h>

#include "lib/store/db.h"
#include "lib/store/rows.h"
#include "lib/sys/now.h"

enum store_result store_cursor(struct store *store, const char *name, int64_t *seq)
{
	sqlite3_stmt *stmt =
		db_query(store, "SELECT seq FROM cursor WHERE name = ?", "t", name);
	enum store_result result = db_row(store, stmt);

	if (result != STORE_DONE)
		return result;
	*seq = sqlite3_column_int64(stmt, 0);
	sqlite3_reset(stmt);
	return STORE_DONE;
}

enum store_result store_cursor_set(struct store *store, const char *name, int64_t seq)
{
	return db_run(store,
		      "INSERT INTO cursor (name, seq) VALUES (?, ?)"
		      " ON CONFLICT (name) DO UPDATE SET seq = excluded.seq",
		      "ti", name, seq);
}

enum store_result store_newest_event(struct store *store, int64_t *seq)
{
	sqlite3_stmt *stmt =
		db_query(store, "SELECT coalesce(max(seq), 0) FROM event", "");
	enum store_result result = db_row(store, stmt);

	if (result != STORE_DONE)
		return result;
	*seq = sqlite3_column_int64(stmt, 0);
	sqlite3_reset(stmt);
	return STORE_DONE;
}

/* Only what was asked about: not another attempt, nor a job that has begun meanwhile. */
static enum store_result still_waits(struct store *store, const struct job *asked,
				     struct job *out)
{
	enum store_result result = store_job(store, asked->id, out);

	if (result != STORE_DONE)
		return result;
	if (out->attempt != asked->attempt || !job_is_active(out->state))
		return db_no(store, "job %lld is another one by now",
			     (long long)asked->id);
	return STORE_DONE;
}

static enum store_result decide(struct store *store, const struct job *asked, bool agreed,
				const char *text, const char *actor)
{
	struct job job = { 0 };
	enum store_result result = still_waits(store, asked, &job);

	if (result != STORE_DONE)
		return result;
	if (agreed)
		result = db_run(store, "UPDATE job SET approved = attempt WHERE id = ?",
				"i", job.id);
	else
		result = db_run(store,
				"UPDATE job SET held = 1, approved = 0, text = ?,"
				" updated = ? WHERE id = ?",
				"tii", text, now_ms(), job.id);
	return result == STORE_DONE
		       ? row_note_job(store, &job, agreed ? "agree" : "veto", actor, text)
		       : result;
}

enum store_result store_job_decide(struct store *store, const struct job *asked,
				   bool agreed, const char *text, const char *actor)
{
	enum store_result result = store_begin(store);

	if (result != STORE_DONE)
		return result;
	return row_finish(store, decide(store, asked, agreed, text, actor));
}
