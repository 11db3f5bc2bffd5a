/*
 * boot_query - what a machine says about itself when it asks for its script:
 * MAC.ipxe?uuid=...&arch=...&platform=...&serial=... as boot.ipxe writes it;
 * MAC.cmd is what Windows PE asks for where no wimboot has brought the files of a job.
 *
 * Errors  false and *why is a constant text, if the name is neither.
 * Memory  values are copied; those too long are cut, and those that are no UUID
 *         or serial of one machine are passed over.
 */
#pragma once

#include "lib/core/event.h"
#include "lib/wire/url.h"

/* Whether it is MAC.cmd. */
bool boot_query_is_winpe(const char *name);

/* Fills key, manufacturer, product, asset and arch. */
bool boot_query_read(const char *name, const struct url_form *form, struct event *ev,
		     const char **why);
