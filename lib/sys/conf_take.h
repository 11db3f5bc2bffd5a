/*
 * conf_take - from libconfuse's tree of sections to a struct conf.
 *
 * Errors  false; what is wrong has been told by the tree's error function, and
 *         what is there must still be freed with conf_free().
 */
#pragma once

#include "lib/sys/conf.h"

struct cfg_t;

/* What `standards` has and `cfg` does not say comes after it. */
bool conf_take(struct conf *conf, struct cfg_t *cfg, struct cfg_t *standards);
