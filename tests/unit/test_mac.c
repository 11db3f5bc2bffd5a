#include "tests/test.h"

#include "lib/core/mac.h"

static struct row {
	const char *name, *text, *want, *why;
} rows[] = {
	{ "colons", "52:54:00:65:d5:42", "52-54-00-65-d5-42", NULL },
	{ "hyphens, upper case", "52-54-00-65-D5-42", "52-54-00-65-d5-42", NULL },
	{ "empty", "", NULL, "not six pairs of hex digits" },
	{ "short", "52:54:00", NULL, "wants ':' or '-' between the pairs" },
	{ "mixed", "52:54-00:65:d5:42", NULL, "wants ':' or '-' between the pairs" },
	{ "long", "52:54:00:65:d5:42:00", NULL, "has something after the sixth pair" },
};

static void parses_or_says_why(void **state)
{
	const struct row *r = *state;
	char text[MAC_TEXT];
	const char *why = NULL;
	struct mac mac;

	assert_int_equal(mac_parse(r->text, &mac, &why), r->want != NULL);
	if (!r->want) {
		assert_string_equal(why, r->why);
		return;
	}
	mac_format(&mac, '-', text);
	assert_string_equal(text, r->want);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows)];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
						.test_func = parses_or_says_why,
						.initial_state = &rows[i] };
	return cmocka_run_group_tests_name("mac", tests, NULL, NULL);
}
