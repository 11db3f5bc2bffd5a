/*
 * inspect - what wimboot can read of a WIM, which image boots, and of what Windows it is.
 *
 * Errors  false and one sentence in why, with its remedy.
 * Source  wimboot's src/wim.c: LZX and XPRESS in chunks of 32 KiB, one part, a boot
 * index.
 */
#pragma once

#include <stdbool.h>

#include "lib/media/driver.h"
#include "lib/media/wim.h"

bool inspect_readable(const struct wim_facts *facts, char why[static WIM_WHY]);

/* asked 0: the boot index, else the only image. */
bool inspect_image(const struct wim_facts *facts, unsigned asked, unsigned *image,
		   char why[static WIM_WHY]);

/* Build and architecture out of the XML; what it does not say stays 0. */
struct driver_target inspect_target(const struct wim *w, unsigned image);

/* Server or client, if all images of an install.wim are of that one kind. */
enum driver_product inspect_product(const struct wim *w);

/* A file that wimboot, the boot manager or winload takes out of the image. */
struct inspect_file {
	const char *path;
	unsigned since; /* the first build that has it */
	const char *firmware;
};
extern const struct inspect_file inspect_files[]; /* ends with a NULL path */
