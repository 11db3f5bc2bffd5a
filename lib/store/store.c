#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/store/schema.h"
#include "lib/store/wait.h"
#include "lib/sys/file.h"

const char *store_why(const struct store *store)
{
	return store->why;
}

bool store_is_full(const struct store *store)
{
	return store->full;
}

void store_bound(struct store *store, const struct sweep_bounds *bounds)
{
	store->bounds = *bounds;
}

/* A reader's transaction is one sight of the database for all its calls. */
static const char *opening(const struct store *store)
{
	if (store->depth)
		return "SAVEPOINT inner";
	return store->writer ? "BEGIN IMMEDIATE" : "BEGIN";
}

enum store_result store_begin(struct store *store)
{
	enum store_result result = db_run(store, opening(store), "");

	if (result == STORE_DONE)
		store->depth++;
	return result;
}

enum store_result store_begin_at_once(struct store *store)
{
	enum store_result result;

	sqlite3_busy_handler(store->db, NULL, NULL);
	result = store_begin(store);
	sqlite3_busy_handler(store->db, wait_for_others, store);
	return result;
}

/*
 * 64 MiB of pages instead of 2: past that SQLite looks for one to write before each new
 * one, and 100,000 jobs take twice the time (tests/bench/jobctl.sh).
 */
enum store_result store_begin_large(struct store *store)
{
	enum store_result result = db_exec(store, "PRAGMA cache_size = -65536");

	return result == STORE_DONE ? store_begin(store) : result;
}

static enum store_result commit(struct store *store)
{
	return db_run(store, store->depth ? "RELEASE inner" : "COMMIT", "");
}

static enum store_result take_back(struct store *store)
{
	if (store->depth)
		return db_exec(store, "ROLLBACK TO inner; RELEASE inner");
	return db_run(store, "ROLLBACK", "");
}

enum store_result store_end(struct store *store, bool keep)
{
	char why[sizeof(store->why)];
	enum store_result result;
	bool full;

	store->depth--;
	if (keep) {
		result = commit(store);
		if (result == STORE_DONE)
			return result;
	}
	/* What went wrong before is worth more than how taking it back went. */
	memcpy(why, store->why, sizeof(why));
	full = store->full;
	result = take_back(store);
	memcpy(store->why, why, sizeof(why));
	store->full = full;
	return keep ? STORE_FAILED : result;
}

/*
 * A new file is the owner's and the group's: the service's group reads it, and
 * SQLite gives the -wal and -shm files beside it the same mode.
 */
static bool make_file(struct store *store)
{
	int fd;

	if (strcmp(store->path, STORE_MEMORY) == 0)
		return true;
	fd = open(store->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
	if (fd < 0 && errno == EEXIST)
		return true;
	if (fd < 0) {
		snprintf(store->why, sizeof(store->why),
			 "%s: cannot make the database: %s", store->path,
			 strerror(errno));
		return false;
	}
	file_adopt(fd, store->path);
	close(fd);
	return true;
}

/*
 * Of several that make the same new file SQLite lets one through and tells the others
 * at once that it is locked, without asking wait_for_others().
 */
static enum store_result make_log(struct store *store)
{
	enum store_result result;

	for (int times = 0;; times++) {
		result = db_exec(store, "PRAGMA journal_mode = WAL");
		if (result != STORE_BUSY || !wait_for_others(store, times))
			return result;
	}
}

/*
 * Readers without a right to write need the -wal and -shm files, so these stay
 * when the last writer leaves.
 */
static enum store_result set_up_writer(struct store *store)
{
	int keep = 1;
	enum store_result result;

	sqlite3_file_control(store->db, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
	result = make_log(store);
	if (result == STORE_DONE)
		result = db_exec(store, "PRAGMA synchronous = FULL");
	if (result == STORE_DONE)
		result = db_exec(store, "PRAGMA foreign_keys = ON");
	/* A confined daemon may write nowhere but beside the database. */
	if (result == STORE_DONE)
		result = db_exec(store, "PRAGMA temp_store = MEMORY");
	if (result == STORE_DONE)
		result = schema_migrate(store);
	return result;
}

static enum store_result check_reader(struct store *store)
{
	int version = 0;
	enum store_result result = schema_version(store, &version);

	if (result != STORE_DONE || version == SCHEMA_VERSION)
		return result;
	if (version > SCHEMA_VERSION)
		db_no(store, "%s: is of schema %d, and this program knows up to %d",
		      store->path, version, SCHEMA_VERSION);
	else
		db_no(store,
		      "%s: is of schema %d, older than %d: run any jobctl command that "
		      "writes, it migrates the file",
		      store->path, version, SCHEMA_VERSION);
	return STORE_FAILED;
}

/* Counting its memory, SQLite takes one lock of all threads for each piece. */
static void configure(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

enum store_result store_open(const char *path, enum store_mode mode, struct store **out)
{
	int flags = mode == STORE_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct store *store = calloc(1, sizeof(*store));

	*out = store;
	pthread_once(&once, configure);
	if (!store)
		return STORE_FAILED;
	store->writer = mode == STORE_WRITE;
	store->index = -1;
	if (strlen(path) >= sizeof(store->path)) {
		db_no(store, "%s: is too long a name for a database", path);
		return STORE_FAILED;
	}
	snprintf(store->path, sizeof(store->path), "%s", path);
	if (store->writer && !make_file(store))
		return STORE_FAILED;
	if (sqlite3_open_v2(path, &store->db, flags | SQLITE_OPEN_NOMUTEX, NULL) !=
	    SQLITE_OK)
		return db_failed(store, "cannot open the database");
	sqlite3_extended_result_codes(store->db, 1);
	sqlite3_busy_handler(store->db, wait_for_others, store);
	return store->writer ? set_up_writer(store) : check_reader(store);
}

void store_close(struct store *store)
{
	if (!store)
		return;
	for (size_t i = 0; i < DB_STATEMENTS; i++)
		sqlite3_finalize(store->kept[i].stmt);
	sqlite3_close(store->db);
	if (store->index >= 0)
		close(store->index);
	free(store);
}

enum store_result store_version(struct store *store, int64_t *out)
{
	sqlite3_stmt *stmt = db_query(store, "PRAGMA data_version", "");
	enum store_result result = db_row(store, stmt);

	if (result == STORE_DONE) {
		*out = sqlite3_column_int64(stmt, 0);
		sqlite3_reset(stmt);
	}
	return result;
}

/* Not mapped: who comes first after all others have gone cuts the file short. */
bool store_mark(struct store *store, struct store_mark *out)
{
	char name[sizeof(store->path) + 8];
	unsigned char twice[2 * STORE_MARK];

	if (store->index < 0) {
		snprintf(name, sizeof(name), "%s-shm", store->path);
		store->index = open(name, O_RDONLY | O_CLOEXEC);
	}
	if (store->index < 0 ||
	    pread(store->index, twice, sizeof(twice), 0) != (ssize_t)sizeof(twice) ||
	    memcmp(twice, twice + STORE_MARK, STORE_MARK) != 0)
		return false;
	memcpy(out->octet, twice, STORE_MARK);
	return true;
}
