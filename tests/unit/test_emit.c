#include "config.h"

#include "tests/test.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/core/alive.h"
#include "lib/sys/emit.h"

/* Rows: S0-33 */

/*
 * Each program that emits is a child: it has the descriptor under test as its
 * standard output, and its exit status says whether it found what it should.
 */
static pid_t start(int output, void (*program)(int control), int control)
{
	pid_t child = fork();

	assert_true(child >= 0);
	if (child > 0)
		return child;
	if (output != STDOUT_FILENO) {
		dup2(output, STDOUT_FILENO);
		close(output);
	}
	program(control);
	_exit(0);
}

static void ended_well(pid_t child)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void say(int64_t job)
{
	struct event ev = event_new(EVENT_FETCH);

	ev.job = job;
	snprintf(ev.file, sizeof(ev.file), "images/d/1/rootfs.tar.zst");
	emit(&ev);
}

/* Gives the other side its turn until all is through. */
static void flush_all(void)
{
	while (!emit_flush())
		usleep(1000);
}

static void wait_for_word(int control)
{
	char c;

	if (read(control, &c, 1) != 1)
		_exit(9);
}

static void tell(int control)
{
	if (write(control, "x", 1) != 1)
		_exit(8);
}

/* What a reader found: how many lines, and what they said was lost. */
struct tally {
	int64_t lines, lost, last_job;
	char first_id[EVENT_ID];
};

static void count(struct tally *t, const char *line, size_t len)
{
	struct event ev;
	const char *why;

	if (!event_parse(line, len, &ev, &why))
		fail_msg("%s: %.*s", why, (int)len, line);
	if (ev.kind == EVENT_LOST) {
		t->lost += strtoll(ev.text, NULL, 10);
		return;
	}
	if (t->lines == 0)
		memcpy(t->first_id, ev.id, sizeof(t->first_id));
	t->lines++;
	t->last_job = ev.job;
}

static struct tally read_lines(int fd, int64_t most)
{
	FILE *f = fdopen(fd, "r");
	struct tally t = { 0 };
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	assert_non_null(f);
	while (t.lines < most && (len = getline(&line, &size, f)) > 0) {
		assert_int_equal(line[len - 1], '\n');
		assert_true(len <= EVENT_LINE);
		count(&t, line, (size_t)len - 1);
	}
	free(line);
	fclose(f);
	return t;
}

static void three(int control)
{
	(void)control;
	emit_begin("tester");
	for (int i = 1; i <= 3; i++)
		say(i);
	if (!emit_flush() || fcntl(STDOUT_FILENO, F_GETFL) & O_NONBLOCK)
		_exit(1);
}

static void lines_arrive_with_their_ids(void **state)
{
	struct tally t;
	int ends[2];
	pid_t child;

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	child = start(ends[1], three, -1);
	close(ends[1]);
	t = read_lines(ends[0], INT64_MAX);
	assert_int_equal(t.lines, 3);
	assert_int_equal(t.last_job, 3);
	assert_memory_equal(t.first_id, "tester-", 7);
	assert_string_equal(strrchr(t.first_id, '-'), "-1");
	ended_well(child);
}

static void alive(int control)
{
	struct event ev = event_new(EVENT_STARTED);

	(void)control;
	emit_begin("tester");
	emit_service("vienna", "tester-two", "lab 10.0.0.0/24 10.0.0.1");
	snprintf(ev.text, sizeof(ev.text), "on 10.0.0.1:69");
	emit(&ev);
	emit_alive(5);
	emit_alive(5 + ALIVE_MS - 1);
	emit_alive(5 + ALIVE_MS);
	emit_alive(5 + ALIVE_MS + 1);
	ev = event_new(EVENT_OFFER);
	emit(&ev);
}

/* The one of them that is due, with what was said at the start; no other kind has it. */
static void who_is_alive_says_so_at_a_bounded_rate(void **state)
{
	static const enum event_kind kinds[] = { EVENT_STARTED, EVENT_ALIVE,
						 EVENT_OFFER };
	char line[EVENT_LINE];
	struct event ev;
	const char *why;
	int ends[2];
	pid_t child;
	FILE *f;

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	child = start(ends[1], alive, -1);
	close(ends[1]);
	f = fdopen(ends[0], "r");
	assert_non_null(f);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		const bool service = kinds[i] != EVENT_OFFER;

		assert_non_null(fgets(line, sizeof(line), f));
		assert_true(event_parse(line, strlen(line) - 1, &ev, &why));
		assert_int_equal(ev.kind, kinds[i]);
		assert_string_equal(ev.site, service ? "vienna" : "");
		assert_string_equal(ev.service, service ? "tester-two" : "");
		assert_string_equal(ev.version, service ? PACKAGE_VERSION : "");
		assert_string_equal(ev.text, service ? "on 10.0.0.1:69" : "");
	}
	assert_null(fgets(line, sizeof(line), f));
	fclose(f);
	ended_well(child);
}

#define FLOOD 20000

/* More than the pipe and the queue hold, while nobody reads. */
static void flood(int control)
{
	emit_begin("flood");
	for (int i = 1; i <= FLOOD; i++)
		say(i);
	if (emit_flush())
		_exit(1);
	tell(control);
	flush_all();
	say(FLOOD + 1);
	flush_all();
}

static void a_full_pipe_stops_nobody_and_losses_are_said(void **state)
{
	int ends[2], control[2];
	struct tally t;
	pid_t child;

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(pipe2(control, O_CLOEXEC), 0);
	child = start(ends[1], flood, control[1]);
	close(ends[1]);
	close(control[1]);
	wait_for_word(control[0]);
	t = read_lines(ends[0], INT64_MAX);
	assert_true(t.lost > 0);
	assert_true(t.lines > EMIT_WAITING / EVENT_LINE);
	assert_int_equal(t.lines + t.lost, FLOOD + 1);
	assert_int_equal(t.last_job, FLOOD + 1);
	close(control[0]);
	ended_well(child);
}

static void patient(int control)
{
	emit_begin("patient");
	for (int i = 1; i <= 5; i++)
		say(i);
	if (emit_flush())
		_exit(1);
	tell(control);
	wait_for_word(control);
	flush_all();
}

/* One that has a reader at first but none any more, as when ingest restarts. */
static void a_reader_that_went_away_may_come_back(void **state)
{
	char folder[] = "/tmp/test_emit.XXXXXX", path[64];
	int reader, writer, control[2];
	struct tally t;
	pid_t child;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/events", folder);
	assert_int_equal(mkfifo(path, 0600), 0);
	reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	writer = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(reader >= 0 && writer >= 0);
	close(reader);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, control), 0);
	child = start(writer, patient, control[0]);
	wait_for_word(control[1]);
	reader = open(path, O_RDONLY | O_CLOEXEC);
	close(writer);
	tell(control[1]);
	t = read_lines(reader, 5);
	assert_int_equal(t.lines, 5);
	ended_well(child);
	close(control[0]);
	close(control[1]);
	unlink(path);
	rmdir(folder);
}

static void two_thousand(int control)
{
	(void)control;
	emit_begin("many");
	for (int i = 1; i <= 2000; i++)
		say(i);
	flush_all();
}

static void writers_of_one_pipe_do_not_mix_their_lines(void **state)
{
	struct tally t;
	pid_t child[4];
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	for (size_t i = 0; i < ARRAY_LEN(child); i++)
		child[i] = start(ends[1], two_thousand, -1);
	close(ends[1]);
	t = read_lines(ends[0], INT64_MAX);
	assert_int_equal(t.lines, 2000 * ARRAY_LEN(child));
	assert_int_equal(t.lost, 0);
	for (size_t i = 0; i < ARRAY_LEN(child); i++)
		ended_well(child[i]);
}

/* Nothing is on its way while it is held, until it is more than may wait. */
static void held(int control)
{
	int64_t n = 0;

	emit_begin("holder");
	if (emit_waits())
		_exit(1);
	emit_hold(true);
	say(++n);
	if (!emit_waits())
		_exit(2);
	tell(control);
	wait_for_word(control);
	while (n < EMIT_HELD / 100)
		say(++n);
	tell(control);
	wait_for_word(control);
	emit_hold(false);
	flush_all();
	if (emit_waits())
		_exit(3);
}

static void held_events_wait_but_not_without_bound(void **state)
{
	int ends[2], control[2];
	struct tally t;
	pid_t child;
	char c;

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, control), 0);
	child = start(ends[1], held, control[0]);
	close(ends[1]);
	wait_for_word(control[1]);
	assert_int_equal(read(ends[0], &c, 1), -1);
	tell(control[1]);
	wait_for_word(control[1]);
	assert_int_equal(read(ends[0], &c, 1), 1);
	assert_int_equal(c, '{');
	assert_int_equal(fcntl(ends[0], F_SETFL, 0), 0);
	tell(control[1]);
	while (read(ends[0], &c, 1) == 1 && c != '\n')
		;
	t = read_lines(ends[0], INT64_MAX);
	assert_int_equal(t.lines, EMIT_HELD / 100 - 1);
	assert_int_equal(t.lost, 0);
	ended_well(child);
	close(control[0]);
	close(control[1]);
}

/* A stream socket (the journal is one) may take half a line. */
static void a_socket_gets_whole_lines_in_the_end(void **state)
{
	struct tally t;
	pid_t child;
	int ends[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	child = start(ends[1], two_thousand, -1);
	close(ends[1]);
	t = read_lines(ends[0], INT64_MAX);
	assert_int_equal(t.lines, 2000);
	ended_well(child);
}

static void a_file_gets_them_too(void **state)
{
	char path[] = "/tmp/test_emit.XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	unlink(path);
	ended_well(start(fd, three, -1));
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(read_lines(fd, INT64_MAX).lines, 3);
}

static void into_nothing(int control)
{
	(void)control;
	close(STDOUT_FILENO);
	emit_begin("closed");
	say(1);
	if (emit_flush())
		_exit(1);
}

static void no_output_at_all_is_a_full_one(void **state)
{
	(void)state;
	ended_well(start(STDOUT_FILENO, into_nothing, -1));
}

static void longest_text(int control)
{
	struct event ev = event_new(EVENT_REPORT);

	(void)control;
	emit_begin("a-source-whose-name-is-much-longer-than-an-id-has-room-for-it");
	memset(ev.text, '\001', sizeof(ev.text) - 1);
	emit(&ev);
	if (!emit_flush())
		_exit(1);
}

static void a_long_line_is_cut_to_one_write(void **state)
{
	int ends[2];
	pid_t child;

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	child = start(ends[1], longest_text, -1);
	close(ends[1]);
	assert_int_equal(read_lines(ends[0], INT64_MAX).lines, 1);
	ended_well(child);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_arrive_with_their_ids),
		cmocka_unit_test(who_is_alive_says_so_at_a_bounded_rate),
		cmocka_unit_test(a_full_pipe_stops_nobody_and_losses_are_said),
		cmocka_unit_test(a_reader_that_went_away_may_come_back),
		cmocka_unit_test(writers_of_one_pipe_do_not_mix_their_lines),
		cmocka_unit_test(held_events_wait_but_not_without_bound),
		cmocka_unit_test(a_socket_gets_whole_lines_in_the_end),
		cmocka_unit_test(a_file_gets_them_too),
		cmocka_unit_test(no_output_at_all_is_a_full_one),
		cmocka_unit_test(a_long_line_is_cut_to_one_write),
	};

	return cmocka_run_group_tests_name("emit", tests, NULL, NULL);
}
