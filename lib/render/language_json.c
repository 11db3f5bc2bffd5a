/* JSON (RFC 8259): values stand inside the template's double quotes. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "lib/core/utf8.h"
#include "lib/render/language.h"

enum { BARE, STRING };

bool json_literal(struct escape *e, char c, const char **why)
{
	(void)why;
	text_put_char(e->out, c);
	if (e->escaped)
		e->escaped = false;
	else if (c == '"')
		e->place = e->place == STRING ? BARE : STRING;
	else
		e->escaped = e->place == STRING && c == '\\';
	return true;
}

bool json_value(struct escape *e, const char *value, const char **why)
{
	char hex[8];

	if (e->place != STRING || e->escaped) {
		*why = "a value must stand inside double quotes";
		return false;
	}
	while (*value) {
		uint32_t code;
		size_t len = utf8_take(value, &code);

		if (!len) {
			*why = "the value is not UTF-8";
			return false;
		}
		if (code < 0x20 || code == '"' || code == '\\' || code == 0x7f) {
			snprintf(hex, sizeof(hex), "\\u%04x", (unsigned)code & 0xff);
			text_put_string(e->out, hex);
		} else {
			text_put(e->out, value, len);
		}
		value += len;
	}
	return true;
}

bool json_end(struct escape *e, const char **why)
{
	if (e->place == STRING) {
		*why = "a quote is open at the end";
		return false;
	}
	return true;
}
