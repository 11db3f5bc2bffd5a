/* Verbs that move jobs or machines: cancel, retry, hold, release, rm, ignore, ... */
#include "config.h"

#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>

#include "lib/core/object.h"
#include "lib/media/catalogue.h"
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

struct job_change {
	enum store_result (*apply)(struct store *store, int64_t id, const char *actor);
	enum select_which which;
	const char *past; /* what is printed */
	bool installs;    /* the job's image must be there */
};

/* Else the machine would be told of an image that imgctl rm has taken away. */
static bool image_is_there(const struct jobctl *ctl, const struct job *job)
{
	char why[CATALOGUE_WHY];
	struct image image;

	if (!catalogue_load(ctl->conf->images, job->image, &image, why)) {
		warnx("job %" PRId64 ": %s", job->id, why);
		return false;
	}
	image_free(&image);
	return true;
}

/* In a transaction of its own, so that the job is read as it became. */
static int change_job(const struct jobctl *ctl, const struct job_change *change,
		      bool dry_run, int64_t id, struct job *job)
{
	enum store_result result = store_begin(ctl->store);
	int code;

	if (result != STORE_DONE)
		return jobctl_result(ctl, result);
	store_job(ctl->store, id, job);
	if (change->installs && !image_is_there(ctl, job)) {
		store_end(ctl->store, false);
		return EXIT_NO;
	}
	result = change->apply(ctl->store, id, tool_actor());
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
		       const struct job_change *change)
{
	bool dry_run = parse(ctl, argc, argv);
	struct print_list list = { .name = "jobs" };
	int code = EXIT_DONE, count = argc - optind;
	int64_t ids[CHANGE_MAX];
	struct job job = { 0 };

	for (int i = 0; i < count; i++) {
		code = jobctl_worse(
			code, select_job(ctl, argv[optind + i], change->which, &job));
		ids[i] = job.id;
	}
	if (code != EXIT_DONE)
		return code;
	for (int i = 0; i < count; i++) {
		int one = change_job(ctl, change, dry_run, ids[i], &job);

		code = jobctl_worse(code, one);
		if (one == EXIT_DONE)
			warn_of_bound(ctl, &job);
		if (one == EXIT_DONE && ctl->json)
			print_list_item(&list, build_job, &job);
		else if (one == EXIT_DONE)
			printf("job %" PRId64 ": %s%s\n", job.id,
			       dry_run ? "would be " : "", change->past);
	}
	if (ctl->json)
		print_list_end(&list);
	return code;
}

int cancel_main(struct jobctl *ctl, int argc, char *argv[])
{
	static const struct job_change change = { store_job_cancel, SELECT_NEWEST,
						  "cancelled", false };

	return change_jobs(ctl, argc, argv, &change);
}

int retry_main(struct jobctl *ctl, int argc, char *argv[])
{
	static const struct job_change change = { store_job_retry, SELECT_NEWEST,
						  "queued again", true };

	return change_jobs(ctl, argc, argv, &change);
}

int rm_main(struct jobctl *ctl, int argc, char *argv[])
{
	static const struct job_change change = { store_job_remove, SELECT_ONLY,
						  "removed", false };

	return change_jobs(ctl, argc, argv, &change);
}

int hold_main(struct jobctl *ctl, int argc, char *argv[])
{
	static const struct job_change change = { store_job_hold, SELECT_NEWEST, "held",
						  false };

	return change_jobs(ctl, argc, argv, &change);
}

int release_main(struct jobctl *ctl, int argc, char *argv[])
{
	static const struct job_change change = { store_job_release, SELECT_NEWEST,
						  "released", false };

	return change_jobs(ctl, argc, argv, &change);
}

/* ---- machines ---- */

/* What is done to each machine. */
struct machine_change {
	enum store_result (*apply)(struct store *store, int64_t id, const char *actor);
	const char *past;
	bool unseen; /* also one that was never seen */
};

static int machine_of(const struct jobctl *ctl, const char *text,
		      const struct machine_change *change, int64_t *id)
{
	struct machine_key key;
	struct machine machine;
	int code;

	if (!change->unseen) {
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
			  const struct machine_change *change, struct machine *out)
{
	enum store_result result;
	int64_t id = 0;
	int code = machine_of(ctl, text, change, &id);

	if (code != EXIT_DONE)
		return code;
	result = change->apply(ctl->store, id, tool_actor());
	if (result == STORE_DONE)
		result = store_machine_by_id(ctl->store, id, out);
	return jobctl_result(ctl, result);
}

/* All of them or none. */
static int change_machines(struct jobctl *ctl, int argc, char *argv[],
			   const struct machine_change *change)
{
	bool dry_run = parse(ctl, argc, argv);
	struct print_list list = { .name = "machines" };
	struct machine machines[CHANGE_MAX];
	int code, count = argc - optind;
	char mac[MAC_TEXT];

	code = jobctl_result(ctl, store_begin(ctl->store));
	if (code != EXIT_DONE)
		return code;
	for (int i = 0; i < count; i++)
		code = jobctl_worse(code, change_machine(ctl, argv[optind + i], change,
							 &machines[i]));
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
			       dry_run ? "would be " : "", change->past);
	}
	if (code == EXIT_DONE && ctl->json)
		print_list_end(&list);
	return code;
}

static enum store_result ignore(struct store *store, int64_t id, const char *actor)
{
	return store_machine_dispose(store, id, MACHINE_IGNORED, actor);
}

static enum store_result block(struct store *store, int64_t id, const char *actor)
{
	return store_machine_dispose(store, id, MACHINE_BLOCKED, actor);
}

static enum store_result allow(struct store *store, int64_t id, const char *actor)
{
	return store_machine_dispose(store, id, MACHINE_KNOWN, actor);
}

static enum store_result retire(struct store *store, int64_t id, const char *actor)
{
	return store_machine_retire(store, id, true, actor);
}

static enum store_result unretire(struct store *store, int64_t id, const char *actor)
{
	return store_machine_retire(store, id, false, actor);
}

int ignore_main(struct jobctl *ctl, int argc, char *argv[])
{
	static const struct machine_change change = { ignore, "ignored", true };

	return change_machines(ctl, argc, argv, &change);
}

int block_main(struct jobctl *ctl, int argc, char *argv[])
{
	static const struct machine_change change = { block, "blocked", true };

	return change_machines(ctl, argc, argv, &change);
}

int allow_main(struct jobctl *ctl, int argc, char *argv[])
{
	static const struct machine_change change = { allow, "known", true };

	return change_machines(ctl, argc, argv, &change);
}

int retire_main(struct jobctl *ctl, int argc, char *argv[])
{
	static const struct machine_change change = { retire, "retired", false };

	return change_machines(ctl, argc, argv, &change);
}

int unretire_main(struct jobctl *ctl, int argc, char *argv[])
{
	static const struct machine_change change = { unretire, "in use again", false };

	return change_machines(ctl, argc, argv, &change);
}
