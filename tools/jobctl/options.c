#include "config.h"

#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/order/order.h"
#include "lib/sys/exits.h"
#include "lib/sys/tool.h"
#include "tools/jobctl/jobctl.h"

#define OPTIONS_MAX 96
#define COLUMN 28
#define WIDTH 79

enum { KEY_CONFIG = 900, KEY_DATABASE, KEY_JSON, KEY_VERSION };

static const struct verb_option globals[] = {
	{ "config", KEY_CONFIG, "FILE", "read this configuration instead of the site's" },
	{ "database", KEY_DATABASE, "FILE",
	  "use this database instead of the configured one" },
	{ "json", KEY_JSON, NULL, "print JSON for programs" },
	{ "help", 'h', NULL, "show this help" },
	{ "version", KEY_VERSION, NULL, "print the version" },
	{ 0 },
};

/* The name of a setting's option; a secret is never an argument. */
static const char *setting_option(const struct setting_def *def,
				  char out[static JOB_NAME])
{
	snprintf(out, JOB_NAME, "%s%s", def->name,
		 setting_is(def, SETTING_SECRET) ? "-file" : "");
	return out;
}

struct getopt_tables {
	struct option longs[OPTIONS_MAX + 1];
	char shorts[2 * OPTIONS_MAX + 2];
	char names[sizeof(struct settings) / sizeof(char *)][JOB_NAME];
	size_t count;
};

static void add_option(struct getopt_tables *t, const char *name, int key, int argument)
{
	size_t len = strlen(t->shorts);

	t->longs[t->count++] = (struct option){ name, argument, NULL, key };
	if (key < 128)
		snprintf(t->shorts + len, sizeof(t->shorts) - len, "%c%s", key,
			 argument == required_argument ? ":" : "");
}

static void add_options_of(struct getopt_tables *t, const struct verb_option *o)
{
	for (; o && o->name; o++)
		add_option(t, o->name, o->key,
			   o->argument ? required_argument : no_argument);
}

static int field_key(size_t i)
{
	return order_fields[i].letter ? order_fields[i].letter : OPTION_FIELD + (int)i;
}

static int argument_of(unsigned traits)
{
	return traits & SETTING_FLAG ? optional_argument : required_argument;
}

static void add_order_options(struct getopt_tables *t)
{
	for (size_t i = 0; i < order_field_count; i++)
		add_option(t, order_fields[i].name, field_key(i),
			   argument_of(order_fields[i].traits));
	for (size_t i = 0; i < setting_count; i++)
		add_option(t, setting_option(&setting_defs[i], t->names[i]),
			   OPTION_SETTING + (int)i, argument_of(setting_defs[i].traits));
}

const char *options_order_name(int key)
{
	if (key >= OPTION_SETTING && key < OPTION_SETTING + (int)setting_count)
		return setting_defs[key - OPTION_SETTING].name;
	for (size_t i = 0; i < order_field_count; i++)
		if (key == field_key(i))
			return order_fields[i].name;
	return NULL;
}

/* Before the verb, options end at the first other word. */
static void fill(struct getopt_tables *t, const struct verb *verb)
{
	*t = (struct getopt_tables){ 0 };
	if (!verb)
		t->shorts[0] = '+';
	add_options_of(t, globals);
	if (!verb)
		return;
	add_options_of(t, verb->options);
	if (verb->order)
		add_order_options(t);
}

static bool global(struct jobctl *ctl, int c)
{
	switch (c) {
	case KEY_CONFIG:
		ctl->config = optarg;
		return true;
	case KEY_DATABASE:
		ctl->database = optarg;
		return true;
	case KEY_JSON:
		ctl->json = true;
		return true;
	case KEY_VERSION:
		tool_version("jobctl");
	case '?':
		options_misuse(ctl->verb);
	default:
		return false;
	}
}

int options_next(struct jobctl *ctl, int argc, char *argv[])
{
	struct getopt_tables tables;
	int c;

	fill(&tables, ctl->verb);
	do
		c = getopt_long(argc, argv, tables.shorts, tables.longs, NULL);
	while (global(ctl, c));
	if (c != 'h' || !ctl->verb)
		return c;
	options_help(ctl->verb);
	exit(tool_end(EXIT_DONE));
}

/* ---- help ---- */

/* text from column `column` on, broken at blanks. */
static void wrap(const char *text, size_t column, size_t at)
{
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

static void help_option(const char *name, int key, const char *argument, const char *text)
{
	char left[JOB_NAME * 2], letter[5] = "";
	size_t len;

	if (key < 128)
		snprintf(letter, sizeof(letter), "-%c, ", key);
	len = (size_t)snprintf(left, sizeof(left), "  %s--%s%s%s", letter, name,
			       argument ? " " : "", argument ? argument : "");
	printf("%s%*s", left, len + 2 > COLUMN ? 0 : (int)(COLUMN - len), "");
	if (len + 2 > COLUMN)
		printf("\n%*s", COLUMN, "");
	wrap(text, COLUMN, COLUMN);
}

static void help_options(const char *title, const struct verb_option *o)
{
	if (!o || !o->name)
		return;
	printf("\n%s:\n", title);
	for (; o->name; o++)
		help_option(o->name, o->key, o->argument, o->help);
}

static void help_order(void)
{
	char name[JOB_NAME], text[256];

	printf("\nThe job:\n");
	for (size_t i = 0; i < order_field_count; i++)
		help_option(order_fields[i].name, field_key(i), order_fields[i].argument,
			    order_fields[i].help);
	printf("\nSettings of the job:\n");
	for (size_t i = 0; i < setting_count; i++) {
		const struct setting_def *d = &setting_defs[i];

		snprintf(text, sizeof(text), "%s%s%s", d->help,
			 setting_is(d, SETTING_LIST) ? "; may be given several times"
						     : "",
			 setting_is(d, SETTING_SECRET)
				 ? "; read from a file, - is standard input"
				 : "");
		help_option(setting_option(d, name), OPTION_SETTING,
			    setting_is(d, SETTING_SECRET) ? "FILE" : d->argument, text);
	}
}

void options_help(const struct verb *verb)
{
	if (verb) {
		printf("Usage: jobctl [OPTION]... %s [OPTION]... %s\n", verb->name,
		       verb->arguments);
		printf("%s: %s\n", verb->name, verb->summary);
		if (verb->more) {
			putchar('\n');
			wrap(verb->more, 0, 0);
		}
		help_options("Options", verb->options);
		if (verb->order)
			help_order();
	}
	help_options("Options of every verb", globals);
}

void options_misuse(const struct verb *verb)
{
	fprintf(stderr, "Try 'jobctl %s%s--help' for more information.\n",
		verb ? verb->name : "", verb ? " " : "");
	exit(EXIT_MISUSE);
}

void options_arguments(const struct jobctl *ctl, int argc, int min, int max)
{
	int given = argc - optind;

	if (given >= min && given <= max)
		return;
	if (given > max)
		warnx("%s: too many arguments", ctl->verb->name);
	else
		warnx("%s: wants %s", ctl->verb->name, ctl->verb->arguments);
	options_misuse(ctl->verb);
}
