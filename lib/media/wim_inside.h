/*
 * wim_inside - what wim.c and wim_write.c know of one another.
 */
#pragma once

#include "lib/media/wim.h"

struct WIMStruct;

struct wim {
	struct WIMStruct *wim;
	struct wim_facts facts;
	bool *changed; /* by image */
};

/* Both return false. */
__attribute__((format(printf, 2, 3))) bool wim_refuse(char why[static WIM_WHY],
						      const char *format, ...);
bool wim_refuse_code(char why[static WIM_WHY], const char *what, int code);
