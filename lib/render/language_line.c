/*
 * iPXE and cmd have no quoting that holds for every text, but both have a
 * line that puts one text into one variable.  So a value stands in such a line
 * only, which is held back until its end:
 *
 *	set NAME {{value}}	iPXE; written as set NAME:hex 61:62 if need be
 *	set "NAME={{value}}"	cmd
 *
 * iPXE splits a line into words first and expands ${...} in each word then,
 * again and again until none is left (core/exec.c, core/settings.c).  So a
 * variable never makes words, but "${" in it would be expanded.
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

/* Where the data of "set NAME " or "set NAME:hex " begins, or NULL. */
static const char *ipxe_data(const char *line, bool *hex)
{
	const char *p = line + strspn(line, " \t");

	if (strncmp(p, "set ", 4) != 0 || !(p = skip_name(p + 4)))
		return NULL;
	*hex = strncmp(p, ":hex ", 5) == 0;
	if (*hex)
		return p + 5;
	return *p == ' ' ? p + 1 : NULL;
}

static const char *cmd_data(const char *line)
{
	const char *p = line + strspn(line, " \t@");

	if (strncasecmp(p, "set \"", 5) != 0 || !(p = skip_name(p + 5)))
		return NULL;
	return *p == '=' ? p + 1 : NULL;
}

/* Words that iPXE takes as they are, with one blank between them. */
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
			return true;
		p += len + 1;
	}
}

static void put_hex(struct text *out, const char *data)
{
	char octet[4];

	for (const char *p = data; *p; p++) {
		snprintf(octet, sizeof(octet), "%s%02x", p == data ? "" : ":",
			 (unsigned char)*p);
		text_put_string(out, octet);
	}
}

/* Puts the NAME of "set NAME..." that ends before data. */
static void put_name(struct text *out, const char *line)
{
	const char *name = strstr(line, "set ") + 4;

	text_put(out, name, (size_t)(skip_name(name) - name));
}

static bool ipxe_line(struct escape *e, const char **why)
{
	const char *line = e->line.start, *data = line + e->data;
	size_t len = strlen(data);

	if (!e->hex && (strstr(data, "${") || (len && data[len - 1] == '$')))
		return refuse(why, "iPXE would expand the value's \"${\"; only set "
				   "NAME:hex can hold it");
	if (e->hex) {
		text_put_char(&e->hex_names, '{');
		put_name(&e->hex_names, line);
		text_put_char(&e->hex_names, '}');
	}
	text_put(e->out, line, strspn(line, " \t"));
	text_put_string(e->out, *data ? "set " : "clear ");
	put_name(e->out, line);
	if (!*data) {
		text_put_string(e->out, " ||"); /* it may not be there */
	} else if (!e->hex && is_plain(data)) {
		text_put_char(e->out, ' ');
		text_put_string(e->out, data);
	} else {
		text_put_string(e->out, ":hex ");
		put_hex(e->out, data);
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

	data = ipxe ? ipxe_data(line, &e->hex) : cmd_data(line);
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

/* Whether ${NAME of a NAME that was set by :hex goes on with :uristring or :hexraw. */
static bool hex_use_ok(const struct escape *e, const char *use)
{
	const char *end = skip_name(use + 2);
	char name[64];

	if (!end || (size_t)(end - use) >= sizeof(name) - 2)
		return true;
	snprintf(name, sizeof(name), "{%.*s}", (int)(end - use - 2), use + 2);
	if (!e->hex_names.len || !strstr(e->hex_names.start, name))
		return true;
	return strncmp(end, ":uristring}", 11) == 0 || strncmp(end, ":hexraw}", 8) == 0;
}

bool line_end(struct escape *e, const char **why)
{
	if (!line_flush(e, why))
		return false;
	for (const char *p = e->out->len ? e->out->start : ""; (p = strstr(p, "${"));
	     p += 2)
		if (!hex_use_ok(e, p))
			return refuse(why, "a NAME set by NAME:hex must be used as "
					   "${NAME:uristring} or ${NAME:hexraw}");
	return true;
}
