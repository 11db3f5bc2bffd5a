/*
 * iPXE and cmd have no quoting that holds for every text, but both have a
 * line that puts one text into one variable.  So a value stands in such a line
 * only, which is held back until its end:
 *
 *	set NAME {{value}}	iPXE
 *	set "NAME={{value}}"	cmd
 *
 * iPXE splits a line into words first and expands ${...} in each word then,
 * again and again until none is left (core/exec.c, core/settings.c).  So a
 * variable never makes words, but "${" in it is expanded wherever it is used,
 * and nothing can prevent that: such values are refused.  What is no plain
 * sequence of words goes in by its octets; a second line takes their type
 * away, as ${NAME} would show them with colons.
 *
 * cmd pairs the quotes of a line as it reads, and takes what lies between the
 * first and the last one: between pairs & | < > ^ ( ) want a ^ before them.
 */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "lib/render/language.h"

#define CMD_LINE 8191 /* octets of the longest line that cmd reads */

static bool refuse(const char **why, const char *reason)
{
	*why = reason;
	return false;
}

static const char *skip_name(const char *p)
{
	if (!isalpha((unsigned char)*p) && *p != '_')
		return NULL;
	while (isalnum((unsigned char)*p) || *p == '_' || *p == '-')
		p++;
	return p;
}

/* Where the data of "set NAME " begins, or NULL. */
static const char *ipxe_data(const char *line)
{
	const char *p = line + strspn(line, " \t");

	if (strncmp(p, "set ", 4) != 0 || !(p = skip_name(p + 4)))
		return NULL;
	return *p == ' ' ? p + 1 : NULL;
}

static const char *cmd_data(const char *line)
{
	const char *p = line + strspn(line, " \t@");

	if (strncasecmp(p, "set \"", 5) != 0 || !(p = skip_name(p + 5)))
		return NULL;
	return *p == '=' ? p + 1 : NULL;
}

/*
 * Words that iPXE takes as they are, with one blank between them; a backslash
 * at the end would take the next line in.
 */
static bool is_plain(const char *data)
{
	static const char *const special[] = { "||", "&&", ";" };

	for (const char *p = data;;) {
		size_t len = strcspn(p, " ");

		if (!len || *p == '#' || *p == '-')
			return false;
		for (size_t i = 0; i < len; i++)
			if (p[i] <= 0x20 || p[i] >= 0x7f)
				return false;
		for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
			if (strlen(special[i]) == len && !strncmp(p, special[i], len))
				return false;
		if (!p[len])
			return p[len - 1] != '\\';
		p += len + 1;
	}
}

/* set NAME:hex 61:62, and then as a string. */
static void put_octets(struct text *out, const char *indent, const char *name,
		       const char *data)
{
	char octet[4];

	text_put_string(out, ":hex ");
	for (const char *p = data; *p; p++) {
		snprintf(octet, sizeof(octet), "%s%02x", p == data ? "" : ":",
			 (unsigned char)*p);
		text_put_string(out, octet);
	}
	text_put_string(out, "\n");
	text_put_string(out, indent);
	text_put_string(out, "set ");
	text_put_string(out, name);
	text_put_string(out, " ${");
	text_put_string(out, name);
	text_put_string(out, ":string}");
}

static bool ipxe_line(struct escape *e, const char **why)
{
	char *indent = e->line.start, *name = strstr(indent, "set ") + 4;
	const char *data = indent + e->data;
	size_t len = strlen(data);

	if (strstr(data, "${") || (len && data[len - 1] == '$'))
		return refuse(why,
			      "iPXE would expand the value's \"${\" and cannot hold it");
	name[-4] = '\0'; /* the line falls apart into indent, name and data */
	indent[e->data - 1] = '\0';
	text_put_string(e->out, indent);
	text_put_string(e->out, len ? "set " : "clear ");
	text_put_string(e->out, name);
	if (!len) {
		text_put_string(e->out, " ||"); /* it may not be there */
	} else if (is_plain(data)) {
		text_put_char(e->out, ' ');
		text_put_string(e->out, data);
	} else {
		put_octets(e->out, indent, name, data);
	}
	return true;
}

static bool cmd_line(struct escape *e, const char **why)
{
	const char *data = e->line.start + e->data;
	size_t len = strlen(data), at = e->out->len;
	bool quoted = true;

	if (!e->closed)
		return refuse(why, "the value's line must end behind a double quote");
	text_put(e->out, e->line.start, e->data);
	for (size_t i = 0; i + 1 < len; i++) {
		if (data[i] == '"')
			quoted = !quoted;
		else if (data[i] == '%')
			text_put_char(e->out, '%');
		else if (!quoted && strchr("&|<>^()", data[i]))
			text_put_char(e->out, '^');
		text_put_char(e->out, data[i]);
	}
	text_put_char(e->out, '"');
	if (e->out->len - at > CMD_LINE)
		return refuse(why, "the line is longer than cmd can read");
	return true;
}

static bool line_flush(struct escape *e, const char **why)
{
	bool ok = true;

	if (e->line.full)
		return refuse(why, "a line is too long");
	if (e->line.len) {
		if (!e->data)
			text_put(e->out, e->line.start, e->line.len);
		else
			ok = e->language == LANGUAGE_IPXE ? ipxe_line(e, why)
							  : cmd_line(e, why);
	}
	text_clear(&e->line);
	e->data = 0;
	e->closed = false;
	return ok;
}

/* What a template says itself in a value's line must need no escaping. */
static bool is_harmless(char c)
{
	return isalnum((unsigned char)c) || strchr(" ._~:/?=+,@*#-", c);
}

bool line_literal(struct escape *e, char c, const char **why)
{
	if (c == '\n') {
		if (!line_flush(e, why))
			return false;
		text_put_string(e->out, e->language == LANGUAGE_CMD ? "\r\n" : "\n");
		return true;
	}
	if (c == '\r')
		return refuse(why, "lines end in a newline alone here");
	if (e->closed)
		return refuse(why, "nothing may follow the value's closing quote");
	if (e->data && e->language == LANGUAGE_CMD && c == '"')
		e->closed = true;
	else if (e->data && !is_harmless(c))
		return refuse(why, "a value's line may hold letters, digits and "
				   "\" ._~:/?=+,@*#-\" besides");
	text_put_char(&e->line, c);
	return true;
}

/* What leads up to a value, and lines without one, say nothing that would be refused. */
size_t line_run(struct escape *e, const char *text, size_t len)
{
	bool whole = !e->line.len && e->language == LANGUAGE_IPXE;
	const char *newline = whole ? memrchr(text, '\n', len) : memchr(text, '\n', len);
	size_t run = newline ? (size_t)(newline - text) : len;

	if (e->data || memchr(text, '\r', run) || memchr(text, '\0', run))
		return 0;
	text_put(newline && !e->line.len ? e->out : &e->line, text, run);
	return run;
}

/* "setlocal enabledelayedexpansion" gives ! a meaning that nothing undoes. */
static bool delayed(const struct text *out)
{
	return out->len && strcasestr(out->start, "delayedexpansion");
}

static bool fits_cmd(const struct escape *e, const char *value, const char **why)
{
	for (; *value; value++)
		if ((*value < 0x20 && *value != '\t') || *value >= 0x7f)
			return refuse(why, "cmd takes one line of printable ASCII only");
	if (delayed(e->out))
		return refuse(why, "values must be set before delayed expansion is on");
	return true;
}

static bool line_begins_value(struct escape *e, const char **why)
{
	bool ipxe = e->language == LANGUAGE_IPXE;
	const char *line = e->line.len ? e->line.start : "", *data;

	data = ipxe ? ipxe_data(line) : cmd_data(line);
	if (!data)
		return refuse(
			why, ipxe ? "a value must stand in a line: set NAME {{...}}"
				  : "a value must stand in a line: set \"NAME={{...}}\"");
	for (const char *p = data; *p; p++)
		if (!is_harmless(*p))
			return refuse(why, "a value's line may hold letters, digits and "
					   "\" ._~:/?=+,@*#-\" besides");
	e->data = (size_t)(data - line);
	return true;
}

bool line_value(struct escape *e, const char *value, const char **why)
{
	if (!e->data && !line_begins_value(e, why))
		return false;
	if (e->closed)
		return refuse(why, "nothing may follow the value's closing quote");
	if (e->language == LANGUAGE_CMD && !fits_cmd(e, value, why))
		return false;
	text_put_string(&e->line, value);
	return true;
}

bool line_end(struct escape *e, const char **why)
{
	return line_flush(e, why);
}
