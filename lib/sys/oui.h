/*
 * oui - who made a network card, by the first half of its address.
 *
 * Looked up in the lists of the IEEE as Debian's package ieee-data installs them;
 * without it nobody is known.
 *
 * Errors  oui_load() returns NULL if there is no list; that is an empty one.
 * Memory  oui_free() frees it.
 * Source  /usr/share/ieee-data/oui.txt, or the file in PXEKIT_OUI.
 */
#pragma once

#include "lib/core/mac.h"

#define OUI_VENDOR 64

struct oui;

struct oui *oui_load(void);
void oui_free(struct oui *oui);

/* "" if it is not known; "locally administered" if nobody's list can have it. */
const char *oui_vendor(const struct oui *oui, const struct mac *mac,
		       char out[static OUI_VENDOR]);
