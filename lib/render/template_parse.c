#include "config.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/render/template_parts.h"

#define NAME_SIZE 64

struct cursor {
	const char *p, *start, *end;
	unsigned line; /* of p */
};

struct parse {
	struct template *template;
	struct cursor c;
	size_t open[TEMPLATE_DEPTH + 1]; /* the tags of sections that are open */
	unsigned depth;
	char *why;
};

bool template_fail(const char *file, char why[static TEMPLATE_WHY], unsigned line,
		   const char *format, ...)
{
	int n = snprintf(why, TEMPLATE_WHY, "%.200s:%u: ", file, line);
	va_list args;

	va_start(args, format);
	vsnprintf(why + n, TEMPLATE_WHY - (size_t)n, format, args);
	va_end(args);
	return false;
}

#define FAIL(p, line, ...) template_fail((p)->template->file, (p)->why, line, __VA_ARGS__)

unsigned template_lines(const char *from, const char *to)
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

/* The name becomes a string where it stands: what follows it is the tag's end. */
static bool read_name(struct parse *p, struct tag *tag, char *from, char *end)
{
	while (from < end && isspace((unsigned char)*from))
		from++;
	while (end > from && isspace((unsigned char)end[-1]))
		end--;
	if (from == end || (size_t)(end - from) >= NAME_SIZE)
		return FAIL(p, tag->line, "a tag wants a name of 1 to %d characters",
			    NAME_SIZE - 1);
	for (const char *q = from; q < end; q++)
		if (!isalnum((unsigned char)*q) && *q != '_' && *q != '-' && *q != '.')
			return FAIL(p, tag->line,
				    "a name is letters, digits, '_' and '-'");
	*end = '\0';
	tag->name = from;
	return true;
}

static enum tag_kind kind_of(char c)
{
	static const char signs[] = "#^/!";
	const char *at = memchr(signs, c, sizeof(signs) - 1);

	return at ? (enum tag_kind)(TAG_OPEN + (at - signs)) : TAG_NAME;
}

/* The next tag, with the text before it; TAG_NONE for the rest. */
static bool next_tag(struct parse *p, struct tag *tag)
{
	struct cursor *c = &p->c;
	const char *open = memmem(c->p, (size_t)(c->end - c->p), "{{", 2), *close,
		   *behind;
	char *text = p->template->text;

	*tag = (struct tag){ .kind = TAG_NONE,
			     .literal = c->p,
			     .line = c->line,
			     .literal_line = c->line };
	if (!open) {
		tag->literal_len = (size_t)(c->end - c->p);
		tag->line += template_lines(c->p, c->end);
		c->p = c->end;
		return true;
	}
	tag->line += template_lines(c->p, open);
	close = memmem(open, (size_t)(c->end - open), "}}", 2);
	if (!close)
		return FAIL(p, tag->line, "a tag does not end");
	behind = close + 2;
	tag->kind = open + 2 < close ? kind_of(open[2]) : TAG_NAME;
	tag->literal_len = (size_t)(open - c->p);
	if (tag->kind != TAG_NAME)
		tag->literal_len = (size_t)(alone(c, open, &behind) - c->p);
	c->line += template_lines(c->p, behind);
	c->p = behind;
	if (tag->kind == TAG_COMMENT)
		return true;
	return read_name(p, tag, text + (open - text) + 2 + (tag->kind != TAG_NAME),
			 text + (close - text));
}

static bool keep(struct parse *p, const struct tag *tag)
{
	struct template *t = p->template;

	if (t->tags == t->room) {
		size_t room = t->room ? 2 * t->room : 32;
		struct tag *grown = realloc(t->tag, room * sizeof(*grown));

		if (!grown)
			return FAIL(p, tag->line, "not enough memory");
		t->tag = grown;
		t->room = room;
	}
	t->tag[t->tags++] = *tag;
	return true;
}

static bool opens(struct parse *p, const struct tag *tag)
{
	if (p->depth == TEMPLATE_DEPTH)
		return FAIL(p, tag->line, "sections are more than %d deep",
			    TEMPLATE_DEPTH);
	p->open[p->depth++] = p->template->tags;
	return keep(p, tag);
}

static bool closes(struct parse *p, const struct tag *tag)
{
	const struct tag *open;

	if (!p->depth)
		return FAIL(p, tag->line, "{{/%s}} closes nothing", tag->name);
	open = &p->template->tag[p->open[--p->depth]];
	if (strcmp(tag->name, open->name) != 0)
		return FAIL(p, tag->line, "{{/%s}} where {{/%s}} of line %u is missing",
			    tag->name, open->name, open->line);
	return keep(p, tag);
}

static bool ends(struct parse *p, const struct tag *tag)
{
	const struct tag *open = p->template->tag;

	if (!p->depth)
		return keep(p, tag);
	open += p->open[p->depth - 1];
	return FAIL(p, open->line, "{{#%s}} does not end", open->name);
}

static bool read_tags(struct parse *p)
{
	struct tag tag;

	do {
		bool good = next_tag(p, &tag);

		if (good && (tag.kind == TAG_OPEN || tag.kind == TAG_INVERT))
			good = opens(p, &tag);
		else if (good && tag.kind == TAG_CLOSE)
			good = closes(p, &tag);
		else if (good && tag.kind == TAG_NONE)
			good = ends(p, &tag);
		else if (good)
			good = keep(p, &tag);
		if (!good)
			return false;
	} while (tag.kind != TAG_NONE);
	return true;
}

void template_free(struct template *template)
{
	if (!template)
		return;
	free(template->tag);
	free(template->text);
	free(template->file);
	free(template);
}

static struct template *new (const char *file, const char *text, size_t len)
{
	struct template *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->file = strdup(file);
	t->text = malloc(len + 1);
	if (t->file && t->text) {
		memcpy(t->text, text, len);
		t->text[len] = '\0';
		return t;
	}
	template_free(t);
	return NULL;
}

struct template *template_parse(const char *file, const char *text, size_t len,
				char why[static TEMPLATE_WHY])
{
	struct template *t = new (file, text, len);
	struct parse p = { .template = t, .why = why };
	bool good;

	if (!t) {
		template_fail(file, why, 1, "not enough memory");
		return NULL;
	}
	p.c = (struct cursor){
		.p = t->text, .start = t->text, .end = t->text + len, .line = 1
	};
	good = language_of(file, &t->language);
	if (!good)
		FAIL(&p, 1, "no language is known by this suffix");
	if (good && read_tags(&p))
		return t;
	template_free(t);
	return NULL;
}

bool template_names(const struct template *template, const char *name)
{
	for (size_t i = 0; i < template->tags; i++)
		if (template->tag[i].name && strcmp(template->tag[i].name, name) == 0)
			return true;
	return false;
}
