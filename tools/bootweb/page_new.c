/* A new job, by the form or as one that there was. */
#include "config.h"

#include <string.h>

#include "tools/bootweb/page_form.h"

enum MHD_Result page_job_new(struct web_request *r)
{
	struct page page;

	if (!page_enter(&page, r))
		return page.visit.result;
	return form_give(&page, MHD_HTTP_OK, NULL, NULL, "");
}

static void say_all(const struct page *page, struct order *order)
{
	for (size_t i = 0; i < order_field_count; i++)
		form_say(page, order, order_fields[i].name);
	for (size_t i = 0; i < setting_count; i++)
		form_say(page, order, setting_defs[i].name);
	if (strcmp(page_field(page, FORM_ADDRESSING), "static") == 0 &&
	    !*page_field(page, "address"))
		order_say(order, "address", "");
}

static enum MHD_Result add(struct page *page, struct order *order,
			   struct order_site *site)
{
	enum store_result result;

	say_all(page, order);
	if (order->refused || !order_settle(order, site))
		return form_give(page, MHD_HTTP_UNPROCESSABLE_CONTENT, order, NULL, "");
	result = order_queue(order, site, page->visit.actor);
	if (result == STORE_DONE)
		return form_done(page, order, "added");
	if (order->refused)
		return form_give(page, MHD_HTTP_CONFLICT, order, NULL, "");
	return page_store_failed(page, result);
}

enum MHD_Result page_job_post(struct web_request *r)
{
	return form_answer(r, true, add);
}

/* ---- a machine that is installed once more ---- */

static enum MHD_Result refuse(struct page *page, const struct order *order)
{
	size_t i = 0;

	while (i + 1 < order->notes && order->note[i].warning)
		i++;
	return page_message(page, MHD_HTTP_CONFLICT, "That cannot be done now", "%s.",
			    order->notes ? order->note[i].sentence : "");
}

static enum MHD_Result again(struct page *page, struct order *order,
			     struct order_site *site)
{
	const char *image = page_field(page, "image");
	struct machine machine;
	enum store_result result =
		store_machine_by_id(page->store, page_number(page, 1), &machine);

	if (result != STORE_DONE)
		return page_store_failed(page, result);
	if (*image)
		order_say(order, "image", image);
	if (order->refused || !order_like(order, site, &machine) ||
	    !order_settle(order, site))
		return refuse(page, order);
	result = order_queue(order, site, page->visit.actor);
	if (result == STORE_DONE)
		return form_done(page, order, "added");
	return order->refused ? refuse(page, order) : page_store_failed(page, result);
}

enum MHD_Result page_machine_again(struct web_request *r)
{
	return form_answer(r, true, again);
}
