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

static const struct verb_option globals[] = { VERB_HELP, VERB_VERSION, { 0 } };

static const struct wimprep_verb verbs[] = {
	{ "build", "[FILE]", "put drivers, startnet.cmd and curl.exe into a boot.wim",
	  "FILE is a boot.wim; without it --image names an image of the catalogue.  The "
	  "original is kept: as FILE.orig, as the file that --output does not name, or "
	  "as "
	  "the version of the image that the new one, VERSION+dN, is made of.  --ready "
	  "lays out what a machine boots from: boot.wim, wimboot, BCD, boot.sdi.",
	  build_main, build_options },
	{ "drivers", "index|match|show|pack [FILE...]",
	  "say which drivers a disc or a folder holds",
	  "index FILE...: a line for each hardware id, and the package that it leads to. "
	  " "
	  "match --id=ID FILE...: the packages for one device, the best first, ranked as "
	  "Windows does.  show FILE [PACKAGE...]: all about packages, and whether a file "
	  "is missing.  pack: the driver-packs of pxekit.conf, or the one for a model.  "
	  "FILE is a folder, an ISO or one INF; PACKAGE is the path of an "
	  "INF in it, its name, or its folder's.",
	  drivers_main, drivers_options },
	{ "verify", "FILE", "say whether a boot.wim has what it needs",
	  "Without booting it.  FILE may be an image, NAME or NAME@VERSION, if no file "
	  "is "
	  "called so.  Exit status: 0 no check failed, 1 one did.",
	  verify_main, verify_options },
#ifdef HAVE_HIVEX
	{ "netboot", "IMAGE", "lay an image out for Microsoft's own boot manager",
	  "Below the TFTP folder, with a BCD; so Windows PE starts by the route "
	  "bootmgfw, "
	  "without iPXE and with Secure Boot.  IMAGE is NAME or NAME@VERSION, prepared "
	  "by "
	  "wimprep build.  Without --mac and --network it is for all machines.",
	  netboot_main, netboot_options },
#endif
	{ "diff", "FILE FILE", "say what differs between two WIMs",
	  "Image by image, by their hashes.  A line is the number of the image, '+' "
	  "(only "
	  "in the second FILE), '-' (only in the first) or '~' (differs), and the path.  "
	  "Exit status: 0 they are alike, 1 they differ.",
	  diff_main, diff_options },
	{ 0 },
};

static const struct wimprep_verb *find_verb(const char *name)
{
	for (const struct wimprep_verb *v = verbs; v->name; v++)
		if (strcmp(v->name, name) == 0)
			return v;
	return NULL;
}

static struct verb_face face_of(const struct wimprep_verb *verb)
{
	return (struct verb_face){ "wimprep",     verb->name, verb->arguments,
				   verb->summary, verb->more, verb->options,
				   globals };
}

static void help_overview(const struct verb_face *face)
{
	fputs("Usage: wimprep VERB [OPTION]... [ARGUMENT]...\n"
	      "Make a boot.wim ready for the network, and look into one.\n\nVerbs:\n",
	      stdout);
	for (const struct wimprep_verb *v = verbs; v->name; v++)
		printf("  %-10s %s\n", v->name, v->summary);
	verb_help(face);
	fputs("\n'wimprep VERB --help' tells more.\n", stdout);
}

/* "wimprep help VERB" is what many try first. */
static noreturn void help(const struct verb_face *face, const char *name)
{
	const struct wimprep_verb *verb = name ? find_verb(name) : NULL;
	struct verb_face one;

	if (name && !verb)
		errx(EXIT_MISUSE, "%s: no such verb (see wimprep --help)", name);
	if (verb) {
		one = face_of(verb);
		verb_help(&one);
	} else
		help_overview(face);
	exit(tool_end(EXIT_DONE));
}

unsigned wimprep_index(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || n < 1 || n > 999)
		errx(EXIT_MISUSE, "index '%s' is not the number of an image", text);
	return (unsigned)n;
}

int main(int argc, char *argv[])
{
	struct verb_face face = { .tool = "wimprep", .globals = globals };
	const struct wimprep_verb *verb;

	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C");
	while (verb_next(&face, argc, argv) == 'h')
		help(&face, NULL);
	if (optind == argc) {
		warnx("no verb is given: what shall be done?");
		verb_misuse(&face);
	}
	if (strcmp(argv[optind], "help") == 0)
		help(&face, argv[optind + 1]);
	verb = find_verb(argv[optind]);
	if (!verb) {
		warnx("%s: no such verb", argv[optind]);
		verb_misuse(&face);
		return EXIT_MISUSE; /* not reached */
	}
	face = face_of(verb);
	argv[optind] = argv[0]; /* getopt's messages begin with it */
	argc -= optind;
	argv += optind;
	optind = 0; /* getopt_long starts over */
	return tool_end(verb->main(&face, argc, argv));
}
