/* Rows: S4-09 */
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "lib/render/view.h"

static const char template[] = "<h1>{{title}}</h1>{{#jobs}}<p id=\"j{{id}}\">{{host}}"
			       "{{#macs}} {{mac}}{{/macs}}{{#over}} over{{/over}}</p>"
			       "{{/jobs}}{{^jobs}}none{{/jobs}}";

static const char *const fields[] = { "id", "host", "macs", "mac", "over", NULL };
static const char *const macs[] = { "mac", NULL };

static void renders(struct view *view, const char *want)
{
	struct text out = { 0 };
	char why[TEMPLATE_WHY] = "";

	assert_true(view_render(view, "t.html", template, strlen(template), &out, why));
	assert_string_equal(out.start, want);
	text_free(&out);
}

static void add_job(struct view *view, int id, const char *host, size_t addresses)
{
	struct view *job = view_item(view, "jobs");

	view_int(job, "id", id);
	view_text(job, "host", host);
	view_list(job, "macs", macs);
	for (size_t i = 0; i < addresses; i++)
		view_print(view_item(job, "macs"), "mac", "m%zu", i);
	view_flag(job, "over", addresses == 0);
}

static void an_empty_list_knows_its_names(void **state)
{
	struct view *view = view_new();

	(void)state;
	view_text(view, "title", "<none>");
	view_list(view, "jobs", fields);
	renders(view, "<h1>&#60;none&#62;</h1>none");
	view_free(view);
}

static void lists_in_lists_and_again(void **state)
{
	struct view *view = view_new();

	(void)state;
	view_text(view, "title", "two");
	view_list(view, "jobs", fields);
	add_job(view, 1, "a&b", 2);
	renders(view, "<h1>two</h1><p id=\"j1\">a&#38;b m0 m1</p>");
	for (int i = 0; i < 40; i++)
		view_int(view, "other", i);
	add_job(view, 2, "c", 0);
	renders(view,
		"<h1>two</h1><p id=\"j1\">a&#38;b m0 m1</p><p id=\"j2\">c over</p>");
	view_free(view);
}

static void a_list_that_is_not_there(void **state)
{
	struct view *view = view_new();
	struct text out = { 0 };
	char why[TEMPLATE_WHY] = "";

	(void)state;
	view_text(view_item(view, "jobs"), "title", "x");
	assert_false(view_render(view, "t.html", "", 0, &out, why));
	assert_non_null(strstr(why, "t.html: "));
	view_free(view);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_list_knows_its_names),
		cmocka_unit_test(lists_in_lists_and_again),
		cmocka_unit_test(a_list_that_is_not_there),
	};

	return cmocka_run_group_tests_name("view", tests, NULL, NULL);
}
