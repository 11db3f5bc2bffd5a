#include "config.h"

#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/core/object.h"
#include "lib/media/catalogue.h"
#include "lib/sys/exits.h"
#include "lib/sys/now.h"
#include "lib/sys/print.h"
#include "lib/sys/tool.h"
#include "tools/jobctl/jobctl.h"

const struct verb_option sweep_options[] = {
	{ "dry-run", 'n', NULL, "say what would end and change nothing" },
	{ 0 },
};

struct stalled {
	struct job *job;
	size_t count;
};

static int find(const struct jobctl *ctl, struct stalled *found)
{
	struct job_filter filter = { .active = true };
	struct store_list *jobs = store_jobs(ctl->store, &filter);
	struct job job;

	if (!jobs)
		return jobctl_result(ctl, STORE_FAILED);
	while (store_next_job(jobs, &job)) {
		if (!job.stalled)
			continue;
		found->job = reallocarray(found->job, found->count + 1, sizeof(job));
		if (!found->job)
			err(EXIT_FAILED, "jobs");
		found->job[found->count++] = job;
	}
	return jobctl_result(ctl, store_list_end(jobs));
}

static bool image_is_there(const struct jobctl *ctl, const struct job *job)
{
	char why[CATALOGUE_WHY];
	struct image image;

	if (!catalogue_load(ctl->conf->images, job->image, &image, why)) {
		warnx("job %" PRId64 ": is not tried again: %s", job->id, why);
		return false;
	}
	image_free(&image);
	return true;
}

/* Who never booted would only wait again. */
static bool wants_again(const struct jobctl *ctl, const struct job *job)
{
	unsigned most = ctl->conf->attempts_max;

	return ctl->conf->sweep.retry && job->state != JOB_QUEUED &&
	       (!most || job->attempt < most) && image_is_there(ctl, job);
}

static void build(struct jsonout *j, const void *what)
{
	object_job(j, what);
}

static int end(struct jobctl *ctl, struct job *job, bool dry_run, struct print_list *list)
{
	bool again = wants_again(ctl, job);
	char why[SWEEP_WHY];
	enum store_result result = STORE_DONE;

	sweep_stalled(&ctl->conf->sweep, job, now_ms(), why);
	if (!dry_run)
		result = store_job_time_out(ctl->store, job->id, again, tool_actor());
	/* It spoke, or was cancelled, since the list was made. */
	if (result == STORE_NO)
		return EXIT_DONE;
	if (result == STORE_DONE)
		result = store_job(ctl->store, job->id, job);
	if (result != STORE_DONE)
		return jobctl_result(ctl, result);
	if (ctl->json)
		print_list_item(list, build, job);
	else
		printf("job %" PRId64 ": %s%s: %s\n", job->id, dry_run ? "would be " : "",
		       again ? "queued again" : "failed", why);
	return EXIT_DONE;
}

int sweep_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct print_list list = { .name = "jobs" };
	struct stalled found = { 0 };
	bool dry_run = false;
	int64_t expired = 0;
	int code;

	while (options_next(ctl, argc, argv) != -1)
		dry_run = true;
	options_arguments(ctl, argc, 0, 0);
	jobctl_open(ctl, dry_run ? STORE_READ : STORE_WRITE);
	code = find(ctl, &found);
	for (size_t i = 0; code != EXIT_FAILED && i < found.count; i++)
		code = jobctl_worse(code, end(ctl, &found.job[i], dry_run, &list));
	if (code != EXIT_FAILED && !dry_run)
		code = jobctl_worse(
			code,
			jobctl_result(ctl, store_next_expire(ctl->store, &expired)));
	if (ctl->json)
		print_list_end(&list);
	else if (expired)
		printf("%" PRId64 " machines never took what they were to boot once\n",
		       expired);
	free(found.job);
	return code;
}
