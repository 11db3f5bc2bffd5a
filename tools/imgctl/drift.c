/* imgctl drift: which machines were installed from a version that is not current. */
#include "config.h"

#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media/catalogue.h"
#include "lib/sys/exits.h"
#include "lib/sys/print.h"
#include "lib/sys/table.h"
#include "tools/imgctl/jobs.h"

/* The newest installation of each machine. */
static void keep_newest(struct image_jobs *jobs, const struct job *job)
{
	struct job *more;

	for (size_t i = 0; i < jobs->count; i++)
		if (jobs->job[i].machine == job->machine) {
			if (job->updated_ms >= jobs->job[i].updated_ms)
				jobs->job[i] = *job;
			return;
		}
	more = realloc(jobs->job, (jobs->count + 1) * sizeof(*more));
	if (!more)
		err(EXIT_FAILED, "jobs");
	jobs->job = more;
	jobs->job[jobs->count++] = *job;
}

static void read_installed(struct imgctl *ctl, struct image_jobs *out)
{
	struct job_filter filter = { .by_state = true, .state = JOB_DONE };
	struct store *store = jobs_open(ctl, STORE_READ);
	struct store_list *list = store ? store_jobs(store, &filter) : NULL;
	struct job job;

	*out = (struct image_jobs){ 0 };
	if (store && !list)
		errx(EXIT_FAILED, "%s", store_why(store));
	while (list && store_next_job(list, &job))
		keep_newest(out, &job);
	if (list && store_list_end(list) != STORE_DONE)
		errx(EXIT_FAILED, "%s", store_why(store));
	store_close(store);
}

struct row {
	const struct job *job;
	char current[2 * JOB_NAME]; /* "" if the image has none any more */
};

/* False if the machine has what a new job would bring. */
static bool drifted(struct imgctl *ctl, const struct job *job, struct row *out)
{
	char name[JOB_NAME], version[JOB_NAME], current[JOB_NAME], why[CATALOGUE_WHY];

	*out = (struct row){ .job = job };
	if (!image_reference(job->image, name, version))
		return false;
	if (catalogue_current(imgctl_images(ctl), name, current, why))
		snprintf(out->current, sizeof(out->current), "%s@%s", name, current);
	return strcmp(out->current, job->image) != 0;
}

static void build(struct jsonout *j, const void *what)
{
	const struct row *r = what;
	char mac[MAC_TEXT];

	mac_format(&r->job->mac, ':', mac);
	jsonout_int(j, "machine", r->job->machine);
	jsonout_text(j, "mac", mac);
	jsonout_text(j, "hostname", r->job->hostname);
	jsonout_int(j, "job", r->job->id);
	jsonout_text(j, "installed", r->job->image);
	if (*r->current)
		jsonout_text(j, "current", r->current);
	else
		jsonout_null(j, "current");
	jsonout_int(j, "time_ms", r->job->updated_ms);
}

static void add_row(struct table *t, const struct row *r)
{
	char mac[MAC_TEXT], time[PRINT_TIME];

	table_row(t);
	table_cell(t, print_mac(&r->job->mac, mac));
	table_cell(t, r->job->hostname);
	table_cell(t, r->job->image);
	table_cell(t, r->current);
	table_cell(t, print_time(r->job->updated_ms, time));
}

static size_t print_all(struct imgctl *ctl, const struct image_jobs *jobs)
{
	static const struct table_column columns[] = {
		{ "MAC", 17, false, false },         { "HOST", 0.2, false, false },
		{ "INSTALLED", 0.25, false, false }, { "CURRENT", 0.25, false, false },
		{ "SINCE", 7, false, false },        { 0 },
	};
	struct print_list json = { .name = "machines" };
	size_t found = 0;
	struct table t;
	struct row row;

	if (!ctl->json)
		table_begin(&t, columns);
	for (size_t i = 0; i < jobs->count; i++) {
		if (!drifted(ctl, &jobs->job[i], &row))
			continue;
		found++;
		if (ctl->json)
			print_list_item(&json, build, &row);
		else
			add_row(&t, &row);
	}
	if (ctl->json)
		print_list_end(&json);
	else
		table_end(&t);
	return found;
}

int drift_main(struct imgctl *ctl, int argc, char *argv[])
{
	struct image_jobs jobs;
	size_t found;

	while (imgctl_next(ctl, argc, argv) != -1)
		;
	verb_arguments(&ctl->face, argc, 0, 0);
	read_installed(ctl, &jobs);
	found = print_all(ctl, &jobs);
	jobs_free(&jobs);
	return found ? EXIT_NO : EXIT_DONE;
}
