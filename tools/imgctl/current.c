/* imgctl current: which version is meant if none is said. */
#include "config.h"

#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "lib/media/catalogue_change.h"
#include "lib/sys/exits.h"
#include "lib/sys/print.h"
#include "tools/imgctl/imgctl.h"

enum { KEY_BACK = 256 };

const struct verb_option current_options[] = {
	{ "back", KEY_BACK, NULL, "go back to the version that was current before" },
	{ "dry-run", 'n', NULL, "say what would change and change nothing" },
	{ 0 },
};

struct change {
	char name[JOB_NAME], version[JOB_NAME], before[JOB_NAME];
	bool back, dry_run;
};

static void build(struct jsonout *j, const void *what)
{
	const struct change *c = what;

	jsonout_text(j, "name", c->name);
	jsonout_text(j, "current", c->version);
	if (*c->before)
		jsonout_text(j, "before", c->before);
	else
		jsonout_null(j, "before");
	jsonout_bool(j, "dry_run", c->dry_run);
}

static void report(const struct imgctl *ctl, const struct change *c)
{
	if (ctl->json)
		print_json(build, c);
	else if (strcmp(c->before, c->version) == 0)
		printf("%s@%s is current\n", c->name, c->version);
	else
		printf("%s%s@%s is current now, %s%s was before\n",
		       c->dry_run ? "dry run: " : "", c->name, c->version,
		       *c->before ? "@" : "", *c->before ? c->before : "nothing");
}

/* Only looks: for -n, and for a name alone. */
static bool look(struct imgctl *ctl, struct change *c, char why[static CATALOGUE_WHY])
{
	const char *images = imgctl_images(ctl);
	char reference[2 * JOB_NAME], unused[CATALOGUE_WHY] = "";
	struct image image;

	if (!catalogue_current(images, c->name, c->before, c->back ? unused : why)) {
		*c->before = '\0';
		if (!*c->version && !c->back)
			return false;
	}
	if (c->back && !catalogue_previous(images, c->name, c->version, why))
		return false;
	if (!*c->version)
		snprintf(c->version, sizeof(c->version), "%s", c->before);
	snprintf(reference, sizeof(reference), "%s@%s", c->name, c->version);
	if (!catalogue_load(images, reference, &image, why))
		return false;
	image_free(&image);
	return true;
}

/* A version whose manifest cannot be read never becomes current. */
static bool change(struct imgctl *ctl, struct change *c, char why[static CATALOGUE_WHY])
{
	bool only_look = c->dry_run || (!c->back && !*c->version);

	if (!look(ctl, c, why))
		return false;
	if (only_look)
		return true;
	if (c->back)
		return catalogue_switch_back(imgctl_images(ctl), c->name, c->version,
					     c->before, why);
	return catalogue_switch(imgctl_images(ctl), c->name, c->version, c->before, why);
}

int current_main(struct imgctl *ctl, int argc, char *argv[])
{
	struct change c = { 0 };
	char why[CATALOGUE_WHY];
	int key;

	while ((key = imgctl_next(ctl, argc, argv)) != -1) {
		c.back |= key == KEY_BACK;
		c.dry_run |= key == 'n';
	}
	verb_arguments(&ctl->face, argc, 1, 1);
	if (!image_reference(argv[optind], c.name, c.version))
		errx(EXIT_MISUSE, "'%s' is not NAME or NAME@VERSION", argv[optind]);
	if (c.back && *c.version)
		errx(EXIT_MISUSE, "--back takes the name alone");
	if (!change(ctl, &c, why)) {
		warnx("%s", why);
		return EXIT_FAILED;
	}
	report(ctl, &c);
	return EXIT_DONE;
}
