/* Verbs about the database as a file: backup, restore, vacuum. */
#include "config.h"

#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "lib/core/duration.h"
#include "lib/sys/exits.h"
#include "lib/sys/now.h"
#include "lib/sys/print.h"
#include "lib/sys/tool.h"
#include "tools/jobctl/jobctl.h"

enum { KEY_LIVE = 256, KEY_KEEP };

const struct verb_option restore_options[] = {
	{ "live", KEY_LIVE, NULL, "also while other programs have the database open" },
	{ 0 },
};

const struct verb_option vacuum_options[] = {
	{ "keep", KEY_KEEP, "DURATION",
	  "keep events that are younger, like 90d (must be said)" },
	{ "dry-run", 'n', NULL, "say how many events would go and change nothing" },
	{ 0 },
};

struct result {
	const char *file, *kept;
	int64_t removed;
};

static void build_backup(struct jsonout *j, const void *what)
{
	const struct result *r = what;

	jsonout_text(j, "file", r->file);
	if (r->kept)
		jsonout_text(j, "kept", r->kept);
	else
		jsonout_null(j, "kept");
}

int backup_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct result r = { 0 };
	int code;

	while (options_next(ctl, argc, argv) != -1)
		;
	options_arguments(ctl, argc, 1, 1);
	r.file = argv[optind];
	jobctl_open(ctl, STORE_READ);
	code = jobctl_result(ctl, store_backup(ctl->store, r.file));
	if (code == EXIT_DONE && ctl->json)
		print_json(build_backup, &r);
	else if (code == EXIT_DONE)
		printf("%s: a copy of %s, checked\n", r.file, ctl->database);
	return code;
}

/* What is there now is kept under this name, so that a restore can be taken back. */
static char *old_name(const struct jobctl *ctl)
{
	time_t now = (time_t)(now_ms() / 1000);
	char stamp[32], *name;
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
	if (asprintf(&name, "%s.%s.old", ctl->database, stamp) < 0)
		err(EXIT_FAILED, "restore");
	return name;
}

/* With its companions; also a file that is damaged can be put aside. */
static int move_files(const char *from, const char *to)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	char a[1024], b[1024];

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(a, sizeof(a), "%s%s", from, ends[i]);
		snprintf(b, sizeof(b), "%s%s", to, ends[i]);
		if (rename(a, b) < 0 && errno != ENOENT) {
			warn("%s", a);
			return EXIT_FAILED;
		}
	}
	return EXIT_DONE;
}

static int refuse_others(const struct jobctl *ctl)
{
	bool alone;

	if (access(ctl->database, F_OK) < 0)
		return EXIT_DONE;
	if (store_alone(ctl->database, &alone) != STORE_DONE || alone)
		return EXIT_DONE;
	warnx("%s: other programs have it open: stop them, or say --live", ctl->database);
	return EXIT_BUSY;
}

static int restore_aside(struct jobctl *ctl, const char *file, const char *kept)
{
	int code = refuse_others(ctl);

	if (code == EXIT_DONE)
		code = move_files(ctl->database, kept);
	if (code != EXIT_DONE)
		return code;
	jobctl_open(ctl, STORE_WRITE);
	code = jobctl_result(ctl, store_restore(ctl->store, file));
	if (code != EXIT_DONE) {
		store_close(ctl->store);
		ctl->store = NULL;
		move_files(kept, ctl->database);
	}
	return code;
}

static int restore_live(struct jobctl *ctl, const char *file, const char *kept)
{
	int code;

	jobctl_open(ctl, STORE_WRITE);
	code = jobctl_result(ctl, store_backup(ctl->store, kept));
	if (code != EXIT_DONE)
		return code;
	code = jobctl_result(ctl, store_restore(ctl->store, file));
	if (code != EXIT_DONE)
		unlink(kept);
	return code;
}

int restore_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct result r = { 0 };
	bool live = false;
	char *kept;
	int code;

	while (options_next(ctl, argc, argv) != -1)
		live = true;
	options_arguments(ctl, argc, 1, 1);
	r.file = argv[optind];
	if (access(r.file, R_OK) < 0)
		err(EXIT_FAILED, "%s", r.file);
	jobctl_configure(ctl);
	r.kept = kept = old_name(ctl);
	code = live ? restore_live(ctl, r.file, kept) : restore_aside(ctl, r.file, kept);
	if (code == EXIT_DONE && ctl->json)
		print_json(build_backup, &r);
	else if (code == EXIT_DONE)
		printf("%s: restored from %s; what was there is in %s\n", ctl->database,
		       r.file, kept);
	free(kept);
	return code;
}

static void build_vacuum(struct jsonout *j, const void *what)
{
	const struct result *r = what;

	jsonout_int(j, "removed", r->removed);
}

int vacuum_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct result r = { 0 };
	int64_t keep_ms = 0;
	bool dry_run = false;
	int c, code;

	while ((c = options_next(ctl, argc, argv)) != -1) {
		if (c == 'n')
			dry_run = true;
		else if (!duration_parse(optarg, &keep_ms) || keep_ms == 0)
			errx(EXIT_MISUSE, "--keep %s: is not a while, like 90d", optarg);
	}
	options_arguments(ctl, argc, 0, 0);
	if (!keep_ms) {
		warnx("vacuum: --keep must say how old events may be");
		options_misuse(ctl->verb);
	}
	jobctl_open(ctl, STORE_WRITE);
	code = jobctl_result(ctl, store_forget(ctl->store, now_ms() - keep_ms, !dry_run,
					       tool_actor(), &r.removed));
	if (code == EXIT_DONE && !dry_run)
		code = jobctl_result(ctl, store_compact(ctl->store));
	if (code == EXIT_DONE && ctl->json)
		print_json(build_vacuum, &r);
	else if (code == EXIT_DONE)
		printf("%" PRId64 " old events %s\n", r.removed,
		       dry_run ? "would be removed" : "removed");
	return code;
}
