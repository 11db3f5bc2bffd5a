/* The buttons: what a person decides about a job or a machine. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/media/catalogue.h"
#include "lib/order/order_move.h"
#include "lib/order/order_wake.h"
#include "tools/bootweb/page.h"

static enum MHD_Result no_button(struct page *page)
{
	return page_message(page, MHD_HTTP_NOT_FOUND, "There is no such page",
			    "There is no button of that name.");
}

static enum MHD_Result move_job(struct page *page, const struct order_move *move)
{
	int64_t id = page_number(page, 1);
	char where[64], why[CATALOGUE_WHY];
	enum store_result result;
	struct job job;

	result = store_job(page->store, id, &job);
	if (result == STORE_DONE && move->installs &&
	    !catalogue_has(page->conf->images, job.image, why))
		return page_message(page, MHD_HTTP_CONFLICT, "That cannot be done now",
				    "The image %s is not there any more.", job.image);
	if (result == STORE_DONE)
		result = move->apply(page->store, id, page->visit.actor);
	if (result != STORE_DONE)
		return page_store_failed(page, result);
	snprintf(where, sizeof(where), "/jobs/%" PRId64 "?said=%s", id, move->name);
	return page_go(page, where);
}

/* ---- Wake-on-LAN ---- */

static enum MHD_Result cannot_wake(struct page *page, const char *why)
{
	return page_message(page, MHD_HTTP_CONFLICT, "It cannot be woken from here",
			    "%s.", why);
}

/* As POST /api/v1/machines/ID/wake; what was not sent does not stay on record. */
static enum MHD_Result wake(struct page *page, int64_t id, const char *where)
{
	const struct order_wake as_configured = { 0 };
	char why[ORDER_WAKE_WHY];
	enum store_result result;
	struct order_way way;
	struct machine m;
	size_t sent;

	result = store_machine_by_id(page->store, id, &m);
	if (result == STORE_DONE &&
	    !order_wake_way(page->conf, page->store, &as_configured, &m, &way, why))
		return cannot_wake(page, why);
	if (result == STORE_DONE)
		result = order_wake_note(page->store, &m, &way, page->visit.actor);
	if (result != STORE_DONE)
		return page_store_failed(page, result);
	if (!order_wake_send(page->store, &as_configured, &m, &way, &sent, why))
		return cannot_wake(page, why);
	return page_go(page, where);
}

static enum MHD_Result wake_of_job(struct page *page)
{
	int64_t id = page_number(page, 1);
	enum store_result result;
	char where[64];
	struct job job;

	result = store_job(page->store, id, &job);
	if (result != STORE_DONE)
		return page_store_failed(page, result);
	snprintf(where, sizeof(where), "/jobs/%" PRId64 "?said=wake", id);
	return wake(page, job.machine, where);
}

static enum MHD_Result wake_of_machine(struct page *page)
{
	int64_t id = page_number(page, 1);
	char where[64];

	snprintf(where, sizeof(where), "/machines/%" PRId64 "?said=wake", id);
	return wake(page, id, where);
}

enum MHD_Result page_job_move(struct web_request *r)
{
	const struct order_move *move = order_move_of_job(r->path.segment[2]);
	struct page page;

	if (!page_enter_writer(&page, r))
		return page.visit.result;
	if (strcmp(r->path.segment[2], "wake") == 0)
		return wake_of_job(&page);
	return move ? move_job(&page, move) : no_button(&page);
}

static enum MHD_Result move_machine(struct page *page, const struct order_move *move)
{
	int64_t id = page_number(page, 1);
	enum store_result result = move->apply(page->store, id, page->visit.actor);
	char where[64];

	if (result != STORE_DONE)
		return page_store_failed(page, result);
	if (strcmp(page_field(page, "back"), "new") == 0)
		snprintf(where, sizeof(where), "/new?said=%s", move->name);
	else
		snprintf(where, sizeof(where), "/machines/%" PRId64 "?said=%s", id,
			 move->name);
	return page_go(page, where);
}

enum MHD_Result page_machine_move(struct web_request *r)
{
	const struct order_move *move = order_move_of_machine(r->path.segment[2]);
	struct page page;

	if (!page_enter_writer(&page, r))
		return page.visit.result;
	if (strcmp(r->path.segment[2], "wake") == 0)
		return wake_of_machine(&page);
	return move ? move_machine(&page, move) : no_button(&page);
}
