/* Who did what, and whether the record of it is whole. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>

#include "lib/sys/print.h"
#include "tools/bootweb/page.h"

#define PAGE_ENTRIES 100

static void put_object(struct view *item, const struct event *ev)
{
	char mac[MAC_TEXT];

	if (ev->job)
		view_int(item, "job", ev->job);
	else
		view_text(item, "job", "");
	view_text(item, "object",
		  ev->key.has_mac ? print_mac(&ev->key.mac, mac) : ev->key.uuid);
}

static void put_entry(struct view *item, const struct store_audit_entry *e)
{
	const struct event *ev = &e->event;
	char clock[PRINT_TIME], iso[EVENT_TIME];
	bool changed = *ev->old || *ev->new;

	event_time_format(ev->time_ms, iso);
	view_int(item, "number", e->number);
	view_text(item, "hash", e->hash);
	view_text(item, "iso", iso);
	view_text(item, "clock", print_clock(ev->time_ms, clock));
	view_text(item, "who", ev->actor);
	view_text(item, "source", ev->source);
	view_text(item, "address", ev->address);
	view_text(item, "action", ev->action);
	put_object(item, ev);
	view_text(item, "old", ev->old);
	view_text(item, "now", ev->new);
	view_flag(item, "changed", changed);
	view_text(item, "text", ev->text);
	view_flag(item, "lost", !*e->line);
}

/* Anew for each look at the page: a forged line changes nothing that could be asked. */
static enum store_result put_verdict(struct page *page)
{
	struct store_audit_head head;
	enum store_result result = store_audit_verify(page->store, NULL, &head);

	if (result != STORE_DONE && result != STORE_NO)
		return result;
	view_flag(page->view, "whole", result == STORE_DONE);
	view_text(page->view, "broken",
		  result == STORE_DONE ? "" : store_why(page->store));
	view_int(page->view, "lines", head.number);
	view_print(page->view, "head", "%" PRId64 ":%s", head.number, head.hash);
	return STORE_DONE;
}

static enum store_result put_entries(struct page *page)
{
	struct store_audit_entry e;
	struct store_list *list;
	int64_t before = 0;
	size_t count = 0;

	sscanf(page_field(page, "before"), "%" SCNd64, &before);
	list = store_audit_back(page->store, 0, before);
	view_text(page->view, "older", "");
	if (!list)
		return STORE_FAILED;
	for (; store_next_audit(list, &e); count++) {
		if (count == PAGE_ENTRIES) {
			view_int(page->view, "older", e.number + 1);
			break;
		}
		put_entry(view_item(page->view, "entries"), &e);
	}
	view_flag(page->view, "any", count);
	return store_list_end(list);
}

enum MHD_Result page_audit(struct web_request *r)
{
	static const char *const fields[] = { "number",  "hash",   "iso",     "clock",
					      "who",     "source", "address", "action",
					      "job",     "object", "old",     "now",
					      "changed", "text",   "lost",    NULL };
	enum store_result result;
	struct page page;

	if (!page_enter(&page, r))
		return page.visit.result;
	page.here = "audit";
	snprintf(page.title, sizeof(page.title), "Audit");
	view_list(page.view, "entries", fields);
	result = put_verdict(&page);
	if (result == STORE_DONE)
		result = put_entries(&page);
	if (result != STORE_DONE)
		return page_store_failed(&page, result);
	return page_give(&page, MHD_HTTP_OK, "audit.html");
}
