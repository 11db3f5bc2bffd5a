#include "config.h"

#include "tools/imgctl/imgctl.h"

#include <err.h>
#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media/catalogue.h"
#include "lib/sys/exits.h"
#include "lib/sys/tool.h"

enum { KEY_CONFIG = 800, KEY_IMAGES, KEY_JSON };

static const struct verb_option globals[] = {
	{ "config", KEY_CONFIG, "FILE", "read this configuration instead of the site's" },
	{ "images", KEY_IMAGES, "DIR", "the images lie here, not where it says" },
	{ "json", KEY_JSON, NULL, "print JSON for programs" },
	VERB_HELP,
	VERB_VERSION,
	{ 0 },
};

static const struct imgctl_verb verbs[] = {
	{ "import", "FILE [FILE]",
	  "make an image of a disc, a WIM, a tarball, a kernel ...",
	  "FILE is a disc or a folder of Windows or Linux, a WIM, ESD or the first SWM, "
	  "a "
	  "tarball of a root file system, a kernel (with its initrd as the second FILE), "
	  "or "
	  "a program for EFI.  Prints NAME@VERSION.",
	  import_main, import_options },
	{ "list", "[NAME]", "list the images and their versions", NULL, list_main, NULL },
	{ "show", "IMAGE", "show all about one version",
	  "Its files, its editions, and the jobs that need it.", show_main, NULL },
	{ "editions", "FILE", "list the Windows editions of an image, WIM or disc",
	  "FILE may be an image, NAME or NAME@VERSION, if no file is called so.  Nothing "
	  "is "
	  "unpacked.",
	  editions_main, NULL },
	{ "verify", "[IMAGE]...", "compare files with the manifest",
	  "Each file that was changed, is missing, or is not in the manifest is named; "
	  "list shows the result.",
	  verify_main, verify_options },
	{ "current", "IMAGE", "say or change which version is current",
	  "NAME@VERSION becomes the version that new jobs get; jobs that are there keep "
	  "theirs.  NAME alone says which it is.",
	  current_main, current_options },
	{ "rm", "NAME@VERSION...", "remove versions",
	  "Not while a job needs them, and not the current one.", rm_main, rm_options },
	{ "menu", "[NAME]", "print what there is, for people", NULL, menu_main,
	  menu_options },
	{ "drift", "", "list the machines that were installed from another version",
	  "Those whose newest installation that is done was not of the version that is "
	  "current now.",
	  drift_main, NULL },
	{ "pull", "URL [IMAGE]...", "bring images of another site",
	  "URL is how machines reach that site.  Without IMAGE: the current version of "
	  "every image there.  What was interrupted goes on where it stopped.",
	  pull_main, pull_options },
	{ "prune", "--keep N [NAME@VERSION]...",
	  "remove the versions that nobody used lately",
	  "Of each image N versions are kept, and in any case the current one, what a "
	  "job needs, and each NAME@VERSION.",
	  prune_main, prune_options },
	{ "index", "", "write the list of images that other sites read",
	  "Every change of the catalogue by imgctl writes it; this is for what was "
	  "copied "
	  "by hand.",
	  index_main, NULL },
	{ "loader", "ACTION [FILE]...", "the first files, by which firmware begins",
	  "add [FILE...], list, show FILE, rm NAME..., check [ROUTE...]: registers "
	  "loaders "
	  "below the folder of tftp and says who signed them and what a route still "
	  "lacks.  add alone takes what Debian's packages have.",
	  loader_main, loader_options },
	{ 0 },
};

static const struct imgctl_verb *find_verb(const char *name)
{
	for (const struct imgctl_verb *v = verbs; v->name; v++)
		if (strcmp(v->name, name) == 0)
			return v;
	return NULL;
}

static void take_verb(struct imgctl *ctl, const struct imgctl_verb *verb)
{
	ctl->face = (struct verb_face){ "imgctl",      verb->name, verb->arguments,
					verb->summary, verb->more, verb->options,
					globals };
}

static void help_overview(const struct verb_face *face)
{
	fputs("Usage: imgctl [OPTION]... VERB [ARGUMENT]...\n"
	      "The catalogue of images: what machines are given.\n\nVerbs:\n",
	      stdout);
	for (const struct imgctl_verb *v = verbs; v->name; v++)
		printf("  %-10s %s\n", v->name, v->summary);
	verb_help(face);
	fputs("\nAn IMAGE is NAME or NAME@VERSION; NAME alone is its current version.\n"
	      "'imgctl VERB --help' tells more.\n",
	      stdout);
}

/* "imgctl help VERB" is what many try first. */
static noreturn void help(struct imgctl *ctl, const char *name)
{
	const struct imgctl_verb *verb = name ? find_verb(name) : NULL;

	if (name && !verb)
		errx(EXIT_MISUSE, "%s: no such verb (see imgctl --help)", name);
	if (verb) {
		take_verb(ctl, verb);
		verb_help(&ctl->face);
	} else
		help_overview(&ctl->face);
	exit(tool_end(EXIT_DONE));
}

int imgctl_next(struct imgctl *ctl, int argc, char *argv[])
{
	int c;

	for (;;) {
		c = verb_next(&ctl->face, argc, argv);
		if (c == KEY_CONFIG)
			ctl->config = optarg;
		else if (c == KEY_IMAGES)
			ctl->images = optarg;
		else if (c == KEY_JSON)
			ctl->json = true;
		else
			return c;
	}
}

int main(int argc, char *argv[])
{
	struct imgctl ctl = { .face = { .tool = "imgctl", .globals = globals } };
	const struct imgctl_verb *verb;
	int code;

	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C");
	while (imgctl_next(&ctl, argc, argv) == 'h')
		help(&ctl, NULL);
	if (optind == argc) {
		warnx("no verb is given: what shall be done?");
		verb_misuse(&ctl.face);
	}
	if (strcmp(argv[optind], "help") == 0)
		help(&ctl, argv[optind + 1]);
	verb = find_verb(argv[optind]);
	if (!verb) {
		warnx("%s: no such verb", argv[optind]);
		verb_misuse(&ctl.face);
		return EXIT_MISUSE; /* not reached */
	}
	take_verb(&ctl, verb);
	argv[optind] = argv[0]; /* getopt's messages begin with it */
	argc -= optind;
	argv += optind;
	optind = 0; /* getopt_long starts over */
	code = verb->main(&ctl, argc, argv);
	conf_free(ctl.conf);
	return tool_end(code);
}

void imgctl_configure(struct imgctl *ctl)
{
	if (ctl->conf)
		return;
	ctl->conf = conf_load(ctl->config);
	if (!ctl->conf)
		exit(EXIT_MISUSE);
}

const char *imgctl_images(struct imgctl *ctl)
{
	if (ctl->images)
		return ctl->images;
	imgctl_configure(ctl);
	return ctl->conf->images;
}

bool imgctl_load(struct imgctl *ctl, const char *reference, struct image *out)
{
	char why[CATALOGUE_WHY];

	if (catalogue_load(imgctl_images(ctl), reference, out, why))
		return true;
	warnx("%s", why);
	return false;
}
