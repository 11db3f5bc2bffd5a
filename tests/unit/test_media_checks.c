/* Small judges of imports: lists of sums, members of tarballs, sums by threads. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media/digest.h"
#include "lib/media/sums.h"
#include "lib/media/tarball.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"

static void sums_are_found(void **state)
{
	static const char list[] =
		"# a comment\n" A "  one\n" B " *./two words\r\n"
		"SHA256 (three (3)) = " A "\n" A " no\nabc  four\n" A "  five";
	static const struct {
		const char *name;
		char first;
	} rows[] = { { "one", 'a' },       { "two words", 'b' },
		     { "three (3)", 'a' }, { "five", 'a' },
		     { "no", 0 },          { "four", 0 },
		     { "on", 0 },          { "", 0 } };
	char sum[IMAGE_SHA256];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		*sum = '\0';
		if (sums_find(list, strlen(list), rows[i].name, sum) != !!rows[i].first ||
		    (rows[i].first && *sum != rows[i].first))
			fail_msg("%s", rows[i].name);
	}
	assert_true(sums_hex(B, sum));
	assert_int_equal(*sum, 'b');
	assert_false(sums_hex(A "a", sum));
	assert_false(sums_hex("", sum));
}

/* Members in their order; the last one is judged. */
static struct row {
	const char *name;
	struct {
		const char *name, *link;
		bool symbolic;
	} member[3];
	bool good;
} rows[] = {
	{ "plain", { { "./etc/a", NULL, false }, { "usr/", NULL, false } }, true },
	{ "up", { { "etc/../../a", NULL, false } }, false },
	{ "up by itself", { { "..", NULL, false } }, false },
	{ "dots within a name", { { "etc/..a/b..", NULL, false } }, true },
	{ "absolute", { { "/etc/a", NULL, false } }, false },
	{ "a link may lead anywhere", { { "etc/a", "/x/../..", true } }, true },
	{ "below a link",
	  { { "lib", "/usr/lib", true }, { "lib/a", NULL, false } },
	  false },
	{ "below a link, spelled otherwise",
	  { { "./a/b", "/etc", true }, { "a//./b/c/d", NULL, false } },
	  false },
	{ "beside a link",
	  { { "lib", "/usr/lib", true }, { "library/a", NULL, false } },
	  true },
	{ "a hard link that leaves", { { "a", "../b", false } }, false },
	{ "a hard link through a link",
	  { { "lib", "/usr", true }, { "a", "lib/b", false } },
	  false },
};

static void member_is_judged(void **state)
{
	const struct row *r = *state;
	struct tarball *t = tarball_new("t.tar");
	char why[CATALOGUE_WHY];
	bool good = true;

	for (size_t i = 0; i < ARRAY_LEN(r->member) && r->member[i].name && good; i++)
		good = tarball_member(t, r->member[i].name, r->member[i].link,
				      r->member[i].symbolic, why);
	assert_int_equal(good, r->good);
	tarball_free(t);
}

/* More links than the table has room for at first. */
static void many_links(void **state)
{
	struct tarball *t = tarball_new("t.tar");
	char name[64], why[CATALOGUE_WHY];

	(void)state;
	for (int i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "etc/link%d", i);
		assert_true(tarball_member(t, name, "/", true, why));
	}
	assert_false(tarball_member(t, "etc/link4321/x", NULL, false, why));
	assert_true(tarball_member(t, "etc/link5001/x", NULL, false, why));
	assert_false(tarball_is_system(t));
	assert_true(tarball_member(t, "usr/bin", NULL, false, why));
	assert_true(tarball_is_system(t));
	tarball_free(t);
}

/* FIPS 180-4's example of a million 'a', and of nothing, side by side. */
static void sums_by_threads(void **state)
{
	struct digest *d = digest_start();
	struct digest_sum *a = digest_sum(d), *b = digest_sum(d), *none = digest_sum(d);
	char text[IMAGE_SHA256];

	(void)state;
	for (int i = 0; i < 100; i++) {
		memset(digest_buffer(d), 'a', 10000);
		digest_feed(d, 10000, a, i < 50 ? b : NULL);
	}
	for (int i = 0; i < 50; i++) {
		memset(digest_buffer(d), 'a', 10000);
		digest_feed(d, 10000, NULL, b);
	}
	digest_text(d, a, text);
	assert_string_equal(
		text, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	digest_text(d, b, text);
	assert_string_equal(
		text, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	digest_text(d, none, text);
	assert_string_equal(
		text, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	digest_stop(d);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 3];
	size_t n = ARRAY_LEN(rows);

	for (size_t i = 0; i < n; i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
						.test_func = member_is_judged,
						.initial_state = &rows[i] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(many_links);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(sums_are_found);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(sums_by_threads);
	return cmocka_run_group_tests_name("media_checks", tests, NULL, NULL);
}
