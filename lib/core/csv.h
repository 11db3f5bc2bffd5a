/*
 * csv - comma-separated values, one record at a time.
 *
 * Lines may end in LF alone; a byte order mark in front and empty lines are
 * passed over, as spreadsheets write them.  Nothing else is forgiven.
 *
 * Units   lines count from 1.
 * Errors  csv_next() returns CSV_BAD and ->why is a constant text; it goes on
 *         behind that line.
 * Memory  fields point into the caller's text, which is changed on the way;
 *         text[len] must be writable.
 * Source  RFC 4180.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define CSV_FIELDS 96

enum csv_result { CSV_END, CSV_RECORD, CSV_BAD };

struct csv {
	char *p, *end;
	size_t next_line;

	size_t line; /* where this record begins */
	char *field[CSV_FIELDS];
	size_t fields;
	const char *why;
};

struct csv csv_begin(char *text, size_t len);
enum csv_result csv_next(struct csv *csv);

/* Whether a value must stand in quotes. */
bool csv_wants_quotes(const char *value);
