/* The attempts of a job, as they are read. */
#include "lib/store/db.h"
#include "lib/store/rows.h"

#define ATTEMPT_COLUMNS ROW_ATTEMPT_COLUMNS
#define ATTEMPT_FROM " FROM attempt a JOIN job j ON j.id = a.job "

void row_read_attempt(sqlite3_stmt *stmt, int first, struct attempt *out)
{
	char state[16];

	*out = (struct attempt){ .id = sqlite3_column_int64(stmt, first) };
	out->job = sqlite3_column_int64(stmt, first + 1);
	out->number = (unsigned)sqlite3_column_int(stmt, first + 2);
	db_text(stmt, first + 3, out->nonce, sizeof(out->nonce));
	db_text(stmt, first + 4, state, sizeof(state));
	job_state_parse(state, &out->state);
	out->current = sqlite3_column_int(stmt, first + 5);
	out->started_ms = sqlite3_column_int64(stmt, first + 6);
	out->ended_ms = sqlite3_column_int64(stmt, first + 7);
}

static enum store_result one_attempt(struct store *store, sqlite3_stmt *stmt,
				     struct attempt *out)
{
	enum store_result result = db_row(store, stmt);

	if (result == STORE_NO)
		return db_no(store, "there is no such attempt");
	if (result == STORE_DONE) {
		row_read_attempt(stmt, 0, out);
		sqlite3_reset(stmt);
	}
	return result;
}

enum store_result store_attempt(struct store *store, int64_t id, struct attempt *out)
{
	return one_attempt(
		store,
		db_query(store, "SELECT " ATTEMPT_COLUMNS ATTEMPT_FROM "WHERE a.id = ?",
			 "i", id),
		out);
}

enum store_result store_attempt_current(struct store *store, int64_t job,
					struct attempt *out)
{
	return one_attempt(store,
			   db_query(store,
				    "SELECT " ATTEMPT_COLUMNS ATTEMPT_FROM
				    "WHERE j.id = ? AND a.number = j.attempt",
				    "i", job),
			   out);
}

size_t store_attempts(struct store *store, int64_t job, struct attempt *out, size_t max)
{
	sqlite3_stmt *stmt = db_query(store,
				      "SELECT " ATTEMPT_COLUMNS ATTEMPT_FROM
				      "WHERE a.job = ? ORDER BY a.number",
				      "i", job);
	size_t n = 0;

	while (n < max && db_row(store, stmt) == STORE_DONE)
		row_read_attempt(stmt, 0, &out[n++]);
	sqlite3_reset(stmt);
	return n;
}
