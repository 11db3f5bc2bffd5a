/*
 * text - a text that grows, up to a bound.
 *
 * Errors  past TEXT_MAX octets or without memory ->full is set and nothing
 *         more is stored; ask once, at the end.
 * Memory  start is allocated; text_free() frees it.  { 0 } is an empty text.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define TEXT_MAX (4u << 20)

struct text {
	char *start; /* NUL-terminated once something was put */
	size_t len, size;
	bool full;
};

void text_put(struct text *text, const char *octets, size_t len);
void text_put_string(struct text *text, const char *string);
void text_put_char(struct text *text, char c);
bool text_ends(const struct text *text, const char *with);
void text_clear(struct text *text); /* keeps the memory */
void text_free(struct text *text);
