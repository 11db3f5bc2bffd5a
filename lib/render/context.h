/*
 * context - the names that a template may use, filled from an artefact's facts.
 *
 * pxekit-templates(5) lists them; a new name is one line in context.c.
 *
 * Errors  false and one sentence in why.
 * Memory  context_fill() allocates texts and lists; context_free() frees them, whatever
 *         it said.
 */
#pragma once

#include "lib/render/artefact.h"
#include "lib/render/template.h"

#define CONTEXT_VALUES 176

struct context {
	struct template_value value[CONTEXT_VALUES];
	struct template_scope scope;
	void *owned[4 * CONTEXT_VALUES + 6 * CONF_MENUS];
	size_t owns;
	bool failed; /* memory ran out, or there are too many values */
	bool secret; /* the template put one, or the hash of one, into its text */
};

/* The names of the site, and those of the wanted parts. */
bool context_fill(struct context *context, const struct artefact_facts *facts,
		  unsigned wanted, char why[static ARTEFACT_WHY]);

/* Those parts that say a name of the template, whatever the facts are. */
#define CONTEXT_ALL (~0u)
unsigned context_parts_of(const struct template *template,
			  const struct artefact_facts *facts);

void context_free(struct context *context);
