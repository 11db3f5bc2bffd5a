#include "config.h"

#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/order/order_source.h"
#include "lib/sys/exits.h"
#include "lib/sys/print.h"
#include "lib/sys/tool.h"
#include "tools/jobctl/jobctl.h"
#include "tools/jobctl/told.h"

#define COMPLAINTS 100     /* the rest are counted */
#define MOST (1024L << 20) /* octets of a file */

enum { KEY_KEEP_GOING = 256, KEY_FORMAT };

const struct verb_option import_options[] = {
	{ "keep-going", KEY_KEEP_GOING, NULL,
	  "queue what can be queued (default: all or nothing)" },
	{ "format", KEY_FORMAT, "FORMAT", "csv or ndjson (default: as the file looks)" },
	{ "dry-run", 'n', NULL, "check everything and change nothing" },
	{ 0 },
};

/* A job that was queued. */
struct imported {
	size_t line;
	int64_t id;
	struct mac mac;
	char image[2 * JOB_NAME], made[PASSWORD_MADE];
};

struct import {
	const struct jobctl *ctl;
	const char *name; /* of the file */
	enum order_format format;
	bool has_format, dry_run, keep_going;
	struct told told; /* for every job */
	struct order_site site;

	char *text;
	size_t len;
	size_t columns; /* of a header that could be read */

	struct imported *done;
	size_t count, refused, complaints;
	int code;
};

/* ---- the file ---- */

static void read_all(struct import *im, FILE *in)
{
	size_t room = 1 << 16, n;

	do {
		room *= 2;
		if (room > MOST)
			errx(EXIT_MISUSE, "%s: is too large", im->name);
		im->text = realloc(im->text, room);
		if (!im->text)
			err(EXIT_FAILED, "%s", im->name);
		n = fread(im->text + im->len, 1, room - im->len - 1, in);
		im->len += n;
	} while (n > 0);
	if (ferror(in))
		err(EXIT_FAILED, "%s", im->name);
	im->text[im->len] = '\0';
}

static void open_file(struct import *im, const char *path)
{
	FILE *in = stdin;

	im->name = path && strcmp(path, "-") != 0 ? path : "standard input";
	if (path && strcmp(path, "-") != 0)
		in = fopen(path, "re");
	if (!in)
		err(EXIT_MISUSE, "%s", path);
	read_all(im, in);
	if (in != stdin)
		fclose(in);
	if (!im->has_format)
		im->format = order_source_look(im->text);
}

/* ---- one job ---- */

static void complain(struct import *im, size_t line, const char *sentence)
{
	char safe[PRINT_SAFE];

	if (im->complaints++ < COMPLAINTS)
		warnx("%s:%zu: %s", im->name, line,
		      print_safe(sentence, safe, sizeof(safe)));
}

static void tell_notes(struct import *im, size_t line, const struct order *o)
{
	char text[ORDER_SENTENCE + 16];

	for (size_t i = 0; i < o->notes; i++) {
		const struct order_note *n = &o->note[i];
		const char *from = n->sentence;

		from += strncmp(from, "--", 2) == 0 ? 2 : 0;
		snprintf(text, sizeof(text), "%s%s", n->warning ? "warning: " : "", from);
		complain(im, line, text);
	}
}

static void remember(struct import *im, size_t line, const struct order *o)
{
	struct imported *one;

	if (im->count % 1024 == 0) {
		im->done =
			realloc(im->done, (im->count + 1024) * sizeof(struct imported));
		if (!im->done)
			err(EXIT_FAILED, "%s", im->name);
	}
	one = &im->done[im->count++];
	*one = (struct imported){ .line = line, .id = o->job.id, .mac = o->key.mac };
	memcpy(one->image, o->job.image, sizeof(one->image));
	if (!im->dry_run)
		memcpy(one->made, o->made, sizeof(one->made));
}

/* What was said is complete; false if going on makes no sense. */
static bool queue(struct import *im, size_t line, struct order *o)
{
	int code = EXIT_MISUSE;

	if (order_settle(o, &im->site))
		code = told_result(o, &im->site, order_queue(o, &im->site, tool_actor()));
	tell_notes(im, line, o);
	if (code == EXIT_DONE)
		remember(im, line, o);
	else
		im->refused++;
	im->code = jobctl_worse(im->code, code);
	return code != EXIT_BUSY && code != EXIT_FAILED;
}

/* A header that cannot be read is no job that is refused. */
static bool take(struct import *im, struct order_source *source, struct order *o)
{
	if (!source->nothing)
		return queue(im, source->line, o);
	tell_notes(im, source->line, o);
	im->refused += !source->ended;
	im->code = jobctl_worse(im->code, EXIT_MISUSE);
	return true;
}

static void take_all(struct import *im)
{
	struct order_source source = order_source_begin(im->text, im->len, im->format);
	bool go_on = true;

	while (go_on) {
		struct order o = { .sealed = true };

		told_say(&im->told, &o);
		go_on = order_source_next(&source, &o) && take(im, &source, &o);
		order_free(&o);
	}
	im->columns = source.columns;
}

/* ---- what became of it ---- */

static void build(struct jsonout *j, const void *what)
{
	const struct import *im = what;

	jsonout_int(j, "queued", (int64_t)im->count);
	jsonout_int(j, "refused", (int64_t)im->refused);
	jsonout_bool(j, "dry_run", im->dry_run);
	jsonout_open(j, "jobs", '[');
	for (size_t i = 0; i < im->count; i++) {
		const struct imported *one = &im->done[i];
		char mac[MAC_TEXT];

		jsonout_open(j, NULL, '{');
		jsonout_int(j, "line", (int64_t)one->line);
		jsonout_int(j, "id", im->dry_run ? 0 : one->id);
		jsonout_text(j, "mac", print_mac(&one->mac, mac));
		jsonout_text(j, "image", one->image);
		if (*one->made)
			jsonout_text(j, "admin_password", one->made);
		jsonout_close(j, '}');
	}
	jsonout_close(j, ']');
}

static void report(const struct import *im)
{
	char mac[MAC_TEXT];

	if (im->complaints > COMPLAINTS)
		warnx("%s: and %zu more like these", im->name,
		      im->complaints - COMPLAINTS);
	if (im->ctl->json) {
		print_json(build, im);
		return;
	}
	for (size_t i = 0; i < im->count; i++)
		if (*im->done[i].made)
			printf("job %" PRId64
			       ": %s Administrator's password, shown only now: %s\n",
			       im->done[i].id, print_mac(&im->done[i].mac, mac),
			       im->done[i].made);
	printf("%s%zu queued, %zu refused\n", im->dry_run ? "dry run: " : "", im->count,
	       im->refused);
}

static void forget(struct import *im)
{
	im->count = 0;
}

/*
 * One transaction for all: to everybody else the jobs are there at once, and an
 * image cannot go away between the first and the last.
 */
static int import(struct import *im)
{
	int code = jobctl_result(im->ctl, store_begin_large(im->ctl->store));
	bool keep;

	if (code != EXIT_DONE)
		return code;
	take_all(im);
	keep = im->code == EXIT_DONE ||
	       (im->keep_going && im->code != EXIT_FAILED && im->code != EXIT_BUSY);
	if (keep && im->keep_going && im->code != EXIT_DONE && im->columns + im->count)
		im->code = EXIT_NO;
	if (!keep)
		forget(im);
	code = jobctl_result(im->ctl, store_end(im->ctl->store, keep && !im->dry_run));
	return jobctl_worse(im->code, keep ? code : EXIT_DONE);
}

static void parse(struct jobctl *ctl, int argc, char *argv[], struct import *im)
{
	int c;

	while ((c = options_next(ctl, argc, argv)) != -1) {
		if (told_keep(&im->told, c, optarg))
			continue;
		im->dry_run |= c == 'n';
		im->keep_going |= c == KEY_KEEP_GOING;
		if (c != KEY_FORMAT)
			continue;
		im->has_format = true;
		im->format = strcmp(optarg, "csv") == 0 ? ORDER_CSV : ORDER_NDJSON;
		if (im->format != ORDER_CSV && strcmp(optarg, "ndjson") != 0)
			errx(EXIT_MISUSE, "--format %s: is none of csv, ndjson", optarg);
	}
	options_arguments(ctl, argc, 0, 1);
}

int import_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct import im = { .ctl = ctl };
	int code;

	parse(ctl, argc, argv, &im);
	open_file(&im, argv[optind]);
	jobctl_open_to_change(ctl, im.dry_run);
	im.site = (struct order_site){ .conf = ctl->conf,
				       .store = ctl->store,
				       .dry_run = im.dry_run };
	code = import(&im);
	report(&im);
	order_site_end(&im.site);
	told_free(&im.told);
	explicit_bzero(im.text, im.len);
	free(im.text);
	free(im.done);
	return code;
}
