/* The machines that are known, and one of them. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/order/drift.h"
#include "lib/store/overview.h"
#include "lib/sys/print.h"
#include "lib/wire/arch.h"
#include "tools/bootweb/page_record.h"

#define MACHINES 100
#define MACHINE_JOBS 50
#define MACS_MAX 16

static const char *name_of(const struct machine *m, char mac[static MAC_TEXT])
{
	print_mac(&m->mac, mac);
	return *m->name ? m->name : mac;
}

/* ---- the list ---- */

static void put_newest_job(struct page *page, struct view *item, int64_t machine)
{
	const struct store_job_page which = { .machine = machine };
	struct job job;
	int64_t id;
	bool any = store_job_page(page->store, &which, &id, 1) == 1 &&
		   store_job(page->store, id, &job) == STORE_DONE;

	view_text(item, "image", any ? job.image : "");
	view_text(item, "state", any ? job_state_name(job.state) : "");
	if (any)
		view_int(item, "job", job.id);
	else
		view_text(item, "job", "");
}

static void put_machine(struct page *page, const struct machine *m)
{
	struct view *item = view_item(page->view, "machines");
	char mac[MAC_TEXT], age[PAGE_AGE];

	view_int(item, "id", m->id);
	view_text(item, "name", name_of(m, mac));
	view_text(item, "mac", mac);
	view_print(item, "product", "%s%s%s", m->manufacturer,
		   *m->manufacturer ? " " : "", m->product);
	view_text(item, "serial", m->serial);
	view_text(item, "disposition", machine_disposition_name(m->disposition));
	view_text(item, "network", m->network);
	view_text(item, "address", m->address);
	view_text(item, "last", page_age(m->last_seen_ms, age));
	view_flag(item, "retired", m->retired_ms);
	put_newest_job(page, item, m->id);
}

/* Known ones, the newest first; returns the id behind which they go on, or 0. */
static int64_t put_known(struct page *page, const char *text)
{
	struct store_machine_page which = { .by_disposition = true,
					    .disposition = MACHINE_KNOWN,
					    .text = text };
	int64_t ids[MACHINES];
	struct machine m;
	size_t count;

	sscanf(page_field(page, "before"), "%" SCNd64, &which.before);
	count = store_machine_page(page->store, &which, ids, MACHINES);
	for (size_t i = 0; i < count; i++)
		if (store_machine_by_id(page->store, ids[i], &m) == STORE_DONE)
			put_machine(page, &m);
	view_flag(page->view, "any", count);
	return count == MACHINES ? ids[count - 1] : 0;
}

/* Those that have another version than is current; the same. */
static int64_t put_drift(struct page *page)
{
	struct install_filter filter = { .newest = true };
	struct store_list *newest;
	struct drift d;
	size_t count = 0;

	sscanf(page_field(page, "before"), "%" SCNd64, &filter.after);
	newest = store_installs(page->store, &filter);
	while (newest && count < MACHINES &&
	       drift_next(page->store, newest, page->conf->images, &d)) {
		put_machine(page, &d.machine);
		count++;
	}
	store_list_end(newest);
	view_flag(page->view, "any", count);
	return count == MACHINES ? d.machine.id : 0;
}

enum MHD_Result page_machines(struct web_request *r)
{
	static const char *const fields[] = {
		"id",      "name", "mac",   "product", "serial", "disposition", "network",
		"address", "last", "image", "state",   "job",    "retired",     NULL
	};
	struct page page;
	int64_t older;
	bool drift;

	if (!page_enter(&page, r))
		return page.visit.result;
	page.live = true;
	page.here = "machines";
	snprintf(page.title, sizeof(page.title), "Machines");
	drift = strcmp(page_field(&page, "show"), "drift") == 0;
	view_list(page.view, "machines", fields);
	older = drift ? put_drift(&page) : put_known(&page, page_field(&page, "q"));
	view_flag(page.view, "drift", drift);
	view_text(page.view, "q", page_field(&page, "q"));
	if (older)
		view_int(page.view, "older", older);
	else
		view_text(page.view, "older", "");
	return page_give(&page, MHD_HTTP_OK, "machines.html");
}

/* ---- one ---- */

static void put_fact(struct page *page, const char *name, const char *value, bool mono)
{
	struct view *item;

	if (!*value)
		return;
	item = view_item(page->view, "facts");
	view_text(item, "name", name);
	view_text(item, "value", value);
	view_flag(item, "mono", mono);
}

static void put_macs(struct page *page, int64_t id)
{
	struct mac macs[MACS_MAX];
	size_t count = store_machine_macs(page->store, id, macs, MACS_MAX);
	char mac[MAC_TEXT];

	for (size_t i = 0; i < count; i++)
		put_fact(page, i ? "and" : "MAC", print_mac(&macs[i], mac), true);
}

static void put_facts(struct page *page, const struct machine *m)
{
	static const char *const fields[] = { "name", "value", "mono", NULL };
	const struct arch *arch = m->arch >= 0 ? arch_find((unsigned)m->arch) : NULL;
	char age[PAGE_AGE];

	view_list(page->view, "facts", fields);
	put_macs(page, m->id);
	put_fact(page, "Maker", m->manufacturer, false);
	put_fact(page, "Product", m->product, false);
	put_fact(page, "Serial", m->serial, true);
	put_fact(page, "UUID", m->uuid, true);
	put_fact(page, "Firmware", arch ? arch->name : "", false);
	put_fact(page, "Network", m->network, false);
	put_fact(page, "Address", m->address, true);
	put_fact(page, "First seen", page_age(m->first_seen_ms, age), false);
	put_fact(page, "Last seen", page_age(m->last_seen_ms, age), false);
	put_fact(page, "Retired", m->retired_ms ? page_age(m->retired_ms, age) : "",
		 false);
}

static bool put_jobs(struct page *page, const struct machine *m)
{
	static const char *const fields[] = { PAGE_JOB_FIELDS, NULL };
	const struct store_job_page which = { .machine = m->id };
	int64_t ids[MACHINE_JOBS];
	size_t count = store_job_page(page->store, &which, ids, MACHINE_JOBS);
	bool active = false;
	struct job job;

	view_list(page->view, "jobs", fields);
	for (size_t i = 0; i < count; i++) {
		if (store_job(page->store, ids[i], &job) != STORE_DONE)
			continue;
		active = active || job_is_active(job.state);
		page_job_values(page, view_item(page->view, "jobs"), &job, m);
	}
	view_flag(page->view, "any", count);
	return active;
}

static void put_action(struct page *page, const char *verb, const char *label,
		       const char *kind)
{
	struct view *item = view_item(page->view, "actions");

	view_text(item, "verb", verb);
	view_text(item, "verb_label", label);
	view_text(item, "kind", kind);
}

static void put_actions(struct page *page, const struct machine *m, bool active)
{
	static const char *const fields[] = { "verb", "verb_label", "kind", NULL };

	view_list(page->view, "actions", fields);
	view_flag(page->view, "free",
		  !active && !m->retired_ms && m->disposition != MACHINE_BLOCKED);
	if (!m->retired_ms && m->disposition != MACHINE_BLOCKED)
		put_action(page, "wake", "Wake", "");
	if (m->next.entry != MACHINE_NO_ENTRY)
		put_action(page, "next-clear", "Boot as usual", "");
	else if (m->disposition != MACHINE_BLOCKED)
		put_action(page, "next-menu", "Menu once", "");
	if (active && m->next.entry == MACHINE_NO_ENTRY)
		put_action(page, "next-local", "Disk once", "");
	if (m->retired_ms)
		put_action(page, "unretire", "Use again", "");
	else if (!active)
		put_action(page, "retire", "Retire", "");
	if (m->disposition != MACHINE_KNOWN)
		put_action(page, "allow", "Allow", "");
	if (m->disposition != MACHINE_BLOCKED)
		put_action(page, "block", "Block", "danger");
}

/* What it has, and what it would get now. */
static void put_installed(struct page *page, const struct machine *m)
{
	struct drift d = { .machine = *m };
	bool any = page_put_installs(page, m->id, &d.install);
	bool drift = any && !m->retired_ms && drift_is(page->conf->images, &d);

	view_text(page->view, "installed", any ? d.install.image : "");
	view_flag(page->view, "drift", drift);
	view_text(page->view, "current", drift ? d.current : "");
	view_print(page->view, "current_name", "%.*s",
		   drift ? (int)strcspn(d.current, "@") : 0, d.current);
}

enum MHD_Result page_machine(struct web_request *r)
{
	enum store_result result;
	struct machine m = { 0 };
	char mac[MAC_TEXT];
	struct page page;
	bool active;

	if (!page_enter(&page, r))
		return page.visit.result;
	result = store_machine_by_id(page.store, page_number(&page, 1), &m);
	if (result == STORE_NO)
		return page_message(&page, MHD_HTTP_NOT_FOUND, "There is no such machine",
				    "It was never seen, or was forgotten.");
	if (result != STORE_DONE)
		return page_store_failed(&page, result);
	page.live = true;
	page.here = "machines";
	snprintf(page.title, sizeof(page.title), "%s", name_of(&m, mac));
	view_int(page.view, "id", m.id);
	view_text(page.view, "name", name_of(&m, mac));
	view_text(page.view, "mac", mac);
	view_text(page.view, "disposition", machine_disposition_name(m.disposition));
	put_facts(&page, &m);
	active = put_jobs(&page, &m);
	view_flag(page.view, "retired", m.retired_ms);
	view_flag(page.view, "next_menu", m.next.entry == MACHINE_ENTRY_MENU);
	view_flag(page.view, "next_local", m.next.entry == MACHINE_ENTRY_LOCAL);
	put_actions(&page, &m, active);
	put_installed(&page, &m);
	return page_give(&page, MHD_HTTP_OK, "machine.html");
}
