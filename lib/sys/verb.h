/*
 * verb - the options and the --help of a tool that has verbs, from tables.
 *
 * A verb_face is the tool before its verb (verb NULL) or one of its verbs.
 * --help of a verb, --version and misuse are dealt with inside and exit.
 */
#pragma once

#include <stddef.h>
#include <stdnoreturn.h>

struct verb_option {
	const char *name;
	int key;                     /* a letter is a short option as well */
	const char *argument, *help; /* argument NULL: takes none */
};

struct verb_face {
	const char *tool, *verb; /* verb NULL: none is given yet */
	const char *arguments, *summary;
	const char *more;                  /* what --help says besides; may be NULL */
	const struct verb_option *options; /* ends with a NULL name; may be NULL */
	const struct verb_option *globals; /* of every verb that has none of the name */
};

/* A row of globals each: --help and --version. */
#define VERB_KEY_VERSION 900
#define VERB_HELP                                                                        \
	{                                                                                \
		"help", 'h', NULL, "show this help"                                      \
	}
#define VERB_VERSION                                                                     \
	{                                                                                \
		"version", VERB_KEY_VERSION, NULL, "print the version"                   \
	}

/*
 * The key of the next option, or -1: optind is the first argument.  'h' is
 * returned only before the verb, where options end at the first other word.
 */
int verb_next(const struct verb_face *face, int argc, char *argv[]);

void verb_help(const struct verb_face *face);
noreturn void verb_misuse(const struct verb_face *face);

/* Exits EXIT_MISUSE unless at least min and at most max arguments are left. */
void verb_arguments(const struct verb_face *face, int argc, int min, int max);
