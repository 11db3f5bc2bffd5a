/* Request lines and forms: what their parts are, and what has none. */
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "lib/wire/url.h"

static struct target_row {
	const char *name, *target, *want; /* SEGMENT|SEGMENT ? NAME=VALUE; or why not */
} targets[] = {
	{ "root", "/", " ?" },
	{ "a path", "/boot/aa.ipxe", "boot|aa.ipxe| ?" },
	{ "absolute form", "http://srv:8080/boot.ipxe?a=1", "boot.ipxe| ?a=1;" },
	{ "absolute form without a path", "http://srv", "the target has no path" },
	{ "no slash", "boot.ipxe", "the path does not begin with a slash" },
	{ "an asterisk", "*", "the path does not begin with a slash" },
	{ "escapes in a segment", "/a%20b/%41", "a b|A| ?" },
	{ "plus stays plus in a path", "/a+b", "a+b| ?" },
	{ "an escaped question mark", "/a%3Fb=c", "a?b=c| ?" },
	{ "an escaped slash", "/a%2Fb", "the path has a segment that names nothing" },
	{ "an escaped backslash", "/a%5cb", "the path has a segment that names nothing" },
	{ "dots", "/images/../x", "the path has a segment that names nothing" },
	{ "escaped dots", "/images/%2e%2E/x",
	  "the path has a segment that names nothing" },
	{ "twice escaped dots are a name", "/%252e%252e", "%2e%2e| ?" },
	{ "one dot", "/./x", "the path has a segment that names nothing" },
	{ "three dots are a name", "/...", "...| ?" },
	{ "two slashes", "/a//b", "the path has a segment that names nothing" },
	{ "a slash at the end", "/a/", "the path ends with a slash" },
	{ "an escaped NUL", "/a%00b", "a percent escape is not %01 to %FF" },
	{ "a newline", "/a%0ab", "the path has a segment that names nothing" },
	{ "half an escape", "/a%4", "a percent escape is not %01 to %FF" },
	{ "no hex", "/a%zz", "a percent escape is not %01 to %FF" },
	{ "many segments", "/1/2/3/4/5/6/7/8/9/a/b/c/d/e/f/g/h",
	  "the path has too many segments" },
	{ "fields", "/x?uuid=1&serial=a+b%2B&empty=&bare",
	  "x| ?uuid=1;serial=a b+;empty=;bare=;" },
	{ "ampersands alone", "/x?&&a=1&", "x| ?a=1;" },
	{ "an equals sign in a value", "/x?a=b=c", "x| ?a=b=c;" },
	{ "a field twice", "/x?a=1&a=2", "a field is given twice" },
	{ "the same name escaped", "/x?a=1&%61=2", "a field is given twice" },
	{ "a NUL in a value", "/x?a=%00", "a percent escape is not %01 to %FF" },
	{ "a slash in a value", "/x?a=%2F..%2F", "x| ?a=/../;" },
	{ "a second question mark", "/x?a=?", "x| ?a=?;" },
};

static void show(const struct url_path *path, const struct url_form *form, char *out,
		 size_t size)
{
	FILE *f = fmemopen(out, size, "w");

	for (size_t i = 0; i < path->count; i++)
		fprintf(f, "%s|", path->segment[i]);
	fputs(" ?", f);
	for (size_t i = 0; i < form->count; i++)
		fprintf(f, "%s=%s;", form->field[i].name, form->field[i].value);
	fclose(f);
}

static void splits_or_says_why(void **state)
{
	const struct target_row *row = *state;
	struct url_path path;
	struct url_form form = { .count = 0 };
	char target[256], shown[256] = "", *p, *query;
	const char *why = "";

	snprintf(target, sizeof(target), "%s", row->target);
	if (url_target(target, &p, &query, &why) && url_path(p, &path, &why) &&
	    url_form(query, strlen(query), &form, &why)) {
		show(&path, &form, shown, sizeof(shown));
		why = shown;
	}
	assert_string_equal(why, row->want);
}

static void a_form_has_a_bound(void **state)
{
	struct url_form form = { .count = 0 };
	char text[1024] = "";
	const char *why = "";
	size_t len = 0;

	(void)state;
	for (int i = 0; i <= URL_FIELDS; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "f%d=1&", i);
	assert_false(url_form(text, len, &form, &why));
	assert_string_equal(why, "there are too many fields");
	assert_int_equal(form.count, URL_FIELDS);
}

static void a_body_adds_to_a_query(void **state)
{
	struct url_form form = { .count = 0 };
	char query[] = "state=done", body[] = "percent=100", again[] = "state=failed",
	     nul[] = "a=1\0b=2";
	const char *why;

	(void)state;
	assert_true(url_form(query, strlen(query), &form, &why));
	assert_true(url_form(body, strlen(body), &form, &why));
	assert_string_equal(url_field(&form, "percent"), "100");
	assert_null(url_field(&form, "perc"));
	assert_false(url_form(again, strlen(again), &form, &why));
	assert_false(url_form(nul, sizeof(nul) - 1, &form, &why));
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(targets) + 2];
	size_t n = 0;

	for (; n < ARRAY_LEN(targets); n++)
		tests[n] = (struct CMUnitTest){ .name = targets[n].name,
						.test_func = splits_or_says_why,
						.initial_state = &targets[n] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_form_has_a_bound);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_body_adds_to_a_query);
	return cmocka_run_group_tests_name("url", tests, NULL, NULL);
}
