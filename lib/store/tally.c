#include "lib/store/tally.h"

#include <stdio.h>
#include <string.h>

#include "lib/store/db.h"

const int64_t tally_bounds[TALLY_BOUNDS] = { 60,   120,  300,  600, 900,
					     1200, 1800, 3600, 7200 };

const int64_t tally_step_bounds[TALLY_BOUNDS] = { 1, 5, 10, 30, 60, 120, 300, 900, 3600 };

static void add(struct store_durations *d, const int64_t bounds[static TALLY_BOUNDS],
		int64_t ms)
{
	d->count++;
	d->sum_ms += ms;
	for (size_t i = 0; i < TALLY_BOUNDS; i++)
		d->upto[i] += ms <= bounds[i] * 1000;
}

/* The last row is for all that find no row of their own. */
static struct store_tally_step *step_of(struct store_tally *tally, const char *name)
{
	struct store_tally_step *step;

	for (size_t i = 0; i < tally->steps; i++)
		if (strcmp(tally->step[i].name, name) == 0)
			return &tally->step[i];
	if (tally->steps == TALLY_STEPS)
		return &tally->step[TALLY_STEPS - 1];
	step = &tally->step[tally->steps++];
	snprintf(step->name, sizeof(step->name), "%s",
		 tally->steps == TALLY_STEPS ? "other" : name);
	return step;
}

/* Of the attempts that the events between are the end of. */
static enum store_result add_steps(struct store *store, struct store_tally *tally,
				   int64_t after, int64_t upto)
{
	struct store_list *list =
		db_list(store,
			"SELECT s.name, s.ended - s.began FROM event e"
			" JOIN attempt a ON a.job = e.job AND a.number = e.attempt"
			" JOIN step s ON s.attempt = a.id"
			" WHERE e.seq > ? AND e.seq <= ? AND e.event = 'report'"
			" AND e.moved = 1 AND json_extract(e.line, '$.state') = 'done'"
			" AND s.ended > 0",
			"ii", after, upto);
	char name[TALLY_STEP];

	if (!list)
		return STORE_FAILED;
	while (db_next(list)) {
		db_text(list->stmt, 0, name, sizeof(name));
		add(&step_of(tally, name)->took, tally_step_bounds,
		    sqlite3_column_int64(list->stmt, 1));
	}
	return store_list_end(list);
}

enum store_result store_tally_add(struct store *store, struct store_tally *tally)
{
	struct store_list *list =
		db_list(store,
			"SELECT event, count(*), sum(verdict = 'refused'),"
			" coalesce(sum(CASE WHEN event IN ('transfer', 'fetch', 'script')"
			"  THEN json_extract(line, '$.octets') END), 0), max(seq)"
			" FROM event WHERE seq > ? GROUP BY event",
			"i", tally->seq);
	struct store_tally sum = *tally;
	enum store_result result;
	enum event_kind kind;
	char name[JOB_NAME];

	if (!list)
		return STORE_FAILED;
	while (db_next(list)) {
		db_text(list->stmt, 0, name, sizeof(name));
		if (sqlite3_column_int64(list->stmt, 4) > sum.seq)
			sum.seq = sqlite3_column_int64(list->stmt, 4);
		if (!event_kind_parse(name, &kind))
			continue;
		sum.kind[kind].count += sqlite3_column_int64(list->stmt, 1);
		sum.kind[kind].refused += sqlite3_column_int64(list->stmt, 2);
		sum.kind[kind].octets += sqlite3_column_int64(list->stmt, 3);
	}
	result = store_list_end(list);
	if (result == STORE_DONE)
		result = add_steps(store, &sum, tally->seq, sum.seq);
	if (result == STORE_DONE)
		*tally = sum;
	return result;
}

enum store_result store_durations(struct store *store, enum job_state state,
				  struct store_durations *out)
{
	struct store_list *list =
		db_list(store,
			"SELECT ended - started FROM attempt WHERE state = ?"
			" AND ended > started",
			"t", job_state_name(state));

	*out = (struct store_durations){ 0 };
	if (!list)
		return STORE_FAILED;
	while (db_next(list))
		add(out, tally_bounds, sqlite3_column_int64(list->stmt, 0));
	return store_list_end(list);
}
