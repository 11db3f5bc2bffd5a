/* Secrets of the site, sealed; and who has had one shown. */
#include <stdio.h>
#include <string.h>

#include "lib/store/db.h"
#include "lib/store/rows.h"
#include "lib/sys/now.h"

struct store_list *store_secrets(struct store *store)
{
	return db_list(store, "SELECT name, changed FROM secret ORDER BY name", "");
}

bool store_next_secret(struct store_list *list, struct store_secret *out)
{
	if (!db_next(list))
		return false;
	db_text(list->stmt, 0, out->name, sizeof(out->name));
	out->changed_ms = sqlite3_column_int64(list->stmt, 1);
	return true;
}

enum store_result store_secret(struct store *store, const char *name, char **sealed)
{
	sqlite3_stmt *stmt =
		db_query(store, "SELECT value FROM secret WHERE name = ?", "t", name);
	enum store_result result = db_row(store, stmt);

	*sealed = NULL;
	if (result == STORE_NO)
		return db_no(store, "%s: there is no such secret", name);
	if (result != STORE_DONE)
		return result;
	*sealed = strdup((const char *)sqlite3_column_text(stmt, 0));
	sqlite3_reset(stmt);
	return *sealed ? STORE_DONE : STORE_FAILED;
}

static struct event about_secret(const char *name)
{
	struct event ev = event_new(EVENT_ADMIN);

	snprintf(ev.text, sizeof(ev.text), "secret %s", name);
	return ev;
}

enum store_result store_secret_set(struct store *store, const char *name,
				   const char *sealed, const char *actor)
{
	const struct event ev = about_secret(name);
	enum store_result result = store_begin(store);

	if (result != STORE_DONE)
		return result;
	result = db_run(store,
			"INSERT INTO secret (name, value, changed) VALUES (?, ?, ?)"
			" ON CONFLICT (name) DO UPDATE"
			" SET value = excluded.value, changed = excluded.changed",
			"tti", name, sealed, now_ms());
	if (result == STORE_DONE)
		result = store_note(store, &ev, "secret-set", actor);
	return row_finish(store, result);
}

enum store_result store_secret_remove(struct store *store, const char *name,
				      const char *actor)
{
	const struct event ev = about_secret(name);
	enum store_result result = store_begin(store);

	if (result != STORE_DONE)
		return result;
	result = db_run(store, "DELETE FROM secret WHERE name = ?", "t", name);
	if (result == STORE_DONE && sqlite3_changes(store->db) == 0)
		result = db_no(store, "%s: there is no such secret", name);
	if (result == STORE_DONE)
		result = store_note(store, &ev, "secret-rm", actor);
	return row_finish(store, result);
}

enum store_result store_reveal(struct store *store, const struct event *about,
			       const char *actor)
{
	return store_note(store, about, "reveal", actor);
}
