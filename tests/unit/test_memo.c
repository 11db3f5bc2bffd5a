/* What a machine was told is told again, until something has changed. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/bootweb/memo.h"

static char path[] = "/tmp/pxekit-memo-XXXXXX";
static struct store *writer, *reader;
static struct memo *memo;
static char text[] = "script";

static struct memo_asker asker_of(const char *mac, const char *uuid)
{
	struct memo_asker asker = { .key.has_mac = true };
	const char *why;

	assert_true(mac_parse(mac, &asker.key.mac, &why));
	snprintf(asker.key.uuid, sizeof(asker.key.uuid), "%s", uuid);
	return asker;
}

static void keep(const struct memo_asker *asker, char *script)
{
	struct serve_answer answer = { .has_job = true, .text = script };
	struct store_mark mark;

	answer.len = script ? strlen(script) : 0;
	answer.attempt.id = 7;
	assert_true(store_mark(reader, &mark));
	memo_keep(&memo, &mark, asker, &answer, script ? SERVE_OK : SERVE_NO_SUCH);
}

static const char *recall(const struct memo_asker *asker)
{
	static char seen[64];
	struct serve_answer answer;
	enum serve_result how;

	if (!memo_recall(memo, reader, asker, &answer, &how))
		return "nothing";
	assert_int_equal(answer.attempt.id, 7);
	snprintf(seen, sizeof(seen), "%s %d", answer.text ? answer.text : "", how);
	serve_answer_free(&answer);
	return seen;
}

static void write_something(void)
{
	struct event ev = event_new(EVENT_STARTED);
	enum store_verdict verdict;

	ev.time_ms = 1;
	assert_int_equal(store_apply(writer, &ev, NULL, &verdict), STORE_DONE);
}

static void the_same_machine_hears_the_same(void **state)
{
	struct memo_asker one = asker_of("52:54:00:00:00:01", ""), other = one;
	static const struct conf_network network;

	(void)state;
	assert_string_equal(recall(&one), "nothing");
	keep(&one, text);
	assert_string_equal(recall(&one), "script 0");
	other = asker_of("52:54:00:00:00:02", "");
	assert_string_equal(recall(&other), "nothing");
	other = asker_of("52:54:00:00:00:01", "4c4c4544-0042-3510-8052-b4c04f4d4e32");
	assert_string_equal(recall(&other), "nothing");
	other = one;
	other.network = &network;
	assert_string_equal(recall(&other), "nothing");
}

static void it_knows_how_often(void **state)
{
	struct memo_asker one = asker_of("52:54:00:00:00:05", "");
	struct serve_answer answer;
	enum serve_result how;

	(void)state;
	keep(&one, text);
	for (unsigned i = 1; i <= 3; i++) {
		assert_int_equal(memo_recall(memo, reader, &one, &answer, &how), i);
		serve_answer_free(&answer);
	}
	keep(&one, text);
	assert_int_equal(memo_recall(memo, reader, &one, &answer, &how), 1);
	serve_answer_free(&answer);
}

static void nothing_is_remembered_too(void **state)
{
	struct memo_asker one = asker_of("52:54:00:00:00:03", "");

	(void)state;
	keep(&one, NULL);
	assert_string_equal(recall(&one), " 1");
}

static void a_change_is_seen_at_once(void **state)
{
	struct memo_asker one = asker_of("52:54:00:00:00:01", "");

	(void)state;
	keep(&one, text);
	write_something();
	assert_string_equal(recall(&one), "nothing");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_machine_hears_the_same),
		cmocka_unit_test(it_knows_how_often),
		cmocka_unit_test(nothing_is_remembered_too),
		cmocka_unit_test(a_change_is_seen_at_once),
	};
	char command[128];
	int fd = mkstemp(path), failed;

	if (fd < 0 || close(fd) != 0 ||
	    store_open(path, STORE_WRITE, &writer) != STORE_DONE ||
	    store_open(path, STORE_READ, &reader) != STORE_DONE)
		return 99;
	failed = cmocka_run_group_tests_name("memo", tests, NULL, NULL);
	memo_free(memo);
	store_close(reader);
	store_close(writer);
	snprintf(command, sizeof(command), "rm -f %s %s-wal %s-shm", path, path, path);
	return system(command) ? 99 : failed;
}
