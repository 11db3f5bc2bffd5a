/* The form of a job as a page, and what was typed into it. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/bootweb/page_form.h"

/* What orders of this page rest on. */
static struct order_site site_of(const struct page *page)
{
	return (struct order_site){ .conf = page->conf,
				    .store = page->store,
				    .key = page->visit.site.serve.key,
				    .has_key = page->visit.site.has_key };
}

enum MHD_Result form_answer(struct web_request *r, bool writes,
			    enum MHD_Result (*answer)(struct page *page,
						      struct order *order,
						      struct order_site *site))
{
	struct order order = { 0 };
	enum MHD_Result result;
	struct order_site site;
	struct page page;

	if (writes ? !page_enter_writer(&page, r) : !page_enter(&page, r))
		return page.visit.result;
	site = site_of(&page);
	result = answer(&page, &order, &site);
	order_free(&order);
	order_site_end(&site);
	return result;
}

/* ---- the form ---- */

static size_t put_complaints(struct page *page, const struct order *order)
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
	return count;
}

static void put_wrong(struct page *page, const struct order *order, const char *wrong)
{
	size_t count = put_complaints(page, order);

	if (count)
		view_print(page->view, "wrong", "%zu %s to be mended:", count,
			   count == 1 ? "thing is" : "things are");
	else
		view_text(page->view, "wrong", wrong);
}

static void put_job(struct page *page, const struct order *was)
{
	if (!was) {
		snprintf(page->title, sizeof(page->title), "New job");
		view_text(page->view, "submit", "Create job");
		view_text(page->view, "edit", "");
		view_text(page->view, "seen", "");
	} else {
		snprintf(page->title, sizeof(page->title), "Edit job %" PRId64,
			 was->job.id);
		view_text(page->view, "submit", "Save");
		view_int(page->view, "edit", was->job.id);
		view_int(page->view, "seen", was->job.updated_ms);
	}
	view_text(page->view, "heading", page->title);
}

enum MHD_Result form_give(struct page *page, unsigned status, const struct order *order,
			  const struct order *was, const char *wrong)
{
	put_job(page, was);
	put_wrong(page, order, wrong);
	form_put(page, order, was);
	return page_give(page, status, "job-form.html");
}

/* ---- what was typed ---- */

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

const char *form_typed(const struct page *page, const char *name)
{
	const char *value = url_field(&page->request->form, name);

	return value && !is_wanted(page, name) ? "" : value;
}

void form_say(const struct page *page, struct order *order, const char *name)
{
	const char *value = form_typed(page, name);

	if (!value || (!*value && !order->was))
		return;
	if (*value && form_many(name) == FORM_WORDS)
		say_many(order, name, value, " ,;\t\r\n");
	else if (*value && form_many(name) == FORM_LINES)
		say_many(order, name, value, "\r\n");
	else
		order_say(order, name, value);
}

/* ---- the answer ---- */

static enum MHD_Result give_made(struct page *page, const struct order *order)
{
	static const char *const fields[] = { "sentence", NULL };

	snprintf(page->title, sizeof(page->title), "Job %" PRId64, order->job.id);
	view_int(page->view, "id", order->job.id);
	view_text(page->view, "made", order->made);
	view_flag(page->view, "waits", job_is_active(order->job.state));
	view_list(page->view, "warnings", fields);
	for (size_t i = 0; i < order->notes; i++)
		view_text(view_item(page->view, "warnings"), "sentence",
			  order->note[i].sentence);
	return page_give(page, MHD_HTTP_CREATED, "made.html");
}

/* A password that was made, or a warning, is shown once; else the job is. */
enum MHD_Result form_done(struct page *page, const struct order *order, const char *said)
{
	enum store_result kept;
	char where[64];

	if (*order->made || order->notes) {
		kept = admin_keep(&page->visit);
		return kept == STORE_DONE ? give_made(page, order)
					  : page_store_failed(page, kept);
	}
	snprintf(where, sizeof(where), "/jobs/%" PRId64 "?said=%s", order->job.id, said);
	return page_go(page, where);
}
