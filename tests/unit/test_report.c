/* What a machine may say about its job. */
#include "tests/test.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tools/bootweb/report.h"

static struct row {
	const char *name, *form;
	const char *want; /* STATE STEP N/OF PERCENT ADDRESS TEXT; or why not */
} rows[] = {
	{ "a state alone", "state=booting", "booting  0/0 -1  " },
	{ "all of it",
	  "state=installing&step=fetch&n=5&of=9&percent=42&text=half%20way&extra=1",
	  "installing fetch 5/9 42  half way" },
	{ "the installed system", "state=done&percent=100&host=web1&address=10.0.0.7/24",
	  "done  0/0 100 10.0.0.7 host web1" },
	{ "a text and a host", "state=done&text=up&host=web1",
	  "done  0/0 -1  up; host web1" },
	{ "IPv6", "state=done&address=2001:db8::1", "done  0/0 -1 2001:db8::1 " },
	{ "empty numbers are not said",
	  "state=failed&percent=&n=&text=", "failed  0/0 -1  " },
	{ "nothing", "", "state is missing" },
	{ "an unknown state", "state=flying",
	  "state is none of booting, installing, configuring, done, failed" },
	{ "a state that is not a machine's", "state=cancelled",
	  "state is none of booting, installing, configuring, done, failed" },
	{ "queued is not a machine's either", "state=queued",
	  "state is none of booting, installing, configuring, done, failed" },
	{ "percent 101", "state=done&percent=101",
	  "percent is not a whole number within its bounds" },
	{ "percent -1", "state=done&percent=-1",
	  "percent is not a whole number within its bounds" },
	{ "percent 1e1", "state=done&percent=1e1",
	  "percent is not a whole number within its bounds" },
	{ "percent of many digits", "state=done&percent=00000000000000000001",
	  "percent is not a whole number within its bounds" },
	{ "step 10 of 9", "state=done&n=10&of=9", "n is more than of" },
	{ "a step with a blank", "state=done&step=a%20b",
	  "step has more than letters, digits, '.', '_' and '-'" },
	{ "a long step",
	  "state=done&step="
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaa",
	  "step is too long" },
	{ "no address", "state=done&address=here", "address is not an IP address" },
};

static void reads_or_says_why(void **state)
{
	const struct row *row = *state;
	struct event ev = event_new(EVENT_REPORT);
	struct url_form form = { .count = 0 };
	char text[256], why[REPORT_WHY] = "", shown[2048];
	const char *bad = "";

	snprintf(text, sizeof(text), "%s", row->form);
	assert_true(url_form(text, strlen(text), &form, &bad));
	if (report_read(&form, &ev, why))
		snprintf(shown, sizeof(shown),
			 "%s %s %" PRId64 "/%" PRId64 " %" PRId64 " %s %s", ev.state,
			 ev.step, ev.step_n, ev.step_of, ev.percent, ev.address, ev.text);
	else
		snprintf(shown, sizeof(shown), "%s", why);
	assert_string_equal(shown, row->want);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows)];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
						.test_func = reads_or_says_why,
						.initial_state = &rows[i] };
	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
