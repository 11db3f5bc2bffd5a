/*
 * language - what escape.c asks of each language; private to lib/render.
 *
 * literal() takes one character of the template, value() a whole value, end()
 * is called once behind the last character.  A language that can take many characters
 * at once does so by run(), which says how many it took: literal() gets what is left.
 */
#pragma once

#include "lib/render/escape.h"

struct language_rules {
	const char *name;
	const char *suffixes[3];
	bool (*literal)(struct escape *e, char c, const char **why);
	bool (*value)(struct escape *e, const char *value, const char **why);
	bool (*end)(struct escape *e, const char **why); /* NULL: nothing to check */
	size_t (*run)(struct escape *e, const char *text, size_t len); /* or NULL */
};

bool shell_literal(struct escape *e, char c, const char **why);
bool shell_value(struct escape *e, const char *value, const char **why);
bool shell_end(struct escape *e, const char **why);
bool grub_value(struct escape *e, const char *value, const char **why);

bool line_literal(struct escape *e, char c, const char **why);
bool line_value(struct escape *e, const char *value, const char **why);
bool line_end(struct escape *e, const char **why);
size_t line_run(struct escape *e, const char *text, size_t len);

bool xml_literal(struct escape *e, char c, const char **why);
bool xml_value(struct escape *e, const char *value, const char **why);
bool xml_end(struct escape *e, const char **why);

bool html_literal(struct escape *e, char c, const char **why);
bool html_value(struct escape *e, const char *value, const char **why);
bool html_end(struct escape *e, const char **why);

bool yaml_literal(struct escape *e, char c, const char **why);
bool yaml_value(struct escape *e, const char *value, const char **why);
bool yaml_end(struct escape *e, const char **why);

bool preseed_literal(struct escape *e, char c, const char **why);
bool preseed_value(struct escape *e, const char *value, const char **why);
bool preseed_end(struct escape *e, const char **why);

bool kickstart_literal(struct escape *e, char c, const char **why);
bool kickstart_value(struct escape *e, const char *value, const char **why);
bool kickstart_end(struct escape *e, const char **why);

bool json_literal(struct escape *e, char c, const char **why);
bool json_value(struct escape *e, const char *value, const char **why);
bool json_end(struct escape *e, const char **why);

/* UTF-8 without control characters but those in `but`; U+0080..9F count as such. */
bool language_printable(const char *value, const char *but, const char **why);
