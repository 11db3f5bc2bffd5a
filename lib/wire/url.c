#include "config.h"

#include "lib/wire/url.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The octet at *p, which moves past it; -1 for a broken escape or %00. */
static int decode_octet(const char **p, const char *end)
{
	int high, low;

	if (**p != '%')
		return (uint8_t) * (*p)++;
	if (end - *p < 3)
		return -1;
	high = hex_digit((*p)[1]);
	low = hex_digit((*p)[2]);
	*p += 3;
	return high < 0 || low < 0 || (high | low) == 0 ? -1 : high << 4 | low;
}

/* Decodes [text, end) in place and ends it with a NUL, for which end must be writable. */
static bool decode(char *text, char *end, bool plus, const char **why)
{
	const char *p = text;
	char *out = text;

	while (p < end) {
		bool blank = plus && *p == '+';
		int octet = decode_octet(&p, end);

		if (octet <= 0) {
			*why = "a percent escape is not %01 to %FF";
			return false;
		}
		*out++ = blank ? ' ' : (char)octet;
	}
	*out = '\0';
	return true;
}

bool url_target(char *target, char **path, char **query, const char **why)
{
	char *mark;

	if (strncasecmp(target, "http://", 7) == 0) {
		target = strchr(target + 7, '/');
		if (!target) {
			*why = "the target has no path";
			return false;
		}
	}
	if (*target != '/') {
		*why = "the path does not begin with a slash";
		return false;
	}
	mark = strchr(target, '?');
	*path = target;
	*query = mark ? mark + 1 : target + strlen(target);
	if (mark)
		*mark = '\0';
	return true;
}

static bool segment_ok(const char *segment)
{
	if (*segment == '\0' || strcmp(segment, ".") == 0 || strcmp(segment, "..") == 0)
		return false;
	for (const char *p = segment; *p; p++)
		if (*p == '/' || *p == '\\' || (uint8_t)*p < ' ' || *p == 0x7f)
			return false;
	return true;
}

bool url_path(char *path, struct url_path *out, const char **why)
{
	char *p = path + 1;

	out->count = 0;
	while (*p != '\0') {
		char *end = strchrnul(p, '/'), *next = *end ? end + 1 : end;

		if (out->count == URL_SEGMENTS) {
			*why = "the path has too many segments";
			return false;
		}
		if (!decode(p, end, false, why))
			return false;
		if (!segment_ok(p)) {
			*why = "the path has a segment that names nothing";
			return false;
		}
		out->segment[out->count++] = p;
		if (next != end && *next == '\0') {
			*why = "the path ends with a slash";
			return false;
		}
		p = next;
	}
	return true;
}

static bool form_add(char *p, char *end, struct url_form *out, const char **why)
{
	char *equals = memchr(p, '=', (size_t)(end - p)), *value = end;

	if (out->count == URL_FIELDS) {
		*why = "there are too many fields";
		return false;
	}
	if (equals) {
		value = equals + 1;
		if (!decode(value, end, true, why) || !decode(p, equals, true, why))
			return false;
	} else if (!decode(p, end, true, why)) {
		return false;
	}
	if (url_field(out, p)) {
		*why = "a field is given twice";
		return false;
	}
	out->field[out->count].name = p;
	out->field[out->count].value = equals ? value : p + strlen(p);
	out->count++;
	return true;
}

bool url_form(char *text, size_t len, struct url_form *out, const char **why)
{
	char *p = text, *end = text + len;

	*end = '\0';
	if (memchr(text, '\0', len)) {
		*why = "there is a NUL in it";
		return false;
	}
	while (p < end) {
		char *stop = memchr(p, '&', (size_t)(end - p));

		if (!stop)
			stop = end;
		if (stop > p && !form_add(p, stop, out, why))
			return false;
		p = stop + 1;
	}
	return true;
}

const char *url_field(const struct url_form *form, const char *name)
{
	for (size_t i = 0; i < form->count; i++)
		if (strcmp(form->field[i].name, name) == 0)
			return form->field[i].value;
	return NULL;
}
