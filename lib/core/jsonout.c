#include "lib/core/jsonout.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "lib/core/utf8.h"

struct jsonout jsonout_begin(char *buffer, size_t size)
{
	return (struct jsonout){ .start = buffer, .p = buffer, .end = buffer + size };
}

/* The only place that moves a writer; one octet stays free for the NUL. */
static void put(struct jsonout *j, const char *text, size_t len)
{
	if (j->full || len + 1 > (size_t)(j->end - j->p)) {
		j->full = true;
		return;
	}
	memcpy(j->p, text, len);
	j->p += len;
}

static void put_control(struct jsonout *j, unsigned char c)
{
	static const char from[] = "\b\t\n\f\r\"\\", to[] = "btnfr\"\\";
	const char *at = memchr(from, c, sizeof(from) - 1);
	char text[7];

	if (at)
		snprintf(text, sizeof(text), "\\%c", to[at - from]);
	else
		snprintf(text, sizeof(text), "\\u%04x", c);
	put(j, text, strlen(text));
}

/* How many characters stand for themselves. */
static size_t plain_run(const char *s)
{
	size_t n = 0;

	while ((unsigned char)s[n] >= 0x20 && (unsigned char)s[n] < 0x7f && s[n] != '"' &&
	       s[n] != '\\')
		n++;
	return n;
}

static void put_string(struct jsonout *j, const char *value)
{
	const char *s = value;

	put(j, "\"", 1);
	while (*s && !j->full) {
		size_t plain = plain_run(s), len;
		unsigned char c;

		put(j, s, plain);
		s += plain;
		len = utf8_take(s, NULL);
		c = (unsigned char)*s;
		if (!c)
			break;
		if (len == 0)
			put(j, "\xef\xbf\xbd", 3);
		else if (len == 1 && (c < 0x20 || c == '"' || c == '\\' || c == 0x7f))
			put_control(j, c);
		else
			put(j, s, len);
		s += len ? len : 1;
	}
	put(j, "\"", 1);
}

static void put_key(struct jsonout *j, const char *key)
{
	if (j->comma)
		put(j, ",", 1);
	j->comma = true;
	if (!key)
		return;
	put_string(j, key);
	put(j, ":", 1);
}

void jsonout_open(struct jsonout *j, const char *key, char bracket)
{
	put_key(j, key);
	put(j, &bracket, 1);
	j->comma = false;
}

void jsonout_close(struct jsonout *j, char bracket)
{
	put(j, &bracket, 1);
	j->comma = true;
}

void jsonout_text(struct jsonout *j, const char *key, const char *value)
{
	put_key(j, key);
	put_string(j, value);
}

void jsonout_int(struct jsonout *j, const char *key, int64_t value)
{
	char text[24], *p = text + sizeof(text) - 1;
	uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;

	*p = '\0';
	do
		*--p = (char)('0' + rest % 10);
	while (rest /= 10);
	if (value < 0)
		*--p = '-';
	jsonout_raw(j, key, p);
}

void jsonout_bool(struct jsonout *j, const char *key, bool value)
{
	jsonout_raw(j, key, value ? "true" : "false");
}

void jsonout_null(struct jsonout *j, const char *key)
{
	jsonout_raw(j, key, "null");
}

void jsonout_raw(struct jsonout *j, const char *key, const char *value)
{
	put_key(j, key);
	put(j, value, strlen(value));
}

bool jsonout_end(struct jsonout *j, size_t *len)
{
	*j->p = '\0';
	*len = (size_t)(j->p - j->start);
	return !j->full;
}
