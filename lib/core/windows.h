/*
 * windows - what Windows wants of a job, told before anything boots.
 *
 * Errors  false and one sentence in why, which begins with the option.
 * Source  Microsoft's answer file reference (ComputerName, UnattendedJoin), its
 *         table of KMS client setup keys, and the build numbers of Windows.
 */
#pragma once

#include "lib/core/image.h"
#include "lib/core/setting.h"

#define WINDOWS_WHY IMAGE_WHY

/* The job's edition; the only one there is, if the job names none. */
const struct image_edition *windows_edition(const struct image *image,
					    const struct settings *settings,
					    char why[static WINDOWS_WHY]);

/* edition NULL: nothing is known of it. */
bool windows_check(const struct settings *settings, const struct image_edition *edition,
		   char why[static WINDOWS_WHY]);

/* 15 characters at most, as NetBIOS has them, not all digits, one label. */
bool windows_name_ok(const char *hostname, char why[static WINDOWS_WHY]);

/* The public key that an edition takes from a key management server; NULL: none known. */
const char *windows_kms_key(const struct image_edition *edition);
