/*
 * check - what is no error in the configuration and still keeps machines from booting.
 *
 * Errors  each finding is one line on standard error.
 */
#pragma once

#include <stdbool.h>

#include "lib/sys/conf.h"

/* Networks without a URL; how many findings. */
unsigned check_urls(const struct conf *conf);

/*
 * Routes that no loader is for, and loaders whose files are not below the TFTP
 * folder: all that the site names, and of the standard ones at least one of a
 * route that is used.  How many findings.
 */
unsigned check_loaders(const struct conf *conf);
