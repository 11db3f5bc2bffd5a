/*
 * inf - the text of a Windows INF file: sections, lines, fields and strings.
 *
 * UTF-16 of either order, UTF-8 and ANSI (code page 1252) are read; sections of one
 * name are one; "..." quotes, "" is a quote, %name% stands for a string, %% for a
 * percent sign; ';' begins a comment, '\' at the end joins the next line.  Names are
 * compared without regard to case.
 *
 * Errors  inf_parse() returns NULL and "NAME:LINE: reason" in why.  What makes a line
 *         unusable is told by inf_fields() in the same way.
 * Memory  an inf owns its text; inf_free() frees it.
 * Source  windows-driver-docs, install/general-syntax-rules-for-inf-files.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INF_WHY 512
#define INF_LARGEST (16 << 20) /* octets of a file */
#define INF_FIELDS 512         /* of one line */
#define INF_TEXT 32768         /* octets of one line's fields */

struct inf;

struct inf *inf_parse(const char *name, const void *octets, size_t len,
		      char why[static INF_WHY]);
void inf_free(struct inf *inf);

bool inf_has_section(const struct inf *inf, const char *section);

/* A place in a section; begin with { 0 }. */
struct inf_cursor {
	uint32_t line; /* the number of the line that was read last, from 1 */
	uint32_t next;
};

/* "key = field, field" with strings put in; key is NULL if the line has none. */
struct inf_fields {
	const char *key;
	const char *field[INF_FIELDS];
	size_t count;
	char text[INF_TEXT];
};

enum inf_next {
	INF_END,
	INF_LINE,
	INF_BAD, /* see why */
};

/*
 * The next line of section; with a key only a line that has it.  Where a line has
 * no '=', its first field is asked instead, and is no key.  An inf that makes us look
 * at INF_LOOKS lines is refused: no honest one does.
 */
#define INF_LOOKS 400000000
enum inf_next inf_next(struct inf *inf, const char *section, const char *key,
		       struct inf_cursor *at, struct inf_fields *out,
		       char why[static INF_WHY]);

/* Field i, or "" behind the last. */
const char *inf_field(const struct inf_fields *fields, size_t i);

/* NAME:LINE: reason. */
void inf_complain(const struct inf *inf, uint32_t line, char why[static INF_WHY],
		  const char *format, ...) __attribute__((format(printf, 4, 5)));
