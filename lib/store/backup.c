/* Copies of the database while others use it, and back; and what may be forgotten. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/store/db.h"
#include "lib/store/rows.h"
#include "lib/store/schema.h"
#include "lib/sys/file.h"
#include "lib/sys/now.h"

#define PAGES 256 /* at once; between them others may write */
#define NAP_MS 20

/* ---- integrity ---- */

enum store_result store_check(struct store *store)
{
	sqlite3_stmt *stmt = db_query(store, "PRAGMA integrity_check(1)", "");
	enum store_result result = db_row(store, stmt);
	char text[256];

	if (result != STORE_DONE)
		return result;
	db_text(stmt, 0, text, sizeof(text));
	sqlite3_reset(stmt);
	if (strcmp(text, "ok") != 0) {
		db_no(store, "%s: is damaged: %s", store->path, text);
		return STORE_FAILED;
	}
	stmt = db_query(store, "PRAGMA foreign_key_check", "");
	result = db_row(store, stmt);
	if (result == STORE_NO)
		return STORE_DONE;
	if (result == STORE_DONE) {
		db_text(stmt, 0, text, sizeof(text));
		sqlite3_reset(stmt);
		db_no(store, "%s: is damaged: a row of %s belongs to none", store->path,
		      text);
	}
	return STORE_FAILED;
}

/* ---- copies ---- */

static enum store_result copy_failed(struct store *store, const char *what, sqlite3 *db)
{
	snprintf(store->why, sizeof(store->why), "%s: %s", what, sqlite3_errmsg(db));
	store->full = (sqlite3_errcode(db) & 0xff) == SQLITE_FULL ||
		      (sqlite3_extended_errcode(db) == SQLITE_IOERR_WRITE &&
		       sqlite3_system_errno(db) == ENOSPC);
	return (sqlite3_errcode(db) & 0xff) == SQLITE_BUSY ? STORE_BUSY : STORE_FAILED;
}

/* Some pages at a time, so that writers of the source get their turn. */
static enum store_result copy_pages(struct store *store, const char *what, sqlite3 *to,
				    sqlite3 *from, int pages)
{
	sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
	int64_t until = now_monotonic_ms() + STORE_WAIT_MS;
	int code;

	if (!backup)
		return copy_failed(store, what, to);
	do {
		code = sqlite3_backup_step(backup, pages);
		if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
			sqlite3_sleep(NAP_MS);
		else
			until = now_monotonic_ms() + STORE_WAIT_MS;
	} while (code == SQLITE_OK || ((code == SQLITE_BUSY || code == SQLITE_LOCKED) &&
				       now_monotonic_ms() < until));
	if (sqlite3_backup_finish(backup) != SQLITE_OK || code != SQLITE_DONE)
		return copy_failed(store, what, to);
	return STORE_DONE;
}

static bool make_copy_file(struct store *store, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0640);

	if (fd < 0) {
		snprintf(store->why, sizeof(store->why), "%s: %s", path, strerror(errno));
		return false;
	}
	file_adopt(fd, path);
	close(fd);
	return true;
}

/* A file of its own, without the -wal of the source: fit to be carried away. */
static enum store_result write_copy(struct store *store, const char *path)
{
	enum store_result result = STORE_FAILED;
	sqlite3 *to = NULL;

	if (sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
		result = copy_failed(store, path, to);
	else
		result = copy_pages(store, path, to, store->db, PAGES);
	if (result == STORE_DONE && sqlite3_exec(to, "PRAGMA journal_mode = DELETE", NULL,
						 NULL, NULL) != SQLITE_OK)
		result = copy_failed(store, path, to);
	sqlite3_close(to);
	return result;
}

static enum store_result check_copy(struct store *store, const char *path)
{
	struct store *copy;
	enum store_result result = store_open(path, STORE_READ, &copy);

	if (result == STORE_DONE)
		result = store_check(copy);
	if (result != STORE_DONE)
		snprintf(store->why, sizeof(store->why), "%s",
			 copy ? copy->why : "no memory");
	store_close(copy);
	return result == STORE_DONE ? STORE_DONE : STORE_FAILED;
}

static int sync_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), result;

	if (fd < 0)
		return -1;
	result = fsync(fd);
	close(fd);
	return result;
}

enum store_result store_backup(struct store *store, const char *path)
{
	char part[sizeof(store->path) + 8];
	enum store_result result;

	if (snprintf(part, sizeof(part), "%s.part", path) >= (int)sizeof(part)) {
		db_no(store, "%s: is too long a name", path);
		return STORE_FAILED;
	}
	if (!make_copy_file(store, part))
		return STORE_FAILED;
	result = write_copy(store, part);
	if (result == STORE_DONE)
		result = check_copy(store, part);
	if (result == STORE_DONE && (sync_file(part) < 0 || rename(part, path) < 0)) {
		snprintf(store->why, sizeof(store->why), "%s: %s", path, strerror(errno));
		result = STORE_FAILED;
	}
	if (result != STORE_DONE)
		unlink(part);
	return result;
}

/* ---- back ---- */

/*
 * In WAL mode a lock for oneself alone is only to be had if nobody else has the file
 * open, reader or writer.
 */
enum store_result store_alone(const char *path, bool *alone)
{
	sqlite3 *db = NULL;
	int code = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL);
	int keep = 1;

	if (code == SQLITE_OK) {
		sqlite3_file_control(db, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
		code = sqlite3_exec(db,
				    "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;"
				    " COMMIT",
				    NULL, NULL, NULL);
	}
	sqlite3_close(db);
	*alone = code == SQLITE_OK;
	return code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED
		       ? STORE_DONE
		       : STORE_FAILED;
}

/* One transaction of the file that is there: its readers see all of it or nothing. */
enum store_result store_restore(struct store *store, const char *path)
{
	enum store_result result = check_copy(store, path);
	sqlite3 *from = NULL;

	if (result != STORE_DONE)
		return result;
	if (sqlite3_open_v2(path, &from, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
		result = copy_failed(store, path, from);
	else
		result = copy_pages(store, store->path, store->db, from, -1);
	sqlite3_close(from);
	if (result == STORE_DONE)
		result = db_exec(store, "PRAGMA journal_mode = WAL");
	return result;
}

/* ---- vacuum ---- */

/* An admin's events stay, and so does what a job that is not over has done. */
#define OLD                                                                              \
	"received < ?1 AND event <> 'admin' AND NOT EXISTS (SELECT 1 FROM job"           \
	" WHERE job.id = event.job AND (job.updated >= ?1 OR job.state IN"               \
	"  ('queued', 'booting', 'installing', 'configuring')))"

static enum store_result forget(struct store *store, int64_t before_ms, const char *actor,
				int64_t *removed)
{
	struct event ev = event_new(EVENT_ADMIN);
	enum store_result result =
		db_run(store, "INSERT INTO vacuum (time, before) VALUES (?, ?)", "ii",
		       now_ms(), before_ms);

	if (result == STORE_DONE)
		result = db_run(store, "DELETE FROM event WHERE " OLD, "i", before_ms);
	if (result != STORE_DONE)
		return result;
	*removed = sqlite3_changes64(store->db);
	result = db_run(store, "DELETE FROM service WHERE seen < ?", "i", before_ms);
	if (result != STORE_DONE)
		return result;
	snprintf(ev.text, sizeof(ev.text), "%lld old events removed",
		 (long long)*removed);
	return store_note(store, &ev, "vacuum", actor);
}

enum store_result store_forget(struct store *store, int64_t before_ms, bool keep,
			       const char *actor, int64_t *removed)
{
	enum store_result result = store_begin(store), ended;

	if (result != STORE_DONE)
		return result;
	result = forget(store, before_ms, actor, removed);
	ended = store_end(store, result == STORE_DONE && keep);
	return result == STORE_DONE ? ended : result;
}

enum store_result store_compact(struct store *store)
{
	enum store_result result = db_exec(store, "VACUUM");

	return result == STORE_DONE ? db_exec(store, "PRAGMA wal_checkpoint(TRUNCATE)")
				    : result;
}
