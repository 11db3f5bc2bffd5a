#include "config.h"

#include "tools/bootweb/current.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/media/catalogue_change.h"

static bool is_there(const char *images, const char *name, const char *version,
		     char why[static CATALOGUE_WHY])
{
	char path[PATH_MAX];

	if (image_name_ok(name) && image_name_ok(version)) {
		snprintf(path, sizeof(path), "%s/%s/%s", images, name, version);
		if (access(path, F_OK) == 0)
			return true;
	}
	return catalogue_refuse(why, "there is no image %.80s@%.80s", name, version);
}

static enum store_result note(struct admin_visit *v, const char *name,
			      const char *version, const char *before)
{
	struct event ev = event_new(EVENT_ADMIN);

	snprintf(ev.text, sizeof(ev.text), "%s@%s, before %s", name, version,
		 *before ? before : "none");
	return store_note(v->store, &ev, "image-current", v->actor);
}

unsigned current_switch(struct admin_visit *v, const char *name, const char *version,
			bool dry_run, char before[static JOB_NAME],
			char why[static CATALOGUE_WHY])
{
	const char *images = v->site.conf->images;
	char reference[2 * JOB_NAME], unused[CATALOGUE_WHY];

	if (!is_there(images, name, version, why))
		return MHD_HTTP_NOT_FOUND;
	snprintf(reference, sizeof(reference), "%s@%s", name, version);
	if (!catalogue_has(images, reference, why))
		return MHD_HTTP_CONFLICT;
	if (!catalogue_current(images, name, before, unused))
		*before = '\0';
	if (dry_run || strcmp(before, version) == 0)
		return MHD_HTTP_OK;
	if (note(v, name, version, before) != STORE_DONE) {
		catalogue_refuse(why, "%s", store_why(v->store));
		return MHD_HTTP_INTERNAL_SERVER_ERROR;
	}
	if (catalogue_switch(images, name, version, before, why))
		return MHD_HTTP_OK;
	return MHD_HTTP_SERVICE_UNAVAILABLE;
}
