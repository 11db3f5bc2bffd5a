#include "lib/order/drift.h"

#include <stdio.h>
#include <string.h>

#include "lib/media/catalogue.h"

bool drift_is(const char *images, struct drift *d)
{
	char name[JOB_NAME], version[JOB_NAME], current[JOB_NAME], why[CATALOGUE_WHY];

	*d->current = '\0';
	if (!image_reference(d->install.image, name, version))
		return false;
	if (catalogue_current(images, name, current, why))
		snprintf(d->current, sizeof(d->current), "%s@%s", name, current);
	return strcmp(d->current, d->install.image) != 0;
}

bool drift_next(struct store *store, struct store_list *newest, const char *images,
		struct drift *out)
{
	while (store_next_install(newest, &out->install))
		if (store_machine_by_id(store, out->install.machine, &out->machine) ==
			    STORE_DONE &&
		    !out->machine.retired_ms && drift_is(images, out))
			return true;
	return false;
}
