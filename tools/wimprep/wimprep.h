/*
 * wimprep - the verbs, each in a file of its own; and how each parses and fails.
 *
 * A verb gets its own argv (argv[0] is "wimprep"), and returns an exit status.
 */
#pragma once

#include <stdnoreturn.h>

struct verb {
	const char *name, *takes, *summary;
	int (*main)(int argc, char *argv[]);
};

int build_main(int argc, char *argv[]);
int drivers_main(int argc, char *argv[]);
int diff_main(int argc, char *argv[]);
int verify_main(int argc, char *argv[]);

/* The verb's help, or a hint at it behind a wrong option. */
noreturn void verb_help(const char *text);
noreturn void verb_misuse(const char *verb);

/* The number of an image; anything else than 1 to 999 ends the program. */
unsigned verb_index(const char *text);
