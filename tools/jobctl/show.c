#include "config.h"

#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/object.h"
#include "lib/core/timeline.h"
#include "lib/sys/exits.h"
#include "lib/sys/now.h"
#include "lib/sys/print.h"
#include "lib/sys/table.h"
#include "tools/jobctl/jobctl.h"
#include "tools/jobctl/select.h"

#define MACS_MAX 16
#define ATTEMPTS_MAX 256

/* All that is known about one job. */
struct story {
	struct job job;
	struct machine machine;
	struct mac macs[MACS_MAX];
	struct settings settings;
	struct attempt attempts[ATTEMPTS_MAX];
	struct timeline timelines[ATTEMPTS_MAX]; /* one for each attempt */
	size_t mac_count, attempt_count;
};

/* Which attempt an event belongs to, by what it says or else by its time. */
static size_t attempt_of(const struct story *s, const struct event *ev)
{
	size_t i = s->attempt_count - 1;

	while (i > 0 && (ev->attempt ? s->attempts[i].number != ev->attempt
				     : s->attempts[i].started_ms > ev->time_ms))
		i--;
	return i;
}

static int read_timelines(const struct jobctl *ctl, struct story *s)
{
	struct event_filter filter = { .job = s->job.id };
	struct store_list *events = store_events(ctl->store, &filter);
	struct store_event e;

	if (!events)
		return jobctl_result(ctl, STORE_FAILED);
	while (s->attempt_count && store_next_event(events, &e))
		if (e.verdict != STORE_REFUSED &&
		    !timeline_add(&s->timelines[attempt_of(s, &e.event)], &e.event))
			err(EXIT_FAILED, "timeline");
	store_list_end(events);
	for (size_t i = 0; i < s->attempt_count; i++)
		timeline_finish(&s->timelines[i]);
	return EXIT_DONE;
}

static int read_story(const struct jobctl *ctl, const char *text, struct story *s)
{
	enum store_result result;
	int code = select_job(ctl, text, SELECT_NEWEST, &s->job);

	if (code != EXIT_DONE)
		return code;
	result = store_estimate(ctl->store, &s->job, now_ms());
	if (result == STORE_DONE)
		result = store_machine_by_id(ctl->store, s->job.machine, &s->machine);
	if (result == STORE_DONE)
		result = store_job_settings(ctl->store, s->job.id, &s->settings);
	if (result != STORE_DONE)
		return jobctl_result(ctl, result);
	s->mac_count = store_machine_macs(ctl->store, s->machine.id, s->macs, MACS_MAX);
	s->attempt_count =
		store_attempts(ctl->store, s->job.id, s->attempts, ATTEMPTS_MAX);
	return read_timelines(ctl, s);
}

static void free_story(struct story *s)
{
	for (size_t i = 0; i < s->attempt_count; i++)
		timeline_free(&s->timelines[i]);
	settings_free(&s->settings);
	free(s);
}

/* ---- JSON ---- */

static void build_phase(struct jsonout *j, const struct phase *p)
{
	jsonout_open(j, NULL, '{');
	jsonout_text(j, "phase", p->name);
	jsonout_text(j, "source", p->source);
	object_time(j, "began", p->began_ms);
	object_time(j, "ended", p->ended_ms);
	if (p->ended_ms)
		jsonout_int(j, "ms", p->ended_ms - p->began_ms);
	else
		jsonout_null(j, "ms");
	if (p->octets >= 0)
		jsonout_int(j, "octets", p->octets);
	else
		jsonout_null(j, "octets");
	jsonout_int(j, "count", p->count);
	jsonout_bool(j, "failed", p->failed);
	jsonout_text(j, "text", p->detail);
	jsonout_close(j, '}');
}

static void build_attempt(struct jsonout *j, const struct attempt *a,
			  const struct timeline *t)
{
	jsonout_open(j, NULL, '{');
	jsonout_int(j, "attempt", a->number);
	jsonout_text(j, "state", job_state_name(a->state));
	object_time(j, "started", a->started_ms);
	object_time(j, "ended", a->ended_ms);
	jsonout_int(j, "total_ms", timeline_total_ms(t));
	jsonout_open(j, "timeline", '[');
	for (size_t i = 0; i < t->count; i++)
		build_phase(j, &t->phase[i]);
	jsonout_close(j, ']');
	jsonout_close(j, '}');
}

static void build_machine(struct jsonout *j, const struct story *s)
{
	char mac[MAC_TEXT];

	jsonout_open(j, "machine", '{');
	object_machine(j, &s->machine);
	jsonout_open(j, "macs", '[');
	for (size_t i = 0; i < s->mac_count; i++)
		jsonout_text(j, NULL, print_mac(&s->macs[i], mac));
	jsonout_close(j, ']');
	jsonout_close(j, '}');
}

static void build(struct jsonout *j, const void *what)
{
	const struct story *s = what;

	jsonout_open(j, "job", '{');
	object_job(j, &s->job);
	jsonout_close(j, '}');
	jsonout_open(j, "settings", '{');
	object_settings(j, &s->settings);
	jsonout_close(j, '}');
	build_machine(j, s);
	jsonout_open(j, "attempts", '[');
	for (size_t i = 0; i < s->attempt_count; i++)
		build_attempt(j, &s->attempts[i], &s->timelines[i]);
	jsonout_close(j, ']');
}

/* ---- text ---- */

static void line(const char *name, const char *value)
{
	if (!*value)
		return;
	printf("  %-10s ", name);
	print_text(value);
	putchar('\n');
}

static void print_head(const struct job *job)
{
	char left[PRINT_TIME];

	printf("job %" PRId64 ": %s%s %d %%", job->id, job_state_name(job->state),
	       job->stalled ? " (stalled)" : "", job->percent);
	if (*job->step) {
		fputs(", step ", stdout);
		print_text(job->step);
	}
	if (job->step_of)
		printf(" (%u of %u)", job->step_n, job->step_of);
	putchar('\n');
	if (job->left_ms >= 0)
		line("left", print_duration(job->left_ms, left));
	line("says", job->text);
}

static void print_machine(const struct story *s)
{
	const struct machine *m = &s->machine;
	char text[2 * JOB_NAME], mac[MAC_TEXT];

	for (size_t i = 0; i < s->mac_count; i++)
		line(i ? "" : "MAC", print_mac(&s->macs[i], mac));
	snprintf(text, sizeof(text), "%s%s%s", m->manufacturer,
		 *m->manufacturer ? " " : "", m->product);
	line("product", text);
	line("UUID", m->uuid);
	line("serial", m->serial);
	line("address", m->address);
	line("boots once", machine_entry_name(m->next.entry));
	if (m->disposition != MACHINE_KNOWN)
		line("machine", machine_disposition_name(m->disposition));
}

static void print_facts(const struct story *s)
{
	char time[PRINT_TIME];

	line("image", s->job.image);
	line("hostname", s->job.hostname);
	print_machine(s);
	line("platform", s->job.platform);
	line("profile", s->job.profile);
	line("network", s->job.network);
	line("added", print_clock(s->job.created_ms, time));
	line("changed", print_clock(s->job.updated_ms, time));
}

/* A list takes a line for each value. */
static void print_setting(const struct setting_def *def, const char *value)
{
	char one[JOB_TEXT];

	if (setting_is(def, SETTING_SECRET))
		value = "(secret)";
	for (const char *name = def->name; *value; name = "") {
		size_t len = strcspn(value, "\n");

		snprintf(one, sizeof(one), "%.*s", (int)len, value);
		printf("  %-14s ", name);
		print_text(one);
		putchar('\n');
		value += len + (value[len] == '\n');
	}
}

static void print_settings(const struct settings *settings)
{
	bool any = false;

	for (size_t i = 0; i < setting_count; i++) {
		if (!settings->value[i] || !*settings->value[i])
			continue;
		if (!any)
			puts("\nSettings");
		any = true;
		print_setting(&setting_defs[i], settings->value[i]);
	}
}

static void print_attempts(const struct story *s)
{
	static const struct table_column columns[] = {
		{ "ATTEMPT", 7, true, false }, { "STATE", 5, false, false },
		{ "BEGAN", 5, false, false },  { "ENDED", 5, false, false },
		{ "TOOK", 4, true, false },    { 0 },
	};
	char time[PRINT_TIME];
	struct table table;

	if (s->attempt_count < 2)
		return;
	putchar('\n');
	table_begin(&table, columns);
	for (size_t i = 0; i < s->attempt_count; i++) {
		const struct attempt *a = &s->attempts[i];

		table_row(&table);
		table_cellf(&table, "%u", a->number);
		table_cell(&table, job_state_name(a->state));
		table_cell(&table, print_time(a->started_ms, time));
		table_cell(&table, print_time(a->ended_ms, time));
		table_cell(&table,
			   a->ended_ms ? print_duration(a->ended_ms - a->started_ms, time)
				       : "");
	}
	table_end(&table);
}

static void phase_row(struct table *t, const struct phase *p)
{
	char time[PRINT_TIME], octets[PRINT_TIME] = "", times[PRINT_TIME] = "";

	table_row(t);
	print_clock(p->began_ms, time);
	table_cell(t, time + strlen("2026-11-22 "));
	table_cell(t,
		   p->ended_ms ? print_duration(p->ended_ms - p->began_ms, time) : "...");
	table_cellf(t, "%s%s", p->failed ? "! " : "", p->name);
	table_cell(t, p->source);
	if (p->octets >= 0)
		print_octets(p->octets, octets);
	if (p->count > 1 && !p->step)
		snprintf(times, sizeof(times), "%u times", p->count);
	table_cellf(t, "%s%s%s%s%s ", octets,
		    *octets && (*times || *p->detail) ? ", " : "", times,
		    *times && *p->detail ? ", " : "", p->detail);
}

static void print_timeline(const struct story *s)
{
	static const struct table_column columns[] = {
		{ "BEGAN", 12, false, false },   { "TOOK", 4, true, false },
		{ "PHASE", 0.3, false, false },  { "BY", 10, false, false },
		{ "DETAIL", 0.3, false, false }, { 0 },
	};
	const struct timeline *t =
		&s->timelines[s->attempt_count ? s->attempt_count - 1 : 0];
	struct table table;
	char text[PRINT_TIME];

	if (!t->count)
		return;
	printf("\nTimeline of attempt %u, %.10s\n", s->job.attempt,
	       print_clock(t->phase[0].began_ms, text));
	table_begin(&table, columns);
	for (size_t i = 0; i < t->count; i++)
		phase_row(&table, &t->phase[i]);
	table_end(&table);
	printf("%s: %s\n", job_is_active(s->job.state) ? "so far" : "total",
	       print_duration(timeline_total_ms(t), text));
}

int show_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct story *story;
	int code;

	while (options_next(ctl, argc, argv) != -1)
		;
	options_arguments(ctl, argc, 1, 1);
	jobctl_open(ctl, STORE_READ);
	story = calloc(1, sizeof(*story));
	if (!story)
		err(EXIT_FAILED, "job");
	code = read_story(ctl, argv[optind], story);
	if (code == EXIT_DONE && ctl->json) {
		print_json(build, story);
	} else if (code == EXIT_DONE) {
		print_head(&story->job);
		print_facts(story);
		print_settings(&story->settings);
		print_attempts(story);
		print_timeline(story);
	}
	free_story(story);
	return code;
}
