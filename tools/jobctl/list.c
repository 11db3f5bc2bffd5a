#include "config.h"

#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>

#include "lib/core/object.h"
#include "lib/sys/exits.h"
#include "lib/sys/now.h"
#include "lib/sys/print.h"
#include "lib/sys/table.h"
#include "tools/jobctl/jobctl.h"

#define DAY_MS 86400000

const struct verb_option list_options[] = {
	{ "state", 's', "STATE",
	  "those in this state: queued, booting, installing, "
	  "configuring, done, failed or cancelled" },
	{ "all", 'a', NULL, "also those that ended long ago" },
	{ 0 },
};

static const struct table_column columns[] = {
	{ "ID", 1, true, false },
	{ "HOST", 0.15, false, false },
	{ "MAC", 17, false, false },
	{ "IMAGE", 0.25, false, false },
	{ "STATE", 5, false, false },
	{ "%", 1, true, false },
	{ "STEP", 0.12, false, false },
	{ "CHANGED", 7, false, false },
	{ 0 },
};

struct request {
	struct job_filter filter;
	bool all;
};

static void parse(struct jobctl *ctl, int argc, char *argv[], struct request *r)
{
	int c;

	while ((c = options_next(ctl, argc, argv)) != -1) {
		if (c == 'a') {
			r->all = true;
			continue;
		}
		r->filter.by_state = true;
		if (!job_state_parse(optarg, &r->filter.state)) {
			warnx("--state %s: is no state", optarg);
			options_misuse(ctl->verb);
		}
	}
	options_arguments(ctl, argc, 0, 0);
	jobctl_open(ctl, STORE_READ);
}

static bool is_wanted(const struct request *r, const struct job *job)
{
	return r->all || r->filter.by_state || job_is_active(job->state) ||
	       job->updated_ms > now_ms() - DAY_MS;
}

static void add_row(struct table *t, const struct job *job)
{
	char mac[MAC_TEXT], time[PRINT_TIME];

	table_row(t);
	table_cellf(t, "%" PRId64, job->id);
	table_cell(t, job->hostname);
	table_cell(t, print_mac(&job->mac, mac));
	table_cell(t, job->image);
	table_cellf(t, "%s%s", job_state_name(job->state),
		    job->stalled ? " (stalled)" : "");
	table_cellf(t, "%d", job->percent);
	table_cell(t, job->step);
	table_cell(t, print_time(job->updated_ms, time));
}

static void build(struct jsonout *j, const void *what)
{
	object_job(j, what);
}

static void print_objects(const struct request *r, struct store_list *jobs)
{
	struct print_list list = { .name = "jobs" };
	struct job job;

	while (store_next_job(jobs, &job))
		if (is_wanted(r, &job))
			print_list_item(&list, build, &job);
	print_list_end(&list);
}

static void print_table(const struct request *r, struct store_list *jobs)
{
	struct table table;
	struct job job;
	size_t shown = 0, others = 0;

	table_begin(&table, columns);
	while (store_next_job(jobs, &job)) {
		if (!is_wanted(r, &job)) {
			others++;
			continue;
		}
		add_row(&table, &job);
		shown++;
	}
	table_end(&table);
	if (shown)
		return;
	if (others)
		fprintf(stderr,
			"No job is under way; %zu ended earlier (jobctl list --all).\n",
			others);
	else if (!r->filter.by_state)
		fputs("There is no job yet; jobctl add makes one.\n", stderr);
}

int list_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct request r = { 0 };
	struct store_list *jobs;

	parse(ctl, argc, argv, &r);
	jobs = store_jobs(ctl->store, &r.filter);
	if (!jobs)
		return jobctl_result(ctl, STORE_FAILED);
	if (ctl->json)
		print_objects(&r, jobs);
	else
		print_table(&r, jobs);
	return jobctl_result(ctl, store_list_end(jobs));
}
