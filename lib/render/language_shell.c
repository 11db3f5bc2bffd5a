/* POSIX sh and GRUB's script language: values stand inside single quotes. */
#include <string.h>

#include "lib/render/language.h"

enum { BARE, COMMENT, SINGLE, DOUBLE };

static bool refuse(const char **why, const char *reason)
{
	*why = reason;
	return false;
}

/* Whether a # here begins a comment. */
static bool word_starts(const struct escape *e)
{
	return e->previous && strchr(" \t\n;&|(", e->previous);
}

static bool bare(struct escape *e, char c, const char **why)
{
	switch (c) {
	case '\\':
		e->escaped = true;
		break;
	case '\'':
		if (e->previous == '$')
			return refuse(why, "$'...' quotes are not for templates");
		e->place = SINGLE;
		break;
	case '"':
		e->place = DOUBLE;
		break;
	case '#':
		if (word_starts(e))
			e->place = COMMENT;
		break;
	case '<':
		/* Its quotes mean nothing, but look as if they did. */
		if (e->previous == '<')
			return refuse(why, "a here-document is not for templates");
		break;
	default:
		break;
	}
	return true;
}

bool shell_literal(struct escape *e, char c, const char **why)
{
	text_put_char(e->out, c);
	if (e->escaped) {
		e->escaped = false;
		return true;
	}
	switch (e->place) {
	case SINGLE:
		if (c == '\'')
			e->place = BARE;
		return true;
	case DOUBLE:
		if (c == '"')
			e->place = BARE;
		e->escaped = c == '\\';
		return true;
	case COMMENT:
		if (c == '\n')
			e->place = BARE;
		return true;
	default:
		return bare(e, c, why);
	}
}

bool shell_value(struct escape *e, const char *value, const char **why)
{
	if (e->place != SINGLE)
		return refuse(why, "a value must stand inside single quotes");
	for (; *value; value++) {
		if (*value == '\'')
			text_put_string(e->out, "'\\''");
		else
			text_put_char(e->out, *value);
	}
	return true;
}

/* GRUB reads and shows UTF-8, line by line. */
bool grub_value(struct escape *e, const char *value, const char **why)
{
	return language_printable(value, "", why) && shell_value(e, value, why);
}

bool shell_end(struct escape *e, const char **why)
{
	if (e->place == SINGLE || e->place == DOUBLE)
		return refuse(why, "a quote is open at the end");
	return true;
}
