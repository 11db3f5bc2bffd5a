#include "config.h"

#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/order/listing.h"
#include "lib/order/order_sweep.h"
#include "lib/sys/exits.h"
#include "lib/sys/print.h"
#include "lib/sys/tool.h"
#include "tools/jobctl/jobctl.h"

const struct verb_option sweep_options[] = {
	{ "dry-run", 'n', NULL, "say what would end and change nothing" },
	{ 0 },
};

static void build(struct jsonout *j, const void *what)
{
	listing_swept(j, what);
}

static void tell(const struct order_swept *swept, bool dry_run)
{
	printf("job %" PRId64 ": %s%s: %s\n", swept->job.id, dry_run ? "would be " : "",
	       swept->again ? "queued again" : "failed", swept->why);
}

static int end(struct jobctl *ctl, const struct job *job, bool dry_run,
	       struct print_list *list)
{
	struct order_swept swept;
	enum store_result result =
		order_sweep(ctl->conf, ctl->store, job, tool_actor(), dry_run, &swept);

	/* It spoke, or was cancelled, since the list was made. */
	if (result == STORE_NO)
		return EXIT_DONE;
	if (*swept.lacks)
		warnx("job %" PRId64 ": is not tried again: %s", job->id, swept.lacks);
	if (result != STORE_DONE)
		return jobctl_result(ctl, result);
	if (ctl->json)
		print_list_item(list, build, &swept);
	else
		tell(&swept, dry_run);
	return EXIT_DONE;
}

int sweep_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct print_list list = { .name = "jobs" };
	struct job *jobs;
	bool dry_run = false;
	int64_t expired = 0;
	size_t count;
	int code;

	while (options_next(ctl, argc, argv) != -1)
		dry_run = true;
	options_arguments(ctl, argc, 0, 0);
	jobctl_open(ctl, dry_run ? STORE_READ : STORE_WRITE);
	code = jobctl_result(ctl, order_stalled(ctl->store, &jobs, &count));
	for (size_t i = 0; code != EXIT_FAILED && i < count; i++)
		code = jobctl_worse(code, end(ctl, &jobs[i], dry_run, &list));
	if (code != EXIT_FAILED && !dry_run)
		code = jobctl_worse(
			code,
			jobctl_result(ctl, store_next_expire(ctl->store, &expired)));
	if (ctl->json)
		print_list_end(&list);
	else if (expired)
		printf("%" PRId64 " machines never took what they were to boot once\n",
		       expired);
	free(jobs);
	return code;
}
