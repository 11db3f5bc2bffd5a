/* The DLLs that a program wants, out of programs of tests/corpus/pe. */
#include "config.h"

#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media/pe_import.h"
#include "lib/sys/file.h"

static const struct row {
	const char *file, *names, *why; /* why NULL: it is whole */
} rows[] = {
	{ "imports", "KERNEL32.dll libcurl-x64.dll zlib1.dll ", NULL },
	{ "imports-32", "ws2_32.dll ", NULL },
	{ "signed", "", NULL },
	{ "imports-path", "", "is damaged: the list of what it loads leads nowhere" },
	{ "imports-endless", "", "is damaged: the list of what it loads leads nowhere" },
	{ "no-headers", "", "is not a Windows program" },
};

static void add(const char *dll, void *arg)
{
	char *names = arg;

	strcat(strcat(names, dll), " ");
}

static char *read_corpus(const char *file, size_t *len)
{
	const char *top = getenv("srcdir");
	char path[4096], *octets;

	snprintf(path, sizeof(path), "%s/tests/corpus/pe/%s", top ? top : ".", file);
	octets = file_read(path, 1 << 20, len);
	assert_non_null(octets);
	return octets;
}

static void names_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char names[4096] = "";
		const char *why = NULL;
		size_t len;
		char *octets = read_corpus(rows[i].file, &len);

		assert_int_equal(pe_imports(octets, len, add, names, &why), !rows[i].why);
		assert_string_equal(names, rows[i].names);
		if (rows[i].why)
			assert_string_equal(why, rows[i].why);
		free(octets);
	}
}

/* Each shorter file is refused: what counts here lies at its end. */
static void a_cut_one_is_refused(void **state)
{
	size_t len;
	char *octets = read_corpus("imports", &len), names[4096];
	const char *why;

	(void)state;
	for (size_t n = 0; n < len; n++) {
		char *cut = malloc(n ? n : 1);

		assert_non_null(cut);
		memcpy(cut, octets, n);
		*names = '\0';
		assert_false(pe_imports(cut, n, add, names, &why));
		free(cut);
	}
	free(octets);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_read),
		cmocka_unit_test(a_cut_one_is_refused),
	};

	return cmocka_run_group_tests_name("pe_import", tests, NULL, NULL);
}
