/*
 * publish - makes a folder hold a tree, and tells how they differ.
 *
 * FOLDER/.ipxegen lists the files that we made: only these are replaced or
 * removed.  A file is written only if its octets change, and at once; what
 * scripts lead to is there before the scripts, and goes after them.
 *
 * Errors  said on standard error; the functions return an exit status.
 */
#pragma once

#include <stdbool.h>

#include "tools/ipxegen/tree.h"

/* EXIT_DONE, EXIT_FAILED, or EXIT_BUSY if another one is at it. */
int publish(const struct tree *tree, const char *folder, bool dry_run);

/* Prints what publish() would do; EXIT_NO if that is anything. */
int publish_diff(const struct tree *tree, const char *folder);
