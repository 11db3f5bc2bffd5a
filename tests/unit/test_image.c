#include "tests/test.h"

#include <stdlib.h>
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
	{ "answers", HEAD "# kind: linux\n# answers: preseed\n" SUM "  vmlinuz\n", 0 },
	{ "answers that nobody reads",
	  HEAD "# kind: linux\n# answers: autoyast\n" SUM "  vmlinuz\n", 5 },
	{ "answers of what is no Linux",
	  HEAD "# kind: efi\n# answers: preseed\n" SUM "  a\n", 7 },
	{ "editions",
	  HEAD "# kind: wim\n# edition: 1 26100 amd64 Server ServerStandard en-US 5 A B\n"
	       "# edition: 2 0 - - - - 0 C\n" SUM "  sources/install.wim\n",
	  0 },
	{ "drivers", HEAD "# driver: vioscsi 100.1\n# driver: NetKVM 100.1\n" SUM "  a\n",
	  0 },
	{ "a driver without a version", HEAD "# driver: vioscsi\n" SUM "  a\n", 4 },
	{ "a name of no edition",
	  HEAD "# wim-name: 1 A\n# edition: 1 0 - - - - 0 A\n" SUM "  a\n", 4 },
	{ "an edition without a name", HEAD "# edition: 1 26100 a b c d 5 \n", 4 },
	{ "an edition without an index", HEAD "# edition: 0 26100 a b c d 5 A\n", 4 },
	{ "an edition of a number too large",
	  HEAD "# edition: 99999999999999999999 1 a b c d 5 A\n", 4 },
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

static const char wim[] = HEAD
	"# kind: wim\n"
	"# edition: 1 26100 amd64 ServerCore ServerStandard en-US 8 Windows Server 2025 "
	"Standard\n"
	"# edition: 2 26100 amd64 Server ServerStandard en-US 9 Windows Server 2025 "
	"Standard (Desktop Experience)\n"
	"# wim-name: 2 Windows Server 2025 SERVERSTANDARD\n"
	"# edition: 3 26100 amd64 ServerCore ServerDatacenter en-US 8 Windows Server "
	"2025 Datacenter\n"
	"# edition: 4 26100 amd64 Server Turbine - 9 Windows Server 2025 Datacenter "
	"(Desktop Experience)\n"
	"# size: 5 boot.wim\n" SUM "  boot.wim\n" SUM "  install.wim\n";

static struct edition_row {
	const char *name, *text;
	int index;
	const char *why; /* how the sentence begins */
} edition_rows[] = {
	{ "by index", "3", 3, NULL },
	{ "by name", "Windows Server 2025 Standard", 1, NULL },
	{ "by name in lower case", "windows server 2025 datacenter", 3, NULL },
	{ "by the end of the name", "Standard (Desktop Experience)", 2, NULL },
	{ "by the last word", "standard", 1, NULL },
	{ "by the edition's id", "turbine", 4, NULL },
	{ "by a part of the name", "datacenter (desk", 4, NULL },
	{ "more than one", "(Desktop Experience)", 0,
	  "'(Desktop Experience)' may be any of these editions: 2 Windows Server 2025 "
	  "Standard (Desktop Experience), 4 " },
	{ "none", "Essentials", 0,
	  "debian12@1.0.0 has no edition 'Essentials', but: 1 Windows Server" },
	{ "an index that is not there", "5", 0,
	  "debian12@1.0.0 has no edition '5', but:" },
	{ "nothing", "", 0, "debian12@1.0.0 has no edition '', but:" },
};

static void edition_is_found_or_says_which(void **state)
{
	const struct edition_row *r = *state;
	const struct image_edition *found;
	char why[IMAGE_WHY];
	struct image image;
	const char *reason;
	size_t line;

	assert_true(image_parse(wim, strlen(wim), &image, &line, &reason));
	found = image_edition_find(&image, r->text, why);
	if (r->why)
		assert_memory_equal(why, r->why, strlen(r->why));
	assert_int_equal(found ? found->index : 0, r->index);
	image_free(&image);
}

/* What is printed says the same, and is printed alike. */
static void prints_what_it_read(void **state)
{
	struct image image, again;
	const char *why;
	size_t line;
	char *text;

	(void)state;
	assert_true(image_parse(wim, strlen(wim), &image, &line, &why));
	text = image_print(&image);
	assert_non_null(text);
	assert_string_equal(text, wim);
	assert_true(image_parse(text, strlen(text), &again, &line, &why));
	assert_string_equal(again.edition[3].language, "");
	assert_int_equal(again.edition[1].size, 9);
	assert_string_equal(again.edition[1].wim_name,
			    "Windows Server 2025 SERVERSTANDARD");
	assert_string_equal(again.edition[2].wim_name, "");
	free(text);
	image_free(&image);
	image_free(&again);
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
	struct CMUnitTest tests[ARRAY_LEN(rows) + ARRAY_LEN(edition_rows) + 2];
	size_t n = ARRAY_LEN(rows);

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
						.test_func = parses_or_says_where,
						.initial_state = &rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(edition_rows); i++)
		tests[n++] =
			(struct CMUnitTest){ .name = edition_rows[i].name,
					     .test_func = edition_is_found_or_says_which,
					     .initial_state = &edition_rows[i] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(references);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(prints_what_it_read);
	return cmocka_run_group_tests_name("image", tests, NULL, NULL);
}
