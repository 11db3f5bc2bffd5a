/*
 * order_sweep - ending the jobs that have had no news for too long, as section sweep of
 * pxekit.conf wants it.
 *
 * Errors  a store_result; STORE_NO of order_sweep(): the job is not stalled any more.
 * Memory  order_stalled() allocates *jobs, which the caller frees in any case.
 * Source  lib/core/sweep.h
 */
#pragma once

#include "lib/media/catalogue.h"
#include "lib/store/store.h"
#include "lib/sys/conf.h"

struct order_swept {
	struct job job; /* as it became, or in a dry run as it is */
	bool again;     /* queued for another attempt; else it failed */
	char why[SWEEP_WHY];
	char lacks[CATALOGUE_WHY]; /* the image, which keeps it from another attempt; ""
				    */
};

/* By the bounds of store_bound(). */
enum store_result order_stalled(struct store *store, struct job **jobs, size_t *count);

enum store_result order_sweep(const struct conf *conf, struct store *store,
			      const struct job *job, const char *actor, bool dry_run,
			      struct order_swept *out);
