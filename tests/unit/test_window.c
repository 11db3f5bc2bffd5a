/* How much memory the heads of xz and zstd ask for. */
#include "tests/test.h"

#include "lib/media/window.h"

#define KIB UINT64_C(1024)
#define MIB (1024 * KIB)
#define XZ                                                                               \
	"\xfd"                                                                           \
	"7zXZ\0\0\4\xe6\xd6\xb4\x46"
#define ZSTD "\x28\xb5\x2f\xfd"
#define HEAD(octets) octets, sizeof(octets) - 1

static struct row {
	const char *name, *head;
	size_t len;
	uint64_t want;
} rows[] = {
	{ "xz -0", HEAD(XZ "\2\0\x21\1\xc"), 256 * KIB },
	{ "xz -6", HEAD(XZ "\2\0\x21\1\x16"), 8 * MIB },
	{ "xz -8", HEAD(XZ "\2\0\x21\1\x1a"), 32 * MIB },
	{ "xz -9", HEAD(XZ "\2\0\x21\1\x1c"), 64 * MIB },
	{ "xz with sizes, as of threads", HEAD(XZ "\3\xc0\x80\1\x80\x80\4\x21\1\x1c"),
	  64 * MIB },
	{ "xz behind a filter for x86", HEAD(XZ "\3\1\4\0\x21\1\x1c"), 64 * MIB },
	{ "xz, half a MiB more", HEAD(XZ "\2\0\x21\1\x13"), 3 * MIB },
	{ "xz, all there can be", HEAD(XZ "\2\0\x21\1\x28"), UINT32_MAX },
	{ "xz, more than there can be", HEAD(XZ "\2\0\x21\1\x29"), 0 },
	{ "xz without LZMA2", HEAD(XZ "\2\0\4\0\0\0\0\0\0\0"), 0 },
	{ "xz, cut", HEAD(XZ "\2\0\x21\1"), 0 },
	{ "xz, cut in a number", HEAD(XZ "\2\x40\x80\x80"), 0 },
	{ "zstd -3", HEAD(ZSTD "\0\x58"), 2 * MIB },
	{ "zstd --long=27", HEAD(ZSTD "\0\x88"), 128 * MIB },
	{ "zstd, an eighth more", HEAD(ZSTD "\0\x59"), 2 * MIB + 256 * KIB },
	{ "zstd, one segment", HEAD(ZSTD "\xa0\0\0\0\4"), 64 * MIB },
	{ "zstd, one of two octets", HEAD(ZSTD "\x60\0\1"), 512 },
	{ "zstd, one behind a dictionary", HEAD(ZSTD "\x21\7\x63"), 99 },
	{ "zstd, cut", HEAD(ZSTD "\xa0\0\0"), 0 },
	{ "gzip", HEAD("\x1f\x8b\x08\0"), 0 },
	{ "nothing", "", 0, 0 },
};

static void says_the_window(void **state)
{
	const struct row *row = *state;

	assert_int_equal(window_of((const uint8_t *)row->head, row->len), row->want);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows)];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
						.test_func = says_the_window,
						.initial_state = &rows[i] };
	return cmocka_run_group_tests_name("window", tests, NULL, NULL);
}
