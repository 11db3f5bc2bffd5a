/*
 * iso_host - what a medium knows of its machine, and the script that follows.
 *
 * Errors  false and one sentence in why.
 * Memory  iso_host_free() frees what the host owns.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/order/order.h"

#define ISO_WHY 1200

struct iso_host {
	struct order order;  /* without a MAC: any machine */
	char name[JOB_NAME]; /* of the file, without .iso; after iso_host_settle() */
	bool is_static;      /* has an address of its own */
	char *script;
	size_t len;
};

/*
 * Takes what the order does not say from its profile, and renders the script; base
 * (NULL: what conf and the network say) is where the machine finds us.
 */
bool iso_host_settle(struct iso_host *host, const struct conf *conf, char *base,
		     char why[static ISO_WHY]);

/* What was complained about when the order was said; "" if nothing. */
const char *iso_host_complaint(const struct iso_host *host);

void iso_host_free(struct iso_host *host);
