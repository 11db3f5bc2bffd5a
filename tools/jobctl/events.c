/* Verbs that print events: events, and log for the transitions of one job. */
#include "config.h"

#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/core/object.h"
#include "lib/sys/exits.h"
#include "lib/sys/now.h"
#include "lib/sys/print.h"
#include "lib/sys/service.h"
#include "lib/sys/table.h"
#include "tools/jobctl/jobctl.h"
#include "tools/jobctl/select.h"
#include "tools/jobctl/since.h"

#define FOLLOW_MS 200

enum { KEY_JOB = 256, KEY_MACHINE };

const struct verb_option events_options[] = {
	{ "follow", 'f', NULL, "go on with those that come" },
	{ "since", 's', "TIME",
	  "only later ones: 90s, 15m, 2h, 7d ago, or 2026-11-22, '2026-11-22 10:30', "
	  "10:30, "
	  "2026-11-22T09:30:00Z" },
	{ "job", KEY_JOB, "JOB", "only what belongs to this job" },
	{ "machine", KEY_MACHINE, "MACHINE", "only what this machine did" },
	{ 0 },
};

/* ---- one event ---- */

/* The line of pxekit-events(5), with what the database added in front. */
static void print_line(const struct store_event *e)
{
	char head[8 * JOB_TEXT], tail[EVENT_LINE], time[EVENT_TIME];
	struct jsonout j = jsonout_begin(head, sizeof(head));
	size_t len;

	event_time_format(e->received_ms, time);
	jsonout_open(&j, NULL, '{');
	jsonout_int(&j, "seq", e->seq);
	jsonout_text(&j, "received", time);
	jsonout_text(&j, "verdict", e->verdict == STORE_REFUSED ? "refused" : "applied");
	if (*e->why)
		jsonout_text(&j, "why", e->why);
	jsonout_end(&j, &len);
	event_format(&e->event, tail);
	printf("%s,%s", head, tail + 1);
}

static void put(const char *before, const char *text)
{
	if (!*text)
		return;
	fputs(before, stdout);
	print_text(text);
}

static void put_numbers(const struct event *ev)
{
	char text[PRINT_TIME];

	if (ev->step_of > 0)
		printf(" (%" PRId64 " of %" PRId64 ")", ev->step_n, ev->step_of);
	if (ev->percent >= 0)
		printf(" %" PRId64 " %%", ev->percent);
	if (ev->octets >= 0)
		printf(" %s", print_octets(ev->octets, text));
	if (ev->ms >= 0)
		printf(" %s", print_duration(ev->ms, text));
	if (ev->job)
		printf(" job %" PRId64, ev->job);
	if (ev->attempt > 1)
		printf(" attempt %" PRId64, ev->attempt);
}

static void print_readable(const struct store_event *e)
{
	const struct event *ev = &e->event;
	char text[PRINT_TIME];

	printf("%s ", print_clock(ev->time_ms, text));
	print_text(ev->source);
	printf(" %s", event_kind_name(ev->kind));
	if (ev->key.has_mac)
		printf(" %s", print_mac(&ev->key.mac, text));
	put(" ", ev->address);
	put(" ", ev->actor);
	put(" ", ev->action);
	put(" ", ev->file);
	put(" ", ev->state);
	put(" ", ev->step);
	put_numbers(ev);
	put(" rule ", ev->rule);
	put(": ", ev->text);
	if (e->verdict == STORE_REFUSED)
		put(" REFUSED: ", e->why);
	putchar('\n');
}

/* ---- events ---- */

static int print_new(const struct jobctl *ctl, struct event_filter *filter)
{
	struct store_list *events = store_events(ctl->store, filter);
	struct store_event e;

	if (!events)
		return jobctl_result(ctl, STORE_FAILED);
	while (store_next_event(events, &e)) {
		filter->after_seq = e.seq;
		if (ctl->json)
			print_line(&e);
		else
			print_readable(&e);
	}
	if (fflush(stdout) != 0)
		err(EXIT_FAILED, "standard output");
	return jobctl_result(ctl, store_list_end(events));
}

static void events_parse(struct jobctl *ctl, int argc, char *argv[],
			 struct event_filter *filter, bool *follow)
{
	const char *job = NULL, *machine = NULL;
	struct machine m;
	struct job found;
	int c, code = EXIT_DONE;

	while ((c = options_next(ctl, argc, argv)) != -1) {
		if (c == 'f')
			*follow = true;
		else if (c == 's')
			filter->since_ms = since_parse(optarg);
		else
			*(c == KEY_JOB ? &job : &machine) = optarg;
	}
	options_arguments(ctl, argc, 0, 0);
	jobctl_open(ctl, STORE_READ);
	if (job && !select_number(job, &filter->job)) {
		code = select_job(ctl, job, SELECT_NEWEST, &found);
		filter->job = found.id;
	}
	if (machine && code == EXIT_DONE) {
		code = select_machine(ctl, machine, &m);
		filter->machine = m.id;
	}
	if (code != EXIT_DONE)
		exit(code);
}

int events_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct event_filter filter = { 0 };
	bool follow = false;
	int code;

	events_parse(ctl, argc, argv, &filter, &follow);
	if (follow)
		service_signals();
	do
		code = print_new(ctl, &filter);
	while (code == EXIT_DONE && follow && !service_stop &&
	       (poll(NULL, 0, FOLLOW_MS), !service_stop));
	return code;
}

/* ---- log ---- */

/* What moved the job, or tried to. */
static bool is_transition(const struct store_event *e)
{
	switch (e->event.kind) {
	case EVENT_REPORT:
	case EVENT_ADMIN:
	case EVENT_DISKS:
	case EVENT_REFUSED:
		return true;
	default:
		return false;
	}
}

static void build_entry(struct jsonout *j, const void *what)
{
	const struct store_event *e = what;
	const struct event *ev = &e->event;

	object_time(j, "time", ev->time_ms);
	jsonout_text(j, "event", event_kind_name(ev->kind));
	jsonout_text(j, "source", ev->source);
	jsonout_text(j, "address", ev->address);
	jsonout_text(j, "actor", ev->actor);
	jsonout_text(j, "action", ev->action);
	jsonout_int(j, "attempt", ev->attempt);
	jsonout_text(j, "state", ev->state);
	jsonout_text(j, "step", ev->step);
	if (ev->percent >= 0)
		jsonout_int(j, "percent", ev->percent);
	else
		jsonout_null(j, "percent");
	jsonout_text(j, "text", ev->text);
	jsonout_text(j, "verdict", e->verdict == STORE_REFUSED ? "refused" : "applied");
	jsonout_text(j, "why", e->why);
}

static void add_row(struct table *t, const struct store_event *e)
{
	const struct event *ev = &e->event;
	bool refused = e->verdict == STORE_REFUSED;
	char time[PRINT_TIME];

	table_row(t);
	table_cell(t, print_clock(ev->time_ms, time));
	table_cellf(t, "%s", *ev->state ? ev->state : event_kind_name(ev->kind));
	table_cell(t, ev->step);
	if (ev->percent >= 0)
		table_cellf(t, "%" PRId64, ev->percent);
	else
		table_cell(t, "");
	table_cell(t, *ev->address ? ev->address : ev->actor);
	table_cellf(t, "%s%s%s%s%s", ev->action, *ev->action && *ev->text ? ": " : "",
		    ev->text, refused ? " REFUSED: " : "", refused ? e->why : "");
}

static int print_log(const struct jobctl *ctl, int64_t job, size_t *shown)
{
	static const struct table_column columns[] = {
		{ "TIME", 23, false, false },
		{ "STATE", 5, false, false },
		{ "STEP", 4, false, false },
		{ "%", 1, true, false },
		{ "FROM", 4, false, false },
		{ "TEXT", 0.3, false, true },
		{ 0 },
	};
	struct event_filter filter = { .job = job };
	struct store_list *events = store_events(ctl->store, &filter);
	struct print_list list = { .name = "log" };
	struct store_event e;
	struct table table;

	if (!events)
		return jobctl_result(ctl, STORE_FAILED);
	table_begin(&table, columns);
	while (store_next_event(events, &e)) {
		if (!is_transition(&e) || e.event.job != job)
			continue;
		++*shown;
		if (ctl->json)
			print_list_item(&list, build_entry, &e);
		else
			add_row(&table, &e);
	}
	store_list_end(events);
	table_end(&table);
	if (ctl->json && *shown)
		print_list_end(&list);
	return EXIT_DONE;
}

/* A number is looked up among the events, which outlive their job. */
int log_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct job job = { 0 };
	size_t shown = 0;
	int code = EXIT_DONE;

	while (options_next(ctl, argc, argv) != -1)
		;
	options_arguments(ctl, argc, 1, 1);
	jobctl_open(ctl, STORE_READ);
	if (!select_number(argv[optind], &job.id))
		code = select_job(ctl, argv[optind], SELECT_NEWEST, &job);
	if (code == EXIT_DONE)
		code = print_log(ctl, job.id, &shown);
	if (code == EXIT_DONE && !shown) {
		warnx("%s: there never was such a job (see jobctl list --all)",
		      argv[optind]);
		return EXIT_NO;
	}
	return code;
}
