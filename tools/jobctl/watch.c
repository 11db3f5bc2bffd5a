#include "config.h"

#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/object.h"
#include "lib/sys/exits.h"
#include "lib/sys/now.h"
#include "lib/sys/print.h"
#include "lib/sys/service.h"
#include "tools/jobctl/bars.h"
#include "tools/jobctl/jobctl.h"
#include "tools/jobctl/select.h"

#define LOOK_MS 200

const struct verb_option watch_options[] = {
	{ "until-idle", 'u', NULL, "end when no job is under way any more" },
	{ 0 },
};

struct watch {
	const struct jobctl *ctl;
	int64_t only; /* 0: every job that is under way */
	bool until_idle, on_terminal;
	struct bars bars;
	struct bar *jobs; /* those that were under way since the beginning */
	struct job *said; /* as they were printed last */
	size_t count;
};

/* ---- what is watched ---- */

static bool is_watched(const struct watch *w, int64_t id)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->jobs[i].job.id == id)
			return true;
	return false;
}

static void add(struct watch *w, int64_t id)
{
	size_t count = w->count + 1;

	w->jobs = reallocarray(w->jobs, count, sizeof(*w->jobs));
	w->said = reallocarray(w->said, count, sizeof(*w->said));
	if (!w->jobs || !w->said)
		err(EXIT_FAILED, "jobs");
	w->jobs[w->count] = (struct bar){ .job = { .id = id } };
	w->said[w->count] = (struct job){ 0 };
	w->count = count;
}

static int find_active(struct watch *w)
{
	struct job_filter filter = { .active = true };
	struct store_list *jobs = store_jobs(w->ctl->store, &filter);
	struct job job;

	if (!jobs)
		return jobctl_result(w->ctl, STORE_FAILED);
	while (store_next_job(jobs, &job))
		if (!is_watched(w, job.id))
			add(w, job.id);
	return jobctl_result(w->ctl, store_list_end(jobs));
}

/* A job that was removed meanwhile stays as it was seen last, but over. */
static int refresh(struct watch *w, struct bar *bar)
{
	struct attempt attempt;
	struct job job;
	enum store_result result = store_job(w->ctl->store, bar->job.id, &job);

	if (result == STORE_NO) {
		bar->job.state = JOB_CANCELLED;
		return EXIT_DONE;
	}
	if (result == STORE_DONE)
		result = store_attempt_current(w->ctl->store, job.id, &attempt);
	if (result != STORE_DONE)
		return jobctl_result(w->ctl, result);
	result = store_estimate(w->ctl->store, &job, now_ms());
	if (result != STORE_DONE)
		return jobctl_result(w->ctl, result);
	bar->job = job;
	bar->elapsed_ms = (job_is_active(job.state) ? now_ms() : job.updated_ms) -
			  attempt.started_ms;
	return EXIT_DONE;
}

static int look(struct watch *w)
{
	int code = w->only ? EXIT_DONE : find_active(w);

	for (size_t i = 0; code == EXIT_DONE && i < w->count; i++)
		code = refresh(w, &w->jobs[i]);
	return code;
}

/* ---- plain lines ---- */

static bool is_same(const struct job *a, const struct job *b)
{
	return a->id == b->id && a->state == b->state && a->attempt == b->attempt &&
	       a->percent == b->percent && strcmp(a->step, b->step) == 0 &&
	       strcmp(a->text, b->text) == 0;
}

static void build(struct jsonout *j, const void *what)
{
	jsonout_open(j, "job", '{');
	object_job(j, what);
	jsonout_close(j, '}');
}

static void print_change(const struct watch *w, const struct job *job)
{
	char time[PRINT_TIME];

	if (w->ctl->json) {
		print_json(build, job);
		return;
	}
	printf("%s job %" PRId64, print_time(now_ms(), time), job->id);
	if (*job->hostname) {
		putchar(' ');
		print_text(job->hostname);
	}
	printf(" %s %d %%", job_state_name(job->state), job->percent);
	if (job->step_of)
		printf(" %u/%u", job->step_n, job->step_of);
	if (*job->step) {
		putchar(' ');
		print_text(job->step);
	}
	if (*job->text) {
		fputs(": ", stdout);
		print_text(job->text);
	}
	putchar('\n');
}

static void print_changes(struct watch *w)
{
	for (size_t i = 0; i < w->count; i++) {
		if (is_same(&w->jobs[i].job, &w->said[i]))
			continue;
		w->said[i] = w->jobs[i].job;
		print_change(w, &w->said[i]);
	}
	if (fflush(stdout) != 0)
		err(EXIT_FAILED, "standard output");
}

/* ---- the end ---- */

static bool any_active(const struct watch *w)
{
	for (size_t i = 0; i < w->count; i++)
		if (job_is_active(w->jobs[i].job.state))
			return true;
	return false;
}

static int verdict(const struct watch *w)
{
	if (!w->only && !w->until_idle)
		return EXIT_DONE;
	for (size_t i = 0; i < w->count; i++)
		if (w->jobs[i].job.state != JOB_DONE)
			return EXIT_NO;
	return EXIT_DONE;
}

static int run(struct watch *w)
{
	for (;;) {
		int code = look(w);

		if (code != EXIT_DONE)
			return code;
		if (w->on_terminal)
			bars_draw(&w->bars, w->jobs, w->count);
		else
			print_changes(w);
		if (service_stop || ((w->only || w->until_idle) && !any_active(w)))
			return verdict(w);
		poll(NULL, 0, LOOK_MS);
	}
}

/* Only so that poll(2) is interrupted, and the next frame has the new size. */
static void resized(int signal)
{
	(void)signal;
}

int watch_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct watch w = { .ctl = ctl };
	struct sigaction on_resize = { .sa_handler = resized };
	struct job job;
	int code = EXIT_DONE;

	while (options_next(ctl, argc, argv) != -1)
		w.until_idle = true;
	options_arguments(ctl, argc, 0, 1);
	jobctl_open(ctl, STORE_READ);
	if (optind < argc) {
		code = select_job(ctl, argv[optind], SELECT_NEWEST, &job);
		if (code != EXIT_DONE)
			return code;
		w.only = job.id;
		add(&w, job.id);
	}
	service_signals();
	sigaction(SIGWINCH, &on_resize, NULL);
	w.on_terminal = !ctl->json && bars_begin(&w.bars, !w.only);
	code = run(&w);
	if (w.on_terminal)
		bars_end(&w.bars, w.jobs, w.count);
	free(w.jobs);
	free(w.said);
	return code;
}
