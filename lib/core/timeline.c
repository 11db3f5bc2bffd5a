#include "lib/core/timeline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool from_ipxe(const struct event *ev)
{
	return strstr(ev->user_class, "iPXE") != NULL;
}

static void name_offer(const struct event *ev, struct phase *p)
{
	const char *who = from_ipxe(ev) ? "iPXE" : "firmware";

	if (ev->kind == EVENT_ACK)
		snprintf(p->name, sizeof(p->name), "boot server (%s)", who);
	else
		snprintf(p->name, sizeof(p->name), "DISCOVER (%s)", who);
	if (ev->kind == EVENT_SILENT)
		snprintf(p->detail, sizeof(p->detail), "no answer: %s", ev->rule);
	else
		snprintf(p->detail, sizeof(p->detail), "%s",
			 *ev->file ? ev->file : ev->action);
}

static void name_transfer(const struct event *ev, struct phase *p)
{
	snprintf(p->name, sizeof(p->name), "%s %.100s",
		 ev->kind == EVENT_TRANSFER ? "TFTP" : "HTTP", ev->file);
	snprintf(p->detail, sizeof(p->detail), "%s", ev->text);
	p->octets = ev->octets;
	p->failed = ev->status >= (ev->kind == EVENT_TRANSFER ? 1 : 400);
}

static void name_script(const struct event *ev, struct phase *p)
{
	snprintf(p->name, sizeof(p->name), "boot script");
	snprintf(p->detail, sizeof(p->detail), "%s%s%s", ev->action,
		 *ev->rule ? ": " : "", ev->rule);
}

static void name_report(const struct event *ev, struct phase *p)
{
	bool installing = *ev->step && strcmp(ev->state, "done") != 0;

	snprintf(p->name, sizeof(p->name), "%s%s%s", ev->state, installing ? ": " : "",
		 installing ? ev->step : "");
	snprintf(p->detail, sizeof(p->detail), "%s", ev->text);
	p->step = true;
	p->failed = strcmp(ev->state, "failed") == 0;
}

static void name_disks(const struct event *ev, struct phase *p)
{
	snprintf(p->name, sizeof(p->name), "safety gate");
	snprintf(p->detail, sizeof(p->detail), "%s", ev->text);
}

static void name_refused(const struct event *ev, struct phase *p)
{
	snprintf(p->name, sizeof(p->name), "refused");
	snprintf(p->detail, sizeof(p->detail), "%.200s %.800s", ev->file, ev->text);
	p->failed = true;
}

static void name_admin(const struct event *ev, struct phase *p)
{
	snprintf(p->name, sizeof(p->name), "%s", ev->action);
	snprintf(p->detail, sizeof(p->detail), "by %s", ev->actor);
}

static void name_next(const struct event *ev, struct phase *p)
{
	snprintf(p->name, sizeof(p->name), "one boot: %.60s", ev->old);
	snprintf(p->detail, sizeof(p->detail), "%s", ev->action);
}

static void (*const namers[EVENT_KINDS])(const struct event *ev, struct phase *p) = {
	[EVENT_OFFER] = name_offer,     [EVENT_ACK] = name_offer,
	[EVENT_SILENT] = name_offer,    [EVENT_TRANSFER] = name_transfer,
	[EVENT_FETCH] = name_transfer,  [EVENT_SCRIPT] = name_script,
	[EVENT_REPORT] = name_report,   [EVENT_DISKS] = name_disks,
	[EVENT_REFUSED] = name_refused, [EVENT_ADMIN] = name_admin,
	[EVENT_NEXT] = name_next,
};

static struct phase phase_of(const struct event *ev)
{
	struct phase p = { .began_ms = ev->time_ms, .octets = -1, .count = 1 };

	snprintf(p.source, sizeof(p.source), "%s", ev->source);
	namers[ev->kind](ev, &p);
	if (ev->ms >= 0 && !p.step) {
		p.timed = true;
		p.began_ms = ev->time_ms - ev->ms;
		p.ended_ms = ev->time_ms;
	}
	return p;
}

/* A step's next report, a DISCOVER sent again, another range of the same file. */
static struct phase *same_phase(struct timeline *t, const struct phase *p)
{
	for (size_t i = t->count; i-- > 0;) {
		struct phase *last = &t->phase[i];

		if (last->step != p->step || last->timed != p->timed)
			continue;
		return strcmp(last->name, p->name) == 0 && last->failed == p->failed
			       ? last
			       : NULL;
	}
	return NULL;
}

static void merge(struct phase *into, const struct phase *p)
{
	into->count++;
	if (p->octets > 0)
		into->octets = p->octets + (into->octets > 0 ? into->octets : 0);
	if (p->timed && p->ended_ms > into->ended_ms)
		into->ended_ms = p->ended_ms;
	if (*p->detail)
		memcpy(into->detail, p->detail, sizeof(into->detail));
}

/* A size asked for before the transfer; what an admin did but end the attempt. */
static bool is_noise(const struct event *ev)
{
	return (ev->kind == EVENT_TRANSFER && strcmp(ev->action, "probe") == 0) ||
	       (ev->kind == EVENT_ADMIN && strcmp(ev->action, "cancel") != 0);
}

bool timeline_add(struct timeline *t, const struct event *ev)
{
	struct phase p, *same, *more;

	if (!namers[ev->kind])
		return true;
	if (is_noise(ev))
		return true;
	p = phase_of(ev);
	same = same_phase(t, &p);
	if (same) {
		merge(same, &p);
		return true;
	}
	more = realloc(t->phase, (t->count + 1) * sizeof(p));
	if (!more)
		return false;
	t->phase = more;
	t->phase[t->count++] = p;
	return true;
}

/* ---- the end ---- */

static int by_beginning(const void *a, const void *b)
{
	const struct phase *x = a, *y = b;

	return (x->began_ms > y->began_ms) - (x->began_ms < y->began_ms);
}

/* What a job or its administrator ended is over; nothing comes after it. */
static bool is_last(const struct phase *p)
{
	return strcmp(p->name, "done") == 0 || strcmp(p->name, "cancel") == 0 ||
	       strncmp(p->name, "failed", 6) == 0;
}

static int64_t next_beginning(const struct timeline *t, size_t i)
{
	for (size_t k = i + 1; k < t->count; k++)
		if (t->phase[k].step || !t->phase[i].step || is_last(&t->phase[k]))
			return t->phase[k].began_ms;
	return 0;
}

void timeline_finish(struct timeline *t)
{
	if (t->count)
		qsort(t->phase, t->count, sizeof(*t->phase), by_beginning);
	for (size_t i = 0; i < t->count; i++) {
		struct phase *p = &t->phase[i];

		if (p->timed)
			continue;
		p->ended_ms = is_last(p) ? p->began_ms : next_beginning(t, i);
	}
}

int64_t timeline_total_ms(const struct timeline *t)
{
	int64_t last = 0;

	for (size_t i = 0; i < t->count; i++) {
		const struct phase *p = &t->phase[i];
		int64_t end = p->ended_ms ? p->ended_ms : p->began_ms;

		if (end > last)
			last = end;
	}
	return t->count ? last - t->phase[0].began_ms : 0;
}

void timeline_free(struct timeline *t)
{
	free(t->phase);
	*t = (struct timeline){ 0 };
}
