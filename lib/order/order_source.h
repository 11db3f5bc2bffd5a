/*
 * order_source - many orders one after the other, out of a file or a request's body: CSV
 * with a header, a line of JSON each, or {"jobs": [...]}.
 *
 *	struct order_source s = order_source_begin(text, len, ORDER_CSV);
 *	while (order_source_next(&s, &o)) { ...; order_free(&o); o = ...; }
 *
 * Units   lines count from 1, jobs of a list from 0.
 * Errors  what is wrong with one is a complaint of that order; s.nothing: there was no
 *         order, and nothing to settle.  s.broken: what follows cannot be read at all,
 *         and why.
 * Memory  points into the caller's text, which is changed on the way; text[len] must be
 *         writable, and is '\0' for JSON.  One order at a time is in memory.
 * Source  jobctl(1), "import".
 */
#pragma once

#include "lib/core/csv.h"
#include "lib/order/order.h"

enum order_format {
	ORDER_NDJSON,
	ORDER_CSV,
	ORDER_JSON,
};

struct order_source {
	enum order_format format;
	size_t line;  /* where the order began; 0 in a list */
	size_t index; /* which one of all it is */
	bool nothing;
	const char *broken; /* NULL, or a constant clause */

	char *p, *end; /* the rest is for order_source_next() */
	size_t next_line, next_index;
	bool begun, ended;
	struct csv csv;
	const char *column[CSV_FIELDS];
	size_t columns;
};

/* CSV, unless it begins with a brace. */
enum order_format order_source_look(const char *text);

struct order_source order_source_begin(char *text, size_t len, enum order_format format);

/* Says the next one to *o, which may have been told what counts for all. */
bool order_source_next(struct order_source *s, struct order *o);
