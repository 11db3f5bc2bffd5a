/*
 * jobctl - what its verbs share: the table of verbs, options, the open
 * database, and how results become exit statuses.
 *
 * A verb is a row of verbs[] in jobctl.c, a table of its options, and a main.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdnoreturn.h>

#include "lib/store/store.h"
#include "lib/sys/conf.h"

struct jobctl;

struct verb_option {
	const char *name;
	int key;                     /* a letter is a short option as well */
	const char *argument, *help; /* argument NULL: takes none */
};

struct verb {
	const char *name, *arguments, *summary;
	const char *more; /* what --help says besides the summary; may be NULL */
	int (*main)(struct jobctl *ctl, int argc, char *argv[]);
	unsigned need; /* of enum role_right; 0: none.  A row without it is no C. */
	const struct verb_option *options; /* ends with a NULL name; may be NULL */
	bool order; /* what a job may be told (lib/order) are options too */
};

struct jobctl {
	const struct verb *verb; /* NULL before the verb is known */
	const char *config, *database;
	bool json;
	struct conf *conf;
	struct store *store;
};

/* ---- options.c ---- */

/* Keys from here on are rows of setting_defs, and of order_fields. */
#define OPTION_SETTING 1000
#define OPTION_FIELD 2000

/* What lib/order calls the option of this key; NULL if it is none of a job's. */
const char *options_order_name(int key);

/*
 * The key of the next option of ctl->verb, or -1 (optind is the first
 * argument).  Global options, --help and misuse are dealt with inside.
 */
int options_next(struct jobctl *ctl, int argc, char *argv[]);

void options_help(const struct verb *verb);
noreturn void options_misuse(const struct verb *verb);

/* Exits EXIT_MISUSE unless at least min and at most max arguments are left. */
void options_arguments(const struct jobctl *ctl, int argc, int min, int max);

/* ---- jobctl.c ---- */

/* Loads the configuration; exits EXIT_MISUSE if it is bad. */
void jobctl_configure(struct jobctl *ctl);

/* Configures and opens the database; exits if it cannot. */
void jobctl_open(struct jobctl *ctl, enum store_mode mode);

/* The same for writing; a dry run that finds no database makes one in memory alone. */
void jobctl_open_to_change(struct jobctl *ctl, bool dry_run);

/* The exit status for a result, after saying store_why() if it was not done. */
int jobctl_result(const struct jobctl *ctl, enum store_result result);

/* Of two exit statuses the one that weighs more: 3, then 75, 2, 1, 0. */
int jobctl_worse(int a, int b);

/* ---- door.c ---- */

/* Exits EXIT_FAILED where the actor's roles do not allow the verb. */
void door_check(const struct jobctl *ctl);

/* The same for one right of enum role_right, which `what` wants; 0: nobody is asked. */
void door_need(const struct jobctl *ctl, unsigned right, const char *what);

/* ---- the verbs ---- */

extern const struct verb_option add_options[], list_options[], change_options[],
	machines_options[], explain_options[], events_options[], watch_options[],
	ingest_options[], secret_options[], sweep_options[], user_options[],
	token_options[], import_options[], export_options[], stats_options[],
	audit_options[], hooks_options[], restore_options[], vacuum_options[],
	next_options[], wake_options[];

int import_main(struct jobctl *ctl, int argc, char *argv[]);
int export_main(struct jobctl *ctl, int argc, char *argv[]);
int edit_main(struct jobctl *ctl, int argc, char *argv[]);
int add_main(struct jobctl *ctl, int argc, char *argv[]);
int list_main(struct jobctl *ctl, int argc, char *argv[]);
int show_main(struct jobctl *ctl, int argc, char *argv[]);
int log_main(struct jobctl *ctl, int argc, char *argv[]);
/* What ctl->verb is called in lib/order/order_move.h. */
int move_jobs_main(struct jobctl *ctl, int argc, char *argv[]);
int move_machines_main(struct jobctl *ctl, int argc, char *argv[]);
int rm_main(struct jobctl *ctl, int argc, char *argv[]);
int machines_main(struct jobctl *ctl, int argc, char *argv[]);
int explain_main(struct jobctl *ctl, int argc, char *argv[]);
int events_main(struct jobctl *ctl, int argc, char *argv[]);
int next_main(struct jobctl *ctl, int argc, char *argv[]);
int sweep_main(struct jobctl *ctl, int argc, char *argv[]);
int sites_main(struct jobctl *ctl, int argc, char *argv[]);
int stats_main(struct jobctl *ctl, int argc, char *argv[]);
int systems_main(struct jobctl *ctl, int argc, char *argv[]);
int record_main(struct jobctl *ctl, int argc, char *argv[]);
int audit_main(struct jobctl *ctl, int argc, char *argv[]);
int hooks_main(struct jobctl *ctl, int argc, char *argv[]);
int backup_main(struct jobctl *ctl, int argc, char *argv[]);
int restore_main(struct jobctl *ctl, int argc, char *argv[]);
int vacuum_main(struct jobctl *ctl, int argc, char *argv[]);
int wake_main(struct jobctl *ctl, int argc, char *argv[]);
int watch_main(struct jobctl *ctl, int argc, char *argv[]);
int ingest_main(struct jobctl *ctl, int argc, char *argv[]);
int user_main(struct jobctl *ctl, int argc, char *argv[]);
int token_main(struct jobctl *ctl, int argc, char *argv[]);
int secret_main(struct jobctl *ctl, int argc, char *argv[]);

/* ---- systems.c ---- */

/* Records every installation that is not yet; an exit status. */
int record_all(struct jobctl *ctl);
