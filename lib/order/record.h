/*
 * record - what one installation was made of, as one line of JSON.
 *
 * Names and SHA-256 of what machines of its kind get: the image's manifest and each of
 * its files (boot.wim among them), the loader, the templates; and the drivers that are
 * in boot.wim, by name and version.  What cannot be read is named with a null.
 *
 * Errors  false: it does not fit, or the store failed.
 * Source  jobctl(1), "Installation records".
 */
#pragma once

#include "lib/store/store.h"
#include "lib/sys/conf.h"

#define RECORD_LINE 65536

bool record_make(const struct conf *conf, struct store *store,
		 const struct store_install *install, char *out, size_t size);
