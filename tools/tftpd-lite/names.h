/*
 * names - a requested file name as a path below the root.
 *
 * Backslashes are slashes (Windows' boot manager), empty components and "."
 * vanish, a leading slash means the root itself; ".." is never followed, not
 * even where it would stay inside.
 *
 * Errors  false, and *why is a constant text.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define NAMES_PATH 1024 /* octets with the NUL */

bool names_map(const char *name, char path[static NAMES_PATH], const char **why);
