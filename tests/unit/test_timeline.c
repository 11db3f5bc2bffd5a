/* The phases of an attempt: their names, how long they last, what is one phase. */
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "lib/core/timeline.h"

/* What one event says, in short. */
struct seen {
	enum event_kind kind;
	int64_t at_ms, took_ms; /* took_ms -1: not said */
	const char *file, *state, *step, *action;
	int64_t status;
};

#define SEEN_MAX 6

static struct row {
	const char *name;
	struct seen seen[SEEN_MAX];
	const char *want; /* NAME BEGAN-ENDED[xCOUNT][!]; ... */
} rows[] = {
	{ "nothing is no phase", { { EVENT_STARTED, 10, -1, "", "", "", "", -1 } }, "" },
	{ "a packet lasts until what comes next",
	  { { EVENT_OFFER, 10, -1, "ipxe.efi", "", "", "install", -1 },
	    { EVENT_SCRIPT, 30, -1, "", "", "", "install", 200 } },
	  "DISCOVER (firmware) 10-30; boot script 30-0; " },
	{ "the same packet again is the same phase",
	  { { EVENT_OFFER, 10, -1, "ipxe.efi", "", "", "install", -1 },
	    { EVENT_OFFER, 20, -1, "ipxe.efi", "", "", "install", -1 },
	    { EVENT_ACK, 30, -1, "ipxe.efi", "", "", "install", -1 } },
	  "DISCOVER (firmware) 10-30x2; boot server (firmware) 30-0; " },
	{ "a transfer lasts as long as it says",
	  { { EVENT_TRANSFER, 50, 40, "ipxe.efi", "", "", "done", 0 },
	    { EVENT_SCRIPT, 90, -1, "", "", "", "install", 200 } },
	  "TFTP ipxe.efi 10-50; boot script 90-0; " },
	{ "a probe is no transfer, a failed one is told apart",
	  { { EVENT_TRANSFER, 5, 0, "ipxe.efi", "", "", "probe", 0 },
	    { EVENT_TRANSFER, 9, 2, "ipxe.efi", "", "", "failed", 8 },
	    { EVENT_TRANSFER, 50, 40, "ipxe.efi", "", "", "done", 0 } },
	  "TFTP ipxe.efi 7-9!; TFTP ipxe.efi 10-50; " },
	{ "ranges of one file are one phase",
	  { { EVENT_FETCH, 20, 10, "a", "", "", "", 206 },
	    { EVENT_FETCH, 40, 10, "a", "", "", "", 206 },
	    { EVENT_FETCH, 60, 10, "b", "", "", "", 404 } },
	  "HTTP a 10-40x2; HTTP b 50-60!; " },
	{ "a step lasts until the next report, whatever is fetched meanwhile",
	  { { EVENT_REPORT, 10, -1, "", "installing", "fetch", "", -1 },
	    { EVENT_FETCH, 30, 15, "rootfs", "", "", "", 200 },
	    { EVENT_REPORT, 35, -1, "", "installing", "fetch", "", -1 },
	    { EVENT_REPORT, 40, -1, "", "configuring", "reboot", "", -1 },
	    { EVENT_REPORT, 90, -1, "", "done", "", "", -1 } },
	  "installing: fetch 10-40x2; HTTP rootfs 15-30; configuring: reboot 40-90; "
	  "done 90-90; " },
	{ "a failure ends it, and so does an admin",
	  { { EVENT_ADMIN, 5, -1, "", "", "", "add", -1 },
	    { EVENT_REPORT, 10, -1, "", "installing", "disks", "", -1 },
	    { EVENT_ADMIN, 20, -1, "", "", "", "cancel", -1 } },
	  "installing: disks 10-20; cancel 20-20; " },
	{ "a failed step",
	  { { EVENT_REPORT, 10, -1, "", "installing", "disks", "", -1 },
	    { EVENT_REPORT, 20, -1, "", "failed", "disks", "", -1 } },
	  "installing: disks 10-20; failed: disks 20-20!; " },
};

static struct event event_of(const struct seen *s)
{
	struct event ev = event_new(s->kind);

	ev.time_ms = s->at_ms;
	ev.ms = s->took_ms;
	ev.status = s->status;
	snprintf(ev.file, sizeof(ev.file), "%s", s->file);
	snprintf(ev.state, sizeof(ev.state), "%s", s->state);
	snprintf(ev.step, sizeof(ev.step), "%s", s->step);
	snprintf(ev.action, sizeof(ev.action), "%s", s->action);
	return ev;
}

static void phases_are(void **state)
{
	const struct row *row = *state;
	struct timeline t = { 0 };
	char got[1024] = "";

	for (size_t i = 0; i < SEEN_MAX && row->seen[i].file; i++) {
		struct event ev = event_of(&row->seen[i]);

		assert_true(timeline_add(&t, &ev));
	}
	timeline_finish(&t);
	for (size_t i = 0; i < t.count; i++) {
		const struct phase *p = &t.phase[i];
		size_t len = strlen(got);
		char count[16] = "";

		if (p->count > 1)
			snprintf(count, sizeof(count), "x%u", p->count);
		snprintf(got + len, sizeof(got) - len, "%s %d-%d%s%s; ", p->name,
			 (int)p->began_ms, (int)p->ended_ms, count, p->failed ? "!" : "");
	}
	assert_string_equal(got, row->want);
	timeline_free(&t);
}

static void the_total_is_from_first_to_last(void **state)
{
	struct seen seen = { EVENT_TRANSFER, 50, 40, "a", "", "", "done", 0 };
	struct event ev = event_of(&seen);
	struct timeline t = { 0 };

	(void)state;
	assert_int_equal(timeline_total_ms(&t), 0);
	assert_true(timeline_add(&t, &ev));
	timeline_finish(&t);
	assert_int_equal(timeline_total_ms(&t), 40);
	timeline_free(&t);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 1];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
						.test_func = phases_are,
						.initial_state = &rows[i] };
	tests[ARRAY_LEN(rows)] =
		(struct CMUnitTest)cmocka_unit_test(the_total_is_from_first_to_last);
	return cmocka_run_group_tests_name("timeline", tests, NULL, NULL);
}
