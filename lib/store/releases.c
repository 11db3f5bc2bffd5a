/* Which files with a secret were given out, and by whose word. */
#include "lib/store/db.h"
#include "lib/store/rows.h"

enum store_result store_released(struct store *store, int64_t attempt,
				 const char *artefact, char event[static EVENT_ID])
{
	sqlite3_stmt *stmt = db_query(
		store, "SELECT event FROM release WHERE attempt = ? AND artefact = ?",
		"it", attempt, artefact);
	enum store_result result = db_row(store, stmt);

	if (result != STORE_DONE)
		return result;
	db_text(stmt, 0, event, EVENT_ID);
	sqlite3_reset(stmt);
	return STORE_DONE;
}

enum store_result row_add_release(struct store *store, int64_t attempt,
				  const struct event *ev)
{
	return db_run(store,
		      "INSERT INTO release (attempt, artefact, event, time)"
		      " VALUES (?, ?, ?, ?)",
		      "itti", attempt, ev->file, ev->id, ev->time_ms);
}
