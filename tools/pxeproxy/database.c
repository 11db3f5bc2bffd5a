#include "config.h"

#include "tools/pxeproxy/database.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define LOOK_MS 1000 /* how often to see whether the file is still the same */
#define RETRY_MS 250

void database_close(struct database *db)
{
	store_close(db->store);
	db->store = NULL;
	db->within = false;
	free(db->row);
	db->row = NULL;
}

static bool gone_away(struct database *db, int64_t now_ms)
{
	if (!db->away)
		warnx("%s", db->store ? store_why(db->store) : "out of memory");
	db->away = true;
	db->failed_ms = now_ms;
	database_close(db);
	return false;
}

/* A restored backup is another file under the old name. */
static void drop_replaced(struct database *db, int64_t now_ms)
{
	struct stat st;

	if (!db->store || now_ms - db->looked_ms < LOOK_MS)
		return;
	db->looked_ms = now_ms;
	if (stat(db->path, &st) < 0 || st.st_dev != db->device || st.st_ino != db->inode)
		database_close(db);
}

static bool reopen(struct database *db, int64_t now_ms)
{
	struct stat st;

	if (db->store)
		return true;
	if (db->away && now_ms - db->failed_ms < RETRY_MS)
		return false;
	if (store_open(db->path, STORE_READ, &db->store) != STORE_DONE)
		return gone_away(db, now_ms);
	if (stat(db->path, &st) == 0) {
		db->device = st.st_dev;
		db->inode = st.st_ino;
	}
	db->looked_ms = now_ms;
	db->generation++; /* another connection counts its versions anew */
	return true;
}

/* The rows where a machine may be. */
static struct database_row *set_of(struct database *db, const struct machine_key *key)
{
	uint32_t hash = 2166136261;

	for (size_t i = 0; i < sizeof(key->mac.octet); i++)
		hash = (hash ^ key->mac.octet[i]) * 16777619;
	for (const char *p = key->uuid; *p; p++)
		hash = (hash ^ (uint8_t)*p) * 16777619;
	return &db->row[(hash ^ hash >> 16) % (DATABASE_ROWS / DATABASE_WAYS) *
			DATABASE_WAYS];
}

static bool is_of(const struct database *db, const struct database_row *row,
		  const struct machine_key *key)
{
	return row->generation == db->generation && row->has_mac == key->has_mac &&
	       mac_equal(&row->mac, &key->mac) && strcmp(row->uuid, key->uuid) == 0;
}

static bool recall(struct database *db, const struct machine_key *key,
		   struct plan_facts *facts, struct store_about *about)
{
	const struct database_row *row = db->row ? set_of(db, key) : NULL;
	size_t way = 0;

	while (row && way < DATABASE_WAYS && !is_of(db, row + way, key))
		way++;
	if (!row || way == DATABASE_WAYS)
		return false;
	row += way;
	facts->known = row->known;
	facts->disposition = row->disposition;
	facts->has_job = row->has_job;
	facts->held = row->held;
	facts->not_before_ms = row->not_before_ms;
	facts->job.id = row->job;
	facts->job.state = row->state;
	facts->job.attempt = row->attempt;
	facts->job.boots = row->boots;
	facts->job.approved = row->approved;
	facts->next = row->next;
	*about = row->about;
	return true;
}

/* Without room for an answer each is asked for anew. */
static void keep(struct database *db, const struct machine_key *key,
		 const struct plan_facts *facts, const struct store_about *about)
{
	struct database_row *row;
	size_t way = 0;

	if (!db->row)
		db->row = calloc(DATABASE_ROWS, sizeof(*db->row));
	if (!db->row)
		return;
	row = set_of(db, key);
	while (way < DATABASE_WAYS && row[way].generation == db->generation)
		way++;
	row += way < DATABASE_WAYS ? way : db->turn++ % DATABASE_WAYS;
	*row = (struct database_row){ .generation = db->generation,
				      .mac = key->mac,
				      .has_mac = key->has_mac,
				      .known = facts->known,
				      .disposition = facts->disposition,
				      .has_job = facts->has_job,
				      .held = facts->held,
				      .not_before_ms = facts->not_before_ms,
				      .job = facts->job.id,
				      .state = facts->job.state,
				      .attempt = facts->job.attempt,
				      .boots = facts->job.boots,
				      .approved = facts->job.approved,
				      .next = facts->next,
				      .about = *about };
	memcpy(row->uuid, key->uuid, sizeof(row->uuid));
}

void database_look(struct database *db, int64_t monotonic_ms)
{
	int64_t version;

	drop_replaced(db, monotonic_ms);
	if (!reopen(db, monotonic_ms))
		return;
	db->within = store_begin(db->store) == STORE_DONE;
	if (!db->within || store_version(db->store, &version) != STORE_DONE) {
		gone_away(db, monotonic_ms);
		return;
	}
	if (!db->generation || version != db->version)
		db->generation++;
	db->version = version;
}

void database_rest(struct database *db)
{
	if (db->within)
		store_end(db->store, true);
	db->within = false;
}

bool database_facts(struct database *db, const struct machine_key *key,
		    int64_t monotonic_ms, struct plan_facts *facts,
		    struct store_about *about)
{
	if (!db->store)
		return false;
	if (recall(db, key, facts, about))
		return true;
	if (store_boot_facts(db->store, key, facts, about) != STORE_DONE)
		return gone_away(db, monotonic_ms);
	if (db->away)
		warnx("%s: the database can be read again", db->path);
	db->away = false;
	keep(db, key, facts, about);
	return true;
}
