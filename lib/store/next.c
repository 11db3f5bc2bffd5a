/* What a machine boots once, before it goes on as it should. */
#include <stdio.h>
#include <string.h>

#include "lib/store/db.h"
#include "lib/store/rows.h"
#include "lib/sys/now.h"

void row_read_next(sqlite3_stmt *stmt, int column, struct machine_next *out)
{
	char name[16];

	*out = (struct machine_next){ 0 };
	db_text(stmt, column, name, sizeof(name));
	if (machine_entry_parse(name, &out->entry))
		out->until_ms = sqlite3_column_int64(stmt, column + 1);
}

static enum store_result set(struct store *store, int64_t id, enum machine_entry entry)
{
	return db_run(store,
		      "UPDATE machine SET next = ?, next_until = 0, next_used = 0"
		      " WHERE id = ?",
		      "ti", machine_entry_name(entry), id);
}

static enum store_result next_locked(struct store *store, int64_t id,
				     enum machine_entry entry, const char *actor)
{
	struct machine machine = { 0 };
	enum store_result result = store_machine_by_id(store, id, &machine);
	char mac[MAC_TEXT];

	if (result != STORE_DONE)
		return result;
	mac_format(&machine.mac, ':', mac);
	if (!entry && !machine.next.entry)
		return db_no(store, "%s: has nothing that it boots once", mac);
	if (entry && machine.disposition == MACHINE_BLOCKED)
		return db_no(store, "%s: is blocked; jobctl allow makes it known again",
			     mac);
	result = set(store, id, entry);
	return result == STORE_DONE
		       ? row_note_machine(store, &machine, "next", actor,
					  machine_entry_name(machine.next.entry),
					  machine_entry_name(entry))
		       : result;
}

enum store_result store_machine_next(struct store *store, int64_t id,
				     enum machine_entry entry, const char *actor)
{
	enum store_result result = store_begin(store);

	if (result != STORE_DONE)
		return result;
	return row_finish(store, next_locked(store, id, entry, actor));
}

/* ---- used, or expired ---- */

static enum store_result note(struct store *store, const struct machine *machine,
			      const char *action)
{
	const struct row_outcome outcome = { .machine = machine->id };
	struct event ev = event_new(EVENT_NEXT);

	ev.time_ms = now_ms();
	ev.key.mac = machine->mac;
	ev.key.has_mac = !mac_equal(&machine->mac, &(struct mac){ 0 });
	memcpy(ev.key.uuid, machine->uuid, sizeof(ev.key.uuid));
	snprintf(ev.source, sizeof(ev.source), "jobctl");
	snprintf(ev.action, sizeof(ev.action), "%s", action);
	snprintf(ev.old, sizeof(ev.old), "%s", machine_entry_name(machine->next.entry));
	return row_add_event(store, &ev, NULL, &outcome);
}

/* Until the machine is there it still asks for other things: for the menu's program. */
static bool is_there(const struct event *ev, enum machine_entry entry)
{
	return entry == MACHINE_ENTRY_LOCAL || ev->kind == EVENT_SCRIPT;
}

/* Another program's log says of a script only that it was given. */
static bool is_about_it(const struct event *ev)
{
	if (ev->kind == EVENT_SILENT)
		return false;
	return strcmp(ev->rule, "next") == 0 || (ev->kind == EVENT_SCRIPT && !*ev->rule);
}

/* STORE_NO: there is none, or it has been used. */
static enum store_result unused(struct store *store, int64_t machine,
				struct machine_next *out)
{
	sqlite3_stmt *stmt = db_query(store,
				      "SELECT next, next_until FROM machine"
				      " WHERE id = ? AND next <> '' AND next_used = 0",
				      "i", machine);
	enum store_result result = db_row(store, stmt);

	if (result != STORE_DONE)
		return result;
	row_read_next(stmt, 0, out);
	sqlite3_reset(stmt);
	return STORE_DONE;
}

static enum store_result give(struct store *store, const struct event *ev,
			      struct machine *machine)
{
	const bool there = is_there(ev, machine->next.entry);
	enum store_result result;

	if (!there && machine->next.until_ms)
		return STORE_DONE;
	result = db_run(store,
			"UPDATE machine SET next_until = ?, next_used = ? WHERE id = ?",
			"iii",
			row_happened(ev) +
				(there ? MACHINE_NEXT_USED_MS : MACHINE_NEXT_OFFERED_MS),
			(int64_t)there, machine->id);
	return result == STORE_DONE && there ? note(store, machine, "used") : result;
}

enum store_result row_next_given(struct store *store, const struct event *ev, int64_t id)
{
	struct machine_next next;
	struct machine machine;
	enum store_result result;

	if (!is_about_it(ev))
		return STORE_DONE;
	result = unused(store, id, &next);
	if (result == STORE_NO)
		return STORE_DONE;
	if (result == STORE_DONE)
		result = store_machine_by_id(store, id, &machine);
	if (result != STORE_DONE || !machine_next_at(&next, row_happened(ev)))
		return result;
	machine.next = next;
	return give(store, ev, &machine);
}

/* Those that are over: what was used is on record already. */
#define OVER "next <> '' AND next_until <> 0 AND next_until <= ?"

static enum store_result expire(struct store *store, int64_t now, int64_t *out)
{
	struct store_list *list =
		db_list(store,
			"SELECT id, next, next_until FROM machine WHERE " OVER
			" AND next_used = 0",
			"i", now);
	enum store_result result = STORE_DONE, ended;
	struct machine machine;

	if (!list)
		return STORE_FAILED;
	for (*out = 0; result == STORE_DONE && db_next(list); ++*out) {
		result = store_machine_by_id(store, sqlite3_column_int64(list->stmt, 0),
					     &machine);
		row_read_next(list->stmt, 1, &machine.next);
		if (result == STORE_DONE)
			result = note(store, &machine, "expired");
	}
	ended = store_list_end(list);
	if (result == STORE_DONE)
		result = ended;
	if (result != STORE_DONE)
		return result;
	return db_run(store,
		      "UPDATE machine SET next = '', next_until = 0, next_used = 0"
		      " WHERE " OVER,
		      "i", now);
}

enum store_result store_next_expire(struct store *store, int64_t *out)
{
	enum store_result result = store_begin(store);

	*out = 0;
	if (result != STORE_DONE)
		return result;
	return row_finish(store, expire(store, now_ms(), out));
}
