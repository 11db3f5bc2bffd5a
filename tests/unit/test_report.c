/* What a machine may say about its job. */
#include "tests/test.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/core/logtail.h"
#include "lib/core/report.h"

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
	{ "a log goes behind the text of a failure",
	  "state=failed&text=dism,+code+5&log=%0d%0aOne%0d%0a%0d%0a+10.0%25%0d+20.0%25"
	  "%0d%0aError:+5%80%0d%0a",
	  "failed  0/0 -1  dism, code 5\nOne\n20.0%\nError: 5?" },
	{ "but of nothing else", "state=installing&text=a&log=b",
	  "installing  0/0 -1  a" },
	{ "a log alone", "state=failed&log=b%0a", "failed  0/0 -1  b" },
	{ "an empty log", "state=failed&text=a&log=%0d%0a", "failed  0/0 -1  a" },
	{ "a share of the whole, by the last figure of the log",
	  "state=installing&percent=40&share=35&log=[=1.0%25]%0d[==50.9%25]+x%25+101%25",
	  "installing  0/0 57  " },
	{ "a log without a figure", "state=installing&percent=40&share=35&log=begin%25",
	  "installing  0/0 40  " },
	{ "a share of what was not said", "state=installing&share=50&log=100%25",
	  "installing  0/0 50  " },
	{ "never more than the whole", "state=installing&percent=90&share=50&log=90%25",
	  "installing  0/0 100  " },
	{ "share 101", "state=done&share=101",
	  "share is not a whole number within its bounds" },
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

/* Of a long log the last lines stay, whole; of one long line, its end. */
static void a_log_is_cut_at_its_beginning(void **state)
{
	char log[4000], out[16];

	(void)state;
	memset(log, 'x', sizeof(log));
	memcpy(log + sizeof(log) - 12, "\nfirst\nlast", 12);
	log[sizeof(log) - 1] = '\0';
	logtail(log, out, sizeof(out));
	assert_string_equal(out, "first\nlast");
	logtail("0123456789abcdefg\n", out, sizeof(out));
	assert_string_equal(out, "23456789abcdefg");
	logtail("one\ntwo\r\n0123456789\n", out, sizeof(out));
	assert_string_equal(out, "two\n0123456789");
	logtail("", out, sizeof(out));
	assert_string_equal(out, "");
}

static void reads_or_says_why(void **state)
{
	const struct row *row = *state;
	struct event ev = event_new(EVENT_REPORT);
	struct url_form form = { .count = 0 };
	char text[512], why[REPORT_WHY] = "", shown[2048];
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
	struct CMUnitTest tests[ARRAY_LEN(rows) + 1] = {
		[ARRAY_LEN(rows)] = cmocka_unit_test(a_log_is_cut_at_its_beginning),
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
						.test_func = reads_or_says_why,
						.initial_state = &rows[i] };
	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
