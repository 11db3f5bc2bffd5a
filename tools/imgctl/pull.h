/*
 * pull - one version of an image of another site, into the catalogue of this one.
 *
 * What has come stays in a draft of the version until all is there, so that the next
 * run goes on with it.
 *
 * Errors  an exit status, after the reason on standard error.
 */
#pragma once

#include "lib/core/image_index.h"
#include "tools/imgctl/fetch.h"

struct pull {
	const char *images, *url; /* url: of the folder that INDEX is in */
	struct fetch *fetch;
	bool dry_run;
	bool full;           /* the disk was, on the way */
	int64_t done, total; /* octets of the version that is under way */
};

struct pulled {
	const struct image_index_entry *entry;
	bool came;      /* it was not here before */
	int64_t octets; /* that were transferred, or would have to be */
};

/* Does nothing if the version is here already. */
int pull_version(struct pull *pull, const struct image_index_entry *entry,
		 struct pulled *out);
