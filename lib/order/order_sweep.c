#include "config.h"

#include "lib/order/order_sweep.h"

#include <stdlib.h>

#include "lib/sys/now.h"

enum store_result order_stalled(struct store *store, struct job **jobs, size_t *count)
{
	const struct job_filter filter = { .active = true };
	struct store_list *list = store_jobs(store, &filter);
	enum store_result result;
	struct job job, *grown;
	bool good = true;

	*jobs = NULL;
	*count = 0;
	if (!list)
		return STORE_FAILED;
	while (good && store_next_job(list, &job)) {
		if (!job.stalled)
			continue;
		grown = reallocarray(*jobs, *count + 1, sizeof(job));
		good = grown;
		if (!grown)
			continue;
		*jobs = grown;
		grown[(*count)++] = job;
	}
	result = store_list_end(list);
	return good ? result : STORE_FAILED;
}

/* Who never booted would only wait again. */
static bool wants_again(const struct conf *conf, const struct job *job,
			struct order_swept *out)
{
	unsigned most = conf->attempts_max;

	return conf->sweep.retry && job->state != JOB_QUEUED &&
	       (!most || job->attempt < most) &&
	       catalogue_has(conf->images, job->image, out->lacks);
}

enum store_result order_sweep(const struct conf *conf, struct store *store,
			      const struct job *job, const char *actor, bool dry_run,
			      struct order_swept *out)
{
	enum store_result result = STORE_DONE;

	*out = (struct order_swept){ .job = *job };
	out->again = wants_again(conf, job, out);
	if (!sweep_stalled(&conf->sweep, job, now_ms(), out->why))
		return STORE_NO;
	if (!dry_run)
		result = store_job_time_out(store, job->id, out->again, actor);
	return result == STORE_DONE ? store_job(store, job->id, &out->job) : result;
}
