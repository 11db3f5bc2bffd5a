#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "lib/core/event.h"

static void comes_back_as_it_went(void **state)
{
	struct event ev = event_new(EVENT_REPORT), back;
	char line[EVENT_LINE], again[EVENT_LINE];
	const char *why;
	size_t len;

	(void)state;
	ev.time_ms = 1800000000123;
	ev.key.has_mac = mac_parse("52:54:00:65:d5:42", &ev.key.mac, &why);
	ev.job = 7;
	ev.percent = 0;
	snprintf(ev.text, sizeof(ev.text), "a \"b\"\n\x01 \xff \xe2\x82\xac");
	len = event_format(&ev, line);
	assert_int_equal(line[len - 1], '\n');
	assert_true(event_parse(line, len - 1, &back, &why));
	assert_int_equal(back.time_ms, ev.time_ms);
	assert_int_equal(back.job, 7);
	assert_int_equal(back.percent, 0);
	assert_int_equal(back.octets, -1);
	assert_string_equal(back.text, "a \"b\"\n\x01 \xef\xbf\xbd \xe2\x82\xac");
	event_format(&back, again);
	assert_string_equal(line, again);
}

static void a_line_fits_a_pipe(void **state)
{
	struct event ev = event_new(EVENT_REPORT), back;
	char line[EVENT_LINE];
	const char *why;
	size_t len;

	(void)state;
	memset(ev.text, 1, sizeof(ev.text) - 1); /* six octets each, when escaped */
	memset(ev.file, '"', sizeof(ev.file) - 1);
	len = event_format(&ev, line);
	assert_in_range(len, 1, EVENT_LINE);
	assert_true(event_parse(line, len - 1, &back, &why));
	assert_true(*back.file && *back.text);
}

static struct row {
	const char *name, *line, *why;
} rows[] = {
	{ "empty", "", "not JSON" },
	{ "cut", "{\"v\":1,", "not JSON" },
	{ "an array", "[1]", "not a JSON object" },
	{ "another version",
	  "{\"v\":2,\"time\":\"2026-11-22T01:02:03Z\",\"event\":\"ack\"}", "v is not 1" },
	{ "no kind", "{\"v\":1,\"time\":\"2026-11-22T01:02:03Z\"}",
	  "event is not a known kind" },
	{ "no time", "{\"v\":1,\"event\":\"ack\"}",
	  "time is not like 2026-11-22T01:02:03.456Z" },
	{ "job as a text",
	  "{\"v\":1,\"time\":\"2026-11-22T01:02:03Z\",\"event\":\"ack\",\"job\":\"7\"}",
	  "a member has the wrong type" },
	{ "a MAC that is none",
	  "{\"v\":1,\"time\":\"2026-11-22T01:02:03Z\",\"event\":\"ack\",\"mac\":\"x\"}",
	  "mac is not a MAC" },
	{ "a UUID of nobody",
	  "{\"v\":1,\"time\":\"2026-11-22T01:02:03Z\",\"event\":\"ack\",\"uuid\":"
	  "\"00000000-0000-0000-0000-000000000000\"}",
	  "uuid is not one machine's UUID" },
	{ "names we do not know yet",
	  "{\"v\":1,\"time\":\"2026-11-22T01:02:03Z\",\"event\":\"ack\",\"x\":{}}",
	  NULL },
};

static void parses_or_says_why(void **state)
{
	const struct row *r = *state;
	const char *why = NULL;
	struct event ev;

	assert_int_equal(event_parse(r->line, strlen(r->line), &ev, &why), !r->why);
	if (r->why)
		assert_string_equal(why, r->why);
}

static void times_go_both_ways(void **state)
{
	char text[EVENT_TIME];
	int64_t ms;

	(void)state;
	assert_true(event_time_parse("2026-11-22T01:02:03.456Z", &ms));
	event_time_format(ms, text);
	assert_string_equal(text, "2026-11-22T01:02:03.456Z");
	assert_false(event_time_parse("2026-11-22 01:02:03", &ms));
	assert_false(event_time_parse("2026-11-22T01:02:03+01:00", &ms));
	event_time_format(-1, text);
	assert_string_equal(text, "1969-12-31T23:59:59.999Z");
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 3];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
						.test_func = parses_or_says_why,
						.initial_state = &rows[i] };
	tests[ARRAY_LEN(rows)] =
		(struct CMUnitTest)cmocka_unit_test(comes_back_as_it_went);
	tests[ARRAY_LEN(rows) + 1] =
		(struct CMUnitTest)cmocka_unit_test(a_line_fits_a_pipe);
	tests[ARRAY_LEN(rows) + 2] =
		(struct CMUnitTest)cmocka_unit_test(times_go_both_ways);
	return cmocka_run_group_tests_name("event", tests, NULL, NULL);
}
