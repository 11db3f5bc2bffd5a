#include "lib/store/tally.h"

#include "lib/store/db.h"

const int64_t tally_bounds[TALLY_BOUNDS] = { 60,   120,  300,  600, 900,
					     1200, 1800, 3600, 7200 };

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
	while (db_next(list)) {
		int64_t ms = sqlite3_column_int64(list->stmt, 0);

		out->count++;
		out->sum_ms += ms;
		for (size_t i = 0; i < TALLY_BOUNDS; i++)
			out->upto[i] += ms <= tally_bounds[i] * 1000;
	}
	return store_list_end(list);
}
