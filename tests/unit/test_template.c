#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "lib/render/template.h"

static const struct template_value apple[] = { { .name = "kind", .text = "apple" },
					       { .name = "red", .text = "yes" } };
static const struct template_value pear[] = { { .name = "kind", .text = "pear" },
					      { .name = "red", .text = "" } };
static const struct template_scope fruits[] = { { apple, 2 }, { pear, 2 } };
static const struct template_value one = { .name = ".", .text = "1" };
static const struct template_value two = { .name = ".", .text = "2" };
static const struct template_scope numbers[] = { { &one, 1 }, { &two, 1 } };
static const char *const fruit_fields[] = { "kind", "red", NULL };
static const char *const item_fields[] = { ".", NULL };

static const struct template_value values[] = {
	{ .name = "name", .text = "Ann" },
	{ .name = "empty", .text = "" },
	{ .name = "fruit", .item = fruits, .items = 2, .fields = fruit_fields },
	{ .name = "number", .item = numbers, .items = 2, .fields = item_fields },
	{ .name = "none", .fields = fruit_fields },
};
static const struct template_scope scope = { values, ARRAY_LEN(values) };

static struct row {
	const char *what, *text, *want, *why;
} rows[] = {
	{ "text without tags", "a { b } }} c\n", "a { b } }} c\n", NULL },
	{ "a name", "Hello {{name}}, {{ name }}!\n", "Hello Ann, Ann!\n", NULL },
	{ "a condition that holds", "{{#name}}yes{{/name}}{{^name}}no{{/name}}", "yes",
	  NULL },
	{ "a condition that does not hold",
	  "{{#empty}}yes{{/empty}}{{^empty}}no{{/empty}}", "no", NULL },
	{ "a list of records", "{{#fruit}}{{kind}}{{#red}}*{{/red}} {{name}};{{/fruit}}",
	  "apple* Ann;pear Ann;", NULL },
	{ "a list of texts", "{{#number}}<{{.}}>{{/number}}", "<1><2>", NULL },
	{ "lists in lists", "{{#fruit}}{{#number}}{{.}}{{kind}} {{/number}}{{/fruit}}",
	  "1apple 2apple 1pear 2pear ", NULL },
	{ "an empty list", "{{#none}}{{kind}}{{/none}}{{^none}}nothing{{/none}}",
	  "nothing", NULL },
	{ "tags alone on a line take it with them",
	  "a\n  {{#name}}  \nb\n\t{{/name}}\n{{! c }}\nd\n", "a\nb\nd\n", NULL },
	{ "at the very end too", "{{#name}}\nb\n{{/name}}", "b\n", NULL },
	{ "comments of several lines", "a\n{{! one\n two }}\nb\n", "a\nb\n", NULL },
	{ "a name is never alone", " {{name}} \n", " Ann \n", NULL },
	{ "an unknown name", "a\nb {{nobody}}\n", NULL,
	  "t.txt:2: {{nobody}}: there is no such name" },
	{ "an unknown name in a part left out", "{{#empty}}\n{{nobody}}\n{{/empty}}",
	  NULL, "t.txt:2: {{nobody}}: there is no such name" },
	{ "an unknown field in a list without items", "{{#none}}{{kinds}}{{/none}}", NULL,
	  "t.txt:1: {{kinds}}: there is no such name" },
	{ "a field outside its list", "{{kind}}", NULL,
	  "t.txt:1: {{kind}}: there is no such name" },
	{ "a field in the absence of its list", "{{^none}}{{kind}}{{/none}}", NULL,
	  "t.txt:1: {{kind}}: there is no such name" },
	{ "an unknown section", "{{#nobody}}{{/nobody}}", NULL,
	  "t.txt:1: {{nobody}}: there is no such name" },
	{ "a section that does not end", "\n{{#name}}\nx\n", NULL,
	  "t.txt:2: {{#name}} does not end" },
	{ "a section that does not begin", "x\n\n{{/name}}\n", NULL,
	  "t.txt:3: {{/name}} closes nothing" },
	{ "sections across", "{{#name}}\n{{#fruit}}\n{{/name}}\n{{/fruit}}\n", NULL,
	  "t.txt:3: {{/name}} where {{/fruit}} of line 2 is missing" },
	{ "a list where a text is wanted", "{{fruit}}", NULL,
	  "t.txt:1: {{fruit}} is a list and wants a section" },
	{ "a tag that does not end", "a\n{{name\n", NULL, "t.txt:2: a tag does not end" },
	{ "an empty tag", "{{}}", NULL,
	  "t.txt:1: a tag wants a name of 1 to 63 characters" },
	{ "a sign without name", "{{#}}", NULL,
	  "t.txt:1: a tag wants a name of 1 to 63 characters" },
	{ "raw insertion does not exist", "{{&name}}", NULL,
	  "t.txt:1: a name is letters, digits, '_' and '-'" },
	{ "nor with three braces", "{{{name}}}", NULL,
	  "t.txt:1: a name is letters, digits, '_' and '-'" },
};

static void renders_or_says_why(void **state)
{
	const struct row *row = *state;
	char *out = NULL, why[TEMPLATE_WHY] = "";
	size_t len = 0;
	bool ok = template_render("t.txt", row->text, strlen(row->text), &scope, &out,
				  &len, why);

	assert_int_equal(ok, row->want != NULL);
	if (ok) {
		assert_string_equal(out, row->want);
		assert_int_equal(len, strlen(row->want));
	} else {
		assert_string_equal(why, row->why);
	}
	free(out);
}

static void the_suffix_says_the_language(void **state)
{
	char *out, why[TEMPLATE_WHY];
	size_t len;

	(void)state;
	assert_false(template_render("t.doc", "", 0, &scope, &out, &len, why));
	assert_string_equal(why, "t.doc:1: no language is known by this suffix");
}

static void depth_is_bounded(void **state)
{
	char text[17 * 20] = "", *out, why[TEMPLATE_WHY];
	size_t len;

	(void)state;
	for (int i = 0; i < 17; i++)
		strcat(text, "{{#name}}");
	assert_false(
		template_render("t.txt", text, strlen(text), &scope, &out, &len, why));
	assert_string_equal(why, "t.txt:1: sections are more than 16 deep");
}

static void lists_in_lists_are_bounded(void **state)
{
	char text[33 * 20] = "", *out, why[TEMPLATE_WHY];
	static struct template_scope many[100];
	struct template_value list = { .name = "many", .item = many, .items = 100 };
	struct template_scope top = { &list, 1 };
	size_t len;

	(void)state;
	for (int i = 0; i < 8; i++)
		strcat(text, "{{#many}}");
	strcat(text, "x");
	for (int i = 0; i < 8; i++)
		strcat(text, "{{/many}}");
	assert_false(template_render("t.txt", text, strlen(text), &top, &out, &len, why));
	assert_string_equal(why, "t.txt:1: the text grows too long");
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 3] = {
		cmocka_unit_test(the_suffix_says_the_language),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(lists_in_lists_are_bounded),
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i + 3] = (struct CMUnitTest){ .name = rows[i].what,
						    .test_func = renders_or_says_why,
						    .initial_state = &rows[i] };
	return cmocka_run_group_tests_name("template", tests, NULL, NULL);
}
