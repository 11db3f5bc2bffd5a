/*
 * order_export - jobs as a file that jobctl import and the HTTP API read again: CSV, or
 * a line of JSON each.
 *
 * Errors  not STORE_DONE: why has a sentence, or "" where store_why() has one; what out
 *         could not take is for the caller to see (ferror).
 * Source  RFC 4180; jobctl(1), "export".
 */
#pragma once

#include <stdio.h>

#include "lib/order/order.h"

struct order_export {
	struct job_filter filter; /* those that are not over, unless it names a state */
	bool csv, secrets;        /* secrets are sealed, for a site with the same key */
};

/* "csv" or "ndjson" */
bool order_export_format(const char *name, struct order_export *what);

/* Before secrets are given. */
enum store_result order_export_note(struct store *store, const char *actor);

/* In one transaction: one moment of the queue. */
enum store_result order_export(FILE *out, struct order_site *site,
			       const struct order_export *what,
			       char why[static ORDER_SENTENCE]);
