/*
 * artefact_find - where the template of an artefact is, and the template; private to
 * lib/render.
 *
 * Errors  false and one sentence in why.
 * Memory  artefact_found_free(), before the same template is asked for again.
 */
#pragma once

#include "lib/render/artefact.h"
#include "lib/render/template.h"

struct artefact_found {
	struct template *template;
	unsigned parts; /* of the context that it wants */
	bool kept;      /* it is not this caller's */
};

bool artefact_find_template(const struct artefact_facts *facts,
			    const struct artefact *which, struct artefact_found *out,
			    char why[static ARTEFACT_WHY]);
void artefact_found_free(struct artefact_found *found);
