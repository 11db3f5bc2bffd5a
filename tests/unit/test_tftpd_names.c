/* Names that clients ask for, and texts as netascii sends them. */
#include "tests/test.h"

#include <string.h>

#include "tools/tftpd-lite/names.h"
#include "tools/tftpd-lite/netascii.h"

static struct name_row {
	const char *name, *asked, *want, *why;
} names[] = {
	{ "a name", "ipxe.efi", "ipxe.efi", NULL },
	{ "T58 an absolute name", "/ipxe.efi", "ipxe.efi", NULL },
	{ "T59 slashes and dots", "//./Boot//./BCD", "Boot/BCD", NULL },
	{ "T59 a slash at the end", "Boot/", "Boot", NULL },
	{ "T61 backslashes", "\\Boot\\BCD", "Boot/BCD", NULL },
	{ "T61 both", "Boot\\x64/pxe.bin", "Boot/x64/pxe.bin", NULL },
	{ "T63 a blank and UTF-8", "na\xc3\xaf ve", "na\xc3\xaf ve", NULL },
	{ "dots in a name", "..a/b../...", "..a/b../...", NULL },
	{ "a hidden file is a file", ".x", ".x", NULL },
	{ "T44 nothing", "", NULL, "the name is empty" },
	{ "T44 slashes only", "/\\/", NULL, "the name is empty" },
	{ "T57 up", "../etc/passwd", NULL, "the name goes up" },
	{ "T57 up with backslashes", "..\\..\\etc\\passwd", NULL, "the name goes up" },
	{ "T57 up in the middle", "/Boot/../../etc/passwd", NULL, "the name goes up" },
	{ "T57 up at the end", "Boot/..", NULL, "the name goes up" },
	{ "T57 just up", "..", NULL, "the name goes up" },
	{ "T57 up behind dots", "./.././..", NULL, "the name goes up" },
	{ "T60 up and down again is refused, too", "Boot/x64/../BCD", NULL,
	  "the name goes up" },
};

static void is_mapped(void **state)
{
	const struct name_row *row = *state;
	char path[NAMES_PATH];
	const char *why;

	if (row->want) {
		assert_true(names_map(row->asked, path, &why));
		assert_string_equal(path, row->want);
	} else {
		assert_false(names_map(row->asked, path, &why));
		assert_string_equal(why, row->why);
	}
}

/* T65 */
static void a_long_name_is_refused(void **state)
{
	char name[NAMES_PATH + 2], path[NAMES_PATH];
	const char *why;

	(void)state;
	memset(name, 'x', sizeof(name));
	name[NAMES_PATH - 2] = '\0';
	assert_true(names_map(name, path, &why));
	name[NAMES_PATH - 2] = 'x';
	name[NAMES_PATH - 1] = '\0';
	assert_false(names_map(name, path, &why));
	assert_string_equal(why, "the name is too long");
}

static struct text_row {
	const char *name, *text;
	size_t len;
	const char *want;
	size_t want_len;
} texts[] = {
	{ "T06 LF", "a\nb", 3, "a\r\nb", 4 },
	{ "T06 CR", "a\rb", 3, "a\r\0b", 4 },
	{ "T06 CR LF", "\r\n", 2, "\r\0\r\n", 4 },
	{ "T06 at the end", "a\n", 2, "a\r\n", 3 },
	{ "nothing", "", 0, "", 0 },
};

/* Whatever the block size is, so that a pair is cut at every place. */
static void is_sent_as(void **state)
{
	const struct text_row *row = *state;

	for (size_t size = 1; size < 9; size++) {
		struct netascii place = NETASCII_START;
		uint8_t out[64];
		size_t made = 0, n;

		do {
			const char *rest = row->text + place.offset;
			size_t left = row->len - place.offset;

			n = netascii_block(&place, (const uint8_t *)rest,
					   left < size ? left : size, out + made, size);
			made += n;
		} while (n == size);
		assert_int_equal(made, row->want_len);
		assert_memory_equal(out, row->want, made);
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(names) + ARRAY_LEN(texts) + 1];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		tests[n++] = (struct CMUnitTest){ .name = names[i].name,
						  .test_func = is_mapped,
						  .initial_state = &names[i] };
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		tests[n++] = (struct CMUnitTest){ .name = texts[i].name,
						  .test_func = is_sent_as,
						  .initial_state = &texts[i] };
	tests[n] = (struct CMUnitTest)cmocka_unit_test(a_long_name_is_refused);
	return cmocka_run_group_tests_name("tftpd_names", tests, NULL, NULL);
}
