/*
 * HTML as browsers read it: values stand in an element's content or in a quoted
 * attribute, never where they would be code, style or a whole address.  What a page
 * cannot hold is shown as U+FFFD: a strange host name must not take the page away.
 */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "lib/core/utf8.h"
#include "lib/render/language.h"

enum { CONTENT, TAG, DOUBLE, SINGLE, COMMENT, RAW };

static bool refuse(const char **why, const char *reason)
{
	*why = reason;
	return false;
}

static bool is_one_of(const char *name, size_t len, const char *const *list)
{
	for (; *list; list++)
		if (strlen(*list) == len && strncasecmp(*list, name, len) == 0)
			return true;
	return false;
}

/* Whether the tag that began at e->column is one whose content is no markup. */
static bool begins_raw(const struct escape *e)
{
	static const char *const raw[] = { "script", "style", NULL };
	const char *tag = e->out->start + e->column;

	return is_one_of(tag, strcspn(tag, " \t\n/>"), raw);
}

/* Whether that element's end tag begins here. */
static bool ends_raw(const struct escape *e)
{
	const char *tag = e->out->start + e->column;
	size_t len = strcspn(tag, " \t\n/>");
	const char *end = e->out->start + e->out->len - len;

	return end - tag > (ptrdiff_t)len && strncasecmp(end, tag, len) == 0 &&
	       end[-1] == '/' && end[-2] == '<';
}

static void in_tag(struct escape *e, char c)
{
	if (c == '"' || c == '\'') {
		e->place = c == '"' ? DOUBLE : SINGLE;
		e->data = e->out->len;
	} else if (c == '>') {
		e->place = begins_raw(e) ? RAW : CONTENT;
	} else if (text_ends(e->out, "<!--")) {
		e->place = COMMENT;
	}
}

bool html_literal(struct escape *e, char c, const char **why)
{
	(void)why;
	text_put_char(e->out, c);
	switch (e->place) {
	case TAG:
		in_tag(e, c);
		break;
	case DOUBLE:
	case SINGLE:
		if (c == (e->place == DOUBLE ? '"' : '\''))
			e->place = TAG;
		break;
	case COMMENT:
		if (text_ends(e->out, "-->"))
			e->place = CONTENT;
		break;
	case RAW:
		if (!ends_raw(e))
			break;
		e->column = e->out->len;
		e->place = TAG;
		break;
	default:
		if (c != '<')
			break;
		e->column = e->out->len;
		e->place = TAG;
	}
	return true;
}

/* The name of the attribute whose value began at e->data, in len octets. */
static const char *attribute(const struct escape *e, size_t *len)
{
	const char *end = e->out->start + e->data - 1, *begin;

	while (end > e->out->start && strchr(" \t\n=", end[-1]))
		end--;
	begin = end;
	while (begin > e->out->start &&
	       (isalnum((unsigned char)begin[-1]) || strchr("-:_", begin[-1])))
		begin--;
	*len = (size_t)(end - begin);
	return begin;
}

/* An address may hold a value, as one segment or field of it, behind its beginning. */
static bool judge_attribute(const struct escape *e, bool *address, const char **why)
{
	static const char *const addresses[] = { "href",       "src",    "action",
						 "formaction", "poster", "cite",
						 "data",       "ping",   NULL };
	static const char *const refused[] = { "style", "srcdoc", "srcset", NULL };
	size_t len;
	const char *name = attribute(e, &len);

	*address = is_one_of(name, len, addresses);
	if ((len > 2 && strncasecmp(name, "on", 2) == 0) || is_one_of(name, len, refused))
		return refuse(why, "a value must not stand where it would be code");
	if (*address && e->out->len == e->data)
		return refuse(why, "an address must begin with what the template says");
	return true;
}

static void put_in_address(struct text *out, const char *value)
{
	char code[4];

	for (; *value; value++) {
		if (isalnum((unsigned char)*value) || strchr("-._~", *value)) {
			text_put_char(out, *value);
		} else {
			snprintf(code, sizeof(code), "%%%02X", (unsigned char)*value);
			text_put_string(out, code);
		}
	}
}

/* What HTML's parser would change or drop, and what turns the reading direction. */
static bool is_shown(uint32_t code)
{
	if (code < 0x20)
		return code == '\t' || code == '\n';
	return !(code >= 0x7f && code < 0xa0) && !(code >= 0x202a && code <= 0x202e) &&
	       !(code >= 0x2066 && code <= 0x2069) && (code & 0xfffe) != 0xfffe;
}

static void put_text(struct text *out, const char *value)
{
	char reference[12];

	while (*value) {
		uint32_t code = 0;
		size_t len = utf8_take(value, &code);

		if (!len || !is_shown(code)) {
			text_put_string(out, "\xef\xbf\xbd");
			len = len ? len : 1;
		} else if (code < 0x80 && strchr("<>&\"'", (int)code)) {
			snprintf(reference, sizeof(reference), "&#%u;", (unsigned)code);
			text_put_string(out, reference);
		} else {
			text_put(out, value, len);
		}
		value += len;
	}
}

bool html_value(struct escape *e, const char *value, const char **why)
{
	bool address = false;

	if (e->place != CONTENT && e->place != DOUBLE && e->place != SINGLE)
		return refuse(why, "a value must stand in an element's content or in a "
				   "quoted attribute");
	if (e->place != CONTENT && !judge_attribute(e, &address, why))
		return false;
	if (address)
		put_in_address(e->out, value);
	else
		put_text(e->out, value);
	return true;
}

bool html_end(struct escape *e, const char **why)
{
	if (e->place != CONTENT)
		return refuse(why, "markup is open at the end");
	return true;
}
