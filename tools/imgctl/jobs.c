#include "config.h"

#include "tools/imgctl/jobs.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/sys/exits.h"

static noreturn void give_up(const struct store *store, enum store_result result)
{
	errx(result == STORE_BUSY ? EXIT_BUSY : EXIT_FAILED, "%s", store_why(store));
}

struct store *jobs_open(struct imgctl *ctl, enum store_mode mode)
{
	struct store *store;
	enum store_result result;

	imgctl_configure(ctl);
	if (access(ctl->conf->database, F_OK) < 0)
		return NULL;
	result = store_open(ctl->conf->database, mode, &store);
	if (!store)
		err(EXIT_FAILED, "%s", ctl->conf->database);
	if (result != STORE_DONE)
		give_up(store, result);
	return store;
}

static void keep(struct image_jobs *jobs, const struct job *job)
{
	struct job *more = realloc(jobs->job, (jobs->count + 1) * sizeof(*more));

	if (!more)
		err(EXIT_FAILED, "jobs");
	jobs->job = more;
	jobs->job[jobs->count++] = *job;
}

void jobs_of(struct store *store, const char *reference, struct image_jobs *out)
{
	struct job_filter filter = { .active = true };
	struct store_list *list;
	struct job job;

	*out = (struct image_jobs){ 0 };
	if (!store)
		return;
	list = store_jobs(store, &filter);
	if (!list)
		give_up(store, STORE_FAILED);
	while (store_next_job(list, &job))
		if (strcmp(job.image, reference) == 0)
			keep(out, &job);
	if (store_list_end(list) != STORE_DONE)
		give_up(store, STORE_FAILED);
}

void jobs_free(struct image_jobs *jobs)
{
	free(jobs->job);
	*jobs = (struct image_jobs){ 0 };
}
