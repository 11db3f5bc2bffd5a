/*
 * pour - copies a recipe's files into the draft of a version, each read once:
 * sums are made while it is written.
 *
 * Units   octets.
 * Errors  false, and one sentence in why.
 */
#pragma once

#include "lib/media/publish.h"
#include "lib/media/recipe.h"

struct pour_order {
	/* The SHA-256 of the first source as a whole, or "". */
	char whole[IMAGE_SHA256];
	/* Called now and then; stops the copying by false. */
	bool (*told)(int64_t done, int64_t total);
};

/* How many octets will be read. */
int64_t pour_total(const struct recipe *r, const struct pour_order *order);

/* Adds each file with its size and sum to r->image; fills in min_disk for a tarball. */
bool pour(struct recipe *r, struct publish *p, const struct pour_order *order,
	  char why[static CATALOGUE_WHY]);
