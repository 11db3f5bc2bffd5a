#include "config.h"

#include "lib/sys/table.h"

#include <err.h>
#include <errno.h>
#include <libsmartcols.h>
#include <stdarg.h>
#include <stdio.h>

#include "lib/core/job.h"
#include "lib/sys/exits.h"
#include "lib/sys/print.h"

static void must(int result)
{
	if (result < 0) {
		errno = -result;
		err(EXIT_FAILED, "table");
	}
}

void table_begin(struct table *t, const struct table_column *columns)
{
	scols_init_debug(0);
	*t = (struct table){ .scols = scols_new_table() };
	if (!t->scols)
		err(EXIT_FAILED, "table");
	for (; columns->name; columns++) {
		int flags = (columns->right ? SCOLS_FL_RIGHT : 0) |
			    (columns->wrap ? SCOLS_FL_WRAP : SCOLS_FL_TRUNC);

		if (!scols_table_new_column(t->scols, columns->name, columns->width,
					    columns->width < 1 ? flags
							       : flags & SCOLS_FL_RIGHT))
			err(EXIT_FAILED, "table");
	}
}

void table_row(struct table *t)
{
	t->line = scols_table_new_line(t->scols, NULL);
	t->next = 0;
	if (!t->line)
		err(EXIT_FAILED, "table");
}

void table_cell(struct table *t, const char *text)
{
	char safe[PRINT_SAFE];

	must(scols_line_set_data(t->line, t->next++,
				 *text ? print_safe(text, safe, sizeof(safe)) : "-"));
}

void table_cellf(struct table *t, const char *format, ...)
{
	char text[JOB_TEXT];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	table_cell(t, text);
}

void table_end(struct table *t)
{
	if (!scols_table_is_empty(t->scols))
		must(scols_print_table(t->scols));
	scols_unref_table(t->scols);
}
