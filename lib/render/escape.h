/*
 * escape - puts values into a text of some language so that they stay text.
 *
 * The writer follows the language's own quoting through what the template says
 * literally, so it knows where a value stands; a value in a place where it
 * could not be written as text is an error, never a guess.  There is no way to
 * put a value in as it is.
 *
 * Where a value may stand, and what it may hold:
 *
 *	shell     'inside single quotes'                 any octets
 *	grub      'inside single quotes'                 one line of UTF-8
 *	pxelinux  behind the first word of a line        one line of UTF-8
 *	ipxe      set NAME {{value}}    the whole line   any octets but "${"
 *	cmd       set "NAME={{value}}"  the whole line   one line of ASCII
 *	xml       in content or a quoted attribute       characters of XML 1.0
 *	html      in content or a quoted attribute       any octets
 *	yaml      "inside double quotes"                 UTF-8
 *	json      "inside double quotes"                 UTF-8
 *	text      anywhere                               UTF-8, lines, no controls
 *	dos       anywhere                               one line of ASCII
 *	preseed   behind OWNER QUESTION TYPE, to the     one line of UTF-8, no blank or
 *	          end of the line                        backslash at its end
 *	kickstart "inside double quotes", or a line of   one line of UTF-8; a word
 *	          %packages
 *
 * Errors  false, and *why is a constant text.
 * Memory  escape_end() frees what the writer holds; `out` is the caller's.
 * Source  pxekit-templates(5) says the same for authors of templates.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/render/text.h"

enum language {
	LANGUAGE_TEXT,
	LANGUAGE_SHELL,
	LANGUAGE_GRUB,
	LANGUAGE_PXELINUX,
	LANGUAGE_IPXE,
	LANGUAGE_CMD,
	LANGUAGE_XML,
	LANGUAGE_YAML,
	LANGUAGE_JSON,
	LANGUAGE_DOS,
	LANGUAGE_HTML,
	LANGUAGE_PRESEED,
	LANGUAGE_KICKSTART,
	LANGUAGES,
};

/* By the suffix of a file name; false if it is none of ours. */
bool language_of(const char *file, enum language *out);
const char *language_name(enum language language);

/* Where the writer stands.  Each language uses what it needs; nobody else reads it. */
struct escape {
	enum language language;
	struct text *out;
	int place;     /* one of the language's own places; 0 at the start */
	char previous; /* the literal character before, or 'x' behind a value */
	bool escaped;  /* behind a backslash */

	/* yaml; column also html: where the tag's name begins */
	size_t column, key_column, dash_column, block_column, flow;
	bool block_next;

	/*
	 * preseed, kickstart: the line so far
	 * ipxe, cmd: the line so far, and where its value begins (0: it has none);
	 * html: where the attribute's value begins
	 */
	struct text line;
	size_t data;
	bool closed; /* cmd: behind the closing quote */
};

struct escape escape_begin(enum language language, struct text *out);
/*
 * How many characters it took of what could be an escape_literal(), without a look at
 * each: 0 where the language has to.
 */
size_t escape_run(struct escape *e, const char *text, size_t len);
bool escape_literal(struct escape *e, const char *text, size_t len, const char **why);
bool escape_value(struct escape *e, const char *value, const char **why);
bool escape_end(struct escape *e, const char **why);
