/*
 * staged - the files of a folder that is to go into a WIM: names, hashes, one time.
 *
 * Errors  what fails ends the program.
 * Memory  staged_free() frees a list.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/media/wim.h"

struct staged_file {
	char *path; /* below the folder */
	char sha1[WIM_SHA1_TEXT];
	uint64_t size;
};

struct staged_list {
	struct staged_file *file;
	size_t files;
};

/* All files, by name. */
struct staged_list staged_read(const char *folder);
void staged_free(struct staged_list *list);

/* The same time for all of it, so that equal files make equal WIMs. */
void staged_times(const char *folder);

/* Seconds since 1970: $SOURCE_DATE_EPOCH, else a fixed day. */
int64_t staged_when(void);
