#include "config.h"

#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/csv.h"
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
	enum { FORMAT_LOOK, FORMAT_CSV, FORMAT_NDJSON } format;
	bool dry_run, keep_going;
	struct told told; /* for every job */
	struct order_site site;

	char *text;
	size_t len;
	const char *column[CSV_FIELDS];
	size_t columns;

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
	if (im->format == FORMAT_LOOK)
		im->format = im->text[strspn(im->text, " \t\r\n")] == '{' ? FORMAT_NDJSON
									  : FORMAT_CSV;
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

/* ---- NDJSON ---- */

static bool take_line(struct import *im, size_t line, const char *text, size_t len)
{
	struct order o = { .sealed = true };
	bool go_on;

	if (strspn(text, " \t\r") >= len)
		return true;
	told_say(&im->told, &o);
	order_json(&o, text, len);
	go_on = queue(im, line, &o);
	order_free(&o);
	return go_on;
}

static void take_ndjson(struct import *im)
{
	char *end = im->text + im->len, *p = im->text, *newline;
	bool go_on = true;

	for (size_t line = 1; go_on && p < end; line++) {
		newline = memchr(p, '\n', (size_t)(end - p));
		if (!newline)
			newline = end;
		*newline = '\0';
		go_on = take_line(im, line, p, (size_t)(newline - p));
		p = newline + 1;
	}
}

/* ---- CSV ---- */

static bool take_header(struct import *im, struct csv *csv)
{
	char text[ORDER_SENTENCE];

	for (size_t i = 0; i < csv->fields; i++) {
		const char *name = csv->field[i], *why = NULL;

		if (!order_field_find(name) && !setting_find(name))
			why = "is no option of a job";
		for (size_t k = 0; k < i; k++)
			if (strcmp(name, csv->field[k]) == 0)
				why = "is there twice";
		im->column[i] = name;
		if (!why)
			continue;
		snprintf(text, sizeof(text), "column %.100s: %s", name, why);
		complain(im, csv->line, text);
		im->code = EXIT_MISUSE;
	}
	im->columns = csv->fields;
	return im->code == EXIT_DONE;
}

/* A list stands in one value, a line each; addresses may also have blanks between. */
static void say_cell(struct order *o, const char *name, char *value)
{
	const struct setting_def *def = setting_find(name);
	const struct order_field *field = order_field_find(name);
	bool list = def ? setting_is(def, SETTING_LIST) : field->traits & SETTING_LIST;
	const char *between = def ? "\n" : "\n ";
	char *rest = value;

	if (!list && *value)
		order_say(o, name, value);
	while (list && (value = strsep(&rest, between)))
		if (*value)
			order_say(o, name, value);
}

static bool take_record(struct import *im, const struct csv *csv)
{
	struct order o = { .sealed = true };
	char text[96];
	bool go_on;

	if (csv->fields != im->columns) {
		snprintf(text, sizeof(text), "has %zu values, and the header %zu names",
			 csv->fields, im->columns);
		complain(im, csv->line, text);
		im->refused++;
		im->code = jobctl_worse(im->code, EXIT_MISUSE);
		return true;
	}
	told_say(&im->told, &o);
	for (size_t i = 0; i < im->columns; i++)
		say_cell(&o, im->column[i], csv->field[i]);
	go_on = queue(im, csv->line, &o);
	order_free(&o);
	return go_on;
}

static void take_csv(struct import *im)
{
	struct csv csv = csv_begin(im->text, im->len);
	enum csv_result got = csv_next(&csv);
	bool go_on = got == CSV_RECORD && take_header(im, &csv);

	if (got == CSV_BAD) {
		complain(im, csv.line, csv.why);
		im->code = EXIT_MISUSE;
	}
	while (go_on && (got = csv_next(&csv)) != CSV_END) {
		if (got == CSV_RECORD) {
			go_on = take_record(im, &csv);
			continue;
		}
		complain(im, csv.line, csv.why);
		im->refused++;
		im->code = jobctl_worse(im->code, EXIT_MISUSE);
	}
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
	if (im->format == FORMAT_CSV)
		take_csv(im);
	else
		take_ndjson(im);
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
		if (c == KEY_FORMAT && strcmp(optarg, "csv") == 0)
			im->format = FORMAT_CSV;
		else if (c == KEY_FORMAT && strcmp(optarg, "ndjson") == 0)
			im->format = FORMAT_NDJSON;
		else if (c == KEY_FORMAT)
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
