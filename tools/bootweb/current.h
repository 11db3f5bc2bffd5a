/*
 * current - which version of an image is meant if none is said, changed by who may edit:
 * for the API and the dashboard, as imgctl current does it.
 *
 * Errors  the status of the answer, 200 or another one with a sentence in why: 404 there
 *         is no such version, 409 its manifest cannot be read, 500 the database, 503 the
 *         folder of the images cannot be written by us.
 */
#pragma once

#include "lib/media/catalogue.h"
#include "tools/bootweb/admin_face.h"

/*
 * before is "" if there was none.  That it was done is noted and not kept yet: the caller
 * calls what does.
 */
unsigned current_switch(struct admin_visit *visit, const char *name, const char *version,
			bool dry_run, char before[static JOB_NAME],
			char why[static CATALOGUE_WHY]);
