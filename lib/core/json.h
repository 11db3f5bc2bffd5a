/*
 * json - writes one JSON text into a buffer of the caller's.
 *
 * Commas and quotes are set by the writer; strings are escaped, octets that
 * are not UTF-8 become U+FFFD, so the result is always valid.
 *
 * Errors  past the end ->full is set and nothing more is stored; ask once,
 *         with json_end().
 * Memory  a writer borrows the caller's buffer and owns none.
 * Source  RFC 8259.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json {
	char *start, *p, *end;
	bool full, comma;
};

struct json json_begin(char *buffer, size_t size);

/* key is NULL for the outermost value and for the members of an array. */
void json_open(struct json *j, const char *key, char bracket); /* '{' or '[' */
void json_close(struct json *j, char bracket);                 /* '}' or ']' */
void json_text(struct json *j, const char *key, const char *value);
void json_int(struct json *j, const char *key, int64_t value);
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);

/* A value that is JSON already. */
void json_raw(struct json *j, const char *key, const char *value);

/* True, and *len set, if it all did fit; a NUL follows the text. */
bool json_end(struct json *j, size_t *len);
