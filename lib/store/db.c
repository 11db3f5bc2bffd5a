#include "lib/store/db.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum store_result db_failed(struct store *store, const char *doing)
{
	int code = sqlite3_extended_errcode(store->db);

	store->full =
		(code & 0xff) == SQLITE_FULL ||
		(code == SQLITE_IOERR_WRITE && sqlite3_system_errno(store->db) == ENOSPC);
	snprintf(store->why, sizeof(store->why), "%s: %s: %s", store->path, doing,
		 sqlite3_errmsg(store->db));
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return STORE_BUSY;
	case SQLITE_CONSTRAINT:
		return STORE_NO;
	default:
		return STORE_FAILED;
	}
}

enum store_result db_no(struct store *store, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(store->why, sizeof(store->why), format, ap);
	va_end(ap);
	return STORE_NO;
}

static bool bind_all(sqlite3_stmt *stmt, const char *types, va_list ap)
{
	int code = SQLITE_OK;

	for (int n = 1; *types && code == SQLITE_OK; n++, types++) {
		if (*types == 'i') {
			code = sqlite3_bind_int64(stmt, n, va_arg(ap, int64_t));
			continue;
		}
		const char *text = va_arg(ap, const char *);

		if (*types == 'n' && !*text)
			code = sqlite3_bind_null(stmt, n);
		else
			code = sqlite3_bind_text(stmt, n, text, -1, SQLITE_TRANSIENT);
	}
	return code == SQLITE_OK;
}

static sqlite3_stmt *prepare(struct store *store, const char *sql, unsigned flags)
{
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v3(store->db, sql, -1, flags, &stmt, NULL) != SQLITE_OK)
		db_failed(store, "cannot prepare a query");
	return stmt;
}

static sqlite3_stmt *kept(struct store *store, const char *sql)
{
	for (size_t i = 0; i < DB_STATEMENTS; i++) {
		if (store->kept[i].sql == sql)
			return store->kept[i].stmt;
		if (store->kept[i].sql)
			continue;
		store->kept[i].stmt = prepare(store, sql, SQLITE_PREPARE_PERSISTENT);
		if (store->kept[i].stmt)
			store->kept[i].sql = sql;
		return store->kept[i].stmt;
	}
	snprintf(store->why, sizeof(store->why), "more queries than DB_STATEMENTS");
	return NULL;
}

static sqlite3_stmt *query(struct store *store, const char *sql, const char *types,
			   va_list ap)
{
	sqlite3_stmt *stmt = kept(store, sql);

	if (!stmt)
		return NULL;
	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt);
	if (!bind_all(stmt, types, ap)) {
		db_failed(store, "cannot bind a value");
		return NULL;
	}
	return stmt;
}

sqlite3_stmt *db_query(struct store *store, const char *sql, const char *types, ...)
{
	sqlite3_stmt *stmt;
	va_list ap;

	va_start(ap, types);
	stmt = query(store, sql, types, ap);
	va_end(ap);
	return stmt;
}

enum store_result db_row(struct store *store, sqlite3_stmt *stmt)
{
	enum store_result result;

	if (!stmt)
		return STORE_FAILED;
	switch (sqlite3_step(stmt)) {
	case SQLITE_ROW:
		return STORE_DONE;
	case SQLITE_DONE:
		sqlite3_reset(stmt);
		return STORE_NO;
	default:
		result = db_failed(store, "cannot read");
		sqlite3_reset(stmt);
		return result == STORE_NO ? STORE_FAILED : result;
	}
}

enum store_result db_run(struct store *store, const char *sql, const char *types, ...)
{
	enum store_result result = STORE_DONE;
	sqlite3_stmt *stmt;
	va_list ap;

	va_start(ap, types);
	stmt = query(store, sql, types, ap);
	va_end(ap);
	if (!stmt)
		return STORE_FAILED;
	if (sqlite3_step(stmt) != SQLITE_DONE)
		result = db_failed(store, "cannot write");
	sqlite3_reset(stmt);
	return result;
}

struct store_list *db_list(struct store *store, const char *sql, const char *types, ...)
{
	struct store_list *list = calloc(1, sizeof(*list));
	va_list ap;

	if (!list)
		return NULL;
	list->store = store;
	list->stmt = prepare(store, sql, 0);
	va_start(ap, types);
	if (!list->stmt || !bind_all(list->stmt, types, ap)) {
		store_list_end(list);
		list = NULL;
	}
	va_end(ap);
	return list;
}

bool db_next(struct store_list *list)
{
	switch (sqlite3_step(list->stmt)) {
	case SQLITE_ROW:
		return true;
	case SQLITE_DONE:
		return false;
	default:
		list->result = db_failed(list->store, "cannot read on");
		return false;
	}
}

enum store_result store_list_end(struct store_list *list)
{
	enum store_result result = list ? list->result : STORE_DONE;

	if (list)
		sqlite3_finalize(list->stmt);
	if (list)
		db_stats_free(list->stats);
	free(list);
	return result;
}

void db_text(sqlite3_stmt *stmt, int column, char *out, size_t size)
{
	/* As a text it would be copied, for the NUL behind it. */
	const char *text = sqlite3_column_blob(stmt, column);
	size_t len = text ? (size_t)sqlite3_column_bytes(stmt, column) : 0;

	if (len > size - 1)
		len = size - 1;
	if (len)
		memcpy(out, text, len);
	out[len] = '\0';
}

enum store_result db_exec(struct store *store, const char *sql)
{
	if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return STORE_DONE;
	return db_failed(store, "cannot write");
}
