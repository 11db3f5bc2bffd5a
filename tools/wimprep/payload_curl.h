/*
 * payload_curl - curl.exe for Windows PE, which has none of its own, out of the same
 * media's install.wim; and the DLLs that it loads and Windows PE lacks.
 */
#pragma once

#include <stdio.h>

#include "tools/wimprep/payload.h"

void payload_curl(struct payload *p, const struct payload_wish *wish, struct wim *wim,
		  unsigned image, FILE *marker);

/* Opens install.wim, install.esd, or install.swm with its other parts; NULL: why. */
struct wim *payload_install(const char *path, char why[static WIM_WHY]);
