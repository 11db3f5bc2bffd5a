#include "config.h"

#include "lib/serve/kept.h"

#include <stdlib.h>

struct kept *kept_new(void)
{
	struct kept *kept = calloc(1, sizeof(*kept));

	if (!kept)
		return NULL;
	kept->templates = artefact_kept_new();
	kept->images = shelf_new();
	if (kept->templates && kept->images)
		return kept;
	kept_free(kept);
	return NULL;
}

void kept_free(struct kept *kept)
{
	if (!kept)
		return;
	artefact_kept_free(kept->templates);
	shelf_free(kept->images);
	free(kept);
}
