#include "config.h"

#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/core/object.h"
#include "lib/sys/exits.h"
#include "lib/sys/now.h"
#include "lib/sys/print.h"
#include "lib/sys/table.h"
#include "tools/jobctl/filter.h"
#include "tools/jobctl/jobctl.h"

#define DAY_MS 86400000
#define COLUMNS_MAX 32

const struct verb_option list_options[] = {
	FILTER_OPTIONS,
	{ "all", 'a', NULL, "also those that ended long ago" },
	{ "columns", 'o', "NAMES",
	  "these columns: id, host, mac, image, state, percent, step, changed, attempt, "
	  "network, platform, profile, waits, next, created, text" },
	{ 0 },
};

/* ---- columns ---- */

static void put_id(struct table *t, const struct job *job)
{
	table_cellf(t, "%" PRId64, job->id);
}

static void put_host(struct table *t, const struct job *job)
{
	table_cell(t, job->hostname);
}

static void put_mac(struct table *t, const struct job *job)
{
	char mac[MAC_TEXT];

	table_cell(t, print_mac(&job->mac, mac));
}

static void put_image(struct table *t, const struct job *job)
{
	table_cell(t, job->image);
}

static void put_state(struct table *t, const struct job *job)
{
	bool waits =
		job->state == JOB_QUEUED && (job->held || job->not_before_ms > now_ms());
	bool next = job_is_active(job->state) && *job->next;

	table_cellf(t, "%s%s%s%s%s", job_state_name(job->state),
		    job->stalled ? " (stalled)"
		    : waits      ? " (held)"
				 : "",
		    next ? " (once " : "", next ? job->next : "", next ? ")" : "");
}

static void put_percent(struct table *t, const struct job *job)
{
	table_cellf(t, "%d", job->percent);
}

static void put_step(struct table *t, const struct job *job)
{
	table_cell(t, job->step);
}

static void put_changed(struct table *t, const struct job *job)
{
	char time[PRINT_TIME];

	table_cell(t, print_time(job->updated_ms, time));
}

static void put_attempt(struct table *t, const struct job *job)
{
	table_cellf(t, "%u", job->attempt);
}

static void put_network(struct table *t, const struct job *job)
{
	table_cell(t, job->network);
}

static void put_platform(struct table *t, const struct job *job)
{
	table_cell(t, job->platform);
}

static void put_profile(struct table *t, const struct job *job)
{
	table_cell(t, job->profile);
}

static void put_waits(struct table *t, const struct job *job)
{
	char time[PRINT_TIME];

	if (job->held)
		table_cell(t, "held");
	else
		table_cell(t, job->not_before_ms ? print_time(job->not_before_ms, time)
						 : "");
}

static void put_next(struct table *t, const struct job *job)
{
	table_cell(t, job->next);
}

static void put_created(struct table *t, const struct job *job)
{
	char time[PRINT_TIME];

	table_cell(t, print_time(job->created_ms, time));
}

static void put_text(struct table *t, const struct job *job)
{
	table_cell(t, job->text);
}

static const struct column {
	const char *name;
	struct table_column look;
	void (*put)(struct table *t, const struct job *job);
} columns[] = {
	{ "id", { "ID", 1, true, false }, put_id },
	{ "host", { "HOST", 0.15, false, false }, put_host },
	{ "mac", { "MAC", 17, false, false }, put_mac },
	{ "image", { "IMAGE", 0.25, false, false }, put_image },
	{ "state", { "STATE", 5, false, false }, put_state },
	{ "percent", { "%", 1, true, false }, put_percent },
	{ "step", { "STEP", 0.12, false, false }, put_step },
	{ "changed", { "CHANGED", 7, false, false }, put_changed },
	{ "attempt", { "ATTEMPT", 1, true, false }, put_attempt },
	{ "network", { "NETWORK", 0.12, false, false }, put_network },
	{ "platform", { "PLATFORM", 0.12, false, false }, put_platform },
	{ "profile", { "PROFILE", 0.12, false, false }, put_profile },
	{ "waits", { "WAITS", 7, false, false }, put_waits },
	{ "next", { "NEXT", 5, false, false }, put_next },
	{ "created", { "CREATED", 7, false, false }, put_created },
	{ "text", { "TEXT", 0.3, false, false }, put_text },
};

struct request {
	struct filter filter;
	bool all;
	const struct column *column[COLUMNS_MAX];
	size_t count;
};

static const struct column *find_column(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		if (strlen(columns[i].name) == len &&
		    strncmp(columns[i].name, name, len) == 0)
			return &columns[i];
	return NULL;
}

static void take_columns(struct request *r, const char *names)
{
	r->count = 0;
	while (*names) {
		size_t len = strcspn(names, ",");
		const struct column *column = find_column(names, len);

		if (!column)
			errx(EXIT_MISUSE,
			     "--columns %.*s: is no column (see jobctl list "
			     "--help)",
			     (int)len, names);
		if (r->count == COLUMNS_MAX)
			errx(EXIT_MISUSE, "--columns: are too many");
		r->column[r->count++] = column;
		names += len + (names[len] == ',');
	}
	if (!r->count)
		errx(EXIT_MISUSE, "--columns: names none");
}

static void parse(struct jobctl *ctl, int argc, char *argv[], struct request *r)
{
	int c;

	take_columns(r, "id,host,mac,image,state,percent,step,changed");
	while ((c = options_next(ctl, argc, argv)) != -1) {
		r->all |= c == 'a';
		if (c == 'o')
			take_columns(r, optarg);
		else
			filter_option(ctl, &r->filter, c, optarg);
	}
	options_arguments(ctl, argc, 0, 0);
	jobctl_open(ctl, STORE_READ);
}

/* ---- the list ---- */

static bool is_wanted(const struct request *r, const struct job *job)
{
	return r->all || r->filter.job.by_state || r->filter.job.since_ms ||
	       job_is_active(job->state) || job->updated_ms > now_ms() - DAY_MS;
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

static void begin(const struct request *r, struct table *t)
{
	struct table_column looks[COLUMNS_MAX + 1] = { 0 };

	for (size_t i = 0; i < r->count; i++)
		looks[i] = r->column[i]->look;
	table_begin(t, looks);
}

static void add_row(const struct request *r, struct table *t, const struct job *job)
{
	table_row(t);
	for (size_t i = 0; i < r->count; i++)
		r->column[i]->put(t, job);
}

static void say_none(const struct request *r, size_t others)
{
	const struct job_filter *f = &r->filter.job;

	if (others)
		fprintf(stderr,
			"No job is under way; %zu ended earlier (jobctl list --all).\n",
			others);
	else if (f->image || f->network || f->text || f->since_ms)
		fputs("There is no such job.\n", stderr);
	else if (!f->by_state)
		fputs("There is no job yet; jobctl add makes one.\n", stderr);
}

static void print_table(const struct request *r, struct store_list *jobs)
{
	struct table table;
	struct job job;
	size_t shown = 0, others = 0;

	begin(r, &table);
	while (store_next_job(jobs, &job)) {
		if (!is_wanted(r, &job)) {
			others++;
			continue;
		}
		add_row(r, &table, &job);
		shown++;
	}
	table_end(&table);
	if (!shown)
		say_none(r, others);
}

int list_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct request r = { 0 };
	struct store_list *jobs;

	parse(ctl, argc, argv, &r);
	jobs = store_jobs(ctl->store, &r.filter.job);
	if (!jobs)
		return jobctl_result(ctl, STORE_FAILED);
	if (ctl->json)
		print_objects(&r, jobs);
	else
		print_table(&r, jobs);
	return jobctl_result(ctl, store_list_end(jobs));
}
