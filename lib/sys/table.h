/*
 * table - what people read: columns by libsmartcols, as wide as the terminal.
 *
 * Memory  cells are copied; table_end() prints the table, if it has rows,
 *         and frees it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct table_column {
	const char *name;
	double width; /* below 1: a share of the terminal that may be cut */
	bool right;   /* numbers */
	bool wrap;    /* instead of cutting */
};

struct libscols_table;
struct libscols_line;

struct table {
	struct libscols_table *scols;
	struct libscols_line *line;
	size_t next;
};

/* Columns end with a NULL name. */
void table_begin(struct table *t, const struct table_column *columns);
void table_row(struct table *t);
/* The next cell of this row; "" is shown as "-". */
void table_cell(struct table *t, const char *text);
__attribute__((format(printf, 2, 3))) void table_cellf(struct table *t,
						       const char *format, ...);
void table_end(struct table *t);
