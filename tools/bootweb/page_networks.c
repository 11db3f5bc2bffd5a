/* The networks of pxekit.conf and how their machines are treated. */
#include "config.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>

#include "lib/core/alive.h"
#include "lib/store/overview.h"
#include "lib/store/services.h"
#include "lib/sys/now.h"
#include "tools/bootweb/page.h"

/* 10.77.0.0/24 */
static void put_subnet(struct view *item, const struct conf_network *n)
{
	const struct in_addr address = { htonl(n->subnet) };
	char text[INET_ADDRSTRLEN] = "";

	inet_ntop(AF_INET, &address, text, sizeof(text));
	if (n->mask)
		view_print(item, "subnet", "%s/%d", text, __builtin_popcount(n->mask));
	else
		view_text(item, "subnet", n->interface ? n->interface : "");
}

static void put_network(struct page *page, const struct conf_network *n)
{
	struct view *item = view_item(page->view, "networks");
	int64_t active;

	store_count_network(page->store, n->name, &active);
	view_text(item, "name", n->name);
	put_subnet(item, n);
	view_text(item, "policy", plan_policy_name(n->policy));
	view_text(item, "unknown", plan_action_name(n->unknown));
	view_text(item, "platform", n->platform ? n->platform : "");
	view_text(item, "profile", n->profile ? n->profile : "");
	view_text(item, "url", n->url ? n->url : page->conf->url);
	view_int(item, "active", active);
}

static void put_service(struct view *item, const struct store_service *s)
{
	enum alive_state state = alive_state(s->seen_ms, s->stopped_ms, now_ms());
	char age[PAGE_AGE];

	view_text(item, "site_name", s->site);
	view_text(item, "host", s->host);
	view_text(item, "service", s->name);
	view_text(item, "state", alive_state_name(state));
	view_text(item, "last", page_age(s->seen_ms, age));
	view_text(item, "where", s->where);
	view_text(item, "serves", s->networks);
	view_flag(item, "has_networks", *s->networks);
	view_int(item, "jobs", s->active);
	view_text(item, "service_version", s->version);
}

static void put_services(struct page *page)
{
	static const char *const fields[] = {
		"site_name", "host",   "service",      "state", "last",
		"where",     "serves", "has_networks", "jobs",  "service_version",
		NULL
	};
	struct store_list *list = store_services(page->store);
	struct store_service s;
	bool any = false;

	view_list(page->view, "services", fields);
	while (list && store_next_service(list, &s)) {
		put_service(view_item(page->view, "services"), &s);
		any = true;
	}
	store_list_end(list);
	view_flag(page->view, "services_any", any);
}

enum MHD_Result page_networks(struct web_request *r)
{
	static const char *const fields[] = { "name",    "subnet",   "policy",
					      "unknown", "platform", "profile",
					      "url",     "active",   NULL };
	struct page page;

	if (!page_enter(&page, r))
		return page.visit.result;
	page.live = true;
	page.here = "networks";
	snprintf(page.title, sizeof(page.title), "Networks and sites");
	view_list(page.view, "networks", fields);
	for (size_t i = 0; i < page.conf->networks; i++)
		put_network(&page, &page.conf->network[i]);
	view_flag(page.view, "any", page.conf->networks);
	put_services(&page);
	return page_give(&page, MHD_HTTP_OK, "networks.html");
}
