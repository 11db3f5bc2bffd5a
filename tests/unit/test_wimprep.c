/* wimprep's decisions: what wimboot reads, which image boots, names of versions. */
#include "config.h"

#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/wimprep/inspect.h"
#include "tools/wimprep/manifest.h"
#include "tools/wimprep/version.h"

static struct row {
	const char *name;
	struct wim_facts facts;
	unsigned asked, image;
	const char *why; /* NULL: it can be read, and image boots */
} rows[] = {
	{ "LZX boots by its index",
	  { .images = 2,
	    .boot_index = 2,
	    .parts = 1,
	    .pack = WIM_LZX,
	    .chunk_octets = 32768 },
	  0,
	  2,
	  NULL },
	{ "XPRESS, and another is asked for",
	  { .images = 2,
	    .boot_index = 2,
	    .parts = 1,
	    .pack = WIM_XPRESS,
	    .chunk_octets = 32768 },
	  1,
	  1,
	  NULL },
	{ "uncompressed has no chunks",
	  { .images = 1, .boot_index = 1, .parts = 1, .pack = WIM_PLAIN },
	  0,
	  1,
	  NULL },
	{ "the only image boots",
	  { .images = 1, .parts = 1, .pack = WIM_PLAIN },
	  0,
	  1,
	  NULL },
	{ "two and no index",
	  { .images = 2, .parts = 1, .pack = WIM_PLAIN },
	  0,
	  0,
	  "has no boot index, and 2 images" },
	{ "there is no third",
	  { .images = 2, .parts = 1, .pack = WIM_PLAIN },
	  3,
	  0,
	  "has no image 3, the last is 2" },
	{ "empty", { .parts = 1, .pack = WIM_PLAIN }, 0, 0, "holds no image" },
	{ "a part", { .images = 1, .part = 2, .parts = 3 }, 0, 0, "is part 2 of 3" },
	{ "solid", { .images = 1, .parts = 1, .solid = true }, 0, 0, "is solid" },
	{ "LZMS",
	  { .images = 1, .parts = 1, .pack = WIM_LZMS, .chunk_octets = 32768 },
	  0,
	  0,
	  "is compressed by LZMS" },
	{ "pipable", { .images = 1, .parts = 1, .pipable = true }, 0, 0, "is pipable" },
	{ "half written",
	  { .images = 1, .parts = 1, .unfinished = true },
	  0,
	  0,
	  "was left half written" },
	{ "chunks of 64 KiB",
	  { .images = 1, .parts = 1, .pack = WIM_LZX, .chunk_octets = 65536 },
	  0,
	  0,
	  "is compressed in chunks of 64 KiB" },
};

static void is_read_or_refused(void **state)
{
	const struct row *r = *state;
	char why[WIM_WHY] = "";
	unsigned image = 0;
	bool good = inspect_readable(&r->facts, why) &&
		    inspect_image(&r->facts, r->asked, &image, why);

	assert_int_equal(good, r->why == NULL);
	if (r->why)
		assert_ptr_equal(strstr(why, r->why), why);
	else
		assert_int_equal(image, r->image);
}

static void a_prepared_version_has_a_base(void **state)
{
	static const struct {
		const char *version, *base;
	} cases[] = {
		{ "1.0+d1", "1.0" }, { "2025-11+d12", "2025-11" },
		{ "a+b+d3", "a+b" }, { "1.0", NULL },
		{ "1.0+d", NULL },   { "1.0+d0", NULL },
		{ "+d1", NULL },     { "1.0+d1x", NULL },
		{ "1.0+e1", NULL },
	};
	char base[JOB_NAME];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(version_base(cases[i].version, base),
				 cases[i].base != NULL);
		if (cases[i].base)
			assert_string_equal(base, cases[i].base);
	}
}

static void versions_count_on(void **state)
{
	char next[JOB_NAME], longest[JOB_NAME];

	(void)state;
	assert_true(version_next("1.0", "", next));
	assert_string_equal(next, "1.0+d1");
	assert_true(version_next("1.0", "1.0+d9", next));
	assert_string_equal(next, "1.0+d10");
	memset(longest, 'v', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_false(version_next(longest, "", next));
}

static void a_manifest_changes_in_one_file_only(void **state)
{
	static const char base[] =
		"# pxekit-image: 1\n# version: 1.0\n# said: by others\n"
		"# size: 5 boot.wim\n# size: 7 sources/boot.wim\n"
		"0000000000000000000000000000000000000000000000000000000000000000  "
		"boot.wim\n"
		"1111111111111111111111111111111111111111111111111111111111111111  "
		"sources/boot.wim\n";
	static const char want[] =
		"# pxekit-image: 1\n# version: 1.0+d1\n# prepared-from: 1.0\n"
		"# said: by others\n"
		"# size: 9 boot.wim\n# size: 7 sources/boot.wim\n"
		"2222222222222222222222222222222222222222222222222222222222222222  "
		"boot.wim\n"
		"1111111111111111111111111111111111111111111111111111111111111111  "
		"sources/boot.wim\n";
	const struct manifest_change change = {
		.version = "1.0+d1",
		.file = "boot.wim",
		.sha256 = "22222222222222222222222222222222222222222222222222222222222222"
			  "22",
		.size = 9,
	};
	char *made = manifest_change(base, &change);

	(void)state;
	assert_non_null(made);
	assert_string_equal(made, want);
	free(made);
}

int main(void)
{
	struct CMUnitTest tests[sizeof(rows) / sizeof(rows[0]) + 3] = {
		cmocka_unit_test(a_prepared_version_has_a_base),
		cmocka_unit_test(versions_count_on),
		cmocka_unit_test(a_manifest_changes_in_one_file_only),
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		tests[3 + i] = (struct CMUnitTest){ .name = rows[i].name,
						    .test_func = is_read_or_refused,
						    .initial_state = &rows[i] };
	return cmocka_run_group_tests_name("wimprep", tests, NULL, NULL);
}
