#include "config.h"

#include "lib/media/sums.h"

#include <ctype.h>
#include <string.h>

#define DIGITS 64

static bool take_hex(const char *text, size_t len, char out[static IMAGE_SHA256])
{
	if (len != DIGITS)
		return false;
	for (size_t i = 0; i < DIGITS; i++) {
		if (!isxdigit((unsigned char)text[i]))
			return false;
		out[i] = (char)tolower((unsigned char)text[i]);
	}
	out[DIGITS] = '\0';
	return true;
}

bool sums_hex(const char *text, char out[static IMAGE_SHA256])
{
	return take_hex(text, strlen(text), out);
}

static bool is_name(const char *text, size_t len, const char *name)
{
	if (len > 2 && text[0] == '.' && text[1] == '/') {
		text += 2;
		len -= 2;
	}
	return len == strlen(name) && memcmp(text, name, len) == 0;
}

/* "SHA256 (name) = HEX" */
static bool take_tagged(const char *line, size_t len, const char *name,
			char out[static IMAGE_SHA256])
{
	static const char tag[] = "SHA256 (", middle[] = ") = ";
	const size_t before = sizeof(tag) - 1, between = sizeof(middle) - 1;
	size_t name_len;

	if (len < before + between + DIGITS || memcmp(line, tag, before) != 0)
		return false;
	name_len = len - before - between - DIGITS;
	return memcmp(line + before + name_len, middle, between) == 0 &&
	       is_name(line + before, name_len, name) &&
	       take_hex(line + len - DIGITS, DIGITS, out);
}

static bool take_line(const char *line, size_t len, const char *name,
		      char out[static IMAGE_SHA256])
{
	while (len > 0 && (line[len - 1] == '\r' || line[len - 1] == ' '))
		len--;
	if (take_tagged(line, len, name, out))
		return true;
	return len > DIGITS + 2 && line[DIGITS] == ' ' &&
	       (line[DIGITS + 1] == ' ' || line[DIGITS + 1] == '*') &&
	       is_name(line + DIGITS + 2, len - DIGITS - 2, name) &&
	       take_hex(line, DIGITS, out);
}

bool sums_find(const char *text, size_t len, const char *name,
	       char out[static IMAGE_SHA256])
{
	const char *end = text + len;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline ? newline : end;

		if (take_line(text, (size_t)(stop - text), name, out))
			return true;
		text = stop + 1;
	}
	return false;
}
