/*
 * render_probe - hostile values, and templates filled with them, for the tests
 * that show a rendered text to a real reader of its language.
 *
 *	render_probe values SEED COUNT		values as hex, one a line
 *	render_probe render TEMPLATE VALUES REFUSED
 *		TEMPLATE may use {{#case}}, in it {{n}} (from 0) and {{v}}; values
 *		that the language refuses go as "HEX<TAB>why" to REFUSED instead
 */
#include "config.h"

#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/render/template.h"
#include "lib/sys/exits.h"
#include "lib/sys/file.h"

static const char *const table[] = {
	"plain",
	"two words",
	" blank before",
	"blank behind ",
	"two  blanks",
	"tab\there",
	"it's",
	"say \"hello\"",
	"one \" quote",
	"\"",
	"'",
	"'\"'\"'",
	"\\",
	"\\\\",
	"trailing\\",
	"\\n \\x41 \\u0041",
	"line\nline",
	"\n",
	"crlf\r\nline",
	"nl\ninjected: yes",
	"%PATH%",
	"100%",
	"%%",
	"%1 %* %~dp0",
	"!PATH!",
	"a & echo INJECTED",
	"a && echo INJECTED",
	"a || echo INJECTED",
	"a | more",
	"a ; echo INJECTED",
	"; reboot",
	"a\" & echo INJECTED & \"",
	"\" & echo INJECTED",
	"a\"b\"c&d",
	"a^b^^c",
	"a\"^b",
	"(a) <b> >c",
	"a\")&(\"",
	"${HOME}",
	"$HOME",
	"$(echo INJECTED)",
	"`echo INJECTED`",
	"${net0/mac}",
	"${",
	"a}b",
	"$",
	"cost 5$",
	"$ {x}",
	"]]>",
	"<![CDATA[x]]>",
	"<!-- x -->",
	"-->",
	"</v><v>",
	"&amp;",
	"&#60;",
	"<?x?>",
	"# comment",
	"a #b",
	"#",
	"- item",
	"-n",
	"--help",
	"a --b",
	"key: value",
	"{a: b}",
	"[a]",
	"|",
	">",
	"*a",
	"!!python/none",
	"null",
	"yes",
	"0x10",
	"1e3",
	"~",
	"=",
	"a=b",
	":label",
	"{{v}}",
	"{{#case}}",
	"}}",
	"EOF",
	"\x01",
	"\x1a",
	"\x1b[2J",
	"\x7f",
	"gr\xc3\xbc\xc3\x9f",
	"\xc2\x85",
	"\xc2\xa0",
	"\xe2\x80\xa8",
	"\xef\xbb\xbf",
	"\xef\xbf\xbe",
	"\xf0\x9f\x98\x80",
	"\xc3",
	"\xff\xfe",
	"\xc0\x80",
	"\xed\xa0\x80",
	"x\xe2\x80",
};

#define TABLE (sizeof(table) / sizeof(table[0]))

static const char *const pieces[] = {
	"\"",   "'",    "\\",   "`",    "$",
	"${",   "}",    "$(",   ")",    "%",
	"%%",   "&",    "&&",   "|",    "||",
	";",    "^",    "!",    "<",    ">",
	"]]>",  "--",   "<!--", "#",    ":",
	": ",   "- ",   " ",    "  ",   "\t",
	"\n",   "\r",   "a",    "b c",  "{{",
	"}}",   "=",    "*",    "?",    "~",
	"0",    "\x01", "\x7f", "ü",    "\xf0\x9f\x98\x80",
	"\xff", "[",    "]",    "{",    ",",
	"@",    "echo", "\\n",  "&lt;", "\xe2\x80\xa9",
	"/",    "PATH", "EOF",
};

#define PIECES (sizeof(pieces) / sizeof(pieces[0]))

static void put_hex(FILE *out, const char *text)
{
	for (; *text; text++)
		fprintf(out, "%02x", (unsigned char)*text);
}

/* splitmix64: the same values for the same seed, everywhere. */
static uint64_t next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static int values(uint64_t seed, unsigned long count)
{
	for (size_t i = 0; i < TABLE; i++) {
		put_hex(stdout, table[i]);
		putchar('\n');
	}
	while (count--) {
		for (uint64_t n = 1 + next(&seed) % 8; n; n--)
			put_hex(stdout, pieces[next(&seed) % PIECES]);
		putchar('\n');
	}
	return EXIT_DONE;
}

static char *unhex(const char *hex)
{
	size_t len = strlen(hex) / 2;
	char *text = calloc(1, len + 1);

	if (!text)
		err(EXIT_FAILED, "values");
	for (size_t i = 0; i < len; i++) {
		unsigned octet;

		if (sscanf(hex + 2 * i, "%2x", &octet) != 1)
			errx(EXIT_FAILED, "'%s' is not hex", hex);
		text[i] = (char)octet;
	}
	return text;
}

struct cases {
	struct template_value field[1000][2];
	struct template_scope item[1000];
	char number[1000][8], *value[1000];
	size_t count;
};

static struct template_scope scope_of(struct template_value *list,
				      const struct template_scope *item, size_t items)
{
	static const char *const fields[] = { "n", "v", NULL };

	*list = (struct template_value){
		.name = "case", .item = item, .items = items, .fields = fields
	};
	return (struct template_scope){ list, 1 };
}

/* Adds the value, unless the template refuses it. */
static void add(struct cases *c, const char *file, const char *text, size_t len,
		const char *hex, FILE *refused)
{
	struct template_value *field = c->field[c->count], list;
	struct template_scope scope;
	char why[TEMPLATE_WHY], *out;
	size_t out_len;

	if (c->count == 1000)
		errx(EXIT_FAILED, "too many values");
	c->value[c->count] = unhex(hex);
	snprintf(c->number[c->count], sizeof(c->number[0]), "%zu", c->count);
	field[0] = (struct template_value){ .name = "n", .text = c->number[c->count] };
	field[1] = (struct template_value){ .name = "v", .text = c->value[c->count] };
	c->item[c->count] = (struct template_scope){ field, 2 };
	scope = scope_of(&list, &c->item[c->count], 1);
	if (template_render(file, text, len, &scope, &out, &out_len, why)) {
		free(out);
		c->count++;
	} else {
		fprintf(refused, "%s\t%s\n", hex, why);
		free(c->value[c->count]);
	}
}

static int render(const char *file, const char *values_file, const char *refused_file)
{
	static struct cases cases;
	struct template_value list;
	struct template_scope scope;
	char why[TEMPLATE_WHY], *out, *line = NULL;
	FILE *from = fopen(values_file, "r"), *refused = fopen(refused_file, "w");
	size_t len, out_len, size = 0;
	char *text = file_read(file, 1 << 20, &len);

	if (!text || !from || !refused)
		err(EXIT_FAILED, "%s, %s, %s", file, values_file, refused_file);
	while (getline(&line, &size, from) > 0) {
		line[strcspn(line, "\n")] = '\0';
		add(&cases, file, text, len, line, refused);
	}
	scope = scope_of(&list, cases.item, cases.count);
	if (!template_render(file, text, len, &scope, &out, &out_len, why))
		errx(EXIT_FAILED, "%s", why);
	fwrite(out, 1, out_len, stdout);
	while (cases.count)
		free(cases.value[--cases.count]);
	free(out);
	free(text);
	free(line);
	fclose(from);
	return fclose(refused) || fflush(stdout) ? EXIT_FAILED : EXIT_DONE;
}

int main(int argc, char *argv[])
{
	if (argc == 4 && strcmp(argv[1], "values") == 0)
		return values(strtoull(argv[2], NULL, 10), strtoul(argv[3], NULL, 10));
	if (argc == 5 && strcmp(argv[1], "render") == 0)
		return render(argv[2], argv[3], argv[4]);
	errx(EXIT_MISUSE, "wants values SEED COUNT, or render TEMPLATE VALUES REFUSED");
}
