#include "config.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>

#include "lib/core/object.h"
#include "lib/order/listing.h"
#include "lib/sys/exits.h"
#include "lib/sys/oui.h"
#include "lib/sys/print.h"
#include "lib/sys/table.h"
#include "lib/wire/arch.h"
#include "tools/jobctl/jobctl.h"

enum { KEY_DRIFT = 256 + MACHINE_DISPOSITIONS };

const struct verb_option machines_options[] = {
	{ "new", 256 + MACHINE_NEW, NULL, "only those nobody has decided about" },
	{ "known", 256 + MACHINE_KNOWN, NULL,
	  "only those that have or had a job, or were allowed" },
	{ "ignored", 256 + MACHINE_IGNORED, NULL, "only those that are ignored" },
	{ "drift", KEY_DRIFT, NULL,
	  "only those that were not installed from what is current; 1 if there are any" },
	{ "blocked", 256 + MACHINE_BLOCKED, NULL, "only those that are blocked" },
	{ 0 },
};

static const struct table_column columns[] = {
	{ "MAC", 17, false, false },      { "NAME", 0.12, false, false },
	{ "STATUS", 6, false, false },    { "PRODUCT", 0.25, false, false },
	{ "ADDRESS", 0.2, false, false }, { "SEEN", 1, true, false },
	{ "LAST", 4, false, false },      { 0 },
};

/* What there is to go by for a machine that nobody has decided about. */
static const struct table_column new_columns[] = {
	{ "MAC", 17, false, false },      { "VENDOR", 0.2, false, false },
	{ "PRODUCT", 0.2, false, false }, { "ARCH", 4, false, false },
	{ "NETWORK", 0.1, false, false }, { "ADDRESS", 0.15, false, false },
	{ "SEEN", 1, true, false },       { "FIRST", 4, false, false },
	{ "LAST", 4, false, false },      { 0 },
};

static void add_row(struct table *t, const struct machine *m)
{
	char mac[MAC_TEXT], time[PRINT_TIME];

	table_row(t);
	table_cell(t, print_mac(&m->mac, mac));
	table_cell(t, m->name);
	table_cell(t,
		   m->retired_ms ? "retired" : machine_disposition_name(m->disposition));
	table_cellf(t, "%s%s%s", m->manufacturer, *m->manufacturer ? " " : "",
		    m->product);
	table_cell(t, m->address);
	table_cellf(t, "%" PRId64, m->seen);
	table_cell(t, print_time(m->last_seen_ms, time));
}

static void add_new_row(struct table *t, const struct machine *m, const struct oui *oui)
{
	const struct arch *arch = m->arch < 0 ? NULL : arch_find((unsigned)m->arch);
	char mac[MAC_TEXT], time[PRINT_TIME], vendor[OUI_VENDOR];

	table_row(t);
	table_cell(t, print_mac(&m->mac, mac));
	table_cell(t, oui_vendor(oui, &m->mac, vendor));
	table_cellf(t, "%s%s%s", m->manufacturer, *m->manufacturer ? " " : "",
		    m->product);
	table_cell(t, arch ? arch->name : "");
	table_cell(t, m->network);
	table_cell(t, m->address);
	table_cellf(t, "%" PRId64, m->seen);
	table_cell(t, print_time(m->first_seen_ms, time));
	table_cell(t, print_time(m->last_seen_ms, time));
}

struct entry {
	struct store *store;
	const struct oui *oui;
	struct machine machine;
};

static void build(struct jsonout *j, const void *what)
{
	const struct entry *e = what;
	char vendor[OUI_VENDOR];

	object_machine(j, &e->machine);
	jsonout_text(j, "vendor", oui_vendor(e->oui, &e->machine.mac, vendor));
	listing_macs(j, e->store, e->machine.id);
}

static void print_objects(struct jobctl *ctl, struct store_list *machines,
			  const struct oui *oui)
{
	struct print_list list = { .name = "machines" };
	struct entry entry = { .store = ctl->store, .oui = oui };

	while (store_next_machine(machines, &entry.machine))
		print_list_item(&list, build, &entry);
	print_list_end(&list);
}

static void print_table(struct store_list *machines, const struct oui *oui, bool only_new)
{
	struct table table;
	struct machine machine;
	size_t shown = 0;

	table_begin(&table, only_new ? new_columns : columns);
	for (; store_next_machine(machines, &machine); shown++) {
		if (only_new)
			add_new_row(&table, &machine, oui);
		else
			add_row(&table, &machine);
	}
	table_end(&table);
	if (!shown)
		fputs("There is no such machine.\n", stderr);
}

/* ---- drift ---- */

static void build_drift(struct jsonout *j, const void *what)
{
	listing_drift(j, what);
}

static void add_drift_row(struct table *t, const struct drift *d)
{
	char text[PRINT_TIME];

	table_row(t);
	table_cell(t, print_mac(&d->machine.mac, text));
	table_cell(t, d->machine.name);
	table_cell(t, d->install.image);
	table_cell(t, d->current);
	table_cell(t, print_time(d->install.time_ms, text));
}

static int print_drift(struct jobctl *ctl)
{
	static const struct table_column drift_columns[] = {
		{ "MAC", 17, false, false },         { "NAME", 0.2, false, false },
		{ "INSTALLED", 0.25, false, false }, { "CURRENT", 0.25, false, false },
		{ "SINCE", 7, false, false },        { 0 },
	};
	struct install_filter filter = { .newest = true };
	struct store_list *newest = store_installs(ctl->store, &filter);
	struct print_list list = { .name = "machines" };
	struct table table;
	struct drift d;
	size_t found = 0;
	int code;

	if (!newest)
		return jobctl_result(ctl, STORE_FAILED);
	if (!ctl->json)
		table_begin(&table, drift_columns);
	for (; drift_next(ctl->store, newest, ctl->conf->images, &d); found++) {
		if (ctl->json)
			print_list_item(&list, build_drift, &d);
		else
			add_drift_row(&table, &d);
	}
	if (ctl->json)
		print_list_end(&list);
	else
		table_end(&table);
	code = jobctl_result(ctl, store_list_end(newest));
	return code == EXIT_DONE && found ? EXIT_NO : code;
}

static int print_machines(struct jobctl *ctl, const struct machine_filter *filter)
{
	bool only_new = filter->by_disposition && filter->disposition == MACHINE_NEW;
	struct store_list *machines = store_machines(ctl->store, filter);
	struct oui *oui;

	if (!machines)
		return jobctl_result(ctl, STORE_FAILED);
	oui = only_new || ctl->json ? oui_load() : NULL;
	if (ctl->json)
		print_objects(ctl, machines, oui);
	else
		print_table(machines, oui, only_new);
	oui_free(oui);
	return jobctl_result(ctl, store_list_end(machines));
}

int machines_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct machine_filter filter = { 0 };
	bool drifted = false;
	int c;

	while ((c = options_next(ctl, argc, argv)) != -1) {
		drifted |= c == KEY_DRIFT;
		if (c != KEY_DRIFT)
			filter = (struct machine_filter){
				true, (enum machine_disposition)(c - 256)
			};
	}
	options_arguments(ctl, argc, 0, 0);
	jobctl_open(ctl, STORE_READ);
	return drifted ? print_drift(ctl) : print_machines(ctl, &filter);
}
