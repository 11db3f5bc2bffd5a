/*
 * context_parts - how the files that fill a context put their values into it.
 *
 * Errors  what fails sets context->failed; what is returned then is no value.
 * Memory  the context frees what it owns.
 */
#pragma once

#include "lib/render/context.h"

/* Takes over what was allocated; NULL says that there was no memory. */
void *context_own(struct context *c, void *p);

/* "" if there was no memory. */
__attribute__((format(printf, 2, 3))) const char *context_text(struct context *c,
							       const char *format, ...);

/* A value without a text, for the caller to fill. */
struct template_value *context_add(struct context *c, const char *name);

/* A list of texts from words or lines; n counts them from 1. */
void context_fill_list(struct context *c, struct template_value *list, const char *name,
		       const char *text, const char *between);

/* The first file with one of the two words in its name; NULL: there is none. */
const struct image_file *context_file_like(const struct image *image, const char *a,
					   const char *b);

/* Wherever an image keeps it: boot.wim, sources/boot.wim; "" if nowhere. */
const char *context_boot_wim(const struct image *image);

/* Who reads the answers of the job, and what only answers for Linux want. */
void context_say_answers(struct context *c, const struct artefact_facts *f);

/* What the menus offer. */
void context_say_menu(struct context *c, const struct artefact_facts *f);
