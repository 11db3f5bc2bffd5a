/*
 * url - what a request line asks for: the segments of its path and the fields
 * of its query; the same fields in a form that was posted.
 *
 * A segment is decoded after the path was cut at its slashes, so that %2F never
 * becomes one.  Segments that are empty, "." or "..", or that hold a slash, a
 * backslash or a control character once decoded, are refused: no file and no
 * token has such a name.
 *
 * Errors  false and *why is a constant text.
 * Memory  everything is decoded in place; the results borrow the caller's text.
 * Source  RFC 3986 sections 2.1 and 3.3, RFC 9112 section 3.2, and for forms
 *         the URL standard's application/x-www-form-urlencoded.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define URL_SEGMENTS 16
#define URL_FIELDS 96 /* the form of a job has one for each setting */

struct url_path {
	char *segment[URL_SEGMENTS];
	size_t count;
};

struct url_form {
	struct {
		char *name, *value;
	} field[URL_FIELDS];
	size_t count;
};

/*
 * The target of a request line, origin form or absolute form, into its path
 * (which begins with a slash) and its query ("" if there is none).
 */
bool url_target(char *target, char **path, char **query, const char **why);

/* "/" has no segments. */
bool url_path(char *path, struct url_path *out, const char **why);

/* text[len] must be writable; it becomes a NUL.  The fields are added to out. */
bool url_form(char *text, size_t len, struct url_form *out, const char **why);

/* NULL if there is no such field. */
const char *url_field(const struct url_form *form, const char *name);
