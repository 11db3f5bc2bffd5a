#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/render/template_parts.h"
#include "lib/render/text.h"

#define TAGS_MAX 200000 /* lists in lists multiply */

/* Names as they are seen from inside sections, the innermost first. */
struct frame {
	const struct template_scope *scope;
	const char *const *fields; /* in a list without items: names without values */
	const struct frame *outer;
};

struct render {
	const struct template *template;
	const struct tag *next;
	struct escape escape;
	unsigned long tags;
	char *why;
};

#define FAIL(r, line, ...) template_fail((r)->template->file, (r)->why, line, __VA_ARGS__)

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

static bool put_literal(struct render *r, const struct tag *tag)
{
	const char *p = tag->literal, *end = p + tag->literal_len, *why;

	for (size_t n; p < end; p += n) {
		const char *newline;

		p += escape_run(&r->escape, p, (size_t)(end - p));
		/* Line by line, so that an error names its line. */
		newline = memchr(p, '\n', (size_t)(end - p));
		n = (size_t)((newline ? newline + 1 : end) - p);
		if (!escape_literal(&r->escape, p, n, &why))
			return FAIL(r,
				    tag->literal_line + template_lines(tag->literal, p),
				    "%s", why);
	}
	return true;
}

static bool put_value(struct render *r, const struct tag *tag, const struct frame *frame,
		      bool live)
{
	const struct template_value *value;
	const char *why;

	if (!look_up(frame, tag->name, &value))
		return FAIL(r, tag->line, "{{%s}}: there is no such name", tag->name);
	if (value && !value->text)
		return FAIL(r, tag->line, "{{%s}} is a list and wants a section",
			    tag->name);
	if (!live || !value)
		return true;
	if (!escape_value(&r->escape, value->text, &why))
		return FAIL(r, tag->line, "{{%s}}: %s", tag->name, why);
	if (value->shown && *value->text)
		*value->shown = true;
	return true;
}

static bool block(struct render *r, const struct frame *frame, bool live);

/* Each item in turn, from the same place of the template. */
static bool list(struct render *r, const struct frame *frame,
		 const struct template_value *value)
{
	const struct tag *begin = r->next;

	for (size_t i = 0; i < value->items; i++) {
		struct frame inner = { .scope = &value->item[i], .outer = frame };

		r->next = begin;
		if (!block(r, &inner, true))
			return false;
	}
	return true;
}

static const char *const text_fields[] = { ".", "n", NULL };

static bool section(struct render *r, const struct tag *tag, const struct frame *frame,
		    bool live)
{
	const struct template_value *value;
	struct frame inner = { .outer = frame };
	bool full, wanted = tag->kind == TAG_OPEN;

	if (!look_up(frame, tag->name, &value))
		return FAIL(r, tag->line, "{{%s}}: there is no such name", tag->name);
	full = value && (value->text ? *value->text != '\0' : value->items > 0);
	if (live && full && wanted && !value->text)
		return list(r, frame, value);
	if (value && !value->text && wanted)
		inner.fields = value->fields;
	if (!value && wanted) /* of an item; a list in there is one of texts */
		inner.fields = text_fields;
	return block(r, &inner, live && full == wanted);
}

/* Up to the end of the section that is open, or of the text. */
static bool block(struct render *r, const struct frame *frame, bool live)
{
	for (;;) {
		const struct tag *tag = r->next++;

		if (++r->tags > TAGS_MAX || r->escape.out->full)
			return FAIL(r, tag->literal_line, "the text grows too long");
		if (live && !put_literal(r, tag))
			return false;
		if (tag->kind == TAG_CLOSE || tag->kind == TAG_NONE)
			return true;
		if (tag->kind == TAG_NAME && !put_value(r, tag, frame, live))
			return false;
		if ((tag->kind == TAG_OPEN || tag->kind == TAG_INVERT) &&
		    !section(r, tag, frame, live))
			return false;
	}
}

bool template_fill(const struct template *template, const struct template_scope *scope,
		   char **out, size_t *out_len, char why[static TEMPLATE_WHY])
{
	struct text result = { 0 };
	const struct frame frame = { .scope = scope };
	struct render r = { .template = template, .next = template->tag, .why = why };
	const char *reason;
	bool ok;

	r.escape = escape_begin(template->language, &result);
	text_put(&result, "", 0);
	ok = block(&r, &frame, true);
	if (!escape_end(&r.escape, &reason) && ok)
		ok = FAIL(&r, r.next[-1].line, "%s", reason);
	if (!ok) {
		text_free(&result);
		return false;
	}
	*out = result.start;
	*out_len = result.len;
	return true;
}

bool template_render(const char *file, const char *text, size_t len,
		     const struct template_scope *scope, char **out, size_t *out_len,
		     char why[static TEMPLATE_WHY])
{
	struct template *template = template_parse(file, text, len, why);
	bool good = template && template_fill(template, scope, out, out_len, why);

	template_free(template);
	return good;
}
