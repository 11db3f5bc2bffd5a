/*
 * overview - the versions of the catalogue with what is to be told of each.
 *
 * Memory  overview_next() fills a row whose image overview_done() frees.
 */
#pragma once

#include "lib/media/catalogue_verify.h"
#include "tools/imgctl/imgctl.h"

struct overview {
	const struct catalogue_entry *entry;
	struct image image; /* empty if its manifest cannot be read: why says it */
	bool good;
	char why[CATALOGUE_WHY];
	int64_t size; /* of all files, as the manifest says; -1 if it does not */
	struct verify_record verified;
};

void overview_of(struct imgctl *ctl, const struct catalogue_entry *entry,
		 struct overview *out);
void overview_done(struct overview *o);

/* The whole catalogue, or one image; exits EXIT_FAILED if it cannot be read. */
void overview_list(struct imgctl *ctl, const char *name, struct catalogue_list *out);

/* The members of a JSON object that list and show have in common. */
struct jsonout;
void overview_json(struct jsonout *j, const struct overview *o);

/* "good Nov 22 04:10", "never", ... */
#define OVERVIEW_VERIFIED 64
void overview_verified(const struct overview *o, char out[static OVERVIEW_VERIFIED]);
