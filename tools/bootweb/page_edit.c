/* A job that is changed before it begins. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/bootweb/page_form.h"

/* ---- what differs ---- */

/* As a browser sends lines, and as we keep them. */
static bool same_text(const char *a, const char *b)
{
	for (;;) {
		a += strspn(a, "\r");
		b += strspn(b, "\r");
		if (*a != *b)
			return a[strspn(a, "\r\n")] == '\0' &&
			       b[strspn(b, "\r\n")] == '\0';
		if (!*a)
			return true;
		a++;
		b++;
	}
}

/* Only what was changed is said: all else may follow a new profile. */
static void say_change(const struct page *page, struct order *order,
		       const struct order *was, const char *name)
{
	const char *now = form_typed(page, name);
	char had[ORDER_VALUE];

	if (now && form_is_offered(name, was) &&
	    !same_text(now, form_had(was, name, had)))
		form_say(page, order, name);
}

static void say_changes(const struct page *page, struct order *order,
			const struct order *was)
{
	for (size_t i = 0; i < order_field_count; i++)
		say_change(page, order, was, order_fields[i].name);
	for (size_t i = 0; i < setting_count; i++)
		say_change(page, order, was, setting_defs[i].name);
	if (strcmp(page_field(page, FORM_ADDRESSING), "static") == 0 &&
	    !*page_field(page, "address"))
		order_say(order, "address", "none"); /* which it complains of */
}

/* ---- the pages ---- */

static enum MHD_Result refuse(struct page *page, const struct job *job)
{
	return page_message(page, MHD_HTTP_CONFLICT, "That cannot be done now",
			    "Job %" PRId64 " is %s. A job is changed while it is queued, "
			    "or after it failed or was cancelled.",
			    job->id, job_state_name(job->state));
}

/* The job of the path as somebody would type it; false: it is answered. */
static bool load(struct page *page, struct order *was, struct order_site *site,
		 enum MHD_Result *result)
{
	struct job job;
	enum store_result found = store_job(page->store, page_number(page, 1), &job);

	if (found == STORE_NO)
		*result = page_message(page, MHD_HTTP_NOT_FOUND, "There is no such job",
				       "It was removed, or never was.");
	else if (found != STORE_DONE)
		*result = page_store_failed(page, found);
	else if (!page_job_may_change(&job))
		*result = refuse(page, &job);
	else if (!order_load(was, site, job.id))
		*result = page_store_failed(page, STORE_FAILED);
	else
		return true;
	return false;
}

static enum MHD_Result edit(struct page *page, struct order *order,
			    const struct order *was, struct order_site *site)
{
	char changed[JOB_TEXT], seen[24];
	enum store_result result;

	snprintf(seen, sizeof(seen), "%" PRId64, was->job.updated_ms);
	if (strcmp(page_field(page, "seen"), seen) != 0)
		return form_give(page, MHD_HTTP_PRECONDITION_FAILED, NULL, was,
				 "The job has changed meanwhile; Save once more to have "
				 "it as it is here.");
	if (order_from_job(order, site, was->job.id))
		say_changes(page, order, was);
	if (order->refused || !order_settle(order, site))
		return form_give(page, MHD_HTTP_UNPROCESSABLE_CONTENT, order, was, "");
	result = order_amend(order, site, page->visit.actor, changed);
	if (result == STORE_DONE)
		return form_done(page, order, "changed");
	if (order->refused)
		return form_give(page, MHD_HTTP_CONFLICT, order, was, "");
	return page_store_failed(page, result);
}

static enum MHD_Result show(struct page *page, struct order *was, struct order_site *site)
{
	enum MHD_Result result;

	if (load(page, was, site, &result))
		result = form_give(page, MHD_HTTP_OK, NULL, was, "");
	return result;
}

static enum MHD_Result change(struct page *page, struct order *order,
			      struct order_site *site)
{
	struct order was = { 0 };
	enum MHD_Result result;

	if (load(page, &was, site, &result))
		result = edit(page, order, &was, site);
	order_free(&was);
	return result;
}

enum MHD_Result page_job_edit(struct web_request *r)
{
	return form_answer(r, false, show);
}

enum MHD_Result page_job_change(struct web_request *r)
{
	return form_answer(r, true, change);
}
