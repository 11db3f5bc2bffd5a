/*
 * services - the programs of a site, and of those that report to it, as they told that
 * they run.
 *
 * Units   times are milliseconds since 1970 UTC, 0 for never.
 * Errors  enum store_result.
 * Source  lib/core/alive.h says what follows from the times.
 */
#pragma once

#include "lib/store/store.h"

struct store_service {
	char site[JOB_NAME], host[JOB_NAME], name[JOB_NAME]; /* who it is */
	char version[JOB_NAME];
	char where[JOB_TEXT];    /* as it says: the addresses it listens on */
	char networks[JOB_TEXT]; /* which it serves: "NAME SUBNET ADDRESS, ..." */
	int64_t active;          /* jobs of machines in these, which are not over */
	int64_t started_ms, seen_ms, stopped_ms;
};

/* What it says now; where "" leaves that as it was, as does started_ms 0. active is not
 * read. */
enum store_result store_service_seen(struct store *store,
				     const struct store_service *service);
enum store_result store_service_stopped(struct store *store,
					const struct store_service *service);

/* By site, host and name; end it with store_list_end(). */
struct store_list *store_services(struct store *store);
bool store_next_service(struct store_list *list, struct store_service *out);

/* When jobctl ingest, on any host, was last heard of and had not ended; 0: never. */
enum store_result store_ingest_seen(struct store *store, int64_t *out_ms);
