/* What pages show: how many there are of each kind, and a few at a time. */
#include "lib/store/overview.h"

#include "lib/store/db.h"

#define ACTIVE "('queued', 'booting', 'installing', 'configuring')"

static enum store_result count_jobs(struct store *store, int64_t jobs[JOB_STATES])
{
	struct store_list *list =
		db_list(store, "SELECT state, count(*) FROM job GROUP BY state", "");
	enum job_state state;
	char name[JOB_NAME];

	if (!list)
		return STORE_FAILED;
	while (db_next(list)) {
		db_text(list->stmt, 0, name, sizeof(name));
		if (job_state_parse(name, &state))
			jobs[state] = sqlite3_column_int64(list->stmt, 1);
	}
	return store_list_end(list);
}

static enum store_result count_machines(struct store *store,
					int64_t machines[MACHINE_DISPOSITIONS])
{
	struct store_list *list = db_list(
		store, "SELECT disposition, count(*) FROM machine GROUP BY disposition",
		"");
	enum machine_disposition disposition;
	char name[JOB_NAME];

	if (!list)
		return STORE_FAILED;
	while (db_next(list)) {
		db_text(list->stmt, 0, name, sizeof(name));
		if (machine_disposition_parse(name, &disposition))
			machines[disposition] = sqlite3_column_int64(list->stmt, 1);
	}
	return store_list_end(list);
}

enum store_result store_counts(struct store *store, struct store_counts *out)
{
	enum store_result result;

	*out = (struct store_counts){ 0 };
	result = count_jobs(store, out->jobs);
	return result == STORE_DONE ? count_machines(store, out->machines) : result;
}

/* The one number that a query gives. */
static enum store_result take_number(struct store *store, sqlite3_stmt *stmt,
				     int64_t *out)
{
	enum store_result result = db_row(store, stmt);

	*out = 0;
	if (result == STORE_DONE) {
		*out = sqlite3_column_int64(stmt, 0);
		sqlite3_reset(stmt);
	}
	return result;
}

enum store_result store_count_new(struct store *store, int64_t *out)
{
	return take_number(
		store,
		db_query(store, "SELECT count(*) FROM machine WHERE disposition = 'new'",
			 ""),
		out);
}

enum store_result store_count_network(struct store *store, const char *network,
				      int64_t *out)
{
	return take_number(
		store,
		db_query(store,
			 "SELECT count(*) FROM job j JOIN machine m ON m.id = j.machine"
			 " WHERE j.state IN " ACTIVE
			 " AND (j.network = ?1 OR (j.network = '' AND m.network = ?1))",
			 "t", network),
		out);
}

enum store_result store_count_waiting(struct store *store, const char *network,
				      int64_t *out)
{
	return take_number(store,
			   db_query(store,
				    "SELECT count(*) FROM job WHERE state IN " ACTIVE
				    " AND state = 'queued' AND network = ?",
				    "t", network),
			   out);
}

static size_t take_ids(struct store_list *list, int64_t *out, size_t max)
{
	size_t count = 0;

	if (!list)
		return 0;
	while (count < max && db_next(list))
		out[count++] = sqlite3_column_int64(list->stmt, 0);
	store_list_end(list);
	return count;
}

size_t store_job_page(struct store *store, const struct store_job_page *page,
		      int64_t *out, size_t max)
{
	return take_ids(
		db_list(store,
			"SELECT id FROM job WHERE (?1 = 0 OR id < ?1)"
			" AND (?2 = 0 OR state = ?3) AND (?4 = 0 OR state IN " ACTIVE ")"
			" AND (?5 = 0 OR machine = ?5) ORDER BY id DESC LIMIT ?6",
			"iitiii", page->before, (int64_t)page->by_state,
			job_state_name(page->state), (int64_t)page->active, page->machine,
			(int64_t)max),
		out, max);
}

size_t store_machine_page(struct store *store, const struct store_machine_page *page,
			  int64_t *out, size_t max)
{
	return take_ids(
		db_list(store,
			"SELECT id FROM machine m WHERE (?1 = 0 OR id < ?1)"
			" AND (?2 = 0 OR disposition = ?3)"
			" AND (?4 = '' OR instr(lower(name), lower(?4))"
			"  OR instr(lower(serial), lower(?4)) OR instr(uuid, lower(?4))"
			"  OR instr(lower(manufacturer || ' ' || product), lower(?4))"
			"  OR address = ?4 OR EXISTS (SELECT 1 FROM machine_mac"
			"   WHERE machine = m.id AND instr(mac, lower(?4))))"
			" ORDER BY id DESC LIMIT ?5",
			"iitti", page->before, (int64_t)page->by_disposition,
			machine_disposition_name(page->disposition), page->text,
			(int64_t)max),
		out, max);
}
