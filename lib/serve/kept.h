/*
 * kept - templates and manifests that were read before, for who serves often.  What
 * changes on the disk shows at the next question.
 *
 * Memory  bounded, and for one thread at a time; kept_free().
 */
#pragma once

#include "lib/media/shelf.h"
#include "lib/render/artefact.h"

struct kept {
	struct artefact_kept *templates;
	struct shelf *images;
};

/* NULL without memory. */
struct kept *kept_new(void);
void kept_free(struct kept *kept);
