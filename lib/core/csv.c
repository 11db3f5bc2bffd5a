#include "config.h"

#include "lib/core/csv.h"

#include <string.h>

struct csv csv_begin(char *text, size_t len)
{
	struct csv csv = { .p = text, .end = text + len, .next_line = 1 };

	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		csv.p += 3;
	return csv;
}

/* At the end of a line: how many octets that is; the end of the text is one of 0. */
static bool at_line_end(const struct csv *csv, size_t *octets)
{
	*octets = 0;
	if (csv->p == csv->end)
		return true;
	if (*csv->p == '\n')
		*octets = 1;
	else if (*csv->p == '\r' && csv->p + 1 < csv->end && csv->p[1] == '\n')
		*octets = 2;
	return *octets != 0;
}

static const char has_nul[] = "has a NUL in a value";

/* Undoes the quotes in place; false if they are not closed. */
static bool take_quoted(struct csv *csv)
{
	char *to = csv->field[csv->fields];

	for (csv->p++; csv->p < csv->end; csv->p++) {
		if (*csv->p == '"') {
			if (csv->p + 1 == csv->end || csv->p[1] != '"')
				break;
			csv->p++;
		}
		if (*csv->p == '\0') {
			csv->why = has_nul;
			return false;
		}
		csv->next_line += *csv->p == '\n';
		*to++ = *csv->p;
	}
	if (csv->p == csv->end) {
		csv->why = "a quote is not closed";
		return false;
	}
	csv->p++;
	if (to < csv->p)
		*to = '\0';
	return true;
}

/* What an octet outside quotes must not be; NULL if it may be there. */
static const char *refused(char octet)
{
	switch (octet) {
	case '"':
		return "has a quote inside a value: put the value into quotes, and "
		       "double it";
	case '\r':
		return "has a carriage return inside a value";
	case '\0':
		return has_nul;
	default:
		return NULL;
	}
}

static bool take_plain(struct csv *csv)
{
	size_t octets;

	csv->why = NULL;
	for (; !csv->why && *csv->p != ',' && !at_line_end(csv, &octets); csv->p++)
		csv->why = refused(*csv->p);
	return !csv->why;
}

/* One value and what ends it; *more says whether that is a comma. */
static bool take_field(struct csv *csv, bool *more)
{
	bool quoted = csv->p < csv->end && *csv->p == '"';
	size_t octets;
	char *end;

	if (csv->fields == CSV_FIELDS) {
		csv->why = "has too many values";
		return false;
	}
	csv->field[csv->fields] = csv->p;
	if (!(quoted ? take_quoted(csv) : take_plain(csv)))
		return false;
	end = csv->p;
	*more = csv->p < csv->end && *csv->p == ',';
	if (!*more && !at_line_end(csv, &octets)) {
		csv->why = "has something behind the closing quote of a value";
		return false;
	}
	csv->p += *more ? 1 : octets;
	csv->next_line += !*more && octets;
	if (!quoted)
		*end = '\0';
	csv->fields++;
	return true;
}

static void skip_line(struct csv *csv)
{
	while (csv->p < csv->end && *csv->p != '\n')
		csv->p++;
	if (csv->p < csv->end) {
		csv->p++;
		csv->next_line++;
	}
}

static void skip_empty_lines(struct csv *csv)
{
	size_t octets;

	while (csv->p < csv->end && at_line_end(csv, &octets)) {
		csv->p += octets;
		csv->next_line++;
	}
}

enum csv_result csv_next(struct csv *csv)
{
	bool more = true;

	skip_empty_lines(csv);
	csv->line = csv->next_line;
	csv->fields = 0;
	if (csv->p == csv->end)
		return CSV_END;
	while (more)
		if (!take_field(csv, &more)) {
			skip_line(csv);
			return CSV_BAD;
		}
	return CSV_RECORD;
}

bool csv_wants_quotes(const char *value)
{
	return value[strcspn(value, ",\"\r\n")] != '\0' || *value == ' ' ||
	       (*value && value[strlen(value) - 1] == ' ');
}
