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

struct order_was {
	struct job job;
	struct settings settings; /* opened */
	bool said[sizeof(struct settings) / sizeof(char *)];
};

/* The site's key; false after a complaint. */
bool order_key(struct order *o, struct order_site *site);

/* For order_say() and order_settle() of a job that is changed. */
void order_unsay(struct order *o, const struct setting_def *def);
void order_leave_profile(struct order *o, const struct order_site *site);
