/* Which machine was installed when and with what; and which are retired. */
#include <stdio.h>
#include <string.h>

#include "lib/store/db.h"
#include "lib/store/rows.h"
#include "lib/sys/now.h"

enum store_result row_add_install(struct store *store, const struct job *job,
				  int64_t time_ms)
{
	return db_run(store,
		      "INSERT OR IGNORE INTO install (machine, job, attempt, time, image,"
		      " hostname) VALUES (?, ?, ?, ?, ?, ?)",
		      "iiiitt", job->machine, job->id, (int64_t)job->attempt, time_ms,
		      job->image, job->hostname);
}

#define COLUMNS "i.id, i.machine, i.job, i.attempt, i.time, i.image, i.hostname, i.line"

struct store_list *store_installs(struct store *store,
				  const struct install_filter *filter)
{
	static const struct install_filter all;
	const struct install_filter *f = filter ? filter : &all;

	if (f->machine)
		return db_list(store,
			       "SELECT " COLUMNS " FROM install i WHERE i.machine = ?"
			       " ORDER BY i.id",
			       "i", f->machine);
	if (f->job)
		return db_list(store,
			       "SELECT " COLUMNS " FROM install i WHERE i.job = ?"
			       " ORDER BY i.id",
			       "i", f->job);
	if (f->unrecorded)
		return db_list(store,
			       "SELECT " COLUMNS " FROM install i WHERE i.line = ''"
			       " ORDER BY i.id",
			       "");
	if (f->newest)
		return db_list(store,
			       "SELECT " COLUMNS
			       " FROM machine m JOIN install i ON i.id ="
			       " (SELECT max(id) FROM install WHERE machine = m.id)"
			       " WHERE m.id > ? ORDER BY m.id",
			       "i", f->after);
	return db_list(store, "SELECT " COLUMNS " FROM install i ORDER BY i.id", "");
}

bool store_next_install(struct store_list *list, struct store_install *out)
{
	if (!db_next(list))
		return false;
	out->id = sqlite3_column_int64(list->stmt, 0);
	out->machine = sqlite3_column_int64(list->stmt, 1);
	out->job = sqlite3_column_int64(list->stmt, 2);
	out->attempt = (unsigned)sqlite3_column_int(list->stmt, 3);
	out->time_ms = sqlite3_column_int64(list->stmt, 4);
	db_text(list->stmt, 5, out->image, sizeof(out->image));
	db_text(list->stmt, 6, out->hostname, sizeof(out->hostname));
	out->line = (const char *)sqlite3_column_text(list->stmt, 7);
	return true;
}

enum store_result store_install_record(struct store *store, int64_t id, const char *line)
{
	return db_run(store, "UPDATE install SET line = ? WHERE id = ? AND line = ''",
		      "ti", line, id);
}

enum store_result store_job_actor(struct store *store, int64_t job,
				  char actor[static JOB_NAME])
{
	sqlite3_stmt *stmt =
		db_query(store,
			 "SELECT json_extract(line, '$.actor') FROM event WHERE job = ?"
			 " AND event = 'admin' AND json_extract(line, '$.action') IN"
			 " ('add', 'retry', 'import') ORDER BY seq DESC LIMIT 1",
			 "i", job);
	enum store_result result = db_row(store, stmt);

	*actor = '\0';
	if (result != STORE_DONE)
		return result;
	db_text(stmt, 0, actor, JOB_NAME);
	sqlite3_reset(stmt);
	return STORE_DONE;
}

/* ---- retired ---- */

static enum store_result retire(struct store *store, int64_t id, bool retired,
				const char *actor)
{
	struct machine m = { 0 };
	enum store_result result = store_machine_by_id(store, id, &m);
	char mac[MAC_TEXT];

	if (result != STORE_DONE)
		return result;
	mac_format(&m.mac, ':', mac);
	if ((m.retired_ms != 0) == retired)
		return db_no(store, "%s: is %s", mac,
			     retired ? "retired already" : "not retired");
	if (retired) {
		struct plan_facts facts = { 0 };

		result = row_newest_job(store, id, &facts);
		if (result == STORE_DONE && job_is_active(facts.job.state))
			return db_no(store,
				     "%s: has job %lld, which is %s: cancel it first",
				     mac, (long long)facts.job.id,
				     job_state_name(facts.job.state));
	}
	result = db_run(store, "UPDATE machine SET retired = ? WHERE id = ?", "ii",
			retired ? now_ms() : (int64_t)0, id);
	if (result != STORE_DONE)
		return result;
	return row_note_machine(store, &m, retired ? "retire" : "unretire", actor,
				retired ? "in use" : "retired",
				retired ? "retired" : "in use");
}

enum store_result store_machine_retire(struct store *store, int64_t id, bool retired,
				       const char *actor)
{
	enum store_result result = store_begin(store);

	if (result != STORE_DONE)
		return result;
	return row_finish(store, retire(store, id, retired, actor));
}
