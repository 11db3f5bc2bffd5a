/*
 * fits - whether image, platform and drivers go together, before anything boots.
 *
 * Errors  exits EXIT_MISUSE for what can never work; the rest is a warning.
 */
#pragma once

#include "lib/core/image.h"
#include "lib/core/setting.h"
#include "lib/sys/conf.h"

/* platform "" or one that is in pxekit.conf alone: nothing is known.  network may be
 * NULL. */
void fits_check(const struct conf *conf, const struct conf_network *network,
		const char *platform, const struct image *image,
		const struct settings *settings);
