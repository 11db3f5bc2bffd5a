/*
 * The answers of Anaconda: commands, whose lines are taken to words as sh does it
 * (Python's shlex), and sections from %NAME to %end.  Values stand inside double
 * quotes, where a backslash takes the meaning from a quote and from itself; in
 * %packages, where lines are not quoted, as plain words.  The scripts of the other
 * sections take none: their languages have other quotes.
 *
 * Source  pykickstart's parser.py: a line of commands may go on behind a backslash,
 *         and no quote reaches over the line's end.
 */
#include <ctype.h>
#include <string.h>

#include "lib/render/language.h"

enum { BARE, COMMENT, DOUBLE, SINGLE, HEADER, PACKAGES, SCRIPT };

static bool refuse(const char **why, const char *reason)
{
	*why = reason;
	return false;
}

static bool line_is(const struct escape *e, const char *word)
{
	return e->line.len && strncmp(e->line.start, word, strlen(word)) == 0;
}

/* Where the line that ends here leaves us: "%packages ...", "%post ...", "%end". */
static int behind(const struct escape *e)
{
	if (e->place == PACKAGES || e->place == SCRIPT)
		return line_is(e, "%end") ? BARE : e->place;
	if (e->place != HEADER || line_is(e, "%include") || line_is(e, "%ksappend"))
		return BARE;
	return line_is(e, "%packages") ? PACKAGES : SCRIPT;
}

static bool newline(struct escape *e, const char **why)
{
	if (e->place == DOUBLE || e->place == SINGLE)
		return refuse(why, "a quote is open at the end of the line");
	e->place = behind(e);
	e->escaped = false;
	text_clear(&e->line);
	return true;
}

static void in_command(struct escape *e, char c)
{
	if (c == '\\')
		e->escaped = true;
	else if (c == '"')
		e->place = DOUBLE;
	else if (c == '\'')
		e->place = SINGLE;
	else if (c == '#')
		e->place = COMMENT;
	else if (c == '%' && e->previous == '\n')
		e->place = HEADER;
}

static void step(struct escape *e, char c)
{
	if (e->escaped)
		e->escaped = false;
	else if (e->place == BARE)
		in_command(e, c);
	else if (e->place == DOUBLE && c == '\\')
		e->escaped = true;
	else if ((e->place == DOUBLE && c == '"') || (e->place == SINGLE && c == '\''))
		e->place = BARE;
}

bool kickstart_literal(struct escape *e, char c, const char **why)
{
	if (c == '\r')
		return refuse(why, "lines end in a newline alone here");
	text_put_char(e->out, c);
	if (c == '\n')
		return newline(e, why);
	text_put_char(&e->line, c);
	if (e->place != PACKAGES && e->place != SCRIPT)
		step(e, c);
	return true;
}

/* One package, @group or -package on a line of its own. */
static bool package(struct escape *e, const char *value, const char **why)
{
	bool word = e->previous == '\n' && *value && *value != '%' && *value != '#';

	for (const char *p = value; *p; p++)
		word = word && (isalnum((unsigned char)*p) || strchr("@^._+-:/*", *p));
	if (!word)
		return refuse(why, "a package is one plain word, at a line's beginning");
	text_put_string(e->out, value);
	text_put_string(&e->line, value);
	return true;
}

bool kickstart_value(struct escape *e, const char *value, const char **why)
{
	if (e->place == PACKAGES)
		return package(e, value, why);
	if (e->place != DOUBLE || e->escaped)
		return refuse(why, "a value must stand inside double quotes, or be a "
				   "line of %packages");
	if (!language_printable(value, "", why))
		return false;
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			text_put_char(e->out, '\\');
		text_put_char(e->out, *value);
	}
	return true;
}

bool kickstart_end(struct escape *e, const char **why)
{
	if (e->place == DOUBLE || e->place == SINGLE)
		return refuse(why, "a quote is open at the end");
	if (e->place == SCRIPT || e->place == PACKAGES)
		return refuse(why, "a section has no %end");
	return true;
}
