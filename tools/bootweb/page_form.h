/*
 * page_form - the form of a job: every field that an order knows, in groups; and what
 * somebody has typed into it.
 */
#pragma once

#include "lib/order/order.h"
#include "tools/bootweb/page.h"

/* Whether lines (a list) or words (mac) or one value are typed into a field. */
enum form_many { FORM_ONE, FORM_WORDS, FORM_LINES };
enum form_many form_many(const char *name);

/* What static or DHCP is called in the form; it is no field of an order. */
#define FORM_ADDRESSING "addressing"

/* Of a job that is changed: what belongs to its machine, or has a button, is not. */
bool form_is_offered(const char *name, const struct order *was);

/* What a job has in a field, as it is typed; "" for secrets. */
const char *form_had(const struct order *was, const char *name,
		     char out[static ORDER_VALUE]);

/*
 * Puts the groups with what the request says in them, or was has, and beside each
 * field what the order complains of; order NULL: nothing yet; was NULL: a new job.
 */
void form_put(struct page *page, const struct order *order, const struct order *was);

/* ---- page_form_post.c ---- */

/*
 * Enters a page, as a writer or not, lets answer() make its answer of an empty order, and
 * frees what that leaves in it.
 */
enum MHD_Result form_answer(struct web_request *r, bool writes,
			    enum MHD_Result (*answer)(struct page *page,
						      struct order *order,
						      struct order_site *site));

/* What was typed into a field and counts; NULL if the form had no such field. */
const char *form_typed(const struct page *page, const char *name);

/* Says what was typed into a field, if anything was or the order is a job's. */
void form_say(const struct page *page, struct order *order, const char *name);

/* The form as a page; wrong is what the order does not complain of itself, or "". */
enum MHD_Result form_give(struct page *page, unsigned status, const struct order *order,
			  const struct order *was, const char *wrong);

/* After order_queue() or order_amend(): keeps it, and leads to the job. */
enum MHD_Result form_done(struct page *page, const struct order *order, const char *said);
