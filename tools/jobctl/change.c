/* Verbs that move jobs or machines: cancel, retry, hold, release, rm, ignore, ... */
#include "config.h"

#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>

#include "lib/core/object.h"
#include "lib/media/catalogue.h"
#include "lib/order/order_move.h"
#include "lib/sys/exits.h"
#include "lib/sys/print.h"
#include "lib/sys/tool.h"
#include "tools/jobctl/jobctl.h"
#include "tools/jobctl/select.h"

#define CHANGE_MAX 1000

const struct verb_option change_options[] = {
	{ "dry-run", 'n', NULL, "say what would change and change nothing" },
	{ 0 },
};

static bool parse(struct jobctl *ctl, int argc, char *argv[])
{
	bool dry_run = false;
	int c;

	while ((c = options_next(ctl, argc, argv)) != -1)
		dry_run |= c == 'n';
	options_arguments(ctl, argc, 1, CHANGE_MAX);
	jobctl_open_to_change(ctl, dry_run);
	return dry_run;
}

static void build_job(struct jsonout *j, const void *what)
{
	object_job(j, what);
}

static void build_machine(struct jsonout *j, const void *what)
{
	object_machine(j, what);
}

/* ---- jobs ---- */

/* Else the machine would be told of an image that imgctl rm has taken away. */
static bool image_is_there(const struct jobctl *ctl, const struct job *job)
{
	char why[CATALOGUE_WHY];
	bool there = catalogue_has(ctl->conf->images, job->image, why);

	if (!there)
		warnx("job %" PRId64 ": %s", job->id, why);
	return there;
}

/* In a transaction of its own, so that the job is read as it became. */
static int change_job(const struct jobctl *ctl, const struct order_move *move,
		      bool dry_run, int64_t id, struct job *job)
{
	enum store_result result = store_begin(ctl->store);
	int code;

	if (result != STORE_DONE)
		return jobctl_result(ctl, result);
	store_job(ctl->store, id, job);
	if (move->installs && !image_is_there(ctl, job)) {
		store_end(ctl->store, false);
		return EXIT_NO;
	}
	result = move->apply(ctl->store, id, tool_actor());
	code = jobctl_result(ctl, result);
	if (code == EXIT_DONE)
		store_job(ctl->store, id, job);
	result = store_end(ctl->store, code == EXIT_DONE && !dry_run);
	return code == EXIT_DONE ? jobctl_result(ctl, result) : code;
}

/* Else nobody would know why nothing happens. */
static void warn_of_bound(const struct jobctl *ctl, const struct job *job)
{
	unsigned most = ctl->conf->attempts_max;

	if (job_is_active(job->state) && most && job->attempt > most)
		warnx("job %" PRId64 ": is attempt %u, and attempts-max is %u: its "
		      "machine boots from its own disk until pxekit.conf allows more",
		      job->id, job->attempt, most);
}

static int change_jobs(struct jobctl *ctl, int argc, char *argv[],
		       const struct order_move *move, enum select_which which)
{
	bool dry_run = parse(ctl, argc, argv);
	struct print_list list = { .name = "jobs" };
	int code = EXIT_DONE, count = argc - optind;
	int64_t ids[CHANGE_MAX];
	struct job job = { 0 };

	for (int i = 0; i < count; i++) {
		code = jobctl_worse(code, select_job(ctl, argv[optind + i], which, &job));
		ids[i] = job.id;
	}
	if (code != EXIT_DONE)
		return code;
	for (int i = 0; i < count; i++) {
		int one = change_job(ctl, move, dry_run, ids[i], &job);

		code = jobctl_worse(code, one);
		if (one == EXIT_DONE)
			warn_of_bound(ctl, &job);
		if (one == EXIT_DONE && ctl->json)
			print_list_item(&list, build_job, &job);
		else if (one == EXIT_DONE)
			printf("job %" PRId64 ": %s%s\n", job.id,
			       dry_run ? "would be " : "", move->past);
	}
	if (ctl->json)
		print_list_end(&list);
	return code;
}

int move_jobs_main(struct jobctl *ctl, int argc, char *argv[])
{
	return change_jobs(ctl, argc, argv, order_move_of_job(ctl->verb->name),
			   SELECT_NEWEST);
}

int rm_main(struct jobctl *ctl, int argc, char *argv[])
{
	static const struct order_move removal = { .name = "rm",
						   .apply = store_job_remove,
						   .past = "removed" };

	return change_jobs(ctl, argc, argv, &removal, SELECT_ONLY);
}

/* ---- machines ---- */

static int machine_of(const struct jobctl *ctl, const char *text,
		      const struct order_move *move, int64_t *id)
{
	struct machine_key key;
	struct machine machine;
	int code;

	if (!move->unseen) {
		code = select_machine(ctl, text, &machine);
		*id = machine.id;
		return code;
	}
	code = select_key(ctl, text, &key);
	if (code != EXIT_DONE)
		return code;
	return jobctl_result(ctl, store_machine_ensure(ctl->store, &key, 0, id));
}

static int change_machine(const struct jobctl *ctl, const char *text,
			  const struct order_move *move, struct machine *out)
{
	enum store_result result;
	int64_t id = 0;
	int code = machine_of(ctl, text, move, &id);

	if (code != EXIT_DONE)
		return code;
	result = move->apply(ctl->store, id, tool_actor());
	if (result == STORE_DONE)
		result = store_machine_by_id(ctl->store, id, out);
	return jobctl_result(ctl, result);
}

/* All of them or none. */
int move_machines_main(struct jobctl *ctl, int argc, char *argv[])
{
	const struct order_move *move = order_move_of_machine(ctl->verb->name);
	bool dry_run = parse(ctl, argc, argv);
	struct print_list list = { .name = "machines" };
	struct machine machines[CHANGE_MAX];
	int code, count = argc - optind;
	char mac[MAC_TEXT];

	code = jobctl_result(ctl, store_begin(ctl->store));
	if (code != EXIT_DONE)
		return code;
	for (int i = 0; i < count; i++)
		code = jobctl_worse(
			code, change_machine(ctl, argv[optind + i], move, &machines[i]));
	if (code != EXIT_DONE) {
		store_end(ctl->store, false);
		return code;
	}
	code = jobctl_result(ctl, store_end(ctl->store, !dry_run));
	for (int i = 0; code == EXIT_DONE && i < count; i++) {
		if (ctl->json)
			print_list_item(&list, build_machine, &machines[i]);
		else
			printf("%s: %s%s\n", print_mac(&machines[i].mac, mac),
			       dry_run ? "would be " : "", move->past);
	}
	if (code == EXIT_DONE && ctl->json)
		print_list_end(&list);
	return code;
}
