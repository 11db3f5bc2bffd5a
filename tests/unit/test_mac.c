#include "tests/test.h"

#include "lib/core/mac.h"

static struct row {
	const char *name, *text, *want;
} rows[] = {
	{ "colons", "52:54:00:65:d5:42", "52-54-00-65-d5-42" },
	{ "hyphens, upper case", "52-54-00-65-D5-42", "52-54-00-65-d5-42" },
	{ "dotted", "5254.0065.D542", "52-54-00-65-d5-42" },
	{ "bare", "52540065d542", "52-54-00-65-d5-42" },
	{ "empty", "", NULL },
	{ "short", "52:54:00", NULL },
	{ "mixed", "52:54-00:65:d5:42", NULL },
	{ "long", "52:54:00:65:d5:42:00", NULL },
	{ "a letter too far", "52:54:00:65:d5:4g", NULL },
	{ "blank in front", " 2:54:00:65:d5:42", NULL },
	{ "single digits", "2:54:0:65:d5:42", NULL },
	{ "multicast", "01:00:5e:00:00:01", NULL },
	{ "broadcast", "ff:ff:ff:ff:ff:ff", NULL },
	{ "zeros", "00:00:00:00:00:00", NULL },
	{ "a path", "../../etc/passwd", NULL },
};

static void parses_or_says_why(void **state)
{
	const struct row *r = *state;
	char text[MAC_TEXT];
	const char *why = NULL;
	struct mac mac;

	assert_int_equal(mac_parse(r->text, &mac, &why), r->want != NULL);
	if (!r->want) {
		assert_non_null(why);
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
