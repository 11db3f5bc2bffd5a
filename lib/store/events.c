#include <stdio.h>
#include <string.h>

#include "lib/store/db.h"
#include "lib/store/rows.h"
#include "lib/sys/now.h"

int64_t row_happened(const struct event *ev)
{
	int64_t now = now_ms();

	return ev->time_ms < now ? ev->time_ms : now;
}

static const char *verdict_name(enum store_verdict verdict)
{
	return verdict == STORE_REFUSED ? "refused" : "applied";
}

static enum store_result insert(struct store *store, const struct event *ev,
				const char *line, int64_t machine, const char *address,
				const struct row_outcome *outcome)
{
	return db_run(
		store,
		"INSERT INTO event (id, received, time, source, event, machine, job,"
		" attempt, address, verdict, why, line, moved) VALUES"
		" (?, ?, ?, ?, ?, nullif(?, 0), nullif(?, 0), nullif(?, 0), ?, ?, ?, ?, "
		"?)",
		"niittiiinttti", ev->id, now_ms(), ev->time_ms, ev->source,
		event_kind_name(ev->kind), machine, ev->job, ev->attempt, address,
		verdict_name(outcome->verdict), outcome->why, line,
		(int64_t)outcome->moved);
}

enum store_result row_add_event(struct store *store, const struct event *ev,
				const char *line, const struct row_outcome *outcome)
{
	char text[EVENT_LINE];

	if (!line) {
		text[event_format(ev, text) - 1] = '\0';
		line = text;
	}
	return insert(store, ev, line, outcome->machine, ev->address, outcome);
}

/* The address is the admin's: no machine's packets belong to it. */
enum store_result row_add_admin(struct store *store, struct event *ev, int64_t machine)
{
	static const struct row_outcome applied = { .verdict = STORE_APPLIED };
	enum store_result result;
	char text[EVENT_LINE];

	ev->time_ms = now_ms();
	snprintf(ev->source, sizeof(ev->source), "%s",
		 *store->source ? store->source : "jobctl");
	snprintf(ev->address, sizeof(ev->address), "%s", store->address);
	text[event_format(ev, text) - 1] = '\0';
	result = insert(store, ev, text, machine, "", &applied);
	if (result != STORE_DONE)
		return result;
	return row_add_link(store, sqlite3_last_insert_rowid(store->db), text);
}

#define COLUMNS "e.seq, e.received, e.machine, e.verdict, e.why, e.line, e.moved"
#define FIRST(where)                                                                     \
	"SELECT " COLUMNS " FROM event e WHERE e.seq > ?1 AND e.time >= ?2 AND " where   \
	" ORDER BY e.seq LIMIT ?3"
#define LAST(where)                                                                      \
	"SELECT * FROM (SELECT " COLUMNS " FROM event e WHERE e.seq > ?1"                \
	" AND e.time >= ?2 AND " where " ORDER BY e.seq DESC LIMIT ?3) ORDER BY seq"

/*
 * A job's story is more than the events that name it: the packets of its
 * machine, and the transfers to the address that machine had, from the first
 * attempt's beginning to the end of the last.  Each part has an index of its own.
 */
#define MEANWHILE                                                                        \
	" AND o.job IS NULL AND o.time >= (SELECT created FROM job WHERE id = ?4)"       \
	" AND o.time <= (SELECT CASE WHEN state IN ('done', 'failed', 'cancelled')"      \
	"  THEN updated ELSE 9223372036854775807 END FROM job WHERE id = ?4)"

#define OF_JOB                                                                           \
	"e.seq IN (SELECT o.seq FROM event o WHERE o.job = ?4"                           \
	" UNION SELECT o.seq FROM event o WHERE o.machine ="                             \
	"  (SELECT machine FROM job WHERE id = ?4)" MEANWHILE                            \
	" UNION SELECT o.seq FROM event o WHERE o.machine IS NULL"                       \
	"  AND o.address IN (SELECT s.address FROM event s WHERE s.job = ?4"             \
	"   AND s.address IS NOT NULL)" MEANWHILE ")"                                    \
	" AND (?5 = 0 OR e.machine = ?5)"
#define OF_MACHINE "e.machine = ?5 AND ?4 = 0"
#define OF_ALL "?4 = 0 AND ?5 = 0"

/* By what is asked for, and whether the oldest or the newest are meant. */
static const char *const selects[][2] = {
	{ FIRST(OF_ALL), LAST(OF_ALL) },
	{ FIRST(OF_MACHINE), LAST(OF_MACHINE) },
	{ FIRST(OF_JOB), LAST(OF_JOB) },
};

struct store_list *store_events(struct store *store, const struct event_filter *filter)
{
	static const struct event_filter all;
	const struct event_filter *f = filter ? filter : &all;
	const char *const *select = selects[f->job ? 2 : f->machine ? 1 : 0];
	bool newest = f->last && !f->first;
	int64_t limit = newest ? f->last : f->first;

	return db_list(store, select[newest], "iiiii", f->after_seq, f->since_ms,
		       limit ? limit : (int64_t)-1, f->job, f->machine);
}

bool store_next_event(struct store_list *list, struct store_event *out)
{
	char verdict[16];
	const char *line, *why;

	if (!db_next(list))
		return false;
	*out = (struct store_event){ .seq = sqlite3_column_int64(list->stmt, 0) };
	out->received_ms = sqlite3_column_int64(list->stmt, 1);
	out->machine = sqlite3_column_int64(list->stmt, 2);
	db_text(list->stmt, 3, verdict, sizeof(verdict));
	out->verdict = strcmp(verdict, "refused") == 0 ? STORE_REFUSED : STORE_APPLIED;
	db_text(list->stmt, 4, out->why, sizeof(out->why));
	out->moved = sqlite3_column_int(list->stmt, 6);
	line = (const char *)sqlite3_column_text(list->stmt, 5);
	if (!line || !event_parse(line, strlen(line), &out->event, &why))
		out->event = event_new(EVENT_MALFORMED);
	return true;
}
