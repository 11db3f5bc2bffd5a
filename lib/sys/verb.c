#include "config.h"

#include "lib/sys/verb.h"

#include <err.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/sys/exits.h"
#include "lib/sys/tool.h"

#define OPTIONS_MAX 48
#define COLUMN 28
#define WIDTH 79

struct getopt_tables {
	struct option longs[OPTIONS_MAX + 1];
	char shorts[2 * OPTIONS_MAX + 2];
	size_t count;
};

static void add_options(struct getopt_tables *t, const struct verb_option *o)
{
	for (; o && o->name && t->count < OPTIONS_MAX; o++) {
		size_t len = strlen(t->shorts);

		t->longs[t->count++] =
			(struct option){ o->name,
					 o->argument ? required_argument : no_argument,
					 NULL, o->key };
		if (o->key < 128)
			snprintf(t->shorts + len, sizeof(t->shorts) - len, "%c%s", o->key,
				 o->argument ? ":" : "");
	}
}

int verb_next(const struct verb_face *face, int argc, char *argv[])
{
	struct getopt_tables t = { 0 };
	int c;

	if (!face->verb)
		t.shorts[0] = '+';
	add_options(&t, face->options); /* of two with the same name, the first counts */
	add_options(&t, face->globals);
	c = getopt_long(argc, argv, t.shorts, t.longs, NULL);
	if (c == VERB_KEY_VERSION)
		tool_version(face->tool);
	if (c == '?')
		verb_misuse(face);
	if (c != 'h' || !face->verb)
		return c;
	verb_help(face);
	exit(tool_end(EXIT_DONE));
}

/* text from column `column` on, broken at blanks. */
static void wrap(const char *text, size_t column)
{
	size_t at = column;

	while (*text) {
		size_t word = strcspn(text, " ");

		if (at > column && at + 1 + word > WIDTH) {
			printf("\n%*s", (int)column, "");
			at = column;
		} else if (at > column) {
			putchar(' ');
			at++;
		}
		printf("%.*s", (int)word, text);
		at += word;
		text += word;
		text += strspn(text, " ");
	}
	putchar('\n');
}

static void help_option(const struct verb_option *o)
{
	char left[128], letter[5] = "";
	size_t len;

	if (o->key < 128)
		snprintf(letter, sizeof(letter), "-%c, ", o->key);
	len = (size_t)snprintf(left, sizeof(left), "  %s--%s%s%s", letter, o->name,
			       o->argument ? " " : "", o->argument ? o->argument : "");
	printf("%s%*s", left, len + 2 > COLUMN ? 0 : (int)(COLUMN - len), "");
	if (len + 2 > COLUMN)
		printf("\n%*s", COLUMN, "");
	wrap(o->help, COLUMN);
}

static bool has(const struct verb_option *o, const char *name)
{
	for (; o && o->name; o++)
		if (strcmp(o->name, name) == 0)
			return true;
	return false;
}

/* Without those that the verb has for something else. */
static void help_options(const char *title, const struct verb_option *o,
			 const struct verb_option *but)
{
	if (!o || !o->name)
		return;
	printf("\n%s:\n", title);
	for (; o->name; o++)
		if (!has(but, o->name))
			help_option(o);
}

void verb_help(const struct verb_face *face)
{
	if (face->verb) {
		printf("Usage: %s [OPTION]... %s [OPTION]... %s\n", face->tool,
		       face->verb, face->arguments);
		printf("%s: %s\n", face->verb, face->summary);
		if (face->more) {
			putchar('\n');
			wrap(face->more, 0);
		}
		help_options("Options", face->options, NULL);
	}
	help_options("Options of every verb", face->globals, face->options);
}

void verb_misuse(const struct verb_face *face)
{
	fprintf(stderr, "Try '%s %s%s--help' for more information.\n", face->tool,
		face->verb ? face->verb : "", face->verb ? " " : "");
	exit(EXIT_MISUSE);
}

void verb_arguments(const struct verb_face *face, int argc, int min, int max)
{
	int given = argc - optind;

	if (given >= min && given <= max)
		return;
	if (given > max)
		warnx("%s: too many arguments", face->verb);
	else
		warnx("%s: wants %s", face->verb, face->arguments);
	verb_misuse(face);
}
