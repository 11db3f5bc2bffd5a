/*
 * jsonout - writes one JSON text into a buffer of the caller's.
 *
 * Commas and quotes are set by the writer; strings are escaped, octets that
 * are not UTF-8 become U+FFFD, so the result is always valid.
 *
 * Errors  past the end ->full is set and nothing more is stored; ask once,
 *         with jsonout_end().
 * Memory  a writer borrows the caller's buffer and owns none.
 * Source  RFC 8259.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct jsonout {
	char *start, *p, *end;
	bool full, comma;
};

struct jsonout jsonout_begin(char *buffer, size_t size);

/* key is NULL for the outermost value and for the members of an array. */
void jsonout_open(struct jsonout *j, const char *key, char bracket); /* '{' or '[' */
void jsonout_close(struct jsonout *j, char bracket);                 /* '}' or ']' */
void jsonout_text(struct jsonout *j, const char *key, const char *value);
void jsonout_int(struct jsonout *j, const char *key, int64_t value);
void jsonout_bool(struct jsonout *j, const char *key, bool value);
void jsonout_null(struct jsonout *j, const char *key);

/* A value that is JSON already. */
void jsonout_raw(struct jsonout *j, const char *key, const char *value);

/* True, and *len set, if it all did fit; a NUL follows the text. */
bool jsonout_end(struct jsonout *j, size_t *len);
