/*
 * view - the values of a page while they are put together: texts by name, and
 * lists whose items are views.
 *
 * Errors  a view without memory fails when it is rendered; nobody needs to ask before.
 *         view_render() returns false and one sentence in why.
 * Memory  texts are copied, names and fields are the caller's constants; view_free() of
 *         the outermost view frees all.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/render/template.h"
#include "lib/render/text.h"

struct view;

struct view *view_new(void); /* NULL without memory */
void view_free(struct view *view);

void view_text(struct view *view, const char *name, const char *text);
void view_int(struct view *view, const char *name, int64_t number);
void view_flag(struct view *view, const char *name, bool set); /* "yes" or "" */
__attribute__((format(printf, 3, 4))) void view_print(struct view *view, const char *name,
						      const char *format, ...);

/* A list, empty so far; fields are the names in its items, of their lists too. */
void view_list(struct view *view, const char *name, const char *const *fields);

/* One more item of a list that view_list() made in this view. */
struct view *view_item(struct view *view, const char *list);

/* Appends what the template makes of the view to out. */
bool view_render(struct view *view, const char *file, const char *text, size_t len,
		 struct text *out, char why[static TEMPLATE_WHY]);
