/*
 * The answers of Debian's installer: lines of OWNER QUESTION TYPE VALUE, where the
 * value goes to the end of the line and nothing is quoted; a backslash at the end
 * joins the next line (debconf-set-selections(1), and preseed's own reader).
 *
 * The value of a question about a command is read by sh, which has other quotes:
 * nothing may be put in there.
 */
#include <stdbool.h>
#include <string.h>

#include "lib/render/language.h"

enum { START, WORD1, BLANK1, WORD2, BLANK2, WORD3, VALUE, COMMENT };

static bool refuse(const char **why, const char *reason)
{
	*why = reason;
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Word and blank take turns; one blank behind the third word is the last that counts. */
static void step(struct escape *e, char c)
{
	if (e->place == START && c == '#')
		e->place = COMMENT;
	else if (e->place == START && !is_blank(c))
		e->place = WORD1;
	else if ((e->place == WORD1 || e->place == WORD2 || e->place == WORD3) &&
		 is_blank(c))
		e->place++;
	else if ((e->place == BLANK1 || e->place == BLANK2) && !is_blank(c))
		e->place++;
}

/* preseed/early_command, preseed/include_command, preseed/run ... */
static bool asks_for_a_command(const struct text *line)
{
	return line->len &&
	       (strstr(line->start, "_command") || strstr(line->start, "preseed/run"));
}

bool preseed_literal(struct escape *e, char c, const char **why)
{
	if (c == '\r')
		return refuse(why, "lines end in a newline alone here");
	text_put_char(e->out, c);
	if (c != '\n') {
		text_put_char(&e->line, c);
		step(e, c);
		return true;
	}
	if (e->previous == '\\' && e->place != COMMENT)
		return true; /* the next line goes on where this one stands */
	e->place = START;
	text_clear(&e->line);
	return true;
}

bool preseed_value(struct escape *e, const char *value, const char **why)
{
	size_t len = strlen(value);

	if (e->place != VALUE)
		return refuse(
			why, "a value must stand behind OWNER QUESTION TYPE and a blank");
	if (asks_for_a_command(&e->line))
		return refuse(why, "sh reads this line: a value cannot be text in it");
	if (len && value[len - 1] == '\\')
		return refuse(why, "a backslash at the end would take the next line in");
	if (len && (is_blank(value[0]) || is_blank(value[len - 1])))
		return refuse(why, "a blank at the beginning or end would get lost");
	if (!language_printable(value, "", why))
		return false;
	text_put_string(e->out, value);
	return true;
}

bool preseed_end(struct escape *e, const char **why)
{
	if (e->previous == '\\' && e->place != COMMENT)
		return refuse(why, "a line goes on behind the end");
	return true;
}
