/*
 * menu - what the menus of pxekit.conf offer, with the images as they are now.
 *
 * An entry whose image is not there, or is of a kind that no menu starts, is passed
 * over: the others are wanted all the same.
 *
 * Errors  false without memory; complain (may be NULL) hears a sentence about each
 *         entry that is passed over.
 * Memory  serve_menu_load() allocates, serve_menu_free() frees.  Images are those of a
 *         shelf: the caller's, who may not tidy it meanwhile, or the menu's.
 */
#pragma once

#include "lib/media/shelf.h"
#include "lib/render/artefact.h"
#include "lib/sys/conf_way.h"

struct serve_menu {
	struct artefact_menu *entry; /* for struct artefact_facts */
	size_t entries;
	struct shelf *own;
};

/* What the asker is offered (NULL: all there is); shelf NULL: one of its own. */
bool serve_menu_load(const struct conf *conf, const struct conf_asker *asker,
		     struct shelf *shelf, struct serve_menu *out,
		     void (*complain)(const char *why));
void serve_menu_free(struct serve_menu *menu);
