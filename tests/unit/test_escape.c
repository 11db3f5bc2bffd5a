#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "lib/render/template.h"

/* file says the language; the template has one value, v. */
static struct row {
	const char *what, *file, *text, *value, *want, *why;
} rows[] = {
	{ "shell: quotes", "t.conf", "A='{{v}}'\n", "it's $(x) \"\\\n`",
	  "A='it'\\''s $(x) \"\\\n`'\n", NULL },
	{ "shell: any octet", "t.sh", "A='{{v}}'", "\xff\x01\x7f", "A='\xff\x01\x7f'",
	  NULL },
	{ "shell: not bare", "t.sh", "A={{v}}\n", "x", NULL,
	  "t.sh:1: {{v}}: a value must stand inside single quotes" },
	{ "shell: not in double quotes", "t.sh", "A=\"{{v}}\"\n", "x", NULL,
	  "t.sh:1: {{v}}: a value must stand inside single quotes" },
	{ "shell: quotes in comments do not count", "t.sh", "# don't\nA={{v}}\n", "x",
	  NULL, "t.sh:2: {{v}}: a value must stand inside single quotes" },
	{ "shell: # inside a word", "t.sh", "a#'{{v}}'\n", "x", "a#'x'\n", NULL },
	{ "shell: a quote behind a backslash", "t.sh", "\\'{{v}}'\n", "x", NULL,
	  "t.sh:1: {{v}}: a value must stand inside single quotes" },
	{ "shell: no here-documents", "t.sh", "\ncat <<E\nit's\nE\n", "x", NULL,
	  "t.sh:2: a here-document is not for templates" },
	{ "shell: no $'...'", "t.sh", "a $'{{v}}'\n", "x", NULL,
	  "t.sh:1: $'...' quotes are not for templates" },
	{ "shell: an open quote", "t.sh", "a 'x\n", "x", NULL,
	  "t.sh:2: a quote is open at the end" },

	{ "grub: quotes", "grub.cfg", "set a='{{v}}'\n", "it's ${x} \\",
	  "set a='it'\\''s ${x} \\'\n", NULL },
	{ "grub: no newline", "t.grub", "set a='{{v}}'\n", "a\nb", NULL,
	  "t.grub:1: {{v}}: the value holds a control character" },

	{ "preseed: the rest of a line", "t.preseed", "d-i a/b string {{v}}\n",
	  "a # \"b\" $(c) \\ d", "d-i a/b string a # \"b\" $(c) \\ d\n", NULL },
	{ "preseed: not the type", "t.preseed", "d-i a/b {{v}}\n", "a", NULL,
	  "t.preseed:1: {{v}}: a value must stand behind OWNER QUESTION TYPE and a "
	  "blank" },
	{ "preseed: not in a comment", "t.preseed", "# a b c {{v}}\n", "a", NULL,
	  "t.preseed:1: {{v}}: a value must stand behind OWNER QUESTION TYPE and a "
	  "blank" },
	{ "preseed: behind a joined line", "t.preseed", "d-i a/b string \\\n {{v}}\n",
	  "a", "d-i a/b string \\\n a\n", NULL },
	{ "preseed: a comment is not joined", "t.preseed", "# a b c \\\n{{v}}\n", "a",
	  NULL,
	  "t.preseed:2: {{v}}: a value must stand behind OWNER QUESTION TYPE and a "
	  "blank" },
	{ "preseed: no newline", "t.preseed", "d-i a/b string {{v}}\n", "a\nd-i", NULL,
	  "t.preseed:1: {{v}}: the value holds a control character" },
	{ "preseed: no joining", "t.preseed", "d-i a/b string {{v}}\n", "a\\", NULL,
	  "t.preseed:1: {{v}}: a backslash at the end would take the next line in" },
	{ "preseed: no blank that gets lost", "t.preseed", "d-i a/b string {{v}}\n", " a",
	  NULL, "t.preseed:1: {{v}}: a blank at the beginning or end would get lost" },
	{ "preseed: no commands", "t.preseed",
	  "d-i preseed/late_command string \\\n echo {{v}}\n", "a", NULL,
	  "t.preseed:2: {{v}}: sh reads this line: a value cannot be text in it" },
	{ "preseed: the end goes on", "t.preseed", "d-i a b c \\", "a", NULL,
	  "t.preseed:1: a line goes on behind the end" },

	{ "kickstart: quotes", "t.kickstart", "user --name=\"{{v}}\"\n",
	  "a \"b\" \\ # 'c' $d", "user --name=\"a \\\"b\\\" \\\\ # 'c' $d\"\n", NULL },
	{ "kickstart: not bare", "t.kickstart", "lang {{v}}\n", "a", NULL,
	  "t.kickstart:1: {{v}}: a value must stand inside double quotes, or be a line "
	  "of "
	  "%packages" },
	{ "kickstart: not in single quotes", "t.kickstart", "lang '{{v}}'\n", "a", NULL,
	  "t.kickstart:1: {{v}}: a value must stand inside double quotes, or be a line "
	  "of "
	  "%packages" },
	{ "kickstart: quotes in comments do not count", "t.kickstart", "# \"{{v}}\"\n",
	  "a", NULL,
	  "t.kickstart:1: {{v}}: a value must stand inside double quotes, or be a line "
	  "of "
	  "%packages" },
	{ "kickstart: no newline", "t.kickstart", "lang \"{{v}}\"\n", "a\n%pre", NULL,
	  "t.kickstart:1: {{v}}: the value holds a control character" },
	{ "kickstart: a package", "t.kickstart",
	  "%packages\n{{v}}\n%end\nlang \"{{v}}\"\n", "@^a-b.c",
	  "%packages\n@^a-b.c\n%end\nlang \"@^a-b.c\"\n", NULL },
	{ "kickstart: no second package", "t.kickstart", "%packages\n{{v}}\n%end\n",
	  "a b", NULL,
	  "t.kickstart:2: {{v}}: a package is one plain word, at a line's beginning" },
	{ "kickstart: no end of packages", "t.kickstart", "%packages\n{{v}}\n%end\n",
	  "%end", NULL,
	  "t.kickstart:2: {{v}}: a package is one plain word, at a line's beginning" },
	{ "kickstart: no scripts", "t.kickstart",
	  "%post\n%include\necho \"{{v}}\"\n%end\n", "a", NULL,
	  "t.kickstart:3: {{v}}: a value must stand inside double quotes, or be a line "
	  "of "
	  "%packages" },
	{ "kickstart: behind an included file", "t.kickstart",
	  "%include /a\nlang \"{{v}}\"\n", "a", "%include /a\nlang \"a\"\n", NULL },
	{ "kickstart: no %end", "t.kickstart", "%post\n", "a", NULL,
	  "t.kickstart:2: a section has no %end" },
	{ "kickstart: an open quote", "t.kickstart", "lang \"a\n", "a", NULL,
	  "t.kickstart:1: a quote is open at the end of the line" },

	{ "pxelinux: the rest of a line", "t.pxelinux", "MENU TITLE {{v}}\n",
	  "a # \"b\" ${c}", "MENU TITLE a # \"b\" ${c}\n", NULL },
	{ "pxelinux: no newline", "t.pxelinux", "MENU TITLE {{v}}\n", "a\nKERNEL b", NULL,
	  "t.pxelinux:1: {{v}}: the value holds a control character" },
	{ "pxelinux: not the keyword", "t.pxelinux", " {{v}}\n", "a", NULL,
	  "t.pxelinux:1: {{v}}: a value must stand behind the first word of a line" },
	{ "pxelinux: not part of the keyword", "t.pxelinux", "A{{v}}\n", "a", NULL,
	  "t.pxelinux:1: {{v}}: a value must stand behind the first word of a line" },

	{ "ipxe: plain words", "t.ipxe", "set a http://{{v}}/x\n",
	  "10.0.0.1:80/y?a=b&c=%20", "set a http://10.0.0.1:80/y?a=b&c=%20/x\n", NULL },
	{ "ipxe: blanks", "t.ipxe", "set a {{v}}\n", "console=tty0 quiet",
	  "set a console=tty0 quiet\n", NULL },
	{ "ipxe: what is not plain goes by its octets", "t.ipxe", "  set a {{v}}\n",
	  "a  b", "  set a:hex 61:20:20:62\n  set a ${a:string}\n", NULL },
	{ "ipxe: a separator", "t.ipxe", "set a {{v}}\n", "a || b",
	  "set a:hex 61:20:7c:7c:20:62\nset a ${a:string}\n", NULL },
	{ "ipxe: a comment", "t.ipxe", "set a {{v}}\n", "a #b",
	  "set a:hex 61:20:23:62\nset a ${a:string}\n", NULL },
	{ "ipxe: an option", "t.ipxe", "set a {{v}}\n", "-a",
	  "set a:hex 2d:61\nset a ${a:string}\n", NULL },
	{ "ipxe: a backslash at the end", "t.ipxe", "set a {{v}}\n", "a\\",
	  "set a:hex 61:5c\nset a ${a:string}\n", NULL },
	{ "ipxe: a newline", "t.ipxe", "set a {{v}}\n", "a\nb",
	  "set a:hex 61:0a:62\nset a ${a:string}\n", NULL },
	{ "ipxe: nothing", "t.ipxe", "set a {{v}}\n", "", "clear a ||\n", NULL },
	{ "ipxe: an expansion", "t.ipxe", "set a {{v}}\n", "a${b}", NULL,
	  "t.ipxe:1: iPXE would expand the value's \"${\" and cannot hold it" },
	{ "ipxe: half of an expansion", "t.ipxe", "set a {{v}}\n", "a$", NULL,
	  "t.ipxe:1: iPXE would expand the value's \"${\" and cannot hold it" },
	{ "ipxe: not elsewhere", "t.ipxe", "#!ipxe\necho {{v}}\n", "x", NULL,
	  "t.ipxe:2: {{v}}: a value must stand in a line: set NAME {{...}}" },
	{ "ipxe: nothing special behind it", "t.ipxe", "set a {{v}}${b}\n", "x", NULL,
	  "t.ipxe:1: a value's line may hold letters, digits and \" ._~:/?=+,@*#-\" "
	  "besides" },
	{ "ipxe: nothing special before it", "t.ipxe", "set a ${b}{{v}}\n", "x", NULL,
	  "t.ipxe:1: {{v}}: a value's line may hold letters, digits and "
	  "\" ._~:/?=+,@*#-\" besides" },

	{ "cmd: specials in quotes", "t.cmd", "set \"A={{v}}\"\n",
	  "a & b | c > %PATH% ^ !", "set \"A=a & b | c > %%PATH%% ^ !\"\r\n", NULL },
	{ "cmd: between pairs of quotes", "t.cmd", "@set \"A={{v}}\"\n", "a\"b&c\"d&e",
	  "@set \"A=a\"b^&c\"d&e\"\r\n", NULL },
	{ "cmd: no newline", "t.cmd", "set \"A={{v}}\"\n", "a\nb", NULL,
	  "t.cmd:1: {{v}}: cmd takes one line of printable ASCII only" },
	{ "cmd: not elsewhere", "t.cmd", "echo {{v}}\n", "a", NULL,
	  "t.cmd:1: {{v}}: a value must stand in a line: set \"NAME={{...}}\"" },
	{ "cmd: the line must end there", "t.cmd", "set \"A={{v}}\" & echo\n", "a", NULL,
	  "t.cmd:1: nothing may follow the value's closing quote" },
	{ "cmd: the quote must close", "t.cmd", "set \"A={{v}}\n", "a", NULL,
	  "t.cmd:1: the value's line must end behind a double quote" },
	{ "cmd: not behind delayed expansion", "t.cmd",
	  "setlocal EnableDelayedExpansion\nset \"A={{v}}\"\n", "a", NULL,
	  "t.cmd:2: {{v}}: values must be set before delayed expansion is on" },

	{ "xml: content", "t.xml", "<a>{{v}}</a>", "<b>&\"']]>\n",
	  "<a>&#60;b&#62;&#38;&#34;&#39;]]&#62;&#10;</a>", NULL },
	{ "xml: an attribute", "t.xml", "<a b=\"{{v}}\"/>", "x\" y='1\t",
	  "<a b=\"x&#34; y=&#39;1&#9;\"/>", NULL },
	{ "xml: not a tag", "t.xml", "<a {{v}}/>", "x", NULL,
	  "t.xml:1: {{v}}: a value must stand in an element's content or in a quoted "
	  "attribute" },
	{ "xml: not a comment", "t.xml", "<!-- <a>{{v}}</a> -->", "x", NULL,
	  "t.xml:1: {{v}}: a value must stand in an element's content or in a quoted "
	  "attribute" },
	{ "xml: not CDATA", "t.xml", "<a><![CDATA[ > {{v}}]]></a>", "x", NULL,
	  "t.xml:1: {{v}}: a value must stand in an element's content or in a quoted "
	  "attribute" },
	{ "xml: behind all of these", "t.xml",
	  "<?xml version=\"1.0\"?><!-- ' > --><a b='>'><![CDATA[<]]>{{v}}</a>", "x",
	  "<?xml version=\"1.0\"?><!-- ' > --><a b='>'><![CDATA[<]]>x</a>", NULL },
	{ "html: content", "t.html", "<!DOCTYPE html><p>{{v}}</p>", "<b>&\"'\n",
	  "<!DOCTYPE html><p>&#60;b&#62;&#38;&#34;&#39;\n</p>", NULL },
	{ "html: an attribute", "t.html", "<a title='{{v}}'>", "x' onclick='y",
	  "<a title='x&#39; onclick=&#39;y'>", NULL },
	{ "html: what it cannot hold is marked", "t.html", "<p>{{v}}</p>",
	  "a\xff\x01\xc2\x80\xe2\x80\xae"
	  "b",
	  "<p>a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
	  "b</p>",
	  NULL },
	{ "html: part of an address", "t.html", "<a href=\"/jobs?mac={{v}}\">",
	  "52:54/&\xff", "<a href=\"/jobs?mac=52%3A54%2F%26%FF\">", NULL },
	{ "html: not a whole address", "t.html", "<a href=\"{{v}}\">", "javascript:x",
	  NULL, "t.html:1: {{v}}: an address must begin with what the template says" },
	{ "html: no code", "t.html", "<a OnClick=\"f('{{v}}')\">", "x", NULL,
	  "t.html:1: {{v}}: a value must not stand where it would be code" },
	{ "html: nor behind blanks", "t.html", "<a href = \"{{v}}\">", "x", NULL,
	  "t.html:1: {{v}}: an address must begin with what the template says" },
	{ "html: a script ends by its own tag only", "t.html",
	  "<script>'</b>{{v}}</script>", "x", NULL,
	  "t.html:1: {{v}}: a value must stand in an element's content or in a quoted "
	  "attribute" },
	{ "html: no style", "t.html", "<a style=\"width: {{v}}\">", "x", NULL,
	  "t.html:1: {{v}}: a value must not stand where it would be code" },
	{ "html: not in a script", "t.html", "<script>a < {{v}}</script>", "x", NULL,
	  "t.html:1: {{v}}: a value must stand in an element's content or in a quoted "
	  "attribute" },
	{ "html: behind a script", "t.html",
	  "<script src='/a.js'>a <b '</script><style>'</style><!-- ' --><p>{{v}}", "x",
	  "<script src='/a.js'>a <b '</script><style>'</style><!-- ' --><p>x", NULL },
	{ "html: not a tag", "t.html", "<p {{v}}>", "x", NULL,
	  "t.html:1: {{v}}: a value must stand in an element's content or in a quoted "
	  "attribute" },
	{ "html: an open tag", "t.html", "<p", "x", NULL,
	  "t.html:1: markup is open at the end" },

	{ "xml: a control character", "t.xml", "<a>{{v}}</a>", "\x01", NULL,
	  "t.xml:1: {{v}}: XML cannot hold a character of the value" },
	{ "xml: not UTF-8", "t.xml", "<a>{{v}}</a>", "\xc0\x80", NULL,
	  "t.xml:1: {{v}}: the value is not UTF-8" },

	{ "yaml: specials", "t.yaml", "a: \"{{v}}\"\n",
	  "\"\\\n: # \xc3\xa4\xf0\x9f\x98\x80",
	  "a: \"\\U00000022\\U0000005c\\U0000000a: # \xc3\xa4\\U0001f600\"\n", NULL },
	{ "yaml: not plain", "t.yaml", "a: {{v}}\n", "x", NULL,
	  "t.yaml:1: {{v}}: a value must stand inside double quotes" },
	{ "yaml: not in single quotes", "t.yaml", "a: '\"{{v}}\"'\n", "x", NULL,
	  "t.yaml:1: {{v}}: a value must stand inside double quotes" },
	{ "yaml: not in a block", "t.yaml", "a:\n - b: |\n      \"{{v}}\"\n", "x", NULL,
	  "t.yaml:3: {{v}}: a value must stand inside double quotes" },
	{ "yaml: not in a block of a sequence", "t.yaml", "- |\n  it's\n  \"{{v}}\"\n",
	  "x", NULL, "t.yaml:3: {{v}}: a value must stand inside double quotes" },
	{ "yaml: behind a block", "t.yaml",
	  "a:\n  - b: >-\n      it's\n    c: \"{{v}}\"\n", "x",
	  "a:\n  - b: >-\n      it's\n    c: \"x\"\n", NULL },
	{ "yaml: behind a comment and a plain scalar", "t.yaml",
	  "# don't\na: don't # can't\nb: [\"{{v}}\", 'it''s', \"{{v}}\"]\n", "x",
	  "# don't\na: don't # can't\nb: [\"x\", 'it''s', \"x\"]\n", NULL },

	{ "json: specials", "t.json", "{\"a\": \"{{v}}\"}", "\"\\\n\xc3\xa4",
	  "{\"a\": \"\\u0022\\u005c\\u000a\xc3\xa4\"}", NULL },
	{ "json: not bare", "t.json", "{\"a\": {{v}}}", "1", NULL,
	  "t.json:1: {{v}}: a value must stand inside double quotes" },

	{ "text: lines", "t.txt", "{{v}}", "a\n\tb", "a\n\tb", NULL },
	{ "dos: lines end in CR LF", "t.ini", "[a]\nb={{v}}\n", "1 & %2%",
	  "[a]\r\nb=1 & %2%\r\n", NULL },
	{ "dos: a value of two lines", "t.diskpart", "{{v}}", "a\nb", NULL,
	  "t.diskpart:1: {{v}}: it takes one line of printable ASCII only" },
	{ "text: an escape sequence", "t.txt", "{{v}}", "\033[2J", NULL,
	  "t.txt:1: {{v}}: the value holds a control character" },
};

static void arrives_or_says_why(void **state)
{
	const struct row *row = *state;
	const struct template_value value = { .name = "v", .text = row->value };
	const struct template_scope scope = { &value, 1 };
	char *out = NULL, why[TEMPLATE_WHY] = "";
	size_t len;
	bool ok = template_render(row->file, row->text, strlen(row->text), &scope, &out,
				  &len, why);

	if (row->want) {
		assert_string_equal(why, "");
		assert_true(ok);
		assert_string_equal(out, row->want);
	} else {
		assert_false(ok);
		assert_string_equal(why, row->why);
	}
	free(out);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows)];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].what,
						.test_func = arrives_or_says_why,
						.initial_state = &rows[i] };
	return cmocka_run_group_tests_name("escape", tests, NULL, NULL);
}
