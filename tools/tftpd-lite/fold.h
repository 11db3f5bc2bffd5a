/*
 * fold - a name that a client wrote in other letters than the disk.
 *
 * A part of the name that is there as it was written is taken; else the first, by
 * octets, of those that differ by the case of their letters (of ASCII) only.
 */
#pragma once

#include <stdbool.h>

#include "tools/tftpd-lite/files.h"
#include "tools/tftpd-lite/names.h"

/* Writes the letters of the disk into path; false if nothing there fits. */
bool fold_path(const struct files *files, char path[static NAMES_PATH]);
