/* What admins did, as a chain: each link hashes the one before and the event's line. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/store/db.h"
#include "lib/store/rows.h"

/* As `printf '%s %s' HASH LINE | sha256sum` does it, so that anybody can check it. */
static void link_hash(const char *before, const char *line,
		      char out[static STORE_AUDIT_HASH])
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state;

	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, (const unsigned char *)before, strlen(before));
	crypto_hash_sha256_update(&state, (const unsigned char *)" ", 1);
	crypto_hash_sha256_update(&state, (const unsigned char *)line, strlen(line));
	crypto_hash_sha256_final(&state, hash);
	sodium_bin2hex(out, STORE_AUDIT_HASH, hash, sizeof(hash));
}

static void no_head(struct store_audit_head *head)
{
	head->number = 0;
	memset(head->hash, '0', STORE_AUDIT_HASH - 1);
	head->hash[STORE_AUDIT_HASH - 1] = '\0';
}

enum store_result store_audit_head(struct store *store, struct store_audit_head *out)
{
	sqlite3_stmt *stmt = db_query(store,
				      "SELECT number, hash FROM audit WHERE number = "
				      "(SELECT max(number) FROM audit)",
				      "");
	enum store_result result = db_row(store, stmt);

	no_head(out);
	if (result != STORE_DONE)
		return result == STORE_NO ? STORE_DONE : result;
	out->number = sqlite3_column_int64(stmt, 0);
	db_text(stmt, 1, out->hash, sizeof(out->hash));
	sqlite3_reset(stmt);
	return STORE_DONE;
}

bool store_audit_head_parse(const char *text, struct store_audit_head *out)
{
	size_t digits = strspn(text, "0123456789");
	const char *hash = text + digits + 1;

	if (!digits || digits > 18 || text[digits] != ':' ||
	    strspn(hash, "0123456789abcdef") != STORE_AUDIT_HASH - 1 ||
	    strlen(hash) != STORE_AUDIT_HASH - 1)
		return false;
	out->number = strtoll(text, NULL, 10);
	memcpy(out->hash, hash, STORE_AUDIT_HASH);
	return true;
}

enum store_result row_add_link(struct store *store, int64_t seq, const char *line)
{
	struct store_audit_head head;
	enum store_result result = store_audit_head(store, &head);
	char hash[STORE_AUDIT_HASH];

	if (result != STORE_DONE)
		return result;
	link_hash(head.hash, line, hash);
	return db_run(store, "INSERT INTO audit (number, event, hash) VALUES (?, ?, ?)",
		      "iit", head.number + 1, seq, hash);
}

void store_from(struct store *store, const char *source, const char *address)
{
	snprintf(store->source, sizeof(store->source), "%s", source);
	snprintf(store->address, sizeof(store->address), "%s", address ? address : "");
}

enum store_result store_note(struct store *store, const struct event *about,
			     const char *action, const char *actor)
{
	struct event ev = *about;
	enum store_result result = store_begin(store);

	if (result != STORE_DONE)
		return result;
	ev.kind = EVENT_ADMIN;
	snprintf(ev.action, sizeof(ev.action), "%s", action);
	snprintf(ev.actor, sizeof(ev.actor), "%s", actor);
	return row_finish(store, row_add_admin(store, &ev, 0));
}

/* ---- reading ---- */

struct store_list *store_audit(struct store *store, int64_t since_ms, int64_t last)
{
	return db_list(store,
		       "SELECT * FROM (SELECT a.number, a.hash, e.line FROM audit a"
		       " LEFT JOIN event e ON e.seq = a.event"
		       " WHERE ?1 = 0 OR e.time >= ?1"
		       " ORDER BY a.number DESC LIMIT ?2) ORDER BY number",
		       "ii", since_ms, last ? last : (int64_t)-1);
}

struct store_list *store_audit_back(struct store *store, int64_t since_ms, int64_t before)
{
	return db_list(store,
		       "SELECT a.number, a.hash, e.line FROM audit a"
		       " LEFT JOIN event e ON e.seq = a.event"
		       " WHERE (?1 = 0 OR e.time >= ?1) AND (?2 = 0 OR a.number < ?2)"
		       " ORDER BY a.number DESC",
		       "ii", since_ms, before);
}

bool store_next_audit(struct store_list *list, struct store_audit_entry *out)
{
	const char *line, *why;

	if (!db_next(list))
		return false;
	out->number = sqlite3_column_int64(list->stmt, 0);
	db_text(list->stmt, 1, out->hash, sizeof(out->hash));
	db_text(list->stmt, 2, out->line, sizeof(out->line));
	line = out->line;
	if (!event_parse(line, strlen(line), &out->event, &why))
		out->event = event_new(EVENT_ADMIN);
	return true;
}

/* ---- verifying ---- */

static enum store_result broken(struct store *store, int64_t number, const char *why)
{
	return db_no(store, "audit line %lld %s", (long long)number, why);
}

/* One link; *before becomes its hash. */
static enum store_result check_link(struct store *store, sqlite3_stmt *stmt,
				    int64_t number, char before[static STORE_AUDIT_HASH])
{
	const char *hash = (const char *)sqlite3_column_text(stmt, 1);
	const char *line = (const char *)sqlite3_column_text(stmt, 2);
	char wanted[STORE_AUDIT_HASH];

	if (sqlite3_column_int64(stmt, 0) != number)
		return broken(store, number, "was removed");
	if (!line)
		return broken(store, number, "has lost its event");
	link_hash(before, line, wanted);
	if (!hash || strcmp(hash, wanted) != 0)
		return broken(store, number, "was changed, or the one before it");
	memcpy(before, wanted, STORE_AUDIT_HASH);
	return STORE_DONE;
}

static enum store_result check_links(struct store *store,
				     const struct store_audit_head *kept,
				     struct store_audit_head *out)
{
	struct store_list *list =
		db_list(store,
			"SELECT a.number, a.hash, e.line FROM audit a"
			" LEFT JOIN event e ON e.seq = a.event ORDER BY a.number",
			"");
	enum store_result result = list ? STORE_DONE : STORE_FAILED, ended;

	no_head(out);
	while (result == STORE_DONE && db_next(list)) {
		result = check_link(store, list->stmt, out->number + 1, out->hash);
		out->number++;
		if (kept && result == STORE_DONE && out->number == kept->number &&
		    strcmp(out->hash, kept->hash) != 0)
			result = broken(store, out->number,
					"is not the one that was kept outside");
	}
	ended = store_list_end(list);
	return result == STORE_DONE ? ended : result;
}

/*
 * A chain that was cut at its end is a good chain.  But events are numbered without
 * end, and the highest number that was given is kept beside them.
 */
static enum store_result check_tail(struct store *store)
{
	sqlite3_stmt *stmt =
		db_query(store,
			 "SELECT (SELECT min(seq) FROM event WHERE event = 'admin'"
			 "  AND verdict = 'applied' AND seq >"
			 "  (SELECT coalesce(max(event), 0) FROM audit)),"
			 " (SELECT seq FROM sqlite_sequence WHERE name = 'event') >"
			 "  (SELECT coalesce(max(seq), 0) FROM event)",
			 "");
	enum store_result result = db_row(store, stmt);
	int64_t unlinked;
	bool cut;

	if (result != STORE_DONE)
		return result;
	unlinked = sqlite3_column_int64(stmt, 0);
	cut = sqlite3_column_int(stmt, 1);
	sqlite3_reset(stmt);
	if (unlinked)
		return db_no(store,
			     "event %lld is an admin's, and its audit line was removed",
			     (long long)unlinked);
	if (cut)
		return db_no(store, "the newest events were removed");
	return STORE_DONE;
}

enum store_result store_audit_verify(struct store *store,
				     const struct store_audit_head *kept,
				     struct store_audit_head *out)
{
	enum store_result result = store_begin(store), ended;

	if (result != STORE_DONE)
		return result;
	result = check_links(store, kept, out);
	if (result == STORE_DONE && kept && kept->number > out->number)
		result = broken(store, out->number + 1,
				"was removed, and all behind it up to the one kept");
	if (result == STORE_DONE)
		result = check_tail(store);
	ended = store_end(store, result == STORE_DONE);
	return result == STORE_DONE ? ended : result;
}
