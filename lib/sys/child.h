/*
 * child - another program, run to its end: no shell, no input, a small environment.
 *
 * While a child runs, SIGINT, SIGTERM and SIGHUP end it and not us, so that the
 * caller can remove what it has begun; child_guard_end() lets them through then.
 *
 * Errors  child_run() returns false and why: the program's name, and what it said
 *         last on standard error, printable, or how it ended; errno is ENOENT if there
 *         is no such program, else 0.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>

#define CHILD_WHY 512
#define CHILD_WORDS 64 /* of argv and of environment, with the NULL */

/* What the signals were before; between the two calls the process is not to fork. */
struct child_guard {
	sigset_t before;
};

void child_guard_begin(struct child_guard *guard);
/* A signal that came meanwhile counts now. */
void child_guard_end(const struct child_guard *guard);
/* Whether one has come. */
bool child_guard_called(void);

/*
 * argv[0] is looked up in PATH; folder is where it runs; environment ends with NULL
 * and is all that the program gets besides PATH.  Within a guard only.
 */
bool child_run(const struct child_guard *guard, const char *const argv[],
	       const char *const environment[], const char *folder,
	       char why[static CHILD_WHY]);
