#include "config.h"

#include "tools/wimprep/wimprep.h"

#include <err.h>
#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/sys/exits.h"
#include "lib/sys/tool.h"

static const struct verb verbs[] = {
	{ "build", "BOOT.WIM", "put drivers, startnet.cmd and curl.exe into a boot.wim",
	  build_main },
	{ "drivers", "index|match|show", "say which drivers a disc or a folder holds",
	  drivers_main },
	{ "verify", "BOOT.WIM", "say whether a boot.wim has what it needs", verify_main },
	{ "diff", "A B", "say what differs between two WIMs", diff_main },
	{ 0 },
};

static noreturn void help(void)
{
	fputs("Usage: wimprep VERB [OPTION]... [ARGUMENT]...\n"
	      "Make a boot.wim ready for the network, and look into one.\n\nVerbs:\n",
	      stdout);
	for (const struct verb *v = verbs; v->name; v++)
		printf("  %-10s %s\n", v->name, v->summary);
	fputs("\n"
	      "  -h, --help      show this\n"
	      "  -V, --version   show the version\n"
	      "\n'wimprep VERB --help' tells more.\n",
	      stdout);
	exit(tool_end(EXIT_DONE));
}

noreturn void verb_help(const char *text)
{
	fputs(text, stdout);
	exit(tool_end(EXIT_DONE));
}

noreturn void verb_misuse(const char *verb)
{
	fprintf(stderr, "Try 'wimprep %s --help'.\n", verb);
	exit(EXIT_MISUSE);
}

unsigned verb_index(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || n < 1 || n > 999)
		errx(EXIT_MISUSE, "index '%s' is not the number of an image", text);
	return (unsigned)n;
}

static const struct verb *find_verb(const char *name)
{
	for (const struct verb *v = verbs; v->name; v++)
		if (strcmp(v->name, name) == 0)
			return v;
	return NULL;
}

static void parse_options(int argc, char *argv[])
{
	static const struct option longs[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "+hV", longs, NULL)) != -1) {
		switch (c) {
		case 'h':
			help();
		case 'V':
			tool_version("wimprep");
		default:
			tool_misuse("wimprep");
		}
	}
}

int main(int argc, char *argv[])
{
	const struct verb *verb;

	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C");
	parse_options(argc, argv);
	if (optind == argc) {
		warnx("no verb is given: what shall be done?");
		tool_misuse("wimprep");
	}
	if (strcmp(argv[optind], "help") == 0)
		help();
	verb = find_verb(argv[optind]);
	if (!verb) {
		warnx("%s: no such verb", argv[optind]);
		tool_misuse("wimprep");
	}
	argv[optind] = argv[0]; /* getopt's messages begin with it */
	argc -= optind;
	argv += optind;
	optind = 0; /* getopt_long starts over */
	return tool_end(verb->main(argc, argv));
}
