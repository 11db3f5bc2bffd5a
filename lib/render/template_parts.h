/*
 * template_parts - a template once it is read: what template_parse.c makes and
 * template.c fills; private to lib/render.
 *
 * Memory  names and literals stand in the template's own copy of the text.
 */
#pragma once

#include "lib/render/escape.h"
#include "lib/render/template.h"

#define TEMPLATE_DEPTH 16

enum tag_kind { TAG_NAME, TAG_OPEN, TAG_INVERT, TAG_CLOSE, TAG_COMMENT, TAG_NONE };

/* A tag and the text before it; the last one is TAG_NONE. */
struct tag {
	enum tag_kind kind;
	unsigned line, literal_line; /* of the tag, and of the text's begin */
	const char *name;
	const char *literal;
	size_t literal_len;
};

struct template
{
	enum language language;
	char *file, *text;
	struct tag *tag;
	size_t tags, room;
};

unsigned template_lines(const char *from, const char *to);

__attribute__((format(printf, 4, 5))) bool template_fail(const char *file,
							 char why[static TEMPLATE_WHY],
							 unsigned line,
							 const char *format, ...);
