/* Rows: S0-40 S1-13 S1-14 S1-16 */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/winanswer.h"
#include "lib/core/winlocale.h"

#define ZONES "/usr/share/zoneinfo/tzdata.zi"

enum what { ZONE, LOCALE, KEYBOARD, HIDE };

static struct row {
	const char *name;
	enum what what;
	const char *text, *with, *want; /* NULL: there is none */
} rows[] = {
	{ "a zone", ZONE, "Europe/Vienna", "", "W. Europe Standard Time" },
	{ "a zone's other name", ZONE, "Asia/Calcutta", "", "India Standard Time" },
	{ "UTC", ZONE, "Etc/UTC", "", "UTC" },
	{ "Windows' own zone", ZONE, "tokyo standard time", "", "Tokyo Standard Time" },
	{ "half a zone", ZONE, "Europe/Vien", "", NULL },
	{ "two zones", ZONE, "Europe/Vaduz Europe/Vatican", "", NULL },
	{ "no zone", ZONE, "", "", NULL },
	{ "a zone of Mars", ZONE, "Mars/Olympus", "", NULL },

	{ "a locale", LOCALE, "en_US.UTF-8", "", "en-US" },
	{ "a locale with euros", LOCALE, "de_AT@euro", "", "de-AT" },
	{ "Windows' own locale", LOCALE, "pt-br", "", "pt-BR" },
	{ "a script", LOCALE, "sr_RS@latin", "", "sr-Latn-RS" },
	{ "a script that is implied", LOCALE, "sr_RS.UTF-8", "", "sr-Cyrl-RS" },
	{ "C", LOCALE, "C.UTF-8", "", "en-US" },
	{ "Klingon", LOCALE, "tlh_QO", "", NULL },
	{ "a long locale", LOCALE, "de_ATTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTT", "", NULL },
	{ "no locale", LOCALE, "", "", NULL },

	{ "a keyboard", KEYBOARD, "de", "", "0407:00000407" },
	{ "a keyboard of another language", KEYBOARD, "de", "en_US.UTF-8",
	  "0409:00000407" },
	{ "a keyboard of Austria", KEYBOARD, "at", "", "0c07:00000407" },
	{ "a variant", KEYBOARD, "ch-fr", "", "100c:0000100c" },
	{ "Windows' own keyboard", KEYBOARD, "0409:00020409", "de_DE", "0409:00020409" },
	{ "a locale's keyboard", KEYBOARD, "fr_CA", "", "fr-CA" },
	{ "an input method", KEYBOARD, "jp", "en_US",
	  "0411:{03B5835F-F03C-411B-9CE2-AA23E1171E36}{A76C93D9-5523-4E90-AAFA-"
	  "4DB112F9AC76}" },
	{ "half a keyboard", KEYBOARD, "0409:0002040", "", NULL },
	{ "a piano", KEYBOARD, "piano", "", NULL },

	{ "a password", HIDE, "Pa55", "Password", "UABhADUANQBQAGEAcwBzAHcAbwByAGQA" },
	{ "past the first plane", HIDE, "\xf0\x9f\x98\x80\xc3\xa4", "P", "PdgA3uQAUAA=" },
	{ "no UTF-8", HIDE, "\xff", "P", NULL },
};

static char *result_of(const struct row *row)
{
	char input[WINLOCALE_INPUT];
	const char *text = NULL;

	switch (row->what) {
	case ZONE:
		text = winlocale_zone(row->text);
		break;
	case LOCALE:
		text = winlocale_tag(row->text);
		break;
	case KEYBOARD:
		text = winlocale_input(row->text, row->with, input) ? input : NULL;
		break;
	case HIDE:
		return winanswer_hide(row->text, row->with);
	}
	return text ? strdup(text) : NULL;
}

static void is_called_so(void **state)
{
	const struct row *row = *state;
	char *got = result_of(row);

	if (row->want) {
		assert_non_null(got);
		assert_string_equal(got, row->want);
	} else {
		assert_null(got);
	}
	free(got);
}

/* Troll keeps two hours of summer, which Windows cannot; Factory is no place. */
static void every_zone_of_tzdata_is_known(void **state)
{
	FILE *f = fopen(ZONES, "re");
	char line[512], name[128], to[128];
	size_t known = 0;

	(void)state;
	if (!f)
		skip();
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "Z %127s", name) != 1 &&
		    sscanf(line, "L %127s %127s", to, name) != 2)
			continue;
		if (!strcmp(name, "Antarctica/Troll") || !strcmp(name, "Factory"))
			continue;
		if (!winlocale_zone(name))
			fail_msg("%s", name);
		known++;
	}
	fclose(f);
	assert_true(known > 500);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 1];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
						.test_func = is_called_so,
						.initial_state = &rows[i] };
	tests[ARRAY_LEN(rows)] =
		(struct CMUnitTest)cmocka_unit_test(every_zone_of_tzdata_is_known);
	return cmocka_run_group_tests_name("winanswer", tests, NULL, NULL);
}
