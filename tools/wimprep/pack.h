/*
 * pack - the driver-pack of pxekit.conf that is named, or that fits what SMBIOS says of
 * a machine.
 *
 * Errors  pack_find() ends the program, with its reason, if there is none.
 */
#pragma once

#include <stdbool.h>

#include "lib/sys/conf.h"

/* NULL for what was not said; a name excludes the others. */
struct pack_wish {
	const char *name, *manufacturer, *product;
};

bool pack_wanted(const struct pack_wish *wish);
const struct conf_pack *pack_find(const struct conf *conf, const struct pack_wish *wish);
