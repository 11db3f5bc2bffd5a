/*
 * order_inside - what the files of order share.
 */
#pragma once

#include "lib/order/order.h"

/* A complaint about field; secret values are not told.  Both return false. */
bool order_complain(struct order *o, const char *field, const char *value,
		    const char *why);

/* A sentence that stands for itself; if it begins with an option, that is its field. */
bool order_complain_so(struct order *o, const char *field, const char *sentence);
void order_warn(struct order *o, const char *field, const char *sentence);

/* NULL, and a complaint, if it cannot be read; the site owns it. */
const struct image *order_image_of(struct order *o, struct order_site *site,
				   const char *reference);
