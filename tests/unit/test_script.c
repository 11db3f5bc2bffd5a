#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "tools/pxeprobe/script.h"

/* want: "verb url" lines; C chain, K kernel and its like, F fetched for its effect. */
static struct row {
	const char *name, *text, *want;
} rows[] = {
	{ "a kernel and its initrd",
	  "#!ipxe\nkernel vmlinuz initrd=initrd.gz quiet\ninitrd initrd.gz\nboot\n",
	  "K vmlinuz\nK initrd.gz\n" },
	{ "options before the name, with values",
	  "#!ipxe\nchain --autofree --replace --timeout 20000 http://a/b || shell\n",
	  "C http://a/b\n" },
	{ "several commands in a line", "#!ipxe\nisset ${x} && chain a || chain b\n",
	  "C a\nC b\n" },
	{ "variables, set and known",
	  "#!ipxe\nset base http://10.0.0.1\nkernel ${base}/v mac=${mac}\n",
	  "K http://10.0.0.1/v\n" },
	{ "a type is put behind the name", "#!ipxe\nset n:int32 7\nchain f${n}\n",
	  "C f7\n" },
	{ "the MAC with hyphens", "#!ipxe\nchain ${mac:hexhyp}.ipxe\n",
	  "C 52-54-00-00-00-01.ipxe\n" },
	{ "the MAC bare", "#!ipxe\nchain ${mac:hexraw}\n", "C 525400000001\n" },
	{ "an unknown variable is empty", "#!ipxe\nchain a${serial}b\n", "C ab\n" },
	{ "a variable of a variable", "#!ipxe\nset a x\nset b ${a}y\nchain ${b}\n",
	  "C xy\n" },
	{ "comments and labels", "#!ipxe\n# chain a\n:chain b\nchain c\n", "C c\n" },
	{ "a line that goes on", "#!ipxe\nkernel \\\n  vmlinuz\n", "K vmlinuz\n" },
	{ "a carriage return", "#!ipxe\r\nchain a\r\n", "C a\n" },
	{ "quotes", "#!ipxe\nchain \"a\"\n", "C a\n" },
	{ "boot without a name, or with an image's", "#!ipxe\nboot\nboot vmlinuz\n", "" },
	{ "boot with a URL", "#!ipxe\nboot http://a/b\n", "C http://a/b\n" },
	{ "what is fetched for its effect",
	  "#!ipxe\nimgfetch --name r http://a/r?x=1 ||\n", "F http://a/r?x=1\n" },
	{ "no end of the line", "#!ipxe\nchain a", "C a\n" },
	{ "no end of a variable", "#!ipxe\nchain a${mac\nchain b\n", "C a\nC b\n" },
	{ "only options", "#!ipxe\nchain --autofree\nkernel --name\n", "" },
	{ "an empty name", "#!ipxe\nchain ${nothing}\n", "" },
	{ "nothing but the mark", "#!ipxe", "" },
	{ "no script", "<html>\nchain a\n", NULL },
	{ "nearly a script", "#!ipxebut\nchain a\n", NULL },
	{ "empty", "", NULL },
};

static void finds(void **state)
{
	static struct script_variables v;
	static struct script_links links;
	const struct row *r = *state;
	const char *why = NULL;
	char got[2048] = "";

	v.count = 0;
	script_set(&v, "mac", "52:54:00:00:00:01");
	assert_int_equal(script_read(r->text, strlen(r->text), &v, &links, &why),
			 r->want != NULL);
	if (!r->want) {
		assert_non_null(why);
		return;
	}
	for (size_t i = 0; i < links.count; i++)
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%c %s\n",
			 "CKF"[links.link[i].verb], links.link[i].url);
	assert_string_equal(got, r->want);
}

static void variables_can_be_asked_for(void **state)
{
	static struct script_variables v;
	static struct script_links links;
	const char text[] = "#!ipxe\nset image tiny@1\nset words a b  c\n", *why;

	(void)state;
	assert_true(script_read(text, sizeof(text) - 1, &v, &links, &why));
	assert_string_equal(script_get(&v, "image"), "tiny@1");
	assert_string_equal(script_get(&v, "words"), "a b c");
	assert_string_equal(script_get(&v, "imag"), "");
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 1];
	size_t n = 0;

	for (; n < ARRAY_LEN(rows); n++)
		tests[n] = (struct CMUnitTest){ .name = rows[n].name,
						.test_func = finds,
						.initial_state = &rows[n] };
	tests[n] = (struct CMUnitTest)cmocka_unit_test(variables_can_be_asked_for);
	return cmocka_run_group_tests_name("script", tests, NULL, NULL);
}
