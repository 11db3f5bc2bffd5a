#include "lib/core/jsonout.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

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

/* How many octets the UTF-8 sequence at s has, or 0 if it is none (RFC 3629). */
static size_t sequence(const unsigned char *s)
{
	static const struct {
		unsigned char first, last, second_low, second_high, len;
	} forms[] = {
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	if (s[0] < 0x80)
		return 1;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (s[0] < forms[i].first || s[0] > forms[i].last)
			continue;
		if (s[1] < forms[i].second_low || s[1] > forms[i].second_high)
			return 0;
		for (size_t k = 2; k < forms[i].len; k++)
			if ((s[k] & 0xc0) != 0x80)
				return 0;
		return forms[i].len;
	}
	return 0;
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

static void put_string(struct jsonout *j, const char *value)
{
	const unsigned char *s = (const unsigned char *)value;

	put(j, "\"", 1);
	while (*s && !j->full) {
		size_t len = sequence(s);

		if (len == 0)
			put(j, "\xef\xbf\xbd", 3);
		else if (len == 1 && (*s < 0x20 || *s == '"' || *s == '\\' || *s == 0x7f))
			put_control(j, *s);
		else
			put(j, (const char *)s, len);
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
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, value);
	jsonout_raw(j, key, text);
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
