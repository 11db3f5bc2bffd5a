#include <stdio.h>
#include <string.h>

#include "lib/store/db.h"
#include "lib/store/rows.h"
#include "lib/sys/now.h"

#define COLUMNS ROW_MACHINE_COLUMNS

void row_read_machine(sqlite3_stmt *stmt, struct machine *out)
{
	char disposition[16], mac[MAC_TEXT];
	const char *why;

	*out = (struct machine){ .id = sqlite3_column_int64(stmt, 0) };
	db_text(stmt, 1, out->uuid, sizeof(out->uuid));
	db_text(stmt, 2, out->serial, sizeof(out->serial));
	db_text(stmt, 3, out->name, sizeof(out->name));
	db_text(stmt, 4, out->manufacturer, sizeof(out->manufacturer));
	db_text(stmt, 5, out->product, sizeof(out->product));
	out->arch = sqlite3_column_int(stmt, 6);
	db_text(stmt, 7, disposition, sizeof(disposition));
	machine_disposition_parse(disposition, &out->disposition);
	db_text(stmt, 8, out->address, sizeof(out->address));
	db_text(stmt, 9, out->network, sizeof(out->network));
	out->first_seen_ms = sqlite3_column_int64(stmt, 10);
	out->last_seen_ms = sqlite3_column_int64(stmt, 11);
	out->seen = sqlite3_column_int64(stmt, 12);
	out->any_card = sqlite3_column_int(stmt, 14);
	out->retired_ms = sqlite3_column_int64(stmt, 15);
	row_read_next(stmt, 16, &out->next);
	out->next.entry = machine_next_at(&out->next, now_ms());
	db_text(stmt, 13, mac, sizeof(mac));
	if (*mac)
		mac_parse(mac, &out->mac, &why);
}

static enum store_result one_id(struct store *store, sqlite3_stmt *stmt, int64_t *id)
{
	enum store_result result = db_row(store, stmt);

	if (result != STORE_DONE)
		return result;
	*id = sqlite3_column_int64(stmt, 0);
	/* A serial number that several machines give is nobody's. */
	result = db_row(store, stmt);
	if (result == STORE_NO)
		return STORE_DONE;
	sqlite3_reset(stmt);
	return result == STORE_DONE ? STORE_NO : result;
}

static enum store_result find_by_mac(struct store *store, const struct machine_key *key,
				     int64_t *id)
{
	char mac[MAC_TEXT];

	if (!key->has_mac)
		return STORE_NO;
	mac_format(&key->mac, ':', mac);
	return one_id(store,
		      db_query(store, "SELECT machine FROM machine_mac WHERE mac = ?",
			       "t", mac),
		      id);
}

/*
 * Copied virtual machines share a UUID, and anybody can claim one: an unknown
 * network card is taken for a known machine's only if an admin named that
 * machine by more than its cards, or if it has none yet.
 */
#define SAME_MACHINE                                                                     \
	"(?2 = 0 OR any_card = 1 OR NOT EXISTS"                                          \
	" (SELECT 1 FROM machine_mac WHERE machine = machine.id))"

static enum store_result find_by_uuid(struct store *store, const struct machine_key *key,
				      int64_t *id)
{
	if (!*key->uuid)
		return STORE_NO;
	return one_id(store,
		      db_query(store,
			       "SELECT id FROM machine WHERE uuid = ?1 AND " SAME_MACHINE,
			       "ti", key->uuid, (int64_t)key->has_mac),
		      id);
}

/*
 * Makers leave the same number in many machines: one that has another UUID is
 * another machine, and must not get this one's job.
 */
static enum store_result find_by_serial(struct store *store,
					const struct machine_key *key, int64_t *id)
{
	if (!machine_serial_names_one(key->serial))
		return STORE_NO;
	return one_id(store,
		      db_query(store,
			       "SELECT id FROM machine WHERE serial = ?1 AND serial <> ''"
			       " AND (uuid IS NULL OR ?3 = '') AND " SAME_MACHINE
			       " LIMIT 2",
			       "tit", key->serial, (int64_t)key->has_mac, key->uuid),
		      id);
}

enum store_result row_find_machine(struct store *store, const struct machine_key *key,
				   int64_t *id)
{
	enum store_result result = find_by_mac(store, key, id);

	if (result == STORE_NO)
		result = find_by_uuid(store, key, id);
	if (result == STORE_NO)
		result = find_by_serial(store, key, id);
	return result;
}

enum store_result store_machine_by_id(struct store *store, int64_t id,
				      struct machine *out)
{
	sqlite3_stmt *stmt = db_query(
		store, "SELECT " COLUMNS " FROM machine m WHERE m.id = ?", "i", id);
	enum store_result result = db_row(store, stmt);

	if (result == STORE_NO)
		return db_no(store, "there is no machine %lld", (long long)id);
	if (result == STORE_DONE) {
		row_read_machine(stmt, out);
		sqlite3_reset(stmt);
	}
	return result;
}

enum store_result store_machine(struct store *store, const struct machine_key *key,
				struct machine *out)
{
	int64_t id;
	enum store_result result = row_find_machine(store, key, &id);

	if (result == STORE_NO)
		return db_no(store, "no such machine is known");
	return result == STORE_DONE ? store_machine_by_id(store, id, out) : result;
}

struct store_list *store_machines(struct store *store,
				  const struct machine_filter *filter)
{
	if (filter && filter->by_disposition)
		return db_list(store,
			       "SELECT " COLUMNS " FROM machine m WHERE m.disposition = ?"
			       " ORDER BY m.last_seen DESC, m.id",
			       "t", machine_disposition_name(filter->disposition));
	return db_list(store, "SELECT " COLUMNS " FROM machine m ORDER BY m.id", "");
}

bool store_next_machine(struct store_list *list, struct machine *out)
{
	if (!db_next(list))
		return false;
	row_read_machine(list->stmt, out);
	return true;
}

size_t store_machine_macs(struct store *store, int64_t id, struct mac *out, size_t max)
{
	sqlite3_stmt *stmt = db_query(
		store, "SELECT mac FROM machine_mac WHERE machine = ? ORDER BY position",
		"i", id);
	char text[MAC_TEXT];
	const char *why;
	size_t n = 0;

	while (n < max && db_row(store, stmt) == STORE_DONE) {
		db_text(stmt, 0, text, sizeof(text));
		if (mac_parse(text, &out[n], &why))
			n++;
	}
	sqlite3_reset(stmt);
	return n;
}

/* ---- writing ---- */

enum store_result row_add_mac(struct store *store, int64_t id, const struct mac *mac)
{
	char text[MAC_TEXT];

	mac_format(mac, ':', text);
	return db_run(store,
		      "INSERT OR IGNORE INTO machine_mac (mac, machine, position)"
		      " SELECT ?1, ?2, 1 + coalesce(max(position), 0)"
		      " FROM machine_mac WHERE machine = ?2",
		      "ti", text, id);
}

/* What a machine says of itself fills gaps; it never takes another's UUID. */
static enum store_result complete(struct store *store, int64_t id,
				  const struct machine_key *key)
{
	enum store_result result = STORE_DONE;

	if (*key->uuid)
		result = db_run(store,
				"UPDATE OR IGNORE machine SET uuid = ?"
				" WHERE id = ? AND uuid IS NULL",
				"ti", key->uuid, id);
	if (result == STORE_DONE && machine_serial_names_one(key->serial))
		result = db_run(
			store,
			"UPDATE machine SET serial = ? WHERE id = ? AND serial = ''",
			"ti", key->serial, id);
	if (result == STORE_DONE && key->has_mac)
		result = row_add_mac(store, id, &key->mac);
	return result;
}

/*
 * Anybody on the wire can make up addresses: of machines that nobody has decided
 * about, those seen longest ago make room.  None of them has a job.
 */
static enum store_result make_room(struct store *store)
{
	return db_run(
		store,
		"DELETE FROM machine WHERE id IN (SELECT id FROM machine"
		" WHERE disposition = 'new' ORDER BY last_seen LIMIT max(0, 1 - ?1 +"
		" (SELECT count(*) FROM machine WHERE disposition = 'new')))",
		"i", (int64_t)STORE_NEW_MACHINES);
}

enum store_result store_machine_ensure(struct store *store, const struct machine_key *key,
				       int64_t time_ms, int64_t *id)
{
	enum store_result result = row_find_machine(store, key, id);

	if (result == STORE_NO) {
		if (!key->has_mac && !*key->uuid)
			return db_no(store, "neither a MAC nor a UUID names the machine");
		result = make_room(store);
		if (result != STORE_DONE)
			return result;
		result = db_run(store, "INSERT INTO machine (first_seen) VALUES (?)", "i",
				time_ms);
		*id = sqlite3_last_insert_rowid(store->db);
	}
	return result == STORE_DONE ? complete(store, *id, key) : result;
}

enum store_result store_machine_add_mac(struct store *store, int64_t id,
					const struct mac *mac)
{
	struct machine_key key = { .mac = *mac, .has_mac = true };
	enum store_result result = row_add_mac(store, id, mac);
	char text[MAC_TEXT];
	int64_t owner = 0;

	if (result == STORE_DONE)
		result = row_find_machine(store, &key, &owner);
	if (result != STORE_DONE || owner == id)
		return result;
	mac_format(mac, ':', text);
	return db_no(store, "%s: is another machine's address", text);
}

enum store_result row_machine_known(struct store *store, int64_t id, const char *name)
{
	return db_run(store,
		      "UPDATE machine SET disposition = 'known',"
		      " name = coalesce(?, name) WHERE id = ?",
		      "ni", name, id);
}

/* The admin's verb for each decision. */
static const char *const verbs[MACHINE_DISPOSITIONS] = {
	[MACHINE_NEW] = "forget",
	[MACHINE_KNOWN] = "allow",
	[MACHINE_IGNORED] = "ignore",
	[MACHINE_BLOCKED] = "block",
};

enum store_result row_note_machine(struct store *store, const struct machine *machine,
				   const char *action, const char *actor, const char *old,
				   const char *new)
{
	struct event ev = event_new(EVENT_ADMIN);

	ev.key.mac = machine->mac;
	ev.key.has_mac = !mac_equal(&machine->mac, &(struct mac){ 0 });
	snprintf(ev.key.uuid, sizeof(ev.key.uuid), "%s", machine->uuid);
	snprintf(ev.action, sizeof(ev.action), "%s", action);
	snprintf(ev.actor, sizeof(ev.actor), "%s", actor);
	snprintf(ev.old, sizeof(ev.old), "%s", old);
	snprintf(ev.new, sizeof(ev.new), "%s", new);
	return row_add_admin(store, &ev, machine->id);
}

static enum store_result dispose(struct store *store, int64_t id,
				 enum machine_disposition disposition, const char *actor)
{
	struct machine machine = { 0 };
	enum store_result result = store_machine_by_id(store, id, &machine);

	if (result != STORE_DONE)
		return result;
	result = db_run(store, "UPDATE machine SET disposition = ? WHERE id = ?", "ti",
			machine_disposition_name(disposition), id);
	if (result != STORE_DONE)
		return result;
	return row_note_machine(store, &machine, verbs[disposition], actor,
				machine_disposition_name(machine.disposition),
				machine_disposition_name(disposition));
}

enum store_result store_machine_dispose(struct store *store, int64_t id,
					enum machine_disposition disposition,
					const char *actor)
{
	enum store_result result = store_begin(store);

	if (result != STORE_DONE)
		return result;
	return row_finish(store, dispose(store, id, disposition, actor));
}

static enum store_result note(struct store *store, int64_t id, const char *action,
			      const char *text, const char *actor)
{
	struct machine machine = { 0 };
	enum store_result result = store_machine_by_id(store, id, &machine);

	return result == STORE_DONE
		       ? row_note_machine(store, &machine, action, actor, "", text)
		       : result;
}

enum store_result store_machine_note(struct store *store, int64_t id, const char *action,
				     const char *text, const char *actor)
{
	enum store_result result = store_begin(store);

	if (result != STORE_DONE)
		return result;
	return row_finish(store, note(store, id, action, text, actor));
}
