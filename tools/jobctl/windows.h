/*
 * windows - what jobctl add settles for a job whose image is Windows.
 *
 * Errors  exits EXIT_MISUSE with the reason, before anything is written.
 */
#pragma once

#include "lib/core/image.h"
#include "lib/core/setting.h"
#include "tools/jobctl/secret.h"

/*
 * The edition gets its full name.  Without a password for Administrator one is made
 * up: made holds it then, to be shown once, else it is "".
 */
void windows_resolve(const char *reference, const struct image *image,
		     struct settings *settings, char made[static SECRET_MADE]);
