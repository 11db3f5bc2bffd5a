/* The database, on a real file. */
#include "tests/test.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/store/schema.h"
#include "lib/store/store.h"

#define FIRST "52:54:00:00:00:01"

static char folder[] = "/tmp/pxekit-store-XXXXXX";
static char path[64];

static struct machine_key key_of(const char *mac)
{
	struct machine_key key = { .has_mac = true };
	const char *why;

	assert_true(mac_parse(mac, &key.mac, &why));
	return key;
}

static struct store *writer(void)
{
	struct store *store;

	if (store_open(path, STORE_WRITE, &store) != STORE_DONE)
		fail_msg("%s", store_why(store));
	return store;
}

static int fresh(void **state)
{
	static int number;

	snprintf(path, sizeof(path), "%s/%d.db", folder, ++number);
	*state = writer();
	return 0;
}

static int shut(void **state)
{
	store_close(*state);
	return 0;
}

static struct job add(struct store *store, const char *mac, const char *hostname)
{
	struct machine_key key = key_of(mac);
	struct settings settings = { 0 };
	struct job job = { .image = "debian12@1" };

	snprintf(job.hostname, sizeof(job.hostname), "%s", hostname);
	assert_true(settings_set(&settings, "timezone", "Europe/Vienna"));
	if (store_job_add(store, &key, &job, &settings, "root") != STORE_DONE)
		fail_msg("%s", store_why(store));
	settings_free(&settings);
	return job;
}

static enum store_verdict tell(struct store *store, const struct job *job,
			       const char *state, int percent, const char *id)
{
	struct event ev = event_new(EVENT_REPORT);
	enum store_verdict verdict;

	ev.job = job->id;
	ev.attempt = job->attempt;
	ev.percent = percent;
	ev.time_ms = 1800000000000;
	snprintf(ev.state, sizeof(ev.state), "%s", state);
	snprintf(ev.id, sizeof(ev.id), "%s", id);
	if (store_apply(store, &ev, NULL, &verdict) != STORE_DONE)
		fail_msg("%s", store_why(store));
	return verdict;
}

static struct job now(struct store *store, int64_t id)
{
	struct job job;

	assert_int_equal(store_job(store, id, &job), STORE_DONE);
	return job;
}

static void a_job_goes_its_way(void **state)
{
	static const char *const way[] = { "booting", "installing", "configuring",
					   "done" };
	struct job job = add(*state, FIRST, "web01");
	char id[8];

	assert_int_equal(job.state, JOB_QUEUED);
	for (size_t i = 0; i < ARRAY_LEN(way); i++) {
		snprintf(id, sizeof(id), "e%zu", i);
		assert_int_equal(tell(*state, &job, way[i], 25 * (int)i, id),
				 STORE_APPLIED);
		assert_string_equal(job_state_name(now(*state, job.id).state), way[i]);
	}
	assert_int_equal(tell(*state, &job, "installing", 1, "late"), STORE_REFUSED);
	assert_int_equal(now(*state, job.id).state, JOB_DONE);
}

/* Makers leave one serial number in many machines; the wrong disk would be wiped. */
static void a_serial_does_not_outweigh_another_uuid(void **state)
{
	struct machine_key one = key_of(FIRST), other = key_of("52:54:00:00:00:02");
	struct plan_facts facts = { 0 };
	int64_t first, second;

	add(*state, FIRST, "web01");
	snprintf(one.uuid, sizeof(one.uuid), "00112233-4455-6677-8899-aabbccddee01");
	snprintf(other.uuid, sizeof(other.uuid), "00112233-4455-6677-8899-aabbccddee02");
	snprintf(one.serial, sizeof(one.serial), "SN-4711");
	snprintf(other.serial, sizeof(other.serial), "SN-4711");
	assert_int_equal(store_machine_ensure(*state, &one, 1, &first), STORE_DONE);
	assert_int_equal(store_facts(*state, &other, &facts, NULL), STORE_DONE);
	assert_false(facts.known);
	assert_int_equal(store_machine_ensure(*state, &other, 1, &second), STORE_DONE);
	assert_int_not_equal(first, second);
	other.has_mac = false;
	assert_int_equal(store_machine_ensure(*state, &other, 1, &first), STORE_DONE);
	assert_int_equal(first, second);
}

static void an_event_counts_once(void **state)
{
	struct job job = add(*state, FIRST, "");

	assert_int_equal(tell(*state, &job, "booting", 5, "same"), STORE_APPLIED);
	assert_int_equal(tell(*state, &job, "installing", 9, "same"), STORE_REPEATED);
	assert_int_equal(now(*state, job.id).state, JOB_BOOTING);
}

static void percent_never_falls(void **state)
{
	struct job job = add(*state, FIRST, "");

	tell(*state, &job, "installing", 60, "a");
	tell(*state, &job, "installing", 30, "b");
	assert_int_equal(now(*state, job.id).percent, 60);
	tell(*state, &job, "installing", 900, "c");
	assert_int_equal(now(*state, job.id).percent, 100);
}

static void a_retry_is_another_attempt(void **state)
{
	struct job job = add(*state, FIRST, "");
	struct attempt old, new;

	assert_int_equal(store_attempt_current(*state, job.id, &old), STORE_DONE);
	assert_int_equal(store_job_retry(*state, job.id, "root"), STORE_NO);
	tell(*state, &job, "failed", -1, "a");
	assert_int_equal(store_job_retry(*state, job.id, "root"), STORE_DONE);
	assert_int_equal(store_attempt_current(*state, job.id, &new), STORE_DONE);
	assert_int_equal(new.number, 2);
	assert_string_not_equal(old.nonce, new.nonce);
	assert_int_equal(tell(*state, &job, "booting", 1, "b"), STORE_REFUSED);
	assert_int_equal(now(*state, job.id).state, JOB_QUEUED);
}

static void one_active_job_per_machine_and_name(void **state)
{
	struct machine_key same = key_of(FIRST), other = key_of("52:54:00:00:00:02");
	struct job first = add(*state, FIRST, "web01"), job = { .image = "debian12@1" };
	struct settings none = { 0 };

	assert_int_equal(store_job_add(*state, &same, &job, &none, "root"), STORE_NO);
	assert_non_null(strstr(store_why(*state), "the machine has job 1 already"));
	snprintf(job.hostname, sizeof(job.hostname), "web01");
	assert_int_equal(store_job_add(*state, &other, &job, &none, "root"), STORE_NO);
	assert_non_null(strstr(store_why(*state), "the host name has job 1 already"));
	assert_int_equal(store_job_cancel(*state, first.id, "root"), STORE_DONE);
	assert_int_equal(store_job_add(*state, &other, &job, &none, "root"), STORE_DONE);
}

static void a_removed_job_leaves_its_events(void **state)
{
	struct job job = add(*state, FIRST, "");
	struct event_filter filter = { .job = 0 };
	struct store_event ev;
	struct store_list *list;
	int seen = 0;

	assert_int_equal(store_job_remove(*state, job.id, "root"), STORE_NO);
	store_job_cancel(*state, job.id, "root");
	assert_int_equal(store_job_remove(*state, job.id, "root"), STORE_DONE);
	list = store_events(*state, &filter);
	while (store_next_event(list, &ev))
		seen += ev.event.job == job.id;
	store_list_end(list);
	assert_int_equal(seen, 3);
}

static void an_unknown_machine_is_recorded(void **state)
{
	struct event ev = event_new(EVENT_SILENT);
	enum store_verdict verdict;
	struct machine m;

	ev.key = key_of(FIRST);
	ev.arch = 7;
	ev.time_ms = 1000;
	snprintf(ev.key.uuid, sizeof(ev.key.uuid),
		 "00112233-4455-6677-8899-aabbccddeeff");
	store_apply(*state, &ev, NULL, &verdict);
	ev.time_ms = 2000;
	store_apply(*state, &ev, NULL, &verdict);
	assert_int_equal(store_machine(*state, &ev.key, &m), STORE_DONE);
	assert_int_equal(m.disposition, MACHINE_NEW);
	assert_int_equal(m.first_seen_ms, 1000);
	assert_int_equal(m.last_seen_ms, 2000);
	assert_int_equal(m.seen, 2);
	assert_int_equal(m.arch, 7);
}

/* Whoever makes up addresses gets rid of his own, and of nobody's job. */
static void strangers_make_room_for_strangers(void **state)
{
	struct event ev = event_new(EVENT_SILENT);
	enum store_verdict verdict;
	struct machine_key key;
	struct machine m;

	add(*state, FIRST, "");
	assert_int_equal(store_begin(*state), STORE_DONE);
	for (int i = 0; i < STORE_NEW_MACHINES + 2; i++) {
		ev.key = key_of("52:54:01:00:00:00");
		ev.key.mac.octet[4] = (uint8_t)(i >> 8);
		ev.key.mac.octet[5] = (uint8_t)i;
		ev.time_ms = 1000 + i;
		assert_int_equal(store_apply(*state, &ev, NULL, &verdict), STORE_DONE);
	}
	assert_int_equal(store_end(*state, true), STORE_DONE);
	assert_int_equal(store_machine(*state, &ev.key, &m), STORE_DONE);
	key = key_of("52:54:01:00:00:01");
	assert_int_equal(store_machine(*state, &key, &m), STORE_NO);
	key = key_of("52:54:01:00:00:02");
	assert_int_equal(store_machine(*state, &key, &m), STORE_DONE);
	key = key_of(FIRST);
	assert_int_equal(store_machine(*state, &key, &m), STORE_DONE);
	assert_int_equal(m.disposition, MACHINE_KNOWN);
}

#define UUID "00112233-4455-6677-8899-aabbccddeeff"

static void a_copied_uuid_is_another_machine(void **state)
{
	struct machine_key one = key_of(FIRST), copy = key_of("52:54:00:00:00:02");
	struct plan_facts facts = { 0 };
	int64_t a, b;

	add(*state, FIRST, "");
	snprintf(one.uuid, sizeof(one.uuid), UUID);
	snprintf(copy.uuid, sizeof(copy.uuid), UUID);
	assert_int_equal(store_machine_ensure(*state, &one, 1, &a), STORE_DONE);
	store_facts(*state, &copy, &facts, NULL);
	assert_false(facts.has_job);
	assert_int_equal(store_machine_ensure(*state, &copy, 1, &b), STORE_DONE);
	assert_int_not_equal(a, b);
}

static void a_machine_named_by_its_uuid_has_many_cards(void **state)
{
	struct machine_key one = key_of(FIRST), two = key_of("52:54:00:00:00:02");
	struct job job = { .image = "debian12@1" };
	struct plan_facts facts = { 0 };
	struct settings none = { 0 };
	struct mac macs[4];
	int64_t id;

	snprintf(one.uuid, sizeof(one.uuid), UUID);
	snprintf(two.uuid, sizeof(two.uuid), UUID);
	assert_int_equal(store_job_add(*state, &one, &job, &none, "root"), STORE_DONE);
	store_facts(*state, &two, &facts, NULL);
	assert_true(facts.has_job);
	assert_int_equal(store_machine_ensure(*state, &two, 1, &id), STORE_DONE);
	assert_int_equal(store_machine_macs(*state, id, macs, 4), 2);
}

static void facts_are_what_the_plan_needs(void **state)
{
	struct machine_key key = key_of(FIRST);
	struct plan_facts facts = { .unknown = PLAN_SILENT };

	assert_int_equal(store_facts(*state, &key, &facts, NULL), STORE_DONE);
	assert_string_equal(plan_for(&facts, 0).rule, "unknown");
	struct job job = add(*state, FIRST, "");

	store_facts(*state, &key, &facts, NULL);
	assert_string_equal(plan_for(&facts, 0).rule, "job");
	tell(*state, &job, "installing", 1, "a");
	tell(*state, &job, "configuring", 1, "b");
	store_facts(*state, &key, &facts, NULL);
	assert_string_equal(plan_for(&facts, 0).rule, "configuring");
	tell(*state, &job, "done", 1, "c");
	store_facts(*state, &key, &facts, NULL);
	assert_string_equal(plan_for(&facts, 0).rule, "idle");
}

static void same_job(const struct job *a, const struct job *b)
{
	assert_int_equal(a->id, b->id);
	assert_int_equal(a->machine, b->machine);
	assert_string_equal(a->image, b->image);
	assert_int_equal(a->state, b->state);
	assert_int_equal(a->attempt, b->attempt);
	assert_string_equal(a->platform, b->platform);
	assert_string_equal(a->hostname, b->hostname);
	assert_int_equal(a->created_ms, b->created_ms);
	assert_int_equal(a->updated_ms, b->updated_ms);
	assert_int_equal(a->boots, b->boots);
	assert_int_equal(a->booted_ms, b->booted_ms);
	assert_int_equal(a->approved, b->approved);
	assert_string_equal(a->next, b->next);
	assert_true(mac_equal(&a->mac, &b->mac));
}

static void same_at_one_look(struct store *store, const struct machine_key *key,
			     const struct plan_facts *all, const struct machine *machine)
{
	struct plan_facts facts = { 0 };
	struct attempt attempt, current;
	struct machine seen;

	assert_int_equal(store_facts_and_attempt(store, key, &facts, &seen, &attempt),
			 STORE_DONE);
	assert_int_equal(facts.known, all->known);
	assert_int_equal(facts.disposition, all->disposition);
	assert_int_equal(facts.has_job, all->has_job);
	assert_int_equal(facts.held, all->held);
	assert_int_equal(facts.next.entry, all->next.entry);
	assert_int_equal(facts.next.until_ms, all->next.until_ms);
	assert_int_equal(seen.id, machine->id);
	assert_int_equal(seen.arch, machine->arch);
	assert_string_equal(seen.uuid, machine->uuid);
	assert_true(mac_equal(&seen.mac, &machine->mac));
	if (!all->has_job) {
		assert_int_equal(attempt.id, 0);
		return;
	}
	same_job(&facts.job, &all->job);
	assert_int_equal(store_attempt_current(store, all->job.id, &current), STORE_DONE);
	assert_int_equal(attempt.id, current.id);
	assert_int_equal(attempt.number, current.number);
	assert_string_equal(attempt.nonce, current.nonce);
	assert_true(attempt.current);
}

static void same_to_a_boot_server(struct store *store, const struct machine_key *key)
{
	struct plan_facts all = { 0 }, few = { 0 };
	struct store_about about;
	struct machine machine;

	assert_int_equal(store_facts(store, key, &all, &machine), STORE_DONE);
	same_at_one_look(store, key, &all, &machine);
	assert_int_equal(store_boot_facts(store, key, &few, &about), STORE_DONE);
	assert_int_equal(few.known, all.known);
	assert_int_equal(few.disposition, all.disposition);
	assert_int_equal(few.has_job, all.has_job);
	assert_int_equal(few.held, all.held);
	assert_int_equal(few.not_before_ms, all.not_before_ms);
	assert_int_equal(few.job.id, all.job.id);
	assert_int_equal(few.job.state, all.job.state);
	assert_int_equal(few.job.attempt, all.job.attempt);
	assert_string_equal(about.platform, all.job.platform);
	assert_string_equal(about.manufacturer, machine.manufacturer);
	assert_string_equal(about.product, machine.product);
}

/* The one query and the many say the same at each step of a machine's life. */
static void a_boot_server_hears_the_same(void **state)
{
	struct machine_key key = key_of(FIRST), other = key_of("52:54:00:00:00:02"),
			   nobody = { 0 };
	struct job job = { .image = "debian12@1", .platform = "hyperv" };
	struct settings none = { 0 };
	int64_t id;

	snprintf(key.uuid, sizeof(key.uuid), UUID);
	same_to_a_boot_server(*state, &key);
	same_to_a_boot_server(*state, &nobody);
	assert_int_equal(store_machine_ensure(*state, &key, 1, &id), STORE_DONE);
	same_to_a_boot_server(*state, &key);
	for (int round = 1; round <= 2; round++) {
		assert_int_equal(store_job_add(*state, &key, &job, &none, "root"),
				 STORE_DONE);
		same_to_a_boot_server(*state, &key);
		assert_int_equal(store_job_cancel(*state, job.id, "root"), STORE_DONE);
		same_to_a_boot_server(*state, &key);
		assert_int_equal(store_job_retry(*state, job.id, "root"), STORE_DONE);
		same_to_a_boot_server(*state, &key);
		assert_int_equal(store_job_cancel(*state, job.id, "root"), STORE_DONE);
		same_to_a_boot_server(*state, &key);
	}
	key.has_mac = false;
	same_to_a_boot_server(*state, &key);
	assert_int_equal(store_machine_dispose(*state, id, MACHINE_BLOCKED, "root"),
			 STORE_DONE);
	same_to_a_boot_server(*state, &key);
	snprintf(other.uuid, sizeof(other.uuid), UUID);
	same_to_a_boot_server(*state, &other);
}

static void settings_come_back(void **state)
{
	struct job job = add(*state, FIRST, "");
	struct settings settings;

	assert_int_equal(store_job_settings(*state, job.id, &settings), STORE_DONE);
	assert_string_equal(settings_get(&settings, "timezone"), "Europe/Vienna");
	settings_free(&settings);
}

/* ---- the file ---- */

static void refused_sql(void **state)
{
	static const char *const bad[] = {
		"UPDATE event SET line = ''",
		"DELETE FROM event",
		"UPDATE job SET state = 'sleeping'",
		"UPDATE job SET percent = 101",
		"UPDATE machine SET disposition = 'liked'",
		"INSERT INTO machine_mac VALUES ('52-54-00-00-00-09', 1, 9)",
		"INSERT INTO job_setting VALUES (999, 'a', 'b')",
		"UPDATE event SET event = 'party'",
		("INSERT INTO attempt (job, number, nonce, state, started) "
		 "VALUES (1, 9, 'x', 'done', 0)"),
	};
	struct store *store = *state;

	add(store, FIRST, "");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (db_exec(store, bad[i]) != STORE_NO)
			fail_msg("%s: was let through", bad[i]);
}

static void a_newer_file_is_refused(void **state)
{
	struct store *store = *state, *other;

	assert_int_equal(db_exec(store, "PRAGMA user_version = 99"), STORE_DONE);
	assert_int_equal(store_open(path, STORE_WRITE, &other), STORE_FAILED);
	assert_non_null(strstr(store_why(other), "is of schema 99"));
	store_close(other);
	assert_int_equal(store_open(path, STORE_READ, &other), STORE_FAILED);
	store_close(other);
}

static void *let_go(void *holder)
{
	usleep(200000); /* so that the other comes to the lock; if not, no harm */
	sqlite3_exec(holder, "COMMIT", NULL, NULL, NULL);
	return NULL;
}

/* SQLite calls no busy handler there. */
static void two_may_make_the_same_file(void **state)
{
	char name[80];
	struct store *store;
	sqlite3 *holder;
	pthread_t thread;

	(void)state;
	snprintf(name, sizeof(name), "%s.new", path);
	assert_int_equal(sqlite3_open(name, &holder), SQLITE_OK);
	assert_int_equal(sqlite3_exec(holder, "BEGIN IMMEDIATE", NULL, NULL, NULL),
			 SQLITE_OK);
	assert_int_equal(pthread_create(&thread, NULL, let_go, holder), 0);
	if (store_open(name, STORE_WRITE, &store) != STORE_DONE)
		fail_msg("%s", store_why(store));
	assert_int_equal(pthread_join(thread, NULL), 0);
	store_close(store);
	sqlite3_close(holder);
}

static void an_older_file_is_copied_and_migrated(void **state)
{
	char copy[80], old[80];
	struct store *store = *state;
	struct stat st;

	store_close(store);
	snprintf(old, sizeof(old), "%s.old", path);
	snprintf(path, sizeof(path), "%.60s", old);
	*state = store = calloc(1, sizeof(*store));
	snprintf(store->path, sizeof(store->path), "%s", path);
	assert_int_equal(sqlite3_open(path, &store->db), SQLITE_OK);
	assert_int_equal(schema_take_steps(store, 0, 1), STORE_DONE);
	assert_int_equal(db_exec(store, "INSERT INTO machine (name) VALUES ('kept')"),
			 STORE_DONE);
	store_close(store);

	*state = store = writer();
	struct machine m;

	assert_int_equal(store_machine_by_id(store, 1, &m), STORE_DONE);
	assert_string_equal(m.name, "kept");
	snprintf(copy, sizeof(copy), "%s.v1.bak", path);
	assert_int_equal(stat(copy, &st), 0);
	assert_true(st.st_size > 0);
	assert_int_equal(st.st_mode & 07, 0);
}

static void a_reader_needs_no_right_and_no_writer(void **state)
{
	char name[80];
	struct store *reader;
	struct job job = add(*state, FIRST, ""), seen;

	store_close(*state);
	static const char *const files[] = { "", "-wal", "-shm" };

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		snprintf(name, sizeof(name), "%s%s", path, files[i]);
		if (chmod(name, 0444) != 0)
			fail_msg("%s is gone", name);
	}
	assert_int_equal(chmod(folder, 0555), 0);
	/* root writes where it likes: become somebody else for the reading. */
	bool root = geteuid() == 0;

	if (root)
		assert_int_equal(seteuid(65534), 0);
	if (store_open(path, STORE_READ, &reader) != STORE_DONE)
		fail_msg("%s", store_why(reader));
	assert_int_equal(store_job(reader, job.id, &seen), STORE_DONE);
	assert_int_equal(store_job_cancel(reader, job.id, "nobody"), STORE_FAILED);
	store_close(reader);
	if (root)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(chmod(folder, 0755), 0);
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		snprintf(name, sizeof(name), "%s%s", path, files[i]);
		assert_int_equal(chmod(name, 0640), 0);
	}
	*state = writer();
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, fresh, shut)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_job_goes_its_way),
		CASE(an_event_counts_once),
		CASE(a_serial_does_not_outweigh_another_uuid),
		CASE(percent_never_falls),
		CASE(a_retry_is_another_attempt),
		CASE(one_active_job_per_machine_and_name),
		CASE(a_removed_job_leaves_its_events),
		CASE(an_unknown_machine_is_recorded),
		CASE(strangers_make_room_for_strangers),
		CASE(a_copied_uuid_is_another_machine),
		CASE(a_machine_named_by_its_uuid_has_many_cards),
		CASE(facts_are_what_the_plan_needs),
		CASE(a_boot_server_hears_the_same),
		CASE(settings_come_back),
		CASE(refused_sql),
		CASE(a_newer_file_is_refused),
		CASE(two_may_make_the_same_file),
		CASE(an_older_file_is_copied_and_migrated),
		CASE(a_reader_needs_no_right_and_no_writer),
	};
	char command[64];
	int failed;

	if (!mkdtemp(folder) || chmod(folder, 0755) != 0)
		return 99;
	failed = cmocka_run_group_tests_name("store", tests, NULL, NULL);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command) ? 99 : failed;
}
