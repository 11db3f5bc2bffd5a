/* RFC 9110: what part of a file a request asks for. */
#include "tests/test.h"

#include <inttypes.h>
#include <stdio.h>

#include "lib/wire/range.h"

#define GIB (INT64_C(1) << 30)

static struct row {
	const char *name, *header;
	int64_t size;
	const char *want;
} rows[] = {
	{ "no header", NULL, 100, "whole" },
	{ "the first octet", "bytes=0-0", 100, "0-0" },
	{ "the middle", "bytes=10-19", 100, "10-19" },
	{ "to the end", "bytes=10-", 100, "10-99" },
	{ "past the end is cut", "bytes=90-1000", 100, "90-99" },
	{ "the last ten", "bytes=-10", 100, "90-99" },
	{ "more than there is, from the end", "bytes=-1000", 100, "0-99" },
	{ "beyond 4 GiB", "bytes=4294967296-4294967299", 5 * GIB,
	  "4294967296-4294967299" },
	{ "the unit in capitals", "Bytes=1-2", 100, "1-2" },
	{ "blanks", "bytes= 1-2 ", 100, "1-2" },
	{ "at the end", "bytes=100-", 100, "unsatisfiable" },
	{ "far behind the end", "bytes=99999999999999999999-", 100, "unsatisfiable" },
	{ "none from the end", "bytes=-0", 100, "unsatisfiable" },
	{ "an empty file", "bytes=0-", 0, "unsatisfiable" },
	{ "an empty file from its end", "bytes=-5", 0, "unsatisfiable" },
	{ "backwards", "bytes=20-10", 100, "whole" },
	{ "another unit", "lines=1-2", 100, "whole" },
	{ "several ranges", "bytes=0-1,4-5", 100, "whole" },
	{ "no numbers", "bytes=-", 100, "whole" },
	{ "nothing", "bytes=", 100, "whole" },
	{ "letters", "bytes=a-b", 100, "whole" },
	{ "a sign", "bytes=+1-2", 100, "whole" },
	{ "something behind it", "bytes=1-2x", 100, "whole" },
	{ "a huge end", "bytes=1-99999999999999999999", 100, "1-99" },
};

static void finds_the_part(void **state)
{
	const struct row *row = *state;
	int64_t first = -1, last = -1;
	char shown[64] = "whole";

	switch (range_parse(row->header, row->size, &first, &last)) {
	case RANGE_PART:
		snprintf(shown, sizeof(shown), "%" PRId64 "-%" PRId64, first, last);
		break;
	case RANGE_UNSATISFIABLE:
		snprintf(shown, sizeof(shown), "unsatisfiable");
		break;
	default:
		break;
	}
	assert_string_equal(shown, row->want);
}

static void finds_an_etag_in_a_list(void **state)
{
	(void)state;
	assert_true(range_etag_listed("\"a\"", "\"a\""));
	assert_true(range_etag_listed("\"b\", W/\"a\"", "\"a\""));
	assert_true(range_etag_listed(" * ", "\"a\""));
	assert_false(range_etag_listed("\"ab\",\"b\"", "\"a\""));
	assert_false(range_etag_listed("a", "\"a\""));
	assert_false(range_etag_listed("", "\"a\""));
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 1];
	size_t n = 0;

	for (; n < ARRAY_LEN(rows); n++)
		tests[n] = (struct CMUnitTest){ .name = rows[n].name,
						.test_func = finds_the_part,
						.initial_state = &rows[n] };
	tests[n] = (struct CMUnitTest)cmocka_unit_test(finds_an_etag_in_a_list);
	return cmocka_run_group_tests_name("range", tests, NULL, NULL);
}
