#include "config.h"

#include "lib/render/view.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A text, or a list of views. */
struct entry {
	const char *name;
	char *text;
	const char *const *fields;
	struct view *first, *last;
	size_t items;
	struct template_scope *scopes; /* of the items, once they are rendered */
};

struct view {
	struct view *root, *next;
	bool failed; /* of the root: memory ran out */
	struct entry *entry;
	size_t entries, room;
	struct template_value *values;
};

struct view *view_new(void)
{
	struct view *view = calloc(1, sizeof(*view));

	if (view)
		view->root = view;
	return view;
}

static void forget_frozen(struct view *view)
{
	free(view->values);
	view->values = NULL;
	for (size_t i = 0; i < view->entries; i++) {
		free(view->entry[i].scopes);
		view->entry[i].scopes = NULL;
	}
}

void view_free(struct view *view)
{
	if (!view)
		return;
	forget_frozen(view);
	for (size_t i = 0; i < view->entries; i++) {
		free(view->entry[i].text);
		for (struct view *v = view->entry[i].first, *next; v; v = next) {
			next = v->next;
			view_free(v);
		}
	}
	free(view->entry);
	free(view);
}

static struct entry *add(struct view *view, const char *name)
{
	if (view->entries == view->room) {
		size_t room = view->room ? 2 * view->room : 16;
		struct entry *grown = realloc(view->entry, room * sizeof(*grown));

		if (!grown) {
			view->root->failed = true;
			return NULL;
		}
		view->entry = grown;
		view->room = room;
	}
	view->entry[view->entries] = (struct entry){ .name = name };
	return &view->entry[view->entries++];
}

static void add_text(struct view *view, const char *name, char *text)
{
	struct entry *e = text ? add(view, name) : NULL;

	if (e) {
		e->text = text;
		return;
	}
	free(text);
	view->root->failed = true;
}

void view_text(struct view *view, const char *name, const char *text)
{
	add_text(view, name, strdup(text));
}

void view_print(struct view *view, const char *name, const char *format, ...)
{
	char *text;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	add_text(view, name, text);
}

void view_int(struct view *view, const char *name, int64_t number)
{
	view_print(view, name, "%" PRId64, number);
}

void view_flag(struct view *view, const char *name, bool set)
{
	view_text(view, name, set ? "yes" : "");
}

void view_list(struct view *view, const char *name, const char *const *fields)
{
	struct entry *e = add(view, name);

	if (e)
		e->fields = fields;
}

static struct entry *find_list(struct view *view, const char *name)
{
	for (size_t i = 0; i < view->entries; i++)
		if (!view->entry[i].text && strcmp(view->entry[i].name, name) == 0)
			return &view->entry[i];
	return NULL;
}

/* Without memory the item is the view itself: it will never be rendered. */
struct view *view_item(struct view *view, const char *list)
{
	struct entry *e = find_list(view, list);
	struct view *item = calloc(1, sizeof(*item));

	if (!item || !e) {
		free(item);
		view->root->failed = true;
		return view;
	}
	item->root = view->root;
	if (e->last)
		e->last->next = item;
	else
		e->first = item;
	e->last = item;
	e->items++;
	return item;
}

static bool freeze(struct view *view, struct template_scope *scope);

static bool freeze_list(struct entry *e)
{
	struct template_scope *scope;

	e->scopes = calloc(e->items ? e->items : 1, sizeof(*scope));
	if (!e->scopes)
		return false;
	scope = e->scopes;
	for (struct view *v = e->first; v; v = v->next)
		if (!freeze(v, scope++))
			return false;
	return true;
}

/* Into what template_render() reads. */
static bool freeze(struct view *view, struct template_scope *scope)
{
	forget_frozen(view);
	view->values = calloc(view->entries ? view->entries : 1, sizeof(*view->values));
	if (!view->values)
		return false;
	for (size_t i = 0; i < view->entries; i++) {
		struct entry *e = &view->entry[i];

		if (!e->text && !freeze_list(e))
			return false;
		view->values[i] = (struct template_value){ .name = e->name,
							   .text = e->text,
							   .item = e->scopes,
							   .items = e->items,
							   .fields = e->fields };
	}
	*scope = (struct template_scope){ view->values, view->entries };
	return true;
}

bool view_render(struct view *view, const char *file, const char *text, size_t len,
		 struct text *out, char why[static TEMPLATE_WHY])
{
	struct template_scope scope;
	size_t out_len;
	char *octets;

	if (view->failed || !freeze(view, &scope)) {
		snprintf(why, TEMPLATE_WHY,
			 "%s: not enough memory, or a list that is "
			 "not there",
			 file);
		return false;
	}
	if (!template_render(file, text, len, &scope, &octets, &out_len, why))
		return false;
	text_put(out, octets, out_len);
	free(octets);
	return true;
}
