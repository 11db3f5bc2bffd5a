/*
 * inf_names - the names of an INF, found without regard to case.
 *
 * Memory  names are borrowed; begin with { 0 }, end with inf_names_free().  What
 *         inf_names_find() and _enter() give is valid until the next _enter().
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define INF_NONE UINT32_MAX

/* A section with its first and last line, or a string whose value first leads to. */
struct inf_name {
	const char *text;
	uint32_t len;
	uint32_t first, last; /* INF_NONE in a new one */
};

struct inf_names {
	struct inf_name *name;
	uint32_t *slot;     /* by their hash, open addressing */
	size_t count, room; /* room for names; there are twice as many slots */
};

/* NULL if there is none. */
struct inf_name *inf_names_find(const struct inf_names *names, const char *text,
				size_t len);

/* The name, made if it is new; NULL without memory. */
struct inf_name *inf_names_enter(struct inf_names *names, const char *text, size_t len);

void inf_names_free(struct inf_names *names);
