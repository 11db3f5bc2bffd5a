/*
 * winlocale - time zones, locales and keyboards, as Windows calls them.
 *
 * Errors  NULL or false: Windows has none that would be this one.
 * Source  CLDR's windowsZones with tzdata's links, [MS-LCID] section 2.2, and
 *         Microsoft's lists of keyboard identifiers and default input profiles.
 */
#pragma once

#include <stdbool.h>

#define WINLOCALE_TAG 32
#define WINLOCALE_INPUT 96

/* "W. Europe Standard Time" of Europe/Vienna, or of itself; in any case of letters. */
const char *winlocale_zone(const char *timezone);

/* "de-AT" of de_AT.UTF-8, or of itself. */
const char *winlocale_tag(const char *locale);

/*
 * "0407:00000407" of de, of itself, or "de-DE" of a locale, which means the usual
 * keyboard there.  A locale that is not "" says the language that is written with it.
 */
bool winlocale_input(const char *keyboard, const char *locale,
		     char out[static WINLOCALE_INPUT]);
