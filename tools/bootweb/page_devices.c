/* New devices: who asked to boot and nobody has decided about. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/store/overview.h"
#include "lib/sys/print.h"
#include "lib/wire/arch.h"
#include "tools/bootweb/page.h"
#include "tools/bootweb/vendor.h"

#define DEVICES 200

static void put_product(struct view *item, const struct machine *m)
{
	const struct arch *arch = m->arch >= 0 ? arch_find((unsigned)m->arch) : NULL;

	view_print(item, "product", "%s%s%s", m->manufacturer,
		   *m->manufacturer ? " " : "", m->product);
	view_text(item, "arch", arch ? arch->name : "");
}

static void put_device(struct view *item, const struct machine *m)
{
	char mac[MAC_TEXT], age[PAGE_AGE], vendor[OUI_VENDOR];

	view_int(item, "id", m->id);
	view_text(item, "mac", print_mac(&m->mac, mac));
	view_text(item, "vendor", vendor_of(&m->mac, vendor));
	put_product(item, m);
	view_text(item, "network", m->network);
	view_text(item, "address", m->address);
	view_text(item, "last", page_age(m->last_seen_ms, age));
	view_text(item, "first", page_age(m->first_seen_ms, age));
	view_print(item, "seen", "%" PRId64 " %s", m->seen,
		   m->seen == 1 ? "time" : "times");
}

static void put_other(struct view *item, const struct machine *m)
{
	put_device(item, m);
	view_text(item, "disposition", machine_disposition_name(m->disposition));
	view_text(item, "undo", "forget");
	view_text(item, "undo_label",
		  m->disposition == MACHINE_BLOCKED ? "Unblock" : "List again");
}

static size_t put_all(struct page *page, const char *list,
		      enum machine_disposition disposition,
		      void (*put)(struct view *item, const struct machine *m))
{
	const struct store_machine_page which = { .by_disposition = true,
						  .disposition = disposition,
						  .text = "" };
	int64_t ids[DEVICES];
	size_t count = store_machine_page(page->store, &which, ids, DEVICES);
	struct machine m;

	for (size_t i = 0; i < count; i++)
		if (store_machine_by_id(page->store, ids[i], &m) == STORE_DONE)
			put(view_item(page->view, list), &m);
	return count;
}

enum MHD_Result page_devices(struct web_request *r)
{
	static const char *const fields[] = {
		"id",   "mac",   "vendor", "product",     "arch", "network",    "address",
		"last", "first", "seen",   "disposition", "undo", "undo_label", NULL
	};
	struct page page;
	size_t others;

	if (!page_enter(&page, r))
		return page.visit.result;
	page.live = true;
	page.here = "new";
	snprintf(page.title, sizeof(page.title), "New devices");
	view_list(page.view, "devices", fields);
	view_list(page.view, "others", fields);
	view_flag(page.view, "any", put_all(&page, "devices", MACHINE_NEW, put_device));
	others = put_all(&page, "others", MACHINE_IGNORED, put_other);
	others += put_all(&page, "others", MACHINE_BLOCKED, put_other);
	if (others)
		view_print(page.view, "put_away", "%zu", others);
	else
		view_text(page.view, "put_away", "");
	return page_give(&page, MHD_HTTP_OK, "devices.html");
}
