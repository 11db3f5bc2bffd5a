/*
 * welcome - the job that a network's policy gives a machine that was never seen before.
 *
 * Errors  as of the store; what the policy does not allow, or an order does not, is said
 *         on standard error, once until it is something else, and is STORE_DONE.
 */
#pragma once

#include "lib/core/event.h"
#include "lib/order/order.h"

struct welcome {
	struct order_site
		site; /* of one transaction: welcome_begin(), order_site_end() */
	char said[ORDER_SENTENCE];
};

void welcome_begin(struct welcome *w, const struct conf *conf, struct store *store);

/* To be called after the event was applied, within the same transaction. */
enum store_result welcome(struct welcome *w, const struct event *ev);
