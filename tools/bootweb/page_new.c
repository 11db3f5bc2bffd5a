/* A new job: the form, and what comes of it. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/bootweb/page_form.h"

/* ---- the form ---- */

static void put_complaints(struct page *page, const struct order *order)
{
	static const char *const fields[] = { "field", "why", NULL };
	size_t count = 0;

	view_list(page->view, "complaints", fields);
	for (size_t i = 0; order && i < order->notes; i++) {
		const struct order_note *note = &order->note[i];
		struct view *item;

		if (note->warning)
			continue;
		count++;
		item = view_item(page->view, "complaints");
		view_text(item, "field", note->field);
		view_text(item, "why", note->sentence + note->why);
	}
	if (count)
		view_print(page->view, "wrong", "%zu %s to be mended:", count,
			   count == 1 ? "thing is" : "things are");
	else
		view_flag(page->view, "wrong", order);
}

static enum MHD_Result give_form(struct page *page, unsigned status,
				 const struct order *order)
{
	snprintf(page->title, sizeof(page->title), "New job");
	view_text(page->view, "heading", "New job");
	view_text(page->view, "submit", "Create job");
	view_text(page->view, "edit", "");
	put_complaints(page, order);
	form_put(page, order);
	return page_give(page, status, "job-form.html");
}

enum MHD_Result page_job_new(struct web_request *r)
{
	struct page page;

	if (!page_enter(&page, r))
		return page.visit.result;
	return give_form(&page, MHD_HTTP_OK, NULL);
}

/* ---- what was posted ---- */

/* Each line, or each word, of value in turn. */
static void say_many(struct order *order, const char *name, const char *value,
		     const char *between)
{
	char *copy = strdup(value), *rest = copy, *one;

	if (!copy) {
		order_say(order, name, NULL);
		return;
	}
	while ((one = strsep(&rest, between)))
		if (*one)
			order_say(order, name, one);
	free(copy);
}

static bool is_static(const struct page *page)
{
	return strcmp(page_field(page, FORM_ADDRESSING), "static") == 0;
}

/* With DHCP chosen, what was typed as an address stays in the form and nowhere else. */
static bool is_wanted(const struct page *page, const char *name)
{
	static const char *const of_static[] = { "address", "gateway", "dns" };

	if (strcmp(page_field(page, FORM_ADDRESSING), "dhcp") != 0)
		return true;
	for (size_t i = 0; i < sizeof(of_static) / sizeof(of_static[0]); i++)
		if (strcmp(of_static[i], name) == 0)
			return false;
	return true;
}

static void say_field(const struct page *page, struct order *order, const char *name)
{
	const char *value = page_field(page, name);

	if (!*value || !is_wanted(page, name))
		return;
	switch (form_many(name)) {
	case FORM_WORDS:
		say_many(order, name, value, " ,;\t\r\n");
		break;
	case FORM_LINES:
		say_many(order, name, value, "\r\n");
		break;
	default:
		order_say(order, name, value);
	}
}

static void say_all(const struct page *page, struct order *order)
{
	for (size_t i = 0; i < order_field_count; i++)
		say_field(page, order, order_fields[i].name);
	for (size_t i = 0; i < setting_count; i++)
		say_field(page, order, setting_defs[i].name);
	if (is_static(page) && !*page_field(page, "address"))
		order_say(order, "address", "");
}

/* ---- the answer ---- */

static enum MHD_Result give_made(struct page *page, const struct order *order)
{
	static const char *const fields[] = { "sentence", NULL };

	snprintf(page->title, sizeof(page->title), "Job %" PRId64, order->job.id);
	view_int(page->view, "id", order->job.id);
	view_text(page->view, "made", order->made);
	view_list(page->view, "warnings", fields);
	for (size_t i = 0; i < order->notes; i++)
		view_text(view_item(page->view, "warnings"), "sentence",
			  order->note[i].sentence);
	return page_give(page, MHD_HTTP_CREATED, "made.html");
}

/* A password that was made, or a warning, is shown once; else the job is. */
static enum MHD_Result added(struct page *page, const struct order *order)
{
	enum store_result kept;
	char where[64];

	if (*order->made || order->notes) {
		kept = admin_keep(&page->visit);
		return kept == STORE_DONE ? give_made(page, order)
					  : page_store_failed(page, kept);
	}
	snprintf(where, sizeof(where), "/jobs/%" PRId64 "?said=added", order->job.id);
	return page_go(page, where);
}

static enum MHD_Result add(struct page *page, struct order *order,
			   struct order_site *site)
{
	enum store_result result;

	say_all(page, order);
	if (order->refused || !order_settle(order, site))
		return give_form(page, MHD_HTTP_UNPROCESSABLE_CONTENT, order);
	result = order_queue(order, site, page->visit.actor);
	if (result == STORE_DONE)
		return added(page, order);
	if (order->refused)
		return give_form(page, MHD_HTTP_CONFLICT, order);
	return page_store_failed(page, result);
}

enum MHD_Result page_job_post(struct web_request *r)
{
	struct order order = { 0 };
	struct order_site site = { 0 };
	enum MHD_Result result;
	struct page page;

	if (!page_enter_writer(&page, r))
		return page.visit.result;
	site.conf = page.conf;
	site.store = page.store;
	site.key = page.visit.site.serve.key;
	site.has_key = page.visit.site.has_key;
	result = add(&page, &order, &site);
	order_free(&order);
	order_site_end(&site);
	return result;
}
