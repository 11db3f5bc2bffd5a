#include "lib/store/schema.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/sys/file.h"

/* Step 1: what we know and what is to be done. */
static const char machines_and_jobs[] =
	"CREATE TABLE machine ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" uuid TEXT UNIQUE CHECK (length(uuid) = 36),"
	" serial TEXT NOT NULL DEFAULT '',"
	" name TEXT NOT NULL DEFAULT '',"
	" manufacturer TEXT NOT NULL DEFAULT '',"
	" product TEXT NOT NULL DEFAULT '',"
	" arch INTEGER NOT NULL DEFAULT -1,"
	" disposition TEXT NOT NULL DEFAULT 'new'"
	"  CHECK (disposition IN ('new', 'known', 'ignored', 'blocked')),"
	" address TEXT NOT NULL DEFAULT '',"
	" network TEXT NOT NULL DEFAULT '',"
	" first_seen INTEGER NOT NULL DEFAULT 0,"
	" last_seen INTEGER NOT NULL DEFAULT 0,"
	" seen INTEGER NOT NULL DEFAULT 0,"
	" any_card INTEGER NOT NULL DEFAULT 0 CHECK (any_card IN (0, 1))"
	") STRICT;"
	"CREATE INDEX machine_new ON machine (last_seen) WHERE disposition = 'new';"
	"CREATE INDEX machine_serial ON machine (serial) WHERE serial <> '';"
	"CREATE INDEX machine_address ON machine (address) WHERE address <> '';"
	"CREATE TABLE machine_mac ("
	" mac TEXT PRIMARY KEY CHECK (length(mac) = 17 AND mac = lower(mac)"
	"  AND mac LIKE '__:__:__:__:__:__'),"
	" machine INTEGER NOT NULL REFERENCES machine ON DELETE CASCADE,"
	" position INTEGER NOT NULL,"
	" UNIQUE (machine, position)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE job ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" machine INTEGER NOT NULL REFERENCES machine,"
	" image TEXT NOT NULL CHECK (image LIKE '_%@_%'),"
	" state TEXT NOT NULL CHECK (state IN ('queued', 'booting', 'installing',"
	"  'configuring', 'done', 'failed', 'cancelled')),"
	" attempt INTEGER NOT NULL DEFAULT 1 CHECK (attempt >= 1),"
	" platform TEXT NOT NULL DEFAULT '',"
	" profile TEXT NOT NULL DEFAULT '',"
	" network TEXT NOT NULL DEFAULT '',"
	" hostname TEXT NOT NULL DEFAULT '',"
	" step TEXT NOT NULL DEFAULT '',"
	" step_n INTEGER NOT NULL DEFAULT 0,"
	" step_of INTEGER NOT NULL DEFAULT 0,"
	" percent INTEGER NOT NULL DEFAULT 0 CHECK (percent BETWEEN 0 AND 100),"
	" text TEXT NOT NULL DEFAULT '',"
	" held INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1)),"
	" not_before INTEGER NOT NULL DEFAULT 0,"
	" created INTEGER NOT NULL,"
	" updated INTEGER NOT NULL"
	") STRICT;"
	"CREATE INDEX job_machine ON job (machine, id);"
	"CREATE UNIQUE INDEX job_one_active_per_machine ON job (machine)"
	" WHERE state IN ('queued', 'booting', 'installing', 'configuring');"
	"CREATE UNIQUE INDEX job_one_active_per_hostname"
	" ON job (hostname COLLATE NOCASE)"
	" WHERE hostname <> ''"
	" AND state IN ('queued', 'booting', 'installing', 'configuring');"
	"CREATE TABLE job_setting ("
	" job INTEGER NOT NULL REFERENCES job ON DELETE CASCADE,"
	" name TEXT NOT NULL,"
	" value TEXT NOT NULL,"
	" PRIMARY KEY (job, name)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE attempt ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" job INTEGER NOT NULL REFERENCES job ON DELETE CASCADE,"
	" number INTEGER NOT NULL CHECK (number >= 1),"
	" nonce TEXT NOT NULL UNIQUE CHECK (length(nonce) = 32),"
	" state TEXT NOT NULL CHECK (state IN ('queued', 'booting', 'installing',"
	"  'configuring', 'done', 'failed', 'cancelled')),"
	" started INTEGER NOT NULL,"
	" ended INTEGER NOT NULL DEFAULT 0,"
	" UNIQUE (job, number)"
	") STRICT;"
	"CREATE TABLE release ("
	" attempt INTEGER NOT NULL REFERENCES attempt ON DELETE CASCADE,"
	" artefact TEXT NOT NULL,"
	" event TEXT NOT NULL,"
	" time INTEGER NOT NULL,"
	" PRIMARY KEY (attempt, artefact)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE secret ("
	" name TEXT PRIMARY KEY,"
	" value TEXT NOT NULL CHECK (value LIKE 'sealed%'),"
	" changed INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID;";

/*
 * Step 2: what was seen.  No row of it is ever changed, and none is taken away but by
 * jobctl vacuum.
 */
static const char events[] =
	"CREATE TABLE event ("
	" seq INTEGER PRIMARY KEY AUTOINCREMENT,"
	" id TEXT UNIQUE,"
	" received INTEGER NOT NULL,"
	" time INTEGER NOT NULL,"
	" moved INTEGER NOT NULL DEFAULT 0 CHECK (moved IN (0, 1)),"
	" source TEXT NOT NULL,"
	" event TEXT NOT NULL CHECK (event IN ('started', 'stopped', 'offer', 'ack',"
	"  'silent', 'malformed', 'transfer', 'script', 'fetch', 'report', 'disks',"
	"  'refused', 'admin', 'release', 'next', 'lost')),"
	" machine INTEGER,"
	" job INTEGER,"
	" attempt INTEGER,"
	" address TEXT,"
	" verdict TEXT NOT NULL CHECK (verdict IN ('applied', 'refused')),"
	" why TEXT NOT NULL DEFAULT '',"
	" line TEXT NOT NULL"
	") STRICT;"
	"CREATE INDEX event_job ON event (job) WHERE job IS NOT NULL;"
	"CREATE INDEX event_machine ON event (machine) WHERE machine IS NOT NULL;"
	"CREATE INDEX event_address ON event (address) WHERE address IS NOT NULL;"
	"CREATE INDEX event_received ON event (received);"
	/* How often a machine began in one attempt: dying and booting again has a bound.
	 */
	"ALTER TABLE job ADD COLUMN boots INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE attempt ADD COLUMN booted INTEGER NOT NULL DEFAULT 0;"
	"CREATE TABLE step ("
	" attempt INTEGER NOT NULL REFERENCES attempt ON DELETE CASCADE,"
	" position INTEGER NOT NULL,"
	" name TEXT NOT NULL,"
	" began INTEGER NOT NULL,"
	" ended INTEGER NOT NULL DEFAULT 0,"
	" PRIMARY KEY (attempt, position)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX job_image ON job (image, platform, state);"
	/* What admins did, chained. */
	"CREATE TABLE audit ("
	" number INTEGER PRIMARY KEY,"
	" event INTEGER NOT NULL UNIQUE REFERENCES event,"
	" hash TEXT NOT NULL CHECK (length(hash) = 64)"
	") STRICT;"
	"CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit"
	" BEGIN SELECT raise(ABORT, 'the audit trail is never changed'); END;"
	"CREATE TRIGGER audit_is_never_removed BEFORE DELETE ON audit"
	" BEGIN SELECT raise(ABORT, 'the audit trail is never removed'); END;"
	/* What was installed; it outlives its job. */
	"CREATE TABLE install ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" machine INTEGER NOT NULL REFERENCES machine,"
	" job INTEGER NOT NULL,"
	" attempt INTEGER NOT NULL,"
	" time INTEGER NOT NULL,"
	" image TEXT NOT NULL,"
	" hostname TEXT NOT NULL DEFAULT '',"
	" line TEXT NOT NULL DEFAULT '',"
	" UNIQUE (job, attempt)"
	") STRICT;"
	"CREATE INDEX install_machine ON install (machine);"
	"CREATE INDEX install_unrecorded ON install (id) WHERE line = '';"
	"ALTER TABLE machine ADD COLUMN retired INTEGER NOT NULL DEFAULT 0;"
	/* What it boots once, and until when, as soon as it has asked for it. */
	"ALTER TABLE machine ADD COLUMN next TEXT NOT NULL DEFAULT ''"
	" CHECK (next IN ('', 'local', 'menu'));"
	"ALTER TABLE machine ADD COLUMN next_until INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE machine ADD COLUMN next_used INTEGER NOT NULL DEFAULT 0"
	" CHECK (next_used IN (0, 1));"
	"CREATE INDEX machine_next ON machine (id) WHERE next <> '';"
	/* What the pre-install hooks agreed to holds for just that. */
	"ALTER TABLE job ADD COLUMN approved INTEGER NOT NULL DEFAULT 0;"
	"CREATE TRIGGER job_is_another AFTER UPDATE OF image, platform, profile, network,"
	" hostname ON job WHEN OLD.approved <> 0 AND (OLD.image <> NEW.image"
	"  OR OLD.platform <> NEW.platform OR OLD.profile <> NEW.profile"
	"  OR OLD.network <> NEW.network OR OLD.hostname <> NEW.hostname)"
	" BEGIN UPDATE job SET approved = 0 WHERE id = NEW.id; END;"
	"CREATE TRIGGER job_setting_came AFTER INSERT ON job_setting"
	" BEGIN UPDATE job SET approved = 0 WHERE id = NEW.job AND approved <> 0; END;"
	"CREATE TRIGGER job_setting_went AFTER DELETE ON job_setting"
	" BEGIN UPDATE job SET approved = 0 WHERE id = OLD.job AND approved <> 0; END;"
	"CREATE TABLE cursor ("
	" name TEXT PRIMARY KEY,"
	" seq INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID;"
	/* Events before this may go, but for those of admins. */
	"CREATE TABLE vacuum ("
	" time INTEGER NOT NULL,"
	" before INTEGER NOT NULL"
	") STRICT;"
	"CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event"
	" BEGIN SELECT raise(ABORT, 'events are never changed'); END;"
	"CREATE TRIGGER event_is_never_removed BEFORE DELETE ON event"
	" WHEN OLD.event = 'admin'"
	"  OR OLD.received >= (SELECT coalesce(max(before), 0) FROM vacuum)"
	" BEGIN SELECT raise(ABORT, 'events are never removed'); END;"
	/* Who may sign in. */
	"CREATE TABLE account ("
	" name TEXT PRIMARY KEY CHECK (name <> ''),"
	" role TEXT NOT NULL CHECK (role <> ''),"
	" password TEXT NOT NULL CHECK (password LIKE '$argon2id$%'),"
	" changed INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE access_token ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" name TEXT NOT NULL CHECK (name <> ''),"
	" role TEXT NOT NULL CHECK (role <> ''),"
	" secret TEXT NOT NULL CHECK (secret LIKE '$argon2id$%'),"
	" created INTEGER NOT NULL,"
	" expires INTEGER NOT NULL DEFAULT 0"
	") STRICT;"
	"CREATE TABLE session ("
	" digest TEXT PRIMARY KEY CHECK (length(digest) = 64),"
	" account TEXT NOT NULL REFERENCES account ON DELETE CASCADE,"
	" expires INTEGER NOT NULL,"
	" used INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX session_account ON session (account);"
	"CREATE INDEX session_expires ON session (expires);"
	"CREATE TABLE answer ("
	" who TEXT NOT NULL,"
	" key TEXT NOT NULL,"
	" asked TEXT NOT NULL CHECK (length(asked) = 64),"
	" status INTEGER NOT NULL,"
	" location TEXT NOT NULL DEFAULT '',"
	" body TEXT NOT NULL DEFAULT '',"
	" time INTEGER NOT NULL,"
	" PRIMARY KEY (who, key)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX answer_time ON answer (time);"
	/* Which programs run, as they tell themselves. */
	"CREATE TABLE service ("
	" site TEXT NOT NULL,"
	" host TEXT NOT NULL,"
	" name TEXT NOT NULL CHECK (name <> ''),"
	" version TEXT NOT NULL DEFAULT '',"
	" place TEXT NOT NULL DEFAULT '',"
	" started INTEGER NOT NULL DEFAULT 0,"
	" seen INTEGER NOT NULL,"
	" stopped INTEGER NOT NULL DEFAULT 0,"
	" PRIMARY KEY (site, host, name)"
	") STRICT, WITHOUT ROWID;"
	"ALTER TABLE service ADD COLUMN networks TEXT NOT NULL DEFAULT '';";

static const char *const steps[SCHEMA_VERSION] = { machines_and_jobs, events };

enum store_result schema_version(struct store *store, int *version)
{
	sqlite3_stmt *stmt = db_query(store, "PRAGMA user_version", "");
	enum store_result result = db_row(store, stmt);

	if (result == STORE_DONE) {
		*version = sqlite3_column_int(stmt, 0);
		sqlite3_reset(stmt);
	}
	return result;
}

enum store_result schema_take_steps(struct store *store, int from, int to)
{
	char pragma[48];

	for (int i = from; i < to; i++) {
		enum store_result result = db_exec(store, steps[i]);

		if (result != STORE_DONE)
			return result;
	}
	snprintf(pragma, sizeof(pragma), "PRAGMA user_version = %d", to);
	return db_exec(store, pragma);
}

/* Through a connection of its own: the writer's transaction has changed nothing yet. */
static enum store_result copy_into(struct store *store, const char *name)
{
	sqlite3 *from = NULL, *to = NULL;
	sqlite3_backup *backup = NULL;
	bool done = false;

	if (sqlite3_open_v2(store->path, &from, SQLITE_OPEN_READONLY, NULL) ==
		    SQLITE_OK &&
	    sqlite3_open(name, &to) == SQLITE_OK)
		backup = sqlite3_backup_init(to, "main", from, "main");
	if (backup) {
		done = sqlite3_backup_step(backup, -1) == SQLITE_DONE;
		done = sqlite3_backup_finish(backup) == SQLITE_OK && done;
	}
	if (!done)
		snprintf(store->why, sizeof(store->why),
			 "%s: cannot copy the old database: %s", name,
			 to ? sqlite3_errmsg(to) : sqlite3_errmsg(from));
	sqlite3_close(from);
	sqlite3_close(to);
	return done ? STORE_DONE : STORE_FAILED;
}

/* For the same eyes as the database; why it fails, SQLite says as well. */
static void make_file(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0640);

	if (fd < 0)
		return;
	file_adopt(fd, name);
	close(fd);
}

static enum store_result keep_a_copy(struct store *store, int version)
{
	char name[sizeof(store->path) + 24];

	if (version == 0)
		return STORE_DONE;
	snprintf(name, sizeof(name), "%s.v%d.bak", store->path, version);
	make_file(name);
	return copy_into(store, name);
}

static enum store_result migrate_locked(struct store *store)
{
	enum store_result result;
	int version = 0;

	result = schema_version(store, &version);
	if (result != STORE_DONE || version == SCHEMA_VERSION)
		return result;
	if (version > SCHEMA_VERSION) {
		db_no(store,
		      "%s: is of schema %d, and this program knows up to %d: "
		      "install the newer pxekit that wrote it",
		      store->path, version, SCHEMA_VERSION);
		return STORE_FAILED;
	}
	result = keep_a_copy(store, version);
	if (result != STORE_DONE)
		return result;
	return schema_take_steps(store, version, SCHEMA_VERSION);
}

enum store_result schema_migrate(struct store *store)
{
	enum store_result result, ended;
	int version = 0;

	/* Nobody waits for another writer only to learn that all is well. */
	result = schema_version(store, &version);
	if (result != STORE_DONE || version == SCHEMA_VERSION)
		return result;
	result = store_begin(store);
	if (result != STORE_DONE)
		return result;
	result = migrate_locked(store);
	ended = store_end(store, result == STORE_DONE);
	return result == STORE_DONE ? ended : result;
}
