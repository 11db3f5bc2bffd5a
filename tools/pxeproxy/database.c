#include "config.h"

#include "tools/pxeproxy/database.h"

#include <err.h>
#include <stdio.h>
#include <sys/stat.h>

#define LOOK_MS 1000 /* how often to see whether the file is still the same */
#define RETRY_MS 250

void database_close(struct database *db)
{
	store_close(db->store);
	db->store = NULL;
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
	return true;
}

static bool ask(struct database *db, const struct machine_key *key,
		struct plan_facts *facts, struct database_known *known)
{
	struct machine machine;

	if (store_facts(db->store, key, facts, &machine) != STORE_DONE)
		return false;
	snprintf(known->manufacturer, sizeof(known->manufacturer), "%s",
		 machine.manufacturer);
	snprintf(known->product, sizeof(known->product), "%s", machine.product);
	snprintf(known->platform, sizeof(known->platform), "%s",
		 facts->has_job ? facts->job.platform : "");
	return true;
}

bool database_facts(struct database *db, const struct machine_key *key,
		    int64_t monotonic_ms, struct plan_facts *facts,
		    struct database_known *known)
{
	drop_replaced(db, monotonic_ms);
	if (!reopen(db, monotonic_ms))
		return false;
	if (!ask(db, key, facts, known))
		return gone_away(db, monotonic_ms);
	if (db->away)
		warnx("%s: the database can be read again", db->path);
	db->away = false;
	return true;
}
