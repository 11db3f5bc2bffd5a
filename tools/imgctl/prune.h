/*
 * prune - which versions of an image nobody used lately.
 *
 * Used is when one of its files was last read, as the file system knows (to the day, as
 * relatime has it; never with noatime), else when it came here.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "tools/imgctl/imgctl.h"

struct prune_row {
	char reference[2 * JOB_NAME];
	int64_t used_ms;
	bool needed; /* current, named, or a job's */
	bool goes;
};

/* Sets goes, so that at least `keep` of the count versions of one image stay. */
void prune_choose(struct prune_row *rows, size_t count, size_t keep);

/* When a version was last used; 0 if that cannot be told. */
int64_t prune_used(const char *images, const struct image *image);

/* remove.c: one version, unless a job needs it or it is current; an exit status. */
struct store;
int rm_version(struct imgctl *ctl, struct store *store, const char *reference,
	       bool dry_run);
