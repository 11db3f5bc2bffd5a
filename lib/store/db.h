/*
 * db - SQLite, as the other files of this room use it.
 *
 * Queries are constant texts; each is prepared once and kept.  Values are bound
 * by a string of letters: i an int64_t, t a text, n a text that is NULL when
 * empty.
 *
 * Errors  NULL or a store_result; store->why holds the sentence.
 */
#pragma once

#include <sqlite3.h>
#include <stdarg.h>
#include <time.h>

#include "lib/store/store.h"

#define DB_STATEMENTS 96

struct store {
	sqlite3 *db;
	bool writer;
	bool full; /* the disk, when it failed last */
	struct sweep_bounds bounds;
	char source[JOB_NAME], address[46]; /* of what admins do, by store_from() */
	unsigned depth;                     /* of transactions within transactions */
	int index; /* store_mark()'s sight of the -shm file; -1 before */
	char path[512];
	char why[1024];
	struct {
		int64_t since_ms;    /* when others were last seen to get on */
		struct timespec log; /* what the log's time was then */
	} wait;
	struct {
		const char *sql;
		sqlite3_stmt *stmt;
	} kept[DB_STATEMENTS];
};

struct store_list {
	struct store *store;
	sqlite3_stmt *stmt;
	enum store_result result; /* of what was read so far */
	struct db_stats *stats;   /* store_stats()'s; NULL in others */
};

void db_stats_free(struct db_stats *stats);

/* Notes why, and tells busy from broken. */
enum store_result db_failed(struct store *store, const char *doing);

/* A sentence of our own, for STORE_NO. */
__attribute__((format(printf, 2, 3))) enum store_result db_no(struct store *store,
							      const char *format, ...);

/* The kept statement of sql, reset and bound; NULL and a reason if it cannot be. */
sqlite3_stmt *db_query(struct store *store, const char *sql, const char *types, ...);

/* Steps once: STORE_DONE with a row, STORE_NO without one. */
enum store_result db_row(struct store *store, sqlite3_stmt *stmt);

/* Runs a statement that gives no row. */
enum store_result db_run(struct store *store, const char *sql, const char *types, ...);

/* A statement of its own, for a list that is read while others run. */
struct store_list *db_list(struct store *store, const char *sql, const char *types, ...);
bool db_next(struct store_list *list);

void db_text(sqlite3_stmt *stmt, int column, char *out, size_t size);

/* Runs constant SQL without values. */
enum store_result db_exec(struct store *store, const char *sql);
