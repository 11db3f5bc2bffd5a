/*
 * page_form - the form of a job: every field that an order knows, in groups.
 */
#pragma once

#include "lib/order/order.h"
#include "tools/bootweb/page.h"

/* Whether lines (a list) or words (mac) or one value are typed into a field. */
enum form_many { FORM_ONE, FORM_WORDS, FORM_LINES };
enum form_many form_many(const char *name);

/* What static or DHCP is called in the form; it is no field of an order. */
#define FORM_ADDRESSING "addressing"

/*
 * Puts the groups with what the request says in them, and beside each field what
 * the order complains of; order NULL: nothing yet.
 */
void form_put(struct page *page, const struct order *order);
