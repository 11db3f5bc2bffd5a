/* The timeline of an attempt: a row of colours, and a table with a bar for each phase. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/timeline.h"
#include "lib/sys/now.h"
#include "lib/sys/print.h"
#include "tools/bootweb/page_job.h"

#define ATTEMPTS_MAX 256
#define BAR_LEAST 0.4 /* per cent of the picture: else nobody sees it */

struct picture {
	struct timeline timeline;
	struct attempt attempt[ATTEMPTS_MAX];
	size_t attempts, shown; /* index of the attempt on the page */
	int64_t began_ms, span_ms;
};

/* Which attempt an event belongs to, by what it says or else by its time. */
static size_t attempt_of(const struct picture *p, const struct event *ev)
{
	size_t i = p->attempts - 1;

	while (i > 0 && (ev->attempt ? p->attempt[i].number != ev->attempt
				     : p->attempt[i].started_ms > ev->time_ms))
		i--;
	return i;
}

static bool read_phases(const struct page *page, const struct job *job, struct picture *p)
{
	struct event_filter filter = { .job = job->id };
	struct store_list *events = store_events(page->store, &filter);
	struct store_event e;
	bool ok = true;

	while (ok && events && p->attempts && store_next_event(events, &e))
		if (e.verdict != STORE_REFUSED && attempt_of(p, &e.event) == p->shown)
			ok = timeline_add(&p->timeline, &e.event);
	if (events)
		store_list_end(events);
	timeline_finish(&p->timeline);
	return ok;
}

/* The attempt that ?attempt=N asks for, else the newest. */
static void choose_attempt(const struct page *page, struct picture *p)
{
	unsigned long wanted = strtoul(page_field(page, "attempt"), NULL, 10);

	p->shown = p->attempts ? p->attempts - 1 : 0;
	for (size_t i = 0; i < p->attempts; i++)
		if (p->attempt[i].number == wanted)
			p->shown = i;
}

/* ---- geometry, in per cent of the picture's width ---- */

static int64_t end_of(const struct phase *phase)
{
	return phase->ended_ms ? phase->ended_ms : now_ms();
}

static void measure(struct picture *p)
{
	const struct timeline *t = &p->timeline;
	int64_t end = 0;

	p->began_ms = t->count ? t->phase[0].began_ms : 0;
	for (size_t i = 0; i < t->count; i++)
		if (end_of(&t->phase[i]) > end)
			end = end_of(&t->phase[i]);
	p->span_ms = end > p->began_ms ? end - p->began_ms : 1;
}

static const char *kind_of(const struct phase *phase)
{
	if (phase->failed)
		return "bad";
	if (phase->step)
		return "step";
	return phase->octets >= 0 ? "file" : "net";
}

/* The locale's decimal comma must not come into SVG. */
static void put_percent(struct view *item, const char *name, int64_t thousandths)
{
	view_print(item, name, "%" PRId64 ".%03d", thousandths / 1000,
		   (int)(thousandths % 1000));
}

static void put_bar(struct view *item, const struct picture *p, const struct phase *phase)
{
	const int64_t whole = 100000, least = (int64_t)(BAR_LEAST * 1000);
	int64_t x = (phase->began_ms - p->began_ms) * whole / p->span_ms;
	int64_t w = (end_of(phase) - phase->began_ms) * whole / p->span_ms;
	char took[PRINT_TIME];

	w = w < least ? least : w;
	x = x + w > whole ? whole - w : x;
	put_percent(item, "x", x < 0 ? 0 : x);
	put_percent(item, "w", w);
	view_text(item, "name", phase->name);
	view_text(item, "kind", kind_of(phase));
	view_print(item, "took", "%s%s",
		   print_duration(end_of(phase) - phase->began_ms, took),
		   phase->ended_ms ? "" : " so far");
}

static void put_phase(struct view *item, const struct picture *p,
		      const struct phase *phase)
{
	char clock[PRINT_TIME], octets[PRINT_TIME] = "";

	put_bar(item, p, phase);
	view_text(item, "began", print_clock(phase->began_ms, clock) + 11);
	view_text(item, "by", phase->source);
	if (phase->count > 1 && !phase->step)
		view_print(item, "times", "%u times", phase->count);
	else
		view_text(item, "times", "");
	if (phase->octets >= 0)
		print_octets(phase->octets, octets);
	view_print(item, "detail", "%s%s%s", octets,
		   *octets && *phase->detail ? ", " : "", phase->detail);
}

static void put_phases(struct page *page, const struct picture *p)
{
	static const char *const bars[] = { "x", "w", "name", "kind", "took", NULL };
	static const char *const rows[] = { "x",     "w",  "name",  "kind",   "took",
					    "began", "by", "times", "detail", NULL };

	view_list(page->view, "strip", bars);
	view_list(page->view, "phases", rows);
	for (size_t i = 0; i < p->timeline.count; i++) {
		put_bar(view_item(page->view, "strip"), p, &p->timeline.phase[i]);
		put_phase(view_item(page->view, "phases"), p, &p->timeline.phase[i]);
	}
}

static void put_attempts(struct page *page, const struct picture *p)
{
	static const char *const fields[] = { "number", "here", "try_state", "try_label",
					      NULL };

	view_list(page->view, "tries", fields);
	view_flag(page->view, "attempts", p->attempts > 1);
	for (size_t i = 0; i < p->attempts; i++) {
		struct view *item = view_item(page->view, "tries");

		view_int(item, "number", p->attempt[i].number);
		view_flag(item, "here", i == p->shown);
		view_text(item, "try_state", job_state_name(p->attempt[i].state));
		view_text(item, "try_label", job_state_name(p->attempt[i].state));
	}
}

static void put_heading(struct page *page, const struct picture *p)
{
	char text[PRINT_TIME];

	view_int(page->view, "attempt", p->attempts ? p->attempt[p->shown].number : 1);
	view_flag(page->view, "drawn", p->timeline.count > 0);
	view_text(page->view, "total",
		  p->timeline.count ? print_duration(p->span_ms, text) : "");
	view_print(page->view, "axis", "0 to %s", print_duration(p->span_ms, text));
}

bool page_put_timeline(struct page *page, const struct job *job)
{
	struct picture *p = calloc(1, sizeof(*p));
	bool ok;

	if (!p)
		return false;
	p->attempts = store_attempts(page->store, job->id, p->attempt, ATTEMPTS_MAX);
	choose_attempt(page, p);
	ok = read_phases(page, job, p);
	if (ok) {
		measure(p);
		put_attempts(page, p);
		put_heading(page, p);
		put_phases(page, p);
	}
	timeline_free(&p->timeline);
	free(p);
	return ok;
}
