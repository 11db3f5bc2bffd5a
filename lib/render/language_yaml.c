/*
 * YAML 1.1 and 1.2: values stand inside double quotes, where every character
 * can be written.  Block scalars (| and >) take no values: nothing is quoted
 * there, and what is in them is often a script.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "lib/core/utf8.h"
#include "lib/render/language.h"

enum { BARE, PLAIN, AFTER, DOUBLE, SINGLE, COMMENT, BLOCK };

static bool refuse(const char **why, const char *reason)
{
	*why = reason;
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* Notes where a block scalar's parent stands: its key, or its dash. */
static void note_column(struct escape *e, char c)
{
	if (c == '-' && e->key_column == SIZE_MAX)
		e->dash_column = e->column;
	else if (!is_blank(c) && e->key_column == SIZE_MAX)
		e->key_column = c == '|' || c == '>' ? e->dash_column : e->column;
}

/* Where a scalar could begin. */
static void bare(struct escape *e, char c)
{
	if (c == '"')
		e->place = DOUBLE;
	else if (c == '\'')
		e->place = SINGLE;
	else if (c == '#' && is_blank(e->previous))
		e->place = COMMENT;
	else if ((c == '|' || c == '>') && !e->flow)
		e->block_next = true;
	else if (c == '[' || c == '{')
		e->flow++;
	else if ((c == ']' || c == '}') && e->flow)
		e->flow--;
	else if (!is_blank(c) && !strchr(",-?:!&*", c))
		e->place = PLAIN;
}

/* Inside or behind a scalar, until something says that the next may begin. */
static void in_plain(struct escape *e, char c)
{
	if (e->place == AFTER && c == '\'' && e->previous == '\'')
		e->place = SINGLE;
	else if (c == '#' && is_blank(e->previous))
		e->place = COMMENT;
	else if (e->previous == ':' && is_blank(c))
		e->place = BARE;
	else if (e->flow && strchr(",[]{}", c)) {
		e->place = BARE;
		bare(e, c);
	} else if (e->place == AFTER && c == ':') {
		e->place = BARE;
	}
}

static void newline(struct escape *e)
{
	e->column = 0;
	if (e->place == DOUBLE || e->place == SINGLE)
		return;
	if (e->block_next) {
		e->place = BLOCK;
		e->block_column = e->key_column;
	} else if (e->place != BLOCK) {
		e->place = BARE;
	}
	e->block_next = false;
	e->key_column = SIZE_MAX;
	e->dash_column = 0;
}

/* The first character that is not deeper than the block's parent ends it. */
static bool in_block(struct escape *e, char c)
{
	if (e->place != BLOCK)
		return false;
	if (e->key_column != SIZE_MAX || c == ' ')
		return true;
	if (e->column > e->block_column) {
		e->key_column = e->column;
		return true;
	}
	e->place = BARE;
	return false;
}

static void step(struct escape *e, char c)
{
	switch (e->place) {
	case DOUBLE:
		e->escaped = c == '\\';
		if (c == '"')
			e->place = AFTER;
		break;
	case SINGLE:
		if (c == '\'')
			e->place = AFTER;
		break;
	case COMMENT:
		break;
	case BARE:
		bare(e, c);
		break;
	default:
		in_plain(e, c);
		break;
	}
}

bool yaml_literal(struct escape *e, char c, const char **why)
{
	(void)why;
	text_put_char(e->out, c);
	if (c == '\n') {
		if (e->place != DOUBLE)
			e->escaped = false;
		newline(e);
		return true;
	}
	if (e->escaped) {
		e->escaped = false;
	} else if (!in_block(e, c)) {
		note_column(e, c);
		step(e, c);
	}
	e->column++;
	return true;
}

/* What a reader would refuse, fold or show wrongly, goes by its number. */
static bool wants_number(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa1) || code == '"' ||
	       code == '\\' || code == 0x2028 || code == 0x2029 || code == 0xfeff ||
	       code == 0xfffe || code == 0xffff || code > 0xffff;
}

bool yaml_value(struct escape *e, const char *value, const char **why)
{
	char number[12];

	if (e->place != DOUBLE || e->escaped)
		return refuse(why, "a value must stand inside double quotes");
	while (*value) {
		uint32_t code;
		size_t len = utf8_take(value, &code);

		if (!len)
			return refuse(why, "the value is not UTF-8");
		if (wants_number(code)) {
			snprintf(number, sizeof(number), "\\U%08x", (unsigned)code);
			text_put_string(e->out, number);
		} else {
			text_put(e->out, value, len);
		}
		value += len;
	}
	return true;
}

bool yaml_end(struct escape *e, const char **why)
{
	if (e->place == DOUBLE || e->place == SINGLE)
		return refuse(why, "a quote is open at the end");
	return true;
}
