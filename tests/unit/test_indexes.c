/*
 * No query that is asked often reads a whole table: EXPLAIN QUERY PLAN of each, as
 * SQLite has prepared it.
 * Rows: X-05
 */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/store/db.h"

static char folder[] = "/tmp/pxekit-indexes-XXXXXX";
static char path[64];

static struct machine_key key_of(const char *mac)
{
	struct machine_key key = { .has_mac = true };
	const char *why;

	assert_true(mac_parse(mac, &key.mac, &why));
	return key;
}

static struct job add(struct store *store, const char *mac)
{
	struct machine_key key = key_of(mac);
	struct settings settings = { 0 };
	struct job job = { .image = "debian12@1", .hostname = "web1" };

	if (store_job_add(store, &key, &job, &settings, "root") != STORE_DONE)
		fail_msg("%s", store_why(store));
	return job;
}

/* The tables of ours that a plan may read from one end to the other. */
static bool is_small(const char *detail)
{
	static const char *const small[] = {
		"mine", "past", "CONSTANT", "vacuum", "sqlite_sequence", "(subquery"
	};

	for (size_t i = 0; i < sizeof(small) / sizeof(small[0]); i++)
		if (strncmp(detail + strlen("SCAN "), small[i], strlen(small[i])) == 0)
			return true;
	/* Those nobody has decided about are at most STORE_NEW_MACHINES. */
	if (strstr(detail, "machine_new"))
		return true;
	/* Nor is an installation without its record for longer than a batch. */
	return strstr(detail, "install_unrecorded") != NULL;
}

static void explain(struct store *store, const char *sql)
{
	sqlite3_stmt *stmt;
	char *text;

	if (strncmp(sql, "PRAGMA", 6) == 0 || strncmp(sql, "BEGIN", 5) == 0 ||
	    strncmp(sql, "COMMIT", 6) == 0 || strcmp(sql, "ROLLBACK") == 0 ||
	    strncmp(sql, "SAVEPOINT", 9) == 0 || strncmp(sql, "RELEASE", 7) == 0)
		return;
	text = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sql);
	assert_int_equal(sqlite3_prepare_v2(store->db, text, -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		const char *detail = (const char *)sqlite3_column_text(stmt, 3);

		if (strncmp(detail, "SCAN ", 5) == 0 && !is_small(detail))
			fail_msg("%s: %s", detail, sql);
	}
	sqlite3_finalize(stmt);
	sqlite3_free(text);
}

/* Every query that this connection has prepared, and still has. */
static size_t explain_all(struct store *store)
{
	sqlite3_stmt *all[DB_STATEMENTS + 8], *stmt = NULL;
	size_t count = 0;

	while ((stmt = sqlite3_next_stmt(store->db, stmt)) &&
	       count < sizeof(all) / sizeof(all[0]))
		all[count++] = stmt;
	for (size_t i = 0; i < count; i++)
		explain(store, sqlite3_sql(all[i]));
	return count;
}

static void tell(struct store *store, struct event ev)
{
	static int number;
	enum store_verdict verdict;

	ev.time_ms = 1800000000000 + number;
	snprintf(ev.id, sizeof(ev.id), "e%d", number++);
	if (store_apply(store, &ev, NULL, &verdict) != STORE_DONE)
		fail_msg("%s", store_why(store));
}

static void deciding_reads_no_table(void **state)
{
	struct store *store = *state;
	struct machine_key key = key_of("52:54:00:00:00:01");
	struct plan_facts facts = { 0 };
	struct store_about about;
	struct attempt attempt;
	struct machine machine;

	add(store, "52:54:00:00:00:01");
	assert_int_equal(store_boot_facts(store, &key, &facts, &about), STORE_DONE);
	assert_true(facts.has_job);
	assert_int_equal(store_facts_and_attempt(store, &key, &facts, &machine, &attempt),
			 STORE_DONE);
	assert_int_equal(attempt.job, facts.job.id);
	key = key_of("52:54:00:00:00:99");
	snprintf(key.uuid, sizeof(key.uuid), "11111111-2222-3333-4444-555555555555");
	snprintf(key.serial, sizeof(key.serial), "S1");
	assert_int_equal(store_facts(store, &key, &facts, &machine), STORE_DONE);
	assert_int_equal(store_boot_facts(store, &key, &facts, &about), STORE_DONE);
	assert_true(explain_all(store) > 4);
}

static void applying_reads_no_table(void **state)
{
	struct store *store = *state;
	struct job job = add(store, "52:54:00:00:00:01");
	static const char *const states[] = { "booting", "installing", "installing",
					      "configuring", "done" };
	struct event ev = event_new(EVENT_OFFER);

	ev.key = key_of("52:54:00:00:00:02");
	tell(store, ev);
	ev = event_new(EVENT_TRANSFER);
	snprintf(ev.address, sizeof(ev.address), "10.0.0.1");
	tell(store, ev);
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		ev = event_new(EVENT_REPORT);
		ev.job = job.id;
		ev.attempt = 1;
		snprintf(ev.state, sizeof(ev.state), "%s", states[i]);
		snprintf(ev.step, sizeof(ev.step), "step%zu", i);
		tell(store, ev);
	}
	assert_int_equal(store_job_retry(store, job.id, "root"), STORE_DONE);
	assert_int_equal(store_job_cancel(store, job.id, "root"), STORE_DONE);
	assert_true(explain_all(store) > 10);
}

static void one_job_reads_no_table(void **state)
{
	struct store *store = *state;
	struct job job = add(store, "52:54:00:00:00:01");
	struct attempt attempts[2];
	struct settings settings;
	struct event_filter of_job = { .job = job.id }, of_machine = { .machine = 1 };
	struct event_filter newest = { .last = 10 }, from = { .after_seq = 1 };
	struct event_filter *filters[] = { &of_job, &of_machine, &newest };
	struct install_filter installs = { .machine = 1 },
			      unrecorded = { .unrecorded = true };
	struct job_filter jobs = { .by_machine = true, .machine = 1 };
	struct store_list *list;

	job.state = JOB_INSTALLING;
	assert_int_equal(store_estimate(store, &job, 0), STORE_DONE);
	assert_int_equal(store_attempts(store, job.id, attempts, 2), 1);
	assert_int_equal(store_job_settings(store, job.id, &settings), STORE_DONE);
	settings_free(&settings);
	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
		list = store_events(store, filters[i]);
		assert_non_null(list);
		if (filters[i] != &newest)
			explain_all(store);
		store_list_end(list);
	}
	list = store_events(store, &from);
	explain_all(store);
	store_list_end(list);
	list = store_installs(store, &installs);
	explain_all(store);
	store_list_end(list);
	list = store_installs(store, &unrecorded);
	explain_all(store);
	store_list_end(list);
	list = store_jobs(store, &jobs);
	assert_non_null(list);
	store_list_end(list);
}

static int fresh(void **state)
{
	static int number;
	struct store *store;

	snprintf(path, sizeof(path), "%s/%d.db", folder, ++number);
	if (store_open(path, STORE_WRITE, &store) != STORE_DONE)
		fail_msg("%s", store_why(store));
	*state = store;
	return 0;
}

static int shut(void **state)
{
	store_close(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(deciding_reads_no_table, fresh, shut),
		cmocka_unit_test_setup_teardown(applying_reads_no_table, fresh, shut),
		cmocka_unit_test_setup_teardown(one_job_reads_no_table, fresh, shut),
	};
	char command[128];
	int failed;

	if (!mkdtemp(folder))
		return 99;
	failed = cmocka_run_group_tests_name("indexes", tests, NULL, NULL);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command) == 0 ? failed : 99;
}
