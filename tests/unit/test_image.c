#include "tests/test.h"

#include <string.h>

#include "lib/core/image.h"

#define SUM "5d41402abc4b2a76b9719d911017c5925d41402abc4b2a76b9719d911017c592"
#define HEAD "# pxekit-image: 1\n# name: debian12\n# version: 1.0.0\n"

static struct row {
	const char *name, *text;
	size_t line; /* of the complaint; 0: none */
} rows[] = {
	{ "whole",
	  HEAD "# kind: rootfs\n# size: 5 rootfs.tar.zst\n" SUM "  rootfs.tar.zst\n", 0 },
	{ "other comments are nobody's business", HEAD "# made: by hand\n#\n" SUM "  a\n",
	  0 },
	{ "no newline at the end", HEAD SUM "  a", 0 },
	{ "a format to come", "# pxekit-image: 2\n", 1 },
	{ "a name that leaves", "# name: ../x\n", 1 },
	{ "a kind nobody knows", HEAD "# kind: floppy\n", 4 },
	{ "a file that leaves", HEAD SUM "  ../a\n", 4 },
	{ "a file from the root", HEAD SUM "  /a\n", 4 },
	{ "an inner ..", HEAD SUM "  a/../b\n", 4 },
	{ "a sum too short", HEAD "5d41  a\n", 4 },
	{ "twice the same file", HEAD SUM "  a\n" SUM "  a\n", 5 },
	{ "a size of no file", HEAD "# size: 5 b\n" SUM "  a\n", 6 },
	{ "no file", HEAD, 4 },
	{ "nothing", "", 1 },
};

static void parses_or_says_where(void **state)
{
	const struct row *r = *state;
	struct image image;
	const char *why = NULL;
	size_t line = 0;
	bool ok = image_parse(r->text, strlen(r->text), &image, &line, &why);

	assert_int_equal(ok, r->line == 0);
	if (!ok) {
		assert_int_equal(line, r->line);
		return;
	}
	assert_string_equal(image.name, "debian12");
	assert_string_equal(image.file[0].sha256, SUM);
	image_free(&image);
}

static void references(void **state)
{
	static const char *const bad[] = { "",    "@1", "a@", "a b",
					   "a/b", "-a", ".a", "a@b@c" };
	char name[JOB_NAME], version[JOB_NAME];

	(void)state;
	assert_true(image_reference("ws2025@1.2.0", name, version));
	assert_string_equal(name, "ws2025");
	assert_string_equal(version, "1.2.0");
	assert_true(image_reference("ws2025", name, version));
	assert_string_equal(version, "");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (image_reference(bad[i], name, version))
			fail_msg("%s", bad[i]);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 1];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
						.test_func = parses_or_says_where,
						.initial_state = &rows[i] };
	tests[ARRAY_LEN(rows)] = (struct CMUnitTest)cmocka_unit_test(references);
	return cmocka_run_group_tests_name("image", tests, NULL, NULL);
}
