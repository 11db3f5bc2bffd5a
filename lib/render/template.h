/*
 * template - a text with places for values.
 *
 *	{{name}}	the value, escaped for the language of the template
 *	{{#name}}...{{/name}}	if it is not empty; for a list, once for each item
 *	{{^name}}...{{/name}}	if it is empty
 *	{{.}}		the item, in a list of texts; {{n}} is its number; a list
 *			that is a field of another list's items is one of texts
 *	{{! ... }}	a comment
 *
 * A tag of the last four kinds that stands alone on its line takes the line
 * with it.  The language follows from the file's suffix (escape.h).  A name
 * nobody knows is an error, also in a part that is left out; so is a section
 * that does not end.  There is no code in templates.
 *
 * Errors  false and FILE:LINE: and a sentence in why.
 * Memory  template_parse() allocates a template of at most some ten times its text, for
 *         template_free(); filling changes nothing in it.  template_fill() and
 *         template_render() allocate *out; the caller frees it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define TEMPLATE_WHY 512

struct template_scope;

/* A text, or (text NULL) a list. */
struct template_value {
	const char *name, *text;
	const struct template_scope *item;
	size_t items;
	const char *const *fields; /* names of the list's items, NULL at the end */
	bool *shown; /* set once the text stands in the output; may be NULL */
};

struct template_scope {
	const struct template_value *value;
	size_t values;
};

struct template;

/* NULL without memory, or if the text is no template; file says the language. */
struct template *template_parse(const char *file, const char *text, size_t len,
				char why[static TEMPLATE_WHY]);
void template_free(struct template *template);

/* Whether a tag has this name. */
bool template_names(const struct template *template, const char *name);

bool template_fill(const struct template *template, const struct template_scope *scope,
		   char **out, size_t *out_len, char why[static TEMPLATE_WHY]);

/* All at once, of a text that is used once. */
bool template_render(const char *file, const char *text, size_t len,
		     const struct template_scope *scope, char **out, size_t *out_len,
		     char why[static TEMPLATE_WHY]);
