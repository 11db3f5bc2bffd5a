#include "config.h"

#include "tools/jobctl/jobctl.h"

#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/core/role.h"
#include "lib/sys/exits.h"
#include "lib/sys/tool.h"

/* Programs use it, and the mode of the database's file decides who may. */
#define FOR_PROGRAMS 0

static const struct verb verbs[] = {
	{ "add", "--mac MAC --image NAME[@VERSION]", "queue an installation",
	  "Prints the job's number and what it will install.  What the job does not say "
	  "is "
	  "taken from its profile.",
	  add_main, ROLE_QUEUE, add_options, true },
	{ "list", "", "list the jobs",
	  "Without --all or --state: those that are not over, "
	  "and those that ended within a day.",
	  list_main, ROLE_VIEW, list_options, false },
	{ "show", "JOB", "show all about one job, with its timeline", NULL, show_main,
	  ROLE_VIEW, NULL, false },
	{ "log", "JOB", "print every transition of a job", NULL, log_main, ROLE_VIEW,
	  NULL, false },
	{ "cancel", "JOB...", "cancel jobs",
	  "The machine is told to stop when it reports "
	  "the next time.",
	  move_jobs_main, ROLE_QUEUE, change_options, false },
	{ "retry", "JOB...", "queue jobs again that are over",
	  "Each starts another attempt with a secret of its own; the history stays.",
	  move_jobs_main, ROLE_QUEUE, change_options, false },
	{ "hold", "JOB...", "keep jobs from starting",
	  "Until jobctl release their machines boot as if they had none.", move_jobs_main,
	  ROLE_QUEUE, change_options, false },
	{ "release", "JOB...", "let held jobs start",
	  "Also those whose time has not come.", move_jobs_main, ROLE_QUEUE,
	  change_options, false },
	{ "edit", "JOB", "change a job that has not begun, or failed",
	  "Takes the options of add but --mac, --uuid and --serial; an empty value takes "
	  "back what was said.  Prints old and new, which go on record.",
	  edit_main, ROLE_QUEUE, change_options, true },
	{ "import", "[FILE]", "queue the jobs of a CSV or NDJSON file",
	  "Its columns, or keys, are the names of the options of add; those given here "
	  "count for each job that does not say otherwise.  All are queued, or none.",
	  import_main, ROLE_QUEUE, import_options, true },
	{ "export", "", "print jobs as import reads them",
	  "Those that are not over, unless --state is given.", export_main, ROLE_VIEW,
	  export_options, false },
	{ "rm", "JOB...", "remove jobs that are over", "Their events stay.", rm_main,
	  ROLE_QUEUE, change_options, false },
	{ "next", "MACHINE [ENTRY]", "say what a machine boots the next time, and once",
	  "ENTRY is local or menu; the boot after that is what it would have been.  With "
	  "--clear only MACHINE is named.",
	  next_main, ROLE_QUEUE, next_options, false },
	{ "sweep", "", "end jobs that have had no news for too long",
	  "By the section sweep of pxekit.conf: each fails, or is queued again while it "
	  "has attempts left.",
	  sweep_main, FOR_PROGRAMS, sweep_options, false },
	{ "sites", "", "list the services of this site, and whether they run",
	  "Also those of sites that report to it.  Exits with 1 if one is down.",
	  sites_main, ROLE_VIEW, NULL, false },
	{ "stats", "", "print how long installations take, and how many succeed",
	  "Of attempts that ended; median and 95th percentile of those that are done, "
	  "whole "
	  "and step by step.",
	  stats_main, ROLE_VIEW, stats_options, false },
	{ "watch", "[JOB]", "show progress while it happens",
	  "On a terminal: bars, redrawn in place.  Otherwise one line for each change.  "
	  "Ends with its job: 0 if that is done, 1 if it failed or was cancelled.",
	  watch_main, ROLE_VIEW, watch_options, false },
	{ "machines", "", "list the machines", NULL, machines_main, ROLE_VIEW,
	  machines_options, false },
	{ "systems", "[MACHINE]", "list what was installed, or all about one system",
	  "Every machine that was ever installed, with what it was installed from last.",
	  systems_main, ROLE_VIEW, NULL, false },
	{ "record", "JOB", "print what a job's installation was made of",
	  "One line of JSON for each attempt that is done, with names and SHA-256.",
	  record_main, ROLE_VIEW, NULL, false },
	{ "retire", "MACHINE...", "say that machines are not in use any more",
	  "They get no job; their history stays.", move_machines_main, ROLE_QUEUE,
	  change_options, false },
	{ "unretire", "MACHINE...", "take that back", NULL, move_machines_main,
	  ROLE_QUEUE, change_options, false },
	{ "ignore", "MACHINE...", "do not list machines as new any more", NULL,
	  move_machines_main, ROLE_QUEUE, change_options, false },
	{ "block", "MACHINE...", "never answer machines", NULL, move_machines_main,
	  ROLE_QUEUE, change_options, false },
	{ "allow", "MACHINE...", "make machines known, also after ignore or block", NULL,
	  move_machines_main, ROLE_QUEUE, change_options, false },
	{ "wake", "MACHINE...", "switch machines on by Wake-on-LAN",
	  "The magic packet goes to all their cards, through the interface of their "
	  "network.",
	  wake_main, ROLE_QUEUE, wake_options, false },
	{ "explain", "MACHINE", "say what a machine's next boot will do, and why", NULL,
	  explain_main, ROLE_VIEW, explain_options, false },
	{ "events", "", "print what the programs saw",
	  "With --json: the lines of pxekit-events(5).", events_main, ROLE_VIEW,
	  events_options, false },
	{ "audit", "", "print what admins did, and check that nothing is missing",
	  "Each line carries a hash over itself and the one before.", audit_main,
	  ROLE_AUDIT, audit_options, false },
	{ "hooks", "", "tell the executables of hooks.d what happens",
	  "Follows the events, and asks the pre-install hooks about each new attempt.",
	  hooks_main, FOR_PROGRAMS, hooks_options, false },
	{ "backup", "FILE", "copy the database, also while jobs run",
	  "The copy is checked before it gets its name.", backup_main, ROLE_ADMIN, NULL,
	  false },
	{ "restore", "FILE", "make such a copy the database again",
	  "It is checked before, and what was there is kept beside it.", restore_main,
	  ROLE_ADMIN, restore_options, false },
	{ "vacuum", "--keep DURATION", "remove old events of jobs that are over",
	  "What admins did stays, and so do jobs, machines and installations.",
	  vacuum_main, ROLE_ADMIN, vacuum_options, false },
	{ "secret", "set|list|rm|reveal [SECRET]", "keep secrets of the site",
	  "They are sealed with the site's key and never listed; smb-password is the one "
	  "that machines get.  Reveal prints one, after that is on record.",
	  secret_main, ROLE_ADMIN, secret_options, false },
	{ "user", "list|add|passwd|rm [USER]", "who may sign in to the dashboard",
	  "Where no front server says who people are.  Passwords are hashed.", user_main,
	  ROLE_ADMIN, user_options, false },
	{ "token", "list|add|rm [NAME|TOKEN]", "what programs use the API with",
	  "Add prints the token, once.  Send it as 'Authorization: Bearer TOKEN'.",
	  token_main, ROLE_ADMIN, token_options, false },
	{ "ingest", "", "apply the events on standard input to the database",
	  "Nothing is taken out of a pipe before it is in the database.", ingest_main,
	  FOR_PROGRAMS, ingest_options, false },
	{ 0 },
};

static void help_overview(void)
{
	fputs("Usage: jobctl [OPTION]... VERB [ARGUMENT]...\n"
	      "The queue of installations and the registry of machines.\n\nVerbs:\n",
	      stdout);
	for (const struct verb *v = verbs; v->name; v++)
		printf("  %-10s %s\n", v->name, v->summary);
	options_help(NULL);
	fputs("\nA JOB is its number, its host name or a MAC of its machine.\n"
	      "'jobctl VERB --help' tells more.\n",
	      stdout);
}

static const struct verb *find_verb(const char *name)
{
	for (const struct verb *v = verbs; v->name; v++)
		if (strcmp(v->name, name) == 0)
			return v;
	return NULL;
}

/* "jobctl help VERB" is what many try first. */
static noreturn void help(const char *name)
{
	const struct verb *verb = name ? find_verb(name) : NULL;

	if (name && !verb)
		errx(EXIT_MISUSE, "%s: no such verb (see jobctl --help)", name);
	if (verb)
		options_help(verb);
	else
		help_overview();
	exit(tool_end(EXIT_DONE));
}

int main(int argc, char *argv[])
{
	struct jobctl ctl = { 0 };
	int c, code;

	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C");
	while ((c = options_next(&ctl, argc, argv)) != -1)
		if (c == 'h')
			help(NULL);
	if (optind == argc) {
		warnx("no verb is given: what shall be done?");
		options_misuse(NULL);
	}
	if (strcmp(argv[optind], "help") == 0)
		help(argv[optind + 1]);
	ctl.verb = find_verb(argv[optind]);
	if (!ctl.verb) {
		warnx("%s: no such verb", argv[optind]);
		options_misuse(NULL);
	}
	argv[optind] = argv[0]; /* getopt's messages begin with it */
	argc -= optind;
	argv += optind;
	optind = 0; /* getopt_long starts over */
	code = ctl.verb->main(&ctl, argc, argv);
	store_close(ctl.store);
	conf_free(ctl.conf);
	return tool_end(code);
}

void jobctl_configure(struct jobctl *ctl)
{
	if (ctl->conf)
		return;
	ctl->conf = conf_load(ctl->config);
	if (!ctl->conf)
		exit(EXIT_MISUSE);
	if (!ctl->database)
		ctl->database = ctl->conf->database;
}

void jobctl_open(struct jobctl *ctl, enum store_mode mode)
{
	enum store_result result;
	char origin[TOOL_ORIGIN];

	jobctl_configure(ctl);
	door_check(ctl);
	result = store_open(ctl->database, mode, &ctl->store);
	if (result == STORE_DONE) {
		store_bound(ctl->store, &ctl->conf->sweep);
		store_from(ctl->store, "jobctl", tool_origin(origin));
		return;
	}
	if (!ctl->store)
		err(EXIT_FAILED, "%s", ctl->database);
	if (mode == STORE_READ && access(ctl->database, F_OK) < 0)
		errx(EXIT_FAILED,
		     "%s: there is no database yet (jobctl add or jobctl ingest makes "
		     "it)",
		     ctl->database);
	jobctl_result(ctl, result);
	exit(result == STORE_BUSY ? EXIT_BUSY : EXIT_FAILED);
}

void jobctl_open_to_change(struct jobctl *ctl, bool dry_run)
{
	jobctl_configure(ctl);
	if (dry_run && access(ctl->database, F_OK) < 0 && errno == ENOENT)
		ctl->database = STORE_MEMORY;
	jobctl_open(ctl, STORE_WRITE);
}

int jobctl_result(const struct jobctl *ctl, enum store_result result)
{
	static const int codes[] = {
		[STORE_DONE] = EXIT_DONE,
		[STORE_NO] = EXIT_NO,
		[STORE_BUSY] = EXIT_BUSY,
		[STORE_FAILED] = EXIT_FAILED,
	};

	if (result != STORE_DONE)
		warnx("%s", store_why(ctl->store));
	return codes[result];
}

int jobctl_worse(int a, int b)
{
	static const int order[] = { EXIT_FAILED, EXIT_BUSY, EXIT_MISUSE, EXIT_NO };

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return EXIT_DONE;
}
