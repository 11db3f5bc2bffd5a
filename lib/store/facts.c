#include <string.h>

#include "lib/store/db.h"
#include "lib/store/rows.h"

static enum store_result newest_job(struct store *store, int64_t machine,
				    struct plan_facts *facts)
{
	enum store_result result = row_newest_job(store, machine, facts);

	return result == STORE_NO ? STORE_DONE : result;
}

static void nothing_known(struct plan_facts *facts)
{
	facts->known = facts->has_job = facts->held = false;
	facts->not_before_ms = 0;
	facts->next = (struct machine_next){ 0 };
}

enum store_result store_facts(struct store *store, const struct machine_key *key,
			      struct plan_facts *facts, struct machine *machine)
{
	struct machine found = { 0 };
	int64_t id;
	enum store_result result = row_find_machine(store, key, &id);

	nothing_known(facts);
	if (machine)
		*machine = (struct machine){ .arch = -1 };
	if (result == STORE_NO)
		return STORE_DONE;
	if (result == STORE_DONE)
		result = store_machine_by_id(store, id, &found);
	if (result != STORE_DONE)
		return result;
	facts->known = true;
	facts->disposition = found.disposition;
	facts->next = found.next;
	if (machine)
		*machine = found;
	return newest_job(store, id, facts);
}

/* ---- the same with the attempt, in one look ---- */

/* The job is row_newest_job()'s, found by its two indexes alone. */
#define NEWEST_JOB                                                                       \
	"coalesce((SELECT id FROM job WHERE machine = m.id AND state IN " ROW_ACTIVE     \
	"), (SELECT max(id) FROM job WHERE machine = m.id))"

static const char of_mac[] = "SELECT " ROW_MACHINE_COLUMNS ", " ROW_JOB_COLUMNS(
	"NULL", "a.booted", "m.next",
	"m.next_until") ", " ROW_ATTEMPT_COLUMNS
			" FROM machine_mac c JOIN machine m ON m.id = c.machine"
			" LEFT JOIN job j ON j.id = " NEWEST_JOB
			" LEFT JOIN attempt a ON a.job = j.id AND a.number = j.attempt "
			"WHERE c.mac = ?";

static void read_whole(struct store *store, sqlite3_stmt *stmt, struct plan_facts *facts,
		       struct machine *machine, struct attempt *attempt)
{
	const int job = ROW_MACHINE_READ, tried = job + ROW_JOB_READ;

	row_read_machine(stmt, machine);
	facts->known = true;
	facts->disposition = machine->disposition;
	facts->next = machine->next;
	facts->has_job = sqlite3_column_type(stmt, job) != SQLITE_NULL;
	if (!facts->has_job)
		return;
	row_read_job(store, stmt, job, &facts->job);
	row_read_attempt(stmt, tried, attempt);
	facts->job.mac = machine->mac;
	facts->held = facts->job.held;
	facts->not_before_ms = facts->job.not_before_ms;
}

/* By its MAC, which is how most ask. */
static enum store_result whole_of_mac(struct store *store, const struct mac *mac,
				      struct plan_facts *facts, struct machine *machine,
				      struct attempt *attempt)
{
	char text[MAC_TEXT];
	enum store_result result;
	sqlite3_stmt *stmt;

	mac_format(mac, ':', text);
	stmt = db_query(store, of_mac, "t", text);
	result = db_row(store, stmt);
	if (result != STORE_DONE)
		return result;
	read_whole(store, stmt, facts, machine, attempt);
	sqlite3_reset(stmt);
	return STORE_DONE;
}

enum store_result store_facts_and_attempt(struct store *store,
					  const struct machine_key *key,
					  struct plan_facts *facts,
					  struct machine *machine,
					  struct attempt *attempt)
{
	enum store_result result = STORE_NO;

	nothing_known(facts);
	*attempt = (struct attempt){ 0 };
	if (key->has_mac)
		result = whole_of_mac(store, &key->mac, facts, machine, attempt);
	if (result != STORE_NO)
		return result;
	result = store_facts(store, key, facts, machine);
	if (result == STORE_DONE && facts->has_job)
		result = store_attempt_current(store, facts->job.id, attempt);
	return result;
}

/* ---- the same for a boot server, that asks for little and often ---- */

static const char of_card[] =
	"SELECT m.disposition, m.manufacturer, m.product,"
	" j.id, j.state, j.attempt, j.held, j.not_before, j.platform, j.boots,"
	" j.approved, m.next, m.next_until"
	" FROM machine_mac c JOIN machine m ON m.id = c.machine"
	" LEFT JOIN job j ON j.id = " NEWEST_JOB " WHERE c.mac = ?";

static void read_job(sqlite3_stmt *stmt, struct plan_facts *facts,
		     struct store_about *about)
{
	char state[16];

	facts->has_job = sqlite3_column_type(stmt, 3) != SQLITE_NULL;
	if (!facts->has_job)
		return;
	facts->job.id = sqlite3_column_int64(stmt, 3);
	db_text(stmt, 4, state, sizeof(state));
	job_state_parse(state, &facts->job.state);
	facts->job.attempt = (unsigned)sqlite3_column_int(stmt, 5);
	facts->held = sqlite3_column_int(stmt, 6);
	facts->not_before_ms = sqlite3_column_int64(stmt, 7);
	db_text(stmt, 8, about->platform, sizeof(about->platform));
	facts->job.boots = (unsigned)sqlite3_column_int(stmt, 9);
	facts->job.approved = (unsigned)sqlite3_column_int(stmt, 10);
}

static enum store_result facts_of_card(struct store *store, const struct mac *mac,
				       struct plan_facts *facts,
				       struct store_about *about)
{
	char text[MAC_TEXT], disposition[16];
	enum store_result result;
	sqlite3_stmt *stmt;

	mac_format(mac, ':', text);
	stmt = db_query(store, of_card, "t", text);
	result = db_row(store, stmt);
	if (result != STORE_DONE)
		return result;
	facts->known = true;
	db_text(stmt, 0, disposition, sizeof(disposition));
	machine_disposition_parse(disposition, &facts->disposition);
	db_text(stmt, 1, about->manufacturer, sizeof(about->manufacturer));
	db_text(stmt, 2, about->product, sizeof(about->product));
	row_read_next(stmt, 11, &facts->next);
	read_job(stmt, facts, about);
	sqlite3_reset(stmt);
	return STORE_DONE;
}

enum store_result store_boot_facts(struct store *store, const struct machine_key *key,
				   struct plan_facts *facts, struct store_about *about)
{
	enum store_result result = STORE_NO;
	struct machine machine;

	nothing_known(facts);
	*about = (struct store_about){ 0 };
	if (key->has_mac)
		result = facts_of_card(store, &key->mac, facts, about);
	if (result != STORE_NO || (key->has_mac && !*key->uuid && !*key->serial))
		return result == STORE_NO ? STORE_DONE : result;
	result = store_facts(store, key, facts, &machine);
	if (result != STORE_DONE)
		return result;
	memcpy(about->manufacturer, machine.manufacturer, sizeof(about->manufacturer));
	memcpy(about->product, machine.product, sizeof(about->product));
	if (facts->has_job)
		memcpy(about->platform, facts->job.platform, sizeof(about->platform));
	return STORE_DONE;
}
