#include "config.h"

#include "lib/order/order_source.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "lib/order/order_inside.h"

#define BLANKS " \t\r\n"

enum order_format order_source_look(const char *text)
{
	return text[strspn(text, BLANKS)] == '{' ? ORDER_NDJSON : ORDER_CSV;
}

struct order_source order_source_begin(char *text, size_t len, enum order_format format)
{
	struct order_source s = {
		.format = format, .p = text, .end = text + len, .next_line = 1
	};

	if (format == ORDER_CSV)
		s.csv = csv_begin(text, len);
	return s;
}

/* ---- a line of JSON each ---- */

static bool next_line(struct order_source *s, struct order *o)
{
	char *line, *newline;

	while (s->p < s->end) {
		line = s->p;
		newline = memchr(line, '\n', (size_t)(s->end - line));
		if (!newline)
			newline = s->end;
		*newline = '\0';
		s->p = newline + 1;
		s->line = s->next_line++;
		if (strspn(line, " \t\r") >= (size_t)(newline - line))
			continue;
		order_json(o, line, (size_t)(newline - line));
		return true;
	}
	return false;
}

/* ---- a list in JSON ---- */

static bool skip(struct order_source *s, const char *what)
{
	size_t len = strlen(what);

	s->p += strspn(s->p, BLANKS);
	if ((size_t)(s->end - s->p) < len || memcmp(s->p, what, len) != 0)
		return false;
	s->p += len;
	return true;
}

static bool stop(struct order_source *s, bool good)
{
	s->ended = true;
	if (!good)
		s->broken = "the body wants to be {\"jobs\": [...]}";
	return false;
}

/* Nothing but blanks may follow it. */
static bool stop_at_end(struct order_source *s)
{
	bool good = skip(s, "}");

	s->p += strspn(s->p, BLANKS);
	return stop(s, good && s->p == s->end);
}

/* Before each: what stands between it and the one before; false: there is none. */
static bool to_next_item(struct order_source *s)
{
	if (s->begun)
		return skip(s, ",") || (skip(s, "]") ? stop_at_end(s) : stop(s, false));
	s->begun = true;
	if (!skip(s, "{") || !skip(s, "\"jobs\"") || !skip(s, ":") || !skip(s, "["))
		return stop(s, false);
	return !skip(s, "]") || stop_at_end(s);
}

/* Only so much of the text is read as this one needs. */
static bool next_item(struct order_source *s, struct order *o)
{
	json_error_t error;
	json_t *item;
	const char *from;

	if (s->ended || !to_next_item(s))
		return false;
	from = s->p;
	item = json_loadb(from, (size_t)(s->end - from),
			  JSON_DISABLE_EOF_CHECK | JSON_DECODE_ANY, &error);
	if (!item)
		return stop(s, false);
	json_decref(item);
	s->p += error.position;
	s->index = s->next_index++;
	order_json(o, from, (size_t)(s->p - from));
	return true;
}

/* ---- CSV ---- */

static bool nothing(struct order_source *s, struct order *o, const char *sentence)
{
	s->nothing = true;
	order_complain_so(o, "", sentence);
	return true;
}

static bool take_header(struct order_source *s, struct order *o)
{
	char text[160];

	for (size_t i = 0; i < s->csv.fields; i++) {
		const char *name = s->csv.field[i], *why = NULL;

		if (!order_field_find(name) && !setting_find(name))
			why = "is no option of a job";
		for (size_t k = 0; k < i; k++)
			if (strcmp(name, s->csv.field[k]) == 0)
				why = "is there twice";
		s->column[i] = name;
		if (!why)
			continue;
		snprintf(text, sizeof(text), "column %.100s: %s", name, why);
		nothing(s, o, text);
	}
	s->columns = s->csv.fields;
	s->ended = s->nothing;
	return !s->nothing;
}

/* A list stands in one value, a line each; addresses may also have blanks between. */
static void say_cell(struct order *o, const char *name, char *value)
{
	const struct setting_def *def = setting_find(name);
	const struct order_field *field = order_field_find(name);
	bool list = def ? setting_is(def, SETTING_LIST) : field->traits & SETTING_LIST;
	const char *between = def ? "\n" : "\n ";
	char *rest = value;

	if (!list && *value)
		order_say(o, name, value);
	while (list && (value = strsep(&rest, between)))
		if (*value)
			order_say(o, name, value);
}

static bool next_record(struct order_source *s, struct order *o);

static bool take_first(struct order_source *s, struct order *o, enum csv_result got)
{
	s->begun = true;
	s->ended = got != CSV_RECORD;
	s->line = s->csv.line;
	if (got == CSV_BAD)
		return nothing(s, o, s->csv.why);
	if (got == CSV_END)
		return false;
	return take_header(s, o) ? next_record(s, o) : true;
}

static bool next_record(struct order_source *s, struct order *o)
{
	enum csv_result got = s->ended ? CSV_END : csv_next(&s->csv);
	char text[96];

	if (!s->begun)
		return take_first(s, o, got);
	if (got == CSV_END)
		return false;
	s->line = s->csv.line;
	if (got == CSV_BAD)
		return nothing(s, o, s->csv.why);
	if (s->csv.fields != s->columns) {
		snprintf(text, sizeof(text), "has %zu values, and the header %zu names",
			 s->csv.fields, s->columns);
		return nothing(s, o, text);
	}
	for (size_t i = 0; i < s->columns; i++)
		say_cell(o, s->column[i], s->csv.field[i]);
	return true;
}

bool order_source_next(struct order_source *s, struct order *o)
{
	static bool (*const next[])(struct order_source * s, struct order * o) = {
		[ORDER_NDJSON] = next_line,
		[ORDER_CSV] = next_record,
		[ORDER_JSON] = next_item,
	};

	s->nothing = false;
	return next[s->format](s, o);
}
