#include "lib/store/accounts.h"

#include <stdio.h>
#include <string.h>

#include "lib/store/db.h"
#include "lib/store/rows.h"
#include "lib/sys/now.h"

#define DAY_MS 86400000

/* Keeps what was done, with a word about it, if all of it was. */
static enum store_result finish(struct store *store, enum store_result result,
				const char *action, const char *actor, const char *text)
{
	struct event ev = event_new(EVENT_ADMIN);

	snprintf(ev.action, sizeof(ev.action), "%s", action);
	snprintf(ev.actor, sizeof(ev.actor), "%s", actor);
	snprintf(ev.text, sizeof(ev.text), "%s", text);
	if (result == STORE_DONE)
		result = row_add_admin(store, &ev, 0);
	return row_finish(store, result);
}

/* ---- accounts ---- */

static void read_account(sqlite3_stmt *stmt, struct account *out)
{
	*out = (struct account){ 0 };
	db_text(stmt, 0, out->name, sizeof(out->name));
	db_text(stmt, 1, out->role, sizeof(out->role));
	db_text(stmt, 2, out->password, sizeof(out->password));
	out->changed_ms = sqlite3_column_int64(stmt, 3);
}

enum store_result store_account(struct store *store, const char *name,
				struct account *out)
{
	sqlite3_stmt *stmt = db_query(
		store, "SELECT name, role, password, changed FROM account WHERE name = ?",
		"t", name);
	enum store_result result = db_row(store, stmt);

	if (result == STORE_NO)
		return db_no(store, "%s: there is no such account", name);
	if (result == STORE_DONE) {
		read_account(stmt, out);
		sqlite3_reset(stmt);
	}
	return result;
}

struct store_list *store_accounts(struct store *store)
{
	return db_list(store,
		       "SELECT name, role, password, changed FROM account ORDER BY name",
		       "");
}

bool store_next_account(struct store_list *list, struct account *out)
{
	if (!db_next(list))
		return false;
	read_account(list->stmt, out);
	return true;
}

static void describe(const struct account *a, char text[static 160])
{
	snprintf(text, 160, "account %s%s%s", a->name, *a->role ? ", role " : "",
		 a->role);
}

enum store_result store_account_add(struct store *store, const struct account *a,
				    const char *actor)
{
	enum store_result result = store_begin(store);
	char text[160];

	if (result != STORE_DONE)
		return result;
	describe(a, text);
	result = db_run(store,
			"INSERT INTO account (name, role, password, changed)"
			" VALUES (?, ?, ?, ?)",
			"ttti", a->name, a->role, a->password, now_ms());
	if (result == STORE_NO)
		db_no(store, "%s: there is such an account already", a->name);
	return finish(store, result, "account-add", actor, text);
}

static enum store_result change_one(struct store *store, const struct account *a)
{
	enum store_result result =
		db_run(store,
		       "UPDATE account SET role = coalesce(?, role),"
		       " password = coalesce(?, password), changed = ? WHERE name = ?",
		       "nnit", a->role, a->password, now_ms(), a->name);

	if (result == STORE_DONE && sqlite3_changes(store->db) == 0)
		return db_no(store, "%s: there is no such account", a->name);
	return result == STORE_DONE
		       ? db_run(store, "DELETE FROM session WHERE account = ?", "t",
				a->name)
		       : result;
}

enum store_result store_account_change(struct store *store, const struct account *a,
				       const char *actor)
{
	enum store_result result = store_begin(store);
	char text[160];

	if (result != STORE_DONE)
		return result;
	describe(a, text);
	return finish(store, change_one(store, a), "account-change", actor, text);
}

enum store_result store_account_remove(struct store *store, const char *name,
				       const char *actor)
{
	enum store_result result = store_begin(store);
	struct account a = { 0 };
	char text[160];

	if (result != STORE_DONE)
		return result;
	snprintf(a.name, sizeof(a.name), "%s", name);
	describe(&a, text);
	result = db_run(store, "DELETE FROM session WHERE account = ?", "t", name);
	if (result == STORE_DONE)
		result = db_run(store, "DELETE FROM account WHERE name = ?", "t", name);
	if (result == STORE_DONE && sqlite3_changes(store->db) == 0)
		result = db_no(store, "%s: there is no such account", name);
	return finish(store, result, "account-rm", actor, text);
}

/* ---- tokens ---- */

#define TOKEN_COLUMNS "id, name, role, secret, created, expires"

static void read_token(sqlite3_stmt *stmt, struct access_token *out)
{
	*out = (struct access_token){ .id = sqlite3_column_int64(stmt, 0) };
	db_text(stmt, 1, out->name, sizeof(out->name));
	db_text(stmt, 2, out->role, sizeof(out->role));
	db_text(stmt, 3, out->secret, sizeof(out->secret));
	out->created_ms = sqlite3_column_int64(stmt, 4);
	out->expires_ms = sqlite3_column_int64(stmt, 5);
}

enum store_result store_token_add(struct store *store, struct access_token *t,
				  const char *actor)
{
	enum store_result result = store_begin(store);
	char text[160];

	if (result != STORE_DONE)
		return result;
	t->created_ms = now_ms();
	result = db_run(store,
			"INSERT INTO access_token (name, role, secret, created, expires)"
			" VALUES (?, ?, ?, ?, ?)",
			"tttii", t->name, t->role, t->secret, t->created_ms,
			t->expires_ms);
	t->id = sqlite3_last_insert_rowid(store->db);
	snprintf(text, sizeof(text), "token %lld of %s, role %s", (long long)t->id,
		 t->name, t->role);
	return finish(store, result, "token-add", actor, text);
}

enum store_result store_token_remove(struct store *store, int64_t id, const char *actor)
{
	enum store_result result = store_begin(store);
	char text[160];

	if (result != STORE_DONE)
		return result;
	snprintf(text, sizeof(text), "token %lld", (long long)id);
	result = db_run(store, "DELETE FROM access_token WHERE id = ?", "i", id);
	if (result == STORE_DONE && sqlite3_changes(store->db) == 0)
		result = db_no(store, "there is no token %lld", (long long)id);
	return finish(store, result, "token-rm", actor, text);
}

enum store_result store_token(struct store *store, int64_t id, struct access_token *out)
{
	sqlite3_stmt *stmt =
		db_query(store, "SELECT " TOKEN_COLUMNS " FROM access_token WHERE id = ?",
			 "i", id);
	enum store_result result = db_row(store, stmt);

	if (result == STORE_DONE) {
		read_token(stmt, out);
		sqlite3_reset(stmt);
	}
	return result;
}

struct store_list *store_tokens(struct store *store)
{
	return db_list(store, "SELECT " TOKEN_COLUMNS " FROM access_token ORDER BY id",
		       "");
}

bool store_next_token(struct store_list *list, struct access_token *out)
{
	if (!db_next(list))
		return false;
	read_token(list->stmt, out);
	return true;
}

/* ---- sessions ---- */

enum store_result store_session_add(struct store *store, const char *digest,
				    const char *account, int64_t expires_ms)
{
	int64_t now = now_ms();
	enum store_result result =
		db_run(store, "DELETE FROM session WHERE expires <= ?", "i", now);

	if (result != STORE_DONE)
		return result;
	return db_run(store,
		      "INSERT INTO session (digest, account, expires, used)"
		      " VALUES (?, ?, ?, ?)",
		      "ttii", digest, account, expires_ms, now);
}

enum store_result store_session(struct store *store, const char *digest, int64_t now,
				int64_t since_ms, struct account *out, int64_t *used_ms)
{
	sqlite3_stmt *stmt = db_query(
		store,
		"SELECT a.name, a.role, a.password, a.changed, s.used FROM session s"
		" JOIN account a ON a.name = s.account"
		" WHERE s.digest = ? AND s.expires > ? AND s.used >= ?",
		"tii", digest, now, since_ms);
	enum store_result result = db_row(store, stmt);

	if (result == STORE_DONE) {
		read_account(stmt, out);
		*used_ms = sqlite3_column_int64(stmt, 4);
		sqlite3_reset(stmt);
	}
	return result;
}

enum store_result store_session_use(struct store *store, const char *digest, int64_t now)
{
	return db_run(store, "UPDATE session SET used = ? WHERE digest = ?", "it", now,
		      digest);
}

enum store_result store_session_remove(struct store *store, const char *digest)
{
	return db_run(store, "DELETE FROM session WHERE digest = ?", "t", digest);
}

/* ---- requests that come twice ---- */

enum store_result store_answer(struct store *store, const char *who, const char *key,
			       struct store_answer *out)
{
	sqlite3_stmt *stmt = db_query(store,
				      "SELECT asked, status, location, body FROM answer"
				      " WHERE who = ? AND key = ? AND time > ?",
				      "tti", who, key, now_ms() - DAY_MS);
	enum store_result result = db_row(store, stmt);

	if (result != STORE_DONE)
		return result;
	db_text(stmt, 0, out->asked, sizeof(out->asked));
	out->status = (unsigned)sqlite3_column_int(stmt, 1);
	db_text(stmt, 2, out->location, sizeof(out->location));
	out->body = strdup((const char *)sqlite3_column_text(stmt, 3));
	sqlite3_reset(stmt);
	return out->body ? STORE_DONE : db_failed(store, "answer");
}

enum store_result store_answer_keep(struct store *store, const char *who, const char *key,
				    const struct store_answer *a)
{
	int64_t now = now_ms();
	enum store_result result =
		db_run(store, "DELETE FROM answer WHERE time <= ?", "i", now - DAY_MS);

	if (result != STORE_DONE)
		return result;
	return db_run(store,
		      "INSERT INTO answer (who, key, asked, status, location, body, time)"
		      " VALUES (?, ?, ?, ?, ?, ?, ?)",
		      "tttitti", who, key, a->asked, (int64_t)a->status, a->location,
		      a->body, now);
}
