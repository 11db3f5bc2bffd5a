/* imgctl verify: whether each file is what it was when the image was made. */
#include "config.h"

#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/sys/exits.h"
#include "lib/sys/now.h"
#include "lib/sys/print.h"
#include "tools/imgctl/overview.h"

#define REDRAW_MS 200

const struct verb_option verify_options[] = {
	{ "all", 'a', NULL, "every version of every image" },
	{ "quiet", 'q', NULL, "say nothing of what is good" },
	{ 0 },
};

struct check {
	struct imgctl *ctl;
	struct print_list list; /* of --json */
	bool quiet, tty;
	/* of the version at hand */
	const struct catalogue_entry *entry;
	struct {
		char file[256];
		enum verify_fault fault;
	} fault[64];
	size_t faults;
	int64_t started_ms, drawn_ms, done;
	char why[CATALOGUE_WHY];
};

/* ---- as it goes on ---- */

static void clear(struct check *c)
{
	if (c->tty && c->drawn_ms)
		fputs("\r\033[K", stderr);
	c->drawn_ms = 0;
}

static void on_fault(void *context, enum verify_fault fault, const char *file)
{
	struct check *c = context;
	char safe[PRINT_SAFE];

	clear(c);
	warnx("%s@%s: %s %s", c->entry->name, c->entry->version,
	      print_safe(file, safe, sizeof(safe)), verify_fault_text(fault));
	if (c->faults < sizeof(c->fault) / sizeof(c->fault[0])) {
		snprintf(c->fault[c->faults].file, sizeof(c->fault[0].file), "%s", file);
		c->fault[c->faults].fault = fault;
	}
	c->faults++;
}

static void on_progress(void *context, int64_t done, int64_t all)
{
	struct check *c = context;
	int64_t now = now_monotonic_ms(), ms = now - c->started_ms;
	char rate[PRINT_TIME], left[PRINT_TIME];

	c->done = done;
	if (!c->tty || now - c->drawn_ms < REDRAW_MS || ms < REDRAW_MS)
		return;
	c->drawn_ms = now;
	print_octets((int64_t)((double)done * 1000 / (double)ms), rate);
	print_duration((int64_t)((double)(all - done) * (double)ms / (double)(done + 1)),
		       left);
	fprintf(stderr, "\r\033[K%s@%s: %3d%%, %s/s, %s left", c->entry->name,
		c->entry->version, all ? (int)(100.0 * (double)done / (double)all) : 0,
		rate, left);
}

/* ---- one version ---- */

static void build(struct jsonout *j, const void *what)
{
	const struct check *c = what;
	size_t kept = sizeof(c->fault) / sizeof(c->fault[0]);

	jsonout_text(j, "name", c->entry->name);
	jsonout_text(j, "version", c->entry->version);
	jsonout_bool(j, "good", !c->faults && !*c->why);
	if (*c->why)
		jsonout_text(j, "error", c->why);
	else
		jsonout_null(j, "error");
	jsonout_int(j, "octets", c->done);
	jsonout_open(j, "faults", '[');
	for (size_t i = 0; i < c->faults && i < kept; i++) {
		jsonout_open(j, NULL, '{');
		jsonout_text(j, "file", c->fault[i].file);
		jsonout_text(j, "why", verify_fault_text(c->fault[i].fault));
		jsonout_close(j, '}');
	}
	jsonout_close(j, ']');
}

/* The record is a help for list; where nobody may write it, nothing is lost. */
static void remember(struct check *c)
{
	const char *images = imgctl_images(c->ctl);

	if (verify_remember(images, c->entry->name, c->entry->version, c->faults) < 0 &&
	    errno != EACCES && errno != EROFS)
		warn("%s@%s: the result is not kept", c->entry->name, c->entry->version);
}

static bool compare(struct check *c)
{
	struct verify_watch watch = { c, on_fault, on_progress };
	const struct catalogue_entry *e = c->entry;
	char path[PATH_MAX], reference[2 * JOB_NAME];
	struct image image;
	bool ran;

	snprintf(reference, sizeof(reference), "%s@%s", e->name, e->version);
	snprintf(path, sizeof(path), "%s/%s/%s", imgctl_images(c->ctl), e->name,
		 e->version);
	if (!catalogue_load(imgctl_images(c->ctl), reference, &image, c->why))
		return false;
	ran = verify_folder(path, &image, &watch, &c->faults, c->why);
	image_free(&image);
	return ran;
}

/* A version that goes while it is read is no damage, but no result either. */
static int verify(struct check *c, const struct catalogue_entry *entry)
{
	char size[PRINT_TIME];
	bool ran;

	c->entry = entry;
	c->faults = 0;
	c->done = c->drawn_ms = 0;
	*c->why = '\0';
	c->started_ms = now_monotonic_ms();
	ran = compare(c);
	clear(c);
	if (!ran)
		warnx("%s", c->why);
	else
		remember(c);
	if (c->ctl->json)
		print_list_item(&c->list, build, c);
	else if (ran && !c->faults && !c->quiet)
		printf("%s@%s: good, %s\n", entry->name, entry->version,
		       print_octets(c->done, size));
	return !ran ? EXIT_FAILED : c->faults ? EXIT_NO : EXIT_DONE;
}

static int verify_list(struct check *c)
{
	struct catalogue_list list;
	int code = EXIT_DONE;

	overview_list(c->ctl, NULL, &list);
	for (size_t i = 0; i < list.count; i++) {
		int one = verify(c, &list.entry[i]);

		code = one > code ? one : code;
	}
	catalogue_list_free(&list);
	return code;
}

static int verify_one(struct check *c, const char *reference)
{
	struct catalogue_entry entry = { 0 };
	char why[CATALOGUE_WHY];

	if (!image_reference(reference, entry.name, entry.version))
		errx(EXIT_MISUSE, "'%s' is not NAME or NAME@VERSION", reference);
	if (!*entry.version &&
	    !catalogue_current(imgctl_images(c->ctl), entry.name, entry.version, why)) {
		warnx("%s", why);
		return EXIT_FAILED;
	}
	return verify(c, &entry);
}

int verify_main(struct imgctl *ctl, int argc, char *argv[])
{
	struct check c = { .ctl = ctl, .list = { .name = "images" } };
	int code = EXIT_DONE, key;
	bool all = false;

	while ((key = imgctl_next(ctl, argc, argv)) != -1) {
		all |= key == 'a';
		c.quiet |= key == 'q';
	}
	verb_arguments(&ctl->face, argc, all ? 0 : 1, all ? 0 : 1000);
	c.tty = isatty(STDERR_FILENO) && !c.quiet;
	if (all)
		code = verify_list(&c);
	for (int i = optind; i < argc; i++) {
		int one = verify_one(&c, argv[i]);

		code = one > code ? one : code;
	}
	if (ctl->json)
		print_list_end(&c.list);
	return code;
}
