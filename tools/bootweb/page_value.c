/* The values of a job that several pages show. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>

#include "lib/sys/now.h"
#include "lib/sys/print.h"
#include "tools/bootweb/page.h"

const char *page_job_state(const struct job *job)
{
	if (job->stalled)
		return "stalled";
	if (job->held)
		return "held";
	return job_state_name(job->state);
}

/* What a job without a step of its own waits for. */
static void put_waiting(struct view *view, const struct job *job)
{
	char time[PRINT_TIME];

	if (job->held)
		view_text(view, "step", "held until somebody releases it");
	else if (job->state == JOB_QUEUED && job->not_before_ms > now_ms())
		view_print(view, "step", "waits until %s",
			   print_time(job->not_before_ms, time));
	else
		view_text(view, "step",
			  job->state == JOB_QUEUED ? "waits for its machine" : "");
}

static const char *network_of(const struct job *job, const struct machine *machine)
{
	if (*job->network)
		return job->network;
	return *machine->network ? machine->network : "–";
}

static void put_step(struct view *view, const struct job *job)
{
	if (*job->step && !job->held)
		view_text(view, "step", job->step);
	else
		put_waiting(view, job);
	if (job->step_of)
		view_print(view, "of", "%u of %u", job->step_n, job->step_of);
	else
		view_text(view, "of", "");
	view_text(view, "text", job->text);
	view_int(view, "percent", job->percent);
}

bool page_job_may_change(const struct job *job)
{
	return job->state == JOB_QUEUED || job->state == JOB_FAILED ||
	       job->state == JOB_CANCELLED;
}

/* In minutes: an estimate is no better. */
static void put_left(struct page *page, struct view *view, const struct job *job)
{
	struct job now = *job;
	int64_t minutes;

	store_estimate(page->store, &now, now_ms());
	minutes = (now.left_ms + 30000) / 60000;
	if (now.left_ms < 0)
		view_text(view, "left", "");
	else if (minutes < 120)
		view_print(view, "left", "%" PRId64 " min", minutes ? minutes : 1);
	else
		view_print(view, "left", "%" PRId64 " h", (minutes + 30) / 60);
	view_text(view, "guess",
		  now.left_ms < 0 ? "" : "By the last installations of this image");
}

void page_job_values(struct page *page, struct view *view, const struct job *job,
		     const struct machine *machine)
{
	char mac[MAC_TEXT], age[PAGE_AGE];

	print_mac(&job->mac, mac);
	view_int(view, "id", job->id);
	view_text(view, "host", *job->hostname ? job->hostname : mac);
	view_text(view, "mac", mac);
	view_text(view, "image", job->image);
	view_text(view, "platform", job->platform);
	view_text(view, "network", network_of(job, machine));
	view_text(view, "address", machine->address);
	put_left(page, view, job);
	view_text(view, "age", page_age(job->updated_ms, age));
	view_text(view, "state", job_state_name(job->state));
	view_text(view, "look", page_job_state(job));
	view_text(view, "label", page_job_state(job));
	view_flag(view, "retry",
		  job->state == JOB_FAILED && admin_may(&page->visit, ROLE_QUEUE));
	put_step(view, job);
}
