/* XML 1.0: values stand in an element's content or in a quoted attribute. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "lib/core/utf8.h"
#include "lib/render/language.h"

enum { CONTENT, TAG, DOUBLE, SINGLE, COMMENT, CDATA, INSTRUCTION };

static bool refuse(const char **why, const char *reason)
{
	*why = reason;
	return false;
}

static bool in_tag(struct escape *e, char c, const char **why)
{
	if (c == '"')
		e->place = DOUBLE;
	else if (c == '\'')
		e->place = SINGLE;
	else if (c == '>')
		e->place = CONTENT;
	else if (text_ends(e->out, "<!--"))
		e->place = COMMENT;
	else if (text_ends(e->out, "<![CDATA["))
		e->place = CDATA;
	else if (text_ends(e->out, "<?"))
		e->place = INSTRUCTION;
	else if (text_ends(e->out, "<!DOCTYPE"))
		return refuse(why, "a document type is not for templates");
	return true;
}

bool xml_literal(struct escape *e, char c, const char **why)
{
	static const char *const ends[] = {
		[DOUBLE] = "\"", [SINGLE] = "'",       [COMMENT] = "-->",
		[CDATA] = "]]>", [INSTRUCTION] = "?>",
	};

	text_put_char(e->out, c);
	if (e->place == CONTENT) {
		if (c == '<')
			e->place = TAG;
		return true;
	}
	if (e->place == TAG)
		return in_tag(e, c, why);
	if (text_ends(e->out, ends[e->place]))
		e->place = e->place <= SINGLE ? TAG : CONTENT;
	return true;
}

/* XML 1.0 section 2.2, production [2], of what utf8_take() lets through. */
static bool is_character(uint32_t code)
{
	if (code < 0x20)
		return code == '\t' || code == '\n' || code == '\r';
	return code != 0xfffe && code != 0xffff;
}

/* Line ends and tabs as references: else a parser makes blanks of them. */
static bool wants_reference(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 ||
	       (code < 0x80 && strchr("<>&\"'", (int)code));
}

bool xml_value(struct escape *e, const char *value, const char **why)
{
	char reference[12];

	if (e->place != CONTENT && e->place != DOUBLE && e->place != SINGLE)
		return refuse(why, "a value must stand in an element's content or in a "
				   "quoted attribute");
	while (*value) {
		uint32_t code;
		size_t len = utf8_take(value, &code);

		if (!len)
			return refuse(why, "the value is not UTF-8");
		if (!is_character(code))
			return refuse(why, "XML cannot hold a character of the value");
		if (wants_reference(code)) {
			snprintf(reference, sizeof(reference), "&#%u;", (unsigned)code);
			text_put_string(e->out, reference);
		} else {
			text_put(e->out, value, len);
		}
		value += len;
	}
	return true;
}

bool xml_end(struct escape *e, const char **why)
{
	if (e->place != CONTENT)
		return refuse(why, "markup is open at the end");
	return true;
}
