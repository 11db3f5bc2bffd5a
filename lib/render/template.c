#include "config.h"

#include "lib/render/template.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/render/escape.h"
#include "lib/render/text.h"

#define DEPTH_MAX 16
#define NAME_SIZE 64
#define TAGS_MAX 200000 /* lists in lists multiply */

enum tag_kind { TAG_NAME, TAG_OPEN, TAG_INVERT, TAG_CLOSE, TAG_COMMENT, TAG_NONE };

struct tag {
	enum tag_kind kind;
	char name[NAME_SIZE];
	const char *literal; /* what stands before the tag */
	size_t literal_len;
	unsigned line;
};

struct cursor {
	const char *p, *start, *end;
	unsigned line; /* of p */
};

/* Names as they are seen from inside sections, the innermost first. */
struct frame {
	const struct template_scope *scope;
	const char *const *fields; /* in a list without items: names without values */
	const struct frame *outer;
	unsigned depth;
};

struct render {
	const char *file;
	struct escape escape;
	unsigned long tags;
	char *why;
};

__attribute__((format(printf, 3, 4))) static bool fail(struct render *r, unsigned line,
						       const char *format, ...)
{
	int n = snprintf(r->why, TEMPLATE_WHY, "%.200s:%u: ", r->file, line);
	va_list args;

	va_start(args, format);
	vsnprintf(r->why + n, TEMPLATE_WHY - (size_t)n, format, args);
	va_end(args);
	return false;
}

static unsigned count_lines(const char *from, const char *to)
{
	unsigned n = 0;

	for (; from < to; from++)
		n += *from == '\n';
	return n;
}

static const char *skip_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	return p;
}

/* Takes the line around a tag that stands alone on it: [tag, *behind). */
static const char *alone(const struct cursor *c, const char *tag, const char **behind)
{
	const char *before = tag, *after = skip_blanks(*behind, c->end);

	while (before > c->start && (before[-1] == ' ' || before[-1] == '\t'))
		before--;
	if (before > c->start && before[-1] != '\n')
		return tag;
	if (after < c->end && *after != '\n')
		return tag;
	*behind = after < c->end ? after + 1 : after;
	return before > c->p ? before : c->p;
}

static bool read_name(struct render *r, struct tag *tag, const char *p, const char *end)
{
	size_t len;

	while (p < end && isspace((unsigned char)*p))
		p++;
	while (end > p && isspace((unsigned char)end[-1]))
		end--;
	len = (size_t)(end - p);
	if (!len || len >= sizeof(tag->name))
		return fail(r, tag->line, "a tag wants a name of 1 to %zu characters",
			    sizeof(tag->name) - 1);
	for (const char *q = p; q < end; q++)
		if (!isalnum((unsigned char)*q) && *q != '_' && *q != '-' && *q != '.')
			return fail(r, tag->line,
				    "a name is letters, digits, '_' and '-'");
	memcpy(tag->name, p, len);
	tag->name[len] = '\0';
	return true;
}

static enum tag_kind kind_of(char c)
{
	static const char signs[] = "#^/!";
	const char *at = memchr(signs, c, sizeof(signs) - 1);

	return at ? (enum tag_kind)(TAG_OPEN + (at - signs)) : TAG_NAME;
}

/* The next tag, with the text before it; TAG_NONE for the rest. */
static bool next_tag(struct render *r, struct cursor *c, struct tag *tag)
{
	const char *open = memmem(c->p, (size_t)(c->end - c->p), "{{", 2), *close,
		   *behind;

	*tag = (struct tag){ .kind = TAG_NONE, .literal = c->p, .line = c->line };
	if (!open) {
		tag->literal_len = (size_t)(c->end - c->p);
		c->line += count_lines(c->p, c->end);
		c->p = c->end;
		return true;
	}
	tag->line += count_lines(c->p, open);
	close = memmem(open, (size_t)(c->end - open), "}}", 2);
	if (!close)
		return fail(r, tag->line, "a tag does not end");
	behind = close + 2;
	tag->kind = open + 2 < close ? kind_of(open[2]) : TAG_NAME;
	if (tag->kind != TAG_COMMENT &&
	    !read_name(r, tag, open + 2 + (tag->kind != TAG_NAME), close))
		return false;
	tag->literal_len = (size_t)(open - c->p);
	if (tag->kind != TAG_NAME)
		tag->literal_len = (size_t)(alone(c, open, &behind) - c->p);
	c->line += count_lines(c->p, behind);
	c->p = behind;
	return true;
}

/* False if nobody knows the name; *value is NULL if it has no value here. */
static bool look_up(const struct frame *frame, const char *name,
		    const struct template_value **value)
{
	*value = NULL;
	for (; frame; frame = frame->outer) {
		for (size_t i = 0; frame->scope && i < frame->scope->values; i++) {
			*value = &frame->scope->value[i];
			if (strcmp((*value)->name, name) == 0)
				return true;
		}
		*value = NULL;
		for (const char *const *f = frame->fields; f && *f; f++)
			if (strcmp(*f, name) == 0)
				return true;
	}
	return false;
}

static bool put_literal(struct render *r, const struct tag *tag, unsigned line)
{
	const char *why;

	/* Line by line, so that an error names its line. */
	for (size_t at = 0, n; at < tag->literal_len; at += n, line++) {
		const char *p = tag->literal + at;
		const char *end = memchr(p, '\n', tag->literal_len - at);

		n = end ? (size_t)(end - p) + 1 : tag->literal_len - at;
		if (!escape_literal(&r->escape, p, n, &why))
			return fail(r, line, "%s", why);
	}
	return true;
}

static bool put_value(struct render *r, const struct tag *tag, const struct frame *frame,
		      bool live)
{
	const struct template_value *value;
	const char *why;

	if (!look_up(frame, tag->name, &value))
		return fail(r, tag->line, "{{%s}}: there is no such name", tag->name);
	if (value && !value->text)
		return fail(r, tag->line, "{{%s}} is a list and wants a section",
			    tag->name);
	if (!live || !value)
		return true;
	if (!escape_value(&r->escape, value->text, &why))
		return fail(r, tag->line, "{{%s}}: %s", tag->name, why);
	if (value->shown && *value->text)
		*value->shown = true;
	return true;
}

static bool block(struct render *r, struct cursor *c, const struct frame *frame,
		  bool live, const struct tag *open);

/* Each item in turn, from the same place of the template. */
static bool list(struct render *r, struct cursor *c, const struct frame *frame,
		 const struct template_value *value, const struct tag *tag)
{
	const struct cursor begin = *c;

	for (size_t i = 0; i < value->items; i++) {
		struct frame inner = { .scope = &value->item[i],
				       .outer = frame,
				       .depth = frame->depth + 1 };

		*c = begin;
		if (!block(r, c, &inner, true, tag))
			return false;
	}
	return true;
}

static const char *const text_fields[] = { ".", "n", NULL };

static bool section(struct render *r, struct cursor *c, const struct frame *frame,
		    bool live, const struct tag *tag)
{
	const struct template_value *value;
	struct frame inner = { .outer = frame, .depth = frame->depth + 1 };
	bool full, wanted = tag->kind == TAG_OPEN;

	if (!look_up(frame, tag->name, &value))
		return fail(r, tag->line, "{{%s}}: there is no such name", tag->name);
	if (inner.depth > DEPTH_MAX)
		return fail(r, tag->line, "sections are more than %d deep", DEPTH_MAX);
	full = value && (value->text ? *value->text != '\0' : value->items > 0);
	if (live && full && wanted && !value->text)
		return list(r, c, frame, value, tag);
	if (value && !value->text && wanted)
		inner.fields = value->fields;
	if (!value && wanted) /* of an item; a list in there is one of texts */
		inner.fields = text_fields;
	return block(r, c, &inner, live && full == wanted, tag);
}

static bool closes(struct render *r, const struct tag *tag, const struct tag *open)
{
	if (!open)
		return fail(r, tag->line, "{{/%s}} closes nothing", tag->name);
	if (strcmp(tag->name, open->name) != 0)
		return fail(r, tag->line, "{{/%s}} where {{/%s}} of line %u is missing",
			    tag->name, open->name, open->line);
	return true;
}

/* Up to the end of the section that is open, or of the text. */
static bool block(struct render *r, struct cursor *c, const struct frame *frame,
		  bool live, const struct tag *open)
{
	struct tag tag;

	for (;;) {
		unsigned line = c->line;

		if (++r->tags > TAGS_MAX || r->escape.out->full)
			return fail(r, line, "the text grows too long");
		if (!next_tag(r, c, &tag) || (live && !put_literal(r, &tag, line)))
			return false;
		switch (tag.kind) {
		case TAG_NAME:
			if (!put_value(r, &tag, frame, live))
				return false;
			break;
		case TAG_OPEN:
		case TAG_INVERT:
			if (!section(r, c, frame, live, &tag))
				return false;
			break;
		case TAG_CLOSE:
			return closes(r, &tag, open);
		case TAG_COMMENT:
			break;
		default:
			return open ? fail(r, open->line, "{{#%s}} does not end",
					   open->name)
				    : true;
		}
	}
}

bool template_render(const char *file, const char *text, size_t len,
		     const struct template_scope *scope, char **out, size_t *out_len,
		     char why[static TEMPLATE_WHY])
{
	struct text result = { 0 };
	struct cursor c = { .p = text, .start = text, .end = text + len, .line = 1 };
	const struct frame frame = { .scope = scope };
	struct render r = { .file = file, .why = why };
	enum language language;
	const char *reason;
	bool ok;

	if (!language_of(file, &language))
		return fail(&r, 1, "no language is known by this suffix");
	r.escape = escape_begin(language, &result);
	text_put(&result, "", 0);
	ok = block(&r, &c, &frame, true, NULL);
	if (!escape_end(&r.escape, &reason) && ok)
		ok = fail(&r, c.line, "%s", reason);
	if (!ok) {
		text_free(&result);
		return false;
	}
	*out = result.start;
	*out_len = result.len;
	return true;
}
