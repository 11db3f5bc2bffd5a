/*
 * imgctl - what its verbs share: the table of verbs, and where the images lie.
 *
 * A verb is a file here and a row of verbs[] in imgctl.c.
 */
#pragma once

#include <stdbool.h>

#include "lib/core/image.h"
#include "lib/sys/conf.h"
#include "lib/sys/verb.h"

struct imgctl;

struct imgctl_verb {
	const char *name, *arguments, *summary;
	const char *more; /* what --help says besides the summary; may be NULL */
	int (*main)(struct imgctl *ctl, int argc, char *argv[]);
	const struct verb_option *options; /* ends with a NULL name; may be NULL */
};

struct imgctl {
	struct verb_face face;
	const char *config; /* --config, or NULL */
	const char *images; /* --images, else the configuration's once it is asked for */
	bool json;
	struct conf *conf; /* NULL until imgctl_configure() */
};

/* The next option of the verb, as verb_next(); those of every verb are taken inside. */
int imgctl_next(struct imgctl *ctl, int argc, char *argv[]);

/* Loads the configuration, once; exits EXIT_MISUSE if it is bad. */
void imgctl_configure(struct imgctl *ctl);

/* The folder of the images: --images, else the configuration's. */
const char *imgctl_images(struct imgctl *ctl);

/* The manifest of NAME or NAME@VERSION into out; false after saying why. */
bool imgctl_load(struct imgctl *ctl, const char *reference, struct image *out);

/* ---- the verbs ---- */

extern const struct verb_option import_options[], verify_options[], rm_options[],
	current_options[], menu_options[], loader_options[], pull_options[],
	prune_options[];

int import_main(struct imgctl *ctl, int argc, char *argv[]);
int editions_main(struct imgctl *ctl, int argc, char *argv[]);
int list_main(struct imgctl *ctl, int argc, char *argv[]);
int show_main(struct imgctl *ctl, int argc, char *argv[]);
int verify_main(struct imgctl *ctl, int argc, char *argv[]);
int current_main(struct imgctl *ctl, int argc, char *argv[]);
int rm_main(struct imgctl *ctl, int argc, char *argv[]);
int menu_main(struct imgctl *ctl, int argc, char *argv[]);
int loader_main(struct imgctl *ctl, int argc, char *argv[]);
int pull_main(struct imgctl *ctl, int argc, char *argv[]);
int prune_main(struct imgctl *ctl, int argc, char *argv[]);
int index_main(struct imgctl *ctl, int argc, char *argv[]);
int drift_main(struct imgctl *ctl, int argc, char *argv[]);
