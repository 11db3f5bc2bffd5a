#include "lib/render/text.h"

#include <stdlib.h>
#include <string.h>

static bool room(struct text *text, size_t len)
{
	size_t size = text->size ? text->size : 256;
	char *grown;

	if (text->full || len > TEXT_MAX - text->len)
		return false;
	while (size < text->len + len + 1)
		size *= 2;
	if (size == text->size)
		return true;
	grown = realloc(text->start, size);
	if (!grown)
		return false;
	text->start = grown;
	text->size = size;
	return true;
}

void text_put(struct text *text, const char *octets, size_t len)
{
	if (!room(text, len)) {
		text->full = true;
		return;
	}
	memcpy(text->start + text->len, octets, len);
	text->len += len;
	text->start[text->len] = '\0';
}

void text_put_string(struct text *text, const char *string)
{
	text_put(text, string, strlen(string));
}

void text_put_char(struct text *text, char c)
{
	text_put(text, &c, 1);
}

bool text_ends(const struct text *text, const char *with)
{
	size_t len = strlen(with);

	return text->len >= len && memcmp(text->start + text->len - len, with, len) == 0;
}

void text_clear(struct text *text)
{
	text->len = 0;
	text->full = false;
}

void text_free(struct text *text)
{
	free(text->start);
	*text = (struct text){ 0 };
}
