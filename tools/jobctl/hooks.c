/* jobctl hooks: follows the events and tells the executables of hooks.d. */
#include "config.h"

#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/object.h"
#include "lib/sys/exits.h"
#include "lib/sys/service.h"
#include "tools/jobctl/hook_run.h"
#include "tools/jobctl/jobctl.h"

#define CURSOR "hooks"
#define ACTOR "hooks"
#define FOLLOW_MS 200
#define ROUND 100 /* events of which the cursor is written together */

const struct verb_option hooks_options[] = {
	{ "once", 'o', NULL, "end when all that is there has been told" },
	{ 0 },
};

struct hooks {
	const struct jobctl *ctl;
	bool warned; /* that pre-install is wanted and there is none */
};

/* ---- what a hook reads ---- */

static char *describe(const struct hooks *h, const char *hook, const struct job *job,
		      const char *line)
{
	const size_t size = 3 * EVENT_LINE + 8 * JOB_TEXT;
	char *text = malloc(size);
	struct jsonout j = jsonout_begin(text, size - 1);
	struct machine machine;
	size_t len;

	if (!text)
		return NULL;
	jsonout_open(&j, NULL, '{');
	jsonout_text(&j, "hook", hook);
	jsonout_text(&j, "site", h->ctl->conf->site);
	if (line)
		jsonout_raw(&j, "event", line);
	if (job && job->id) {
		jsonout_open(&j, "job", '{');
		object_job(&j, job);
		jsonout_close(&j, '}');
	}
	if (job &&
	    store_machine_by_id(h->ctl->store, job->machine, &machine) == STORE_DONE) {
		jsonout_open(&j, "machine", '{');
		object_machine(&j, &machine);
		jsonout_close(&j, '}');
	}
	jsonout_close(&j, '}');
	if (jsonout_end(&j, &len)) {
		memcpy(text + len, "\n", 2);
		return text;
	}
	free(text);
	return NULL;
}

/* True if it agreed. */
static bool run_one(const struct hooks *h, const char *path, const char *argument,
		    const char *text, char why[static JOB_TEXT])
{
	const char *name = strrchr(path, '/') + 1;
	int64_t timeout_ms = h->ctl->conf->hook_timeout_ms;
	struct hook_outcome o;

	hook_run(path, argument, text, timeout_ms, &o);
	if (o.timed_out)
		snprintf(why, JOB_TEXT, "%.100s: did not end within %" PRId64 " s", name,
			 timeout_ms / 1000);
	else if (o.status != 0)
		snprintf(why, JOB_TEXT, "%.100s: exit status %d%s%s", name, o.status,
			 *o.says ? ": " : "", o.says);
	return !o.timed_out && o.status == 0;
}

/* ---- pre-install: nothing is installed before they have agreed ---- */

static bool all_agree(const struct hooks *h, const struct hook_list *list,
		      const struct job *job, char why[static JOB_TEXT])
{
	char *text = describe(h, HOOK_PRE_INSTALL, job, NULL);
	bool agreed = text != NULL;

	if (!text)
		snprintf(why, JOB_TEXT, "the job cannot be described");
	for (size_t i = 0; agreed && i < list->count; i++)
		agreed = run_one(h, list->path[i], HOOK_PRE_INSTALL, text, why);
	free(text);
	return agreed;
}

static int ask(const struct hooks *h, const struct hook_list *list, const struct job *job)
{
	char why[JOB_TEXT] = "";
	bool agreed = all_agree(h, list, job, why);
	enum store_result result =
		store_job_decide(h->ctl->store, job, agreed, why, ACTOR);

	if (result == STORE_NO)
		return EXIT_DONE;
	if (!agreed)
		warnx("job %" PRId64 ": is held: %s", job->id, why);
	return jobctl_result(h->ctl, result);
}

/* One at a time, read anew: asking takes long, and things change meanwhile. */
static int next_to_ask(const struct hooks *h, struct job *out, bool *found)
{
	struct job_filter filter = { .active = true };
	struct store_list *jobs = store_jobs(h->ctl->store, &filter);

	*found = false;
	if (!jobs)
		return jobctl_result(h->ctl, STORE_FAILED);
	while (!*found && store_next_job(jobs, out))
		*found = out->approved != out->attempt && !out->held &&
			 out->state < JOB_CONFIGURING;
	return jobctl_result(h->ctl, store_list_end(jobs));
}

static int ask_all(struct hooks *h)
{
	struct hook_list list;
	struct job job;
	bool found = true;
	int code = EXIT_DONE;

	if (!h->ctl->conf->hook_pre_install)
		return EXIT_DONE;
	if (hook_list(h->ctl->conf->hooks, true, &list) < 0) {
		warn("%s", h->ctl->conf->hooks);
		return EXIT_DONE;
	}
	if (list.count == 0 && !h->warned)
		warnx("%s: has no executable %s*: no job is installed before one agrees",
		      h->ctl->conf->hooks, HOOK_PRE_INSTALL);
	h->warned = list.count == 0;
	while (list.count && code == EXIT_DONE && found && !service_stop) {
		code = next_to_ask(h, &job, &found);
		if (code == EXIT_DONE && found)
			code = ask(h, &list, &job);
	}
	hook_list_free(&list);
	return code;
}

/* ---- what happened ---- */

/* Every change of a state, and what admins did. */
static bool is_told(const struct store_event *e)
{
	return e->verdict == STORE_APPLIED && (e->moved || e->event.kind == EVENT_ADMIN);
}

static void tell(const struct hooks *h, const struct hook_list *list,
		 const struct store_event *e)
{
	const struct event *ev = &e->event;
	const char *what = ev->kind == EVENT_ADMIN ? ev->action : ev->state;
	char line[EVENT_LINE], why[JOB_TEXT], *text;
	struct job job = { 0 };

	line[event_format(ev, line) - 1] = '\0';
	if (ev->job && store_job(h->ctl->store, ev->job, &job) != STORE_DONE)
		job = (struct job){ .machine = e->machine };
	text = describe(h, "event", &job, line);
	for (size_t i = 0; text && i < list->count; i++)
		if (!run_one(h, list->path[i], what, text, why))
			warnx("event %" PRId64 ": %s", e->seq, why);
	free(text);
}

/* The events of a round, copied: hooks take long, and a reader must not. */
static int read_round(const struct hooks *h, int64_t after, struct store_event *out,
		      size_t *count)
{
	struct event_filter filter = { .after_seq = after };
	struct store_list *events = store_events(h->ctl->store, &filter);

	*count = 0;
	if (!events)
		return jobctl_result(h->ctl, STORE_FAILED);
	while (*count < ROUND && store_next_event(events, &out[*count]))
		++*count;
	return jobctl_result(h->ctl, store_list_end(events));
}

static int tell_round(const struct hooks *h, struct store_event *e, size_t *count)
{
	struct store *store = h->ctl->store;
	struct hook_list list;
	int64_t seq = 0;
	int code = jobctl_result(h->ctl, store_cursor(store, CURSOR, &seq));

	*count = 0;
	if (code == EXIT_DONE)
		code = read_round(h, seq, e, count);
	if (code != EXIT_DONE || *count == 0)
		return code;
	if (hook_list(h->ctl->conf->hooks, false, &list) < 0) {
		warn("%s", h->ctl->conf->hooks);
		return EXIT_FAILED;
	}
	/* After each that was told, so that a restart tells at most one twice. */
	for (size_t i = 0; i < *count && code == EXIT_DONE && !service_stop; i++) {
		bool told = list.count && is_told(&e[i]);

		if (told)
			tell(h, &list, &e[i]);
		if (told || i + 1 == *count)
			code = jobctl_result(h->ctl,
					     store_cursor_set(store, CURSOR, e[i].seq));
	}
	hook_list_free(&list);
	return code;
}

static int tell_all(const struct hooks *h)
{
	struct store_event *e = calloc(ROUND, sizeof(*e));
	size_t count = 1;
	int code = EXIT_DONE;

	if (!e)
		err(EXIT_FAILED, "events");
	while (code == EXIT_DONE && count && !service_stop)
		code = tell_round(h, e, &count);
	free(e);
	return code;
}

/* What was before the first start is no news. */
static int begin(const struct jobctl *ctl)
{
	int64_t seq;
	enum store_result result = store_cursor(ctl->store, CURSOR, &seq);

	if (result != STORE_NO)
		return jobctl_result(ctl, result);
	result = store_newest_event(ctl->store, &seq);
	if (result == STORE_DONE)
		result = store_cursor_set(ctl->store, CURSOR, seq);
	return jobctl_result(ctl, result);
}

int hooks_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct hooks h = { .ctl = ctl };
	bool once = false;
	int code;

	while (options_next(ctl, argc, argv) != -1)
		once = true;
	options_arguments(ctl, argc, 0, 0);
	jobctl_open(ctl, STORE_WRITE);
	service_signals();
	code = begin(ctl);
	service_notify("READY=1");
	while (code == EXIT_DONE && !service_stop) {
		code = ask_all(&h);
		if (code == EXIT_DONE)
			code = tell_all(&h);
		if (once)
			break;
		if (code == EXIT_DONE)
			poll(NULL, 0, FOLLOW_MS);
	}
	return code;
}
