/*
 * tarball - looks through the members of a tarball before anything is unpacked.
 *
 * Errors  false, and one sentence in why, naming the member.
 * Memory  tarball_free() frees what tarball_new() made.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/media/catalogue.h"

struct tarball;

struct tarball *tarball_new(const char *path);
void tarball_free(struct tarball *t);

/* What a member is: its name, where it links to (NULL), and what kind of link. */
bool tarball_member(struct tarball *t, const char *name, const char *link, bool symbolic,
		    char why[static CATALOGUE_WHY]);

/* True if it looks like a root file system. */
bool tarball_is_system(const struct tarball *t);
