/* The grammar of INF files: each row is a text and what section S of it says. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media/inf.h"

#define TEXT(s) s, sizeof(s) - 1

static struct row {
	const char *name, *text;
	size_t len;
	const char *want; /* LINE:KEY=FIELD|FIELD; for each line, or why not */
} rows[] = {
	{ "key and value", TEXT("[S]\nk=v\n"), "2:k=v;" },
	{ "fields", TEXT("[S]\nk = a , b,, c\n"), "2:k=a|b||c;" },
	{ "no key", TEXT("[S]\na, b = c\n"), "2:a|b = c;" },
	{ "an empty value", TEXT("[S]\nk=\n"), "2:k=;" },
	{ "a comma at the end", TEXT("[S]\nk=1,,\n"), "2:k=1||;" },
	{ "an equals sign in a value", TEXT("[S]\nk=a=b\n"), "2:k=a=b;" },
	{ "no newline at the end", TEXT("[S]\nk=v"), "2:k=v;" },
	{ "CR LF", TEXT("[S]\r\nk=v\r\n"), "2:k=v;" },
	{ "CR alone", TEXT("[S]\rk=v\r"), "2:k=v;" },
	{ "blanks and tabs around", TEXT("\t [ S ] \n \tk\t=\tv \t\n"), "2:k=v;" },
	{ "case of sections", TEXT("[s]\nk=v\n"), "2:k=v;" },
	{ "sections of one name are one", TEXT("[S]\na=1\n[T]\nb=2\n[s]\nc=3\n"),
	  "2:a=1;6:c=3;" },
	{ "a quoted section", TEXT("[\"S\"]\nk=v\n"), "2:k=v;" },
	{ "a comment behind a section", TEXT("[S] ; [T]\nk=v\n"), "2:k=v;" },
	{ "comments", TEXT("; a\n[S]\n;b\nk=v;c\n ;d\n"), "4:k=v;" },
	{ "a semicolon in quotes", TEXT("[S]\nk=\"a;b\" ;c\n"), "2:k=a;b;" },
	{ "quotes keep blanks and commas", TEXT("[S]\nk=\" a, b \",c\n"),
	  "2:k= a, b |c;" },
	{ "a quote in quotes", TEXT("[S]\nk=\"a\"\"b\"\n"), "2:k=a\"b;" },
	{ "quotes within a field", TEXT("[S]\nk=a\"b c\"d\n"), "2:k=ab cd;" },
	{ "a quoted key", TEXT("[S]\n\"a=b\"=c\n"), "2:a=b=c;" },
	{ "an open quote ends with its line", TEXT("[S]\nk=\"a\nb=c\n"), "2:k=a;3:b=c;" },
	{ "a line that goes on", TEXT("[S]\nk=a,\\\n  b,\\\n\tc\nd=e\n"),
	  "2:k=a|b|c;5:d=e;" },
	{ "with a comment behind the backslash", TEXT("[S]\nk=a,\\ ; more\nb\n"),
	  "2:k=a|b;" },
	{ "a backslash in a path", TEXT("[S]\nk=%13%\\a\\b.sys,c\n"),
	  "2:k=%13%\\a\\b.sys|c;" },
	{ "a backslash at the end in quotes", TEXT("[S]\nk=\"a\\\"\nb=c\n"),
	  "2:k=a\\;3:b=c;" },
	{ "a backslash at the very end", TEXT("[S]\nk=a\\"), "2:k=a;" },
	{ "a line that goes on to a section's name", TEXT("[S]\nk=a,\\\n[T]\nl=m\n"),
	  "2:k=a|[T];4:l=m;" },
	{ "strings", TEXT("[S]\nk=%x%, a%X%b\n[Strings]\nx=\"1, 2\"\n"),
	  "2:k=1, 2|a1, 2b;" },
	{ "strings in quotes and in keys", TEXT("[S]\n%x%=\"%x%\"\n[Strings]\nx = y\n"),
	  "2:y=y;" },
	{ "strings are not put into strings", TEXT("[S]\nk=%a%\n[Strings]\na=%b%\nb=c\n"),
	  "2:k=%b%;" },
	{ "a string that is not there", TEXT("[S]\nk=%x%\n"), "2:k=%x%;" },
	{ "a percent sign", TEXT("[S]\nk=100%%,%%x%%,5%\n"), "2:k=100%|%x%|5%;" },
	{ "strings of a language",
	  TEXT("[S]\nk=%x%%y%\n[Strings.0407]\nx=1\ny=2\n"
	       "[Strings]\nx=3\n"),
	  "2:k=32;" },
	{ "a string with a comment in it", TEXT("[S]\nk=%x%\n[Strings]\nx=\"a;b\";c\n"),
	  "2:k=a;b;" },
	{ "a string of two lines", TEXT("[S]\nk=%x%\n[Strings]\nx=a\\\nb\n"), "2:k=ab;" },
	{ "Ctrl-Z ends the text", TEXT("[S]\nk=v\n\x1a[\n"), "2:k=v;" },
	{ "an empty file", TEXT(""), "" },
	{ "another section only", TEXT("[T]\nk=v\n"), "" },
	{ "UTF-16LE with a mark", TEXT("\xff\xfe[\0S\0]\0\n\0k\0=\0\xe4\0\n\0"),
	  "2:k=\xc3\xa4;" },
	{ "UTF-16BE with a mark", TEXT("\xfe\xff\0[\0S\0]\0\n\0k\0=\0\xe4\0\n"),
	  "2:k=\xc3\xa4;" },
	{ "UTF-16LE without", TEXT("[\0S\0]\0\n\0k\0=\0v\0"), "2:k=v;" },
	{ "UTF-16BE without", TEXT("\0[\0S\0]\0\n\0k\0=\0v"), "2:k=v;" },
	{ "UTF-16 of two units", TEXT("\xff\xfe[\0S\0]\0\n\0\x3d\xd8\x00\xde"),
	  "2:\xf0\x9f\x98\x80;" },
	{ "half of such", TEXT("\xff\xfe[\0S\0]\0\n\0\x3d\xd8=\0"), "2:\xef\xbf\xbd=;" },
	{ "half a unit", TEXT("\xff\xfe[\0S"),
	  "x.inf:1: ends within a character of UTF-16" },
	{ "UTF-8 with a mark", TEXT("\xef\xbb\xbf[S]\nk=\xc3\xa4\n"), "2:k=\xc3\xa4;" },
	{ "UTF-8 without", TEXT("[S]\nk=\xc3\xa4\n"), "2:k=\xc3\xa4;" },
	{ "ANSI", TEXT("[S]\nk=\xe4\x99\n"), "2:k=\xc3\xa4\xe2\x84\xa2;" },
	{ "a NUL", TEXT("[S]\nk=v\0w\n"), "x.inf:1: holds a NUL: this is no text" },
	{ "no section", TEXT("\nk=v\n"), "x.inf:2: stands before the first section" },
	{ "a section that does not end", TEXT("[S]\nk=v\n[T\n"),
	  "x.inf:3: a section's name has no ']'" },
	{ "a section without a name", TEXT("[S]\n[]\n"),
	  "x.inf:2: a section's name is empty or longer than 255 octets" },
};

static void show(struct inf *inf, const char *section, const char *key, char *out,
		 size_t size)
{
	struct inf_fields *fields = malloc(sizeof(*fields));
	struct inf_cursor at = { 0 };
	char why[INF_WHY];
	FILE *f = fmemopen(out, size, "w");
	enum inf_next next;

	assert_non_null(fields);
	while ((next = inf_next(inf, section, key, &at, fields, why)) == INF_LINE) {
		fprintf(f, "%u:%s%s", at.line, fields->key ? fields->key : "",
			fields->key ? "=" : "");
		for (size_t i = 0; i < fields->count; i++)
			fprintf(f, "%s%s", i ? "|" : "", fields->field[i]);
		putc(';', f);
	}
	if (next == INF_BAD)
		fputs(why, f);
	putc('\0', f);
	fclose(f);
	free(fields);
}

static void reads_or_says_why(void **state)
{
	const struct row *row = *state;
	char got[1024], why[INF_WHY];
	struct inf *inf = inf_parse("x.inf", row->text, row->len, why);

	if (!inf) {
		assert_string_equal(why, row->want);
		return;
	}
	show(inf, "S", NULL, got, sizeof(got));
	inf_free(inf);
	assert_string_equal(got, row->want);
}

static void finds_keys(void **state)
{
	static const char text[] =
		"[S]\nCopyFiles=a\ncopyfilesx=b\nCOPYFILES = c\n"
		"copyfiles\n\"CopyFiles\"=d\n%n%=e\n[Strings]\nn=CopyFiles\n";
	char got[1024], why[INF_WHY];
	struct inf *inf = inf_parse("x.inf", text, sizeof(text) - 1, why);

	(void)state;
	assert_non_null(inf);
	show(inf, "S", "CopyFiles", got, sizeof(got));
	inf_free(inf);
	assert_string_equal(got, "2:CopyFiles=a;4:COPYFILES=c;5:copyfiles;"
				 "6:CopyFiles=d;7:CopyFiles=e;");
}

/* A text made of one piece many times over; what section S says, or why not. */
static void repeated(const char *head, const char *piece, size_t times, const char *tail,
		     char *got, size_t size)
{
	size_t len = strlen(head) + strlen(piece) * times + strlen(tail);
	char *text = malloc(len + 1), *p = text, why[INF_WHY];
	struct inf *inf;

	assert_non_null(text);
	p = stpcpy(p, head);
	while (times-- > 0)
		p = stpcpy(p, piece);
	stpcpy(p, tail);
	inf = inf_parse("x.inf", text, len, why);
	free(text);
	if (inf)
		show(inf, "S", NULL, got, size);
	else
		snprintf(got, size, "%s", why);
	inf_free(inf);
}

static void refuses_what_is_too_much(void **state)
{
	char got[70000];

	(void)state;
	repeated("[S]\nk=", "a", 40000, "\n", got, sizeof(got));
	assert_string_equal(got,
			    "x.inf:2: is longer than 32767 octets, with its strings");
	repeated("[S]\nk=", "%x%", 10000, "\n[Strings]\nx=12345678901234567890\n", got,
		 sizeof(got));
	assert_string_equal(got,
			    "x.inf:2: is longer than 32767 octets, with its strings");
	repeated("[S]\nk=", "a,", 512, "\n", got, sizeof(got));
	assert_string_equal(got, "x.inf:2: has more than 512 fields");
	repeated("[", "a", 256, "]\n", got, sizeof(got));
	assert_string_equal(
		got, "x.inf:1: a section's name is empty or longer than 255 octets");
	repeated("[S]\n", "a\n", 1000001, "", got, sizeof(got));
	assert_string_equal(got, "x.inf:1000002: has more than 1000000 lines");
	repeated("", ";2345678\n", INF_LARGEST / 9 + 1, "", got, sizeof(got));
	assert_string_equal(got, "x.inf:1: is larger than 16 MiB");
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 2] = {
		cmocka_unit_test(finds_keys),
		cmocka_unit_test(refuses_what_is_too_much),
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i + 2] = (struct CMUnitTest){ .name = rows[i].name,
						    .test_func = reads_or_says_why,
						    .initial_state = &rows[i] };
	return cmocka_run_group_tests_name("inf", tests, NULL, NULL);
}
