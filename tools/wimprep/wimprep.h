/*
 * wimprep - the verbs, each in a file of its own with its table of options.
 *
 * A verb gets its own argv (argv[0] is "wimprep"), and returns an exit status.
 */
#pragma once

#include "lib/sys/verb.h"

struct wimprep_verb {
	const char *name, *arguments, *summary, *more;
	int (*main)(const struct verb_face *face, int argc, char *argv[]);
	const struct verb_option *options;
};

extern const struct verb_option build_options[], drivers_options[], diff_options[],
	netboot_options[], verify_options[];

int build_main(const struct verb_face *face, int argc, char *argv[]);
int drivers_main(const struct verb_face *face, int argc, char *argv[]);
int diff_main(const struct verb_face *face, int argc, char *argv[]);
int netboot_main(const struct verb_face *face, int argc, char *argv[]);
int verify_main(const struct verb_face *face, int argc, char *argv[]);

/* The number of an image; anything else than 1 to 999 ends the program. */
unsigned wimprep_index(const char *text);
