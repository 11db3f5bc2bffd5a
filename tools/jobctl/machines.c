#include "config.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>

#include "lib/core/object.h"
#include "lib/sys/exits.h"
#include "lib/sys/print.h"
#include "lib/sys/table.h"
#include "tools/jobctl/jobctl.h"

#define MACS_MAX 16

const struct verb_option machines_options[] = {
	{ "new", 256 + MACHINE_NEW, NULL, "only those nobody has decided about" },
	{ "known", 256 + MACHINE_KNOWN, NULL,
	  "only those that have or had a job, or were allowed" },
	{ "ignored", 256 + MACHINE_IGNORED, NULL, "only those that are ignored" },
	{ "blocked", 256 + MACHINE_BLOCKED, NULL, "only those that are blocked" },
	{ 0 },
};

static const struct table_column columns[] = {
	{ "MAC", 17, false, false },      { "NAME", 0.12, false, false },
	{ "STATUS", 6, false, false },    { "PRODUCT", 0.25, false, false },
	{ "ADDRESS", 0.2, false, false }, { "SEEN", 1, true, false },
	{ "LAST", 4, false, false },      { 0 },
};

static void add_row(struct table *t, const struct machine *m)
{
	char mac[MAC_TEXT], time[PRINT_TIME];

	table_row(t);
	table_cell(t, print_mac(&m->mac, mac));
	table_cell(t, m->name);
	table_cell(t, machine_disposition_name(m->disposition));
	table_cellf(t, "%s%s%s", m->manufacturer, *m->manufacturer ? " " : "",
		    m->product);
	table_cell(t, m->address);
	table_cellf(t, "%" PRId64, m->seen);
	table_cell(t, print_time(m->last_seen_ms, time));
}

struct entry {
	struct store *store;
	struct machine machine;
};

static void build(struct jsonout *j, const void *what)
{
	const struct entry *e = what;
	struct mac macs[MACS_MAX];
	size_t count = store_machine_macs(e->store, e->machine.id, macs, MACS_MAX);
	char text[MAC_TEXT];

	object_machine(j, &e->machine);
	jsonout_open(j, "macs", '[');
	for (size_t i = 0; i < count; i++)
		jsonout_text(j, NULL, print_mac(&macs[i], text));
	jsonout_close(j, ']');
}

static void print_objects(struct jobctl *ctl, struct store_list *machines)
{
	struct print_list list = { .name = "machines" };
	struct entry entry = { .store = ctl->store };

	while (store_next_machine(machines, &entry.machine))
		print_list_item(&list, build, &entry);
	print_list_end(&list);
}

static void print_table(struct store_list *machines)
{
	struct table table;
	struct machine machine;
	size_t shown = 0;

	table_begin(&table, columns);
	for (; store_next_machine(machines, &machine); shown++)
		add_row(&table, &machine);
	table_end(&table);
	if (!shown)
		fputs("There is no such machine.\n", stderr);
}

int machines_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct machine_filter filter = { 0 };
	struct store_list *machines;
	int c;

	while ((c = options_next(ctl, argc, argv)) != -1)
		filter = (struct machine_filter){ true,
						  (enum machine_disposition)(c - 256) };
	options_arguments(ctl, argc, 0, 0);
	jobctl_open(ctl, STORE_READ);
	machines = store_machines(ctl->store, &filter);
	if (!machines)
		return jobctl_result(ctl, STORE_FAILED);
	if (ctl->json)
		print_objects(ctl, machines);
	else
		print_table(machines);
	return jobctl_result(ctl, store_list_end(machines));
}
