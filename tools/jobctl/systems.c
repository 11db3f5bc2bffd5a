/* Verbs about what was installed: systems, and record for one job. */
#include "config.h"

#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/object.h"
#include "lib/order/listing.h"
#include "lib/order/record.h"
#include "lib/sys/exits.h"
#include "lib/sys/print.h"
#include "lib/sys/table.h"
#include "tools/jobctl/jobctl.h"
#include "tools/jobctl/select.h"

#define MACS_MAX 16

/* ---- one system ---- */

struct entry {
	struct store *store;
	struct machine machine;
};

static void build(struct jsonout *j, const void *what)
{
	const struct entry *e = what;
	struct install_filter filter = { .machine = e->machine.id };
	struct store_list *installs = store_installs(e->store, &filter);
	struct store_install i;

	object_machine(j, &e->machine);
	listing_macs(j, e->store, e->machine.id);
	jsonout_open(j, "installs", '[');
	while (installs && store_next_install(installs, &i)) {
		jsonout_open(j, NULL, '{');
		listing_install(j, &i, true);
		jsonout_close(j, '}');
	}
	store_list_end(installs);
	jsonout_close(j, ']');
}

static void line(const char *name, const char *value)
{
	if (!*value)
		return;
	printf("  %-10s ", name);
	print_text(value);
	putchar('\n');
}

static void print_head(const struct entry *e)
{
	const struct machine *m = &e->machine;
	struct mac macs[MACS_MAX];
	size_t count = store_machine_macs(e->store, m->id, macs, MACS_MAX);
	char text[PRINT_TIME];

	printf("system %s%s\n", *m->name ? m->name : print_mac(&m->mac, text),
	       m->retired_ms ? " (retired)" : "");
	for (size_t i = 0; i < count; i++)
		line(i ? "" : "MAC", print_mac(&macs[i], text));
	line("UUID", m->uuid);
	line("serial", m->serial);
	line("maker", m->manufacturer);
	line("product", m->product);
	line("address", m->address);
	line("network", m->network);
	line("first seen", print_time(m->first_seen_ms, text));
	line("last seen", print_time(m->last_seen_ms, text));
	line("boots once", machine_entry_name(m->next.entry));
	if (m->retired_ms)
		line("retired", print_clock(m->retired_ms, text));
}

static int print_one(const struct jobctl *ctl, const struct entry *e)
{
	static const struct table_column columns[] = {
		{ "JOB", 1, true, false },        { "ATTEMPT", 1, true, false },
		{ "INSTALLED", 7, false, false }, { "IMAGE", 0.3, false, false },
		{ "HOST", 0.2, false, false },    { 0 },
	};
	struct install_filter filter = { .machine = e->machine.id };
	struct store_list *installs = store_installs(ctl->store, &filter);
	struct store_install i;
	struct table table;
	char time[PRINT_TIME];

	if (!installs)
		return jobctl_result(ctl, STORE_FAILED);
	print_head(e);
	putchar('\n');
	table_begin(&table, columns);
	while (store_next_install(installs, &i)) {
		table_row(&table);
		table_cellf(&table, "%" PRId64, i.job);
		table_cellf(&table, "%u", i.attempt);
		table_cell(&table, print_clock(i.time_ms, time));
		table_cell(&table, i.image);
		table_cell(&table, i.hostname);
	}
	table_end(&table);
	return jobctl_result(ctl, store_list_end(installs));
}

/* ---- all of them ---- */

/* The image's checksum: that of its manifest, out of the record. */
static void checksum(const struct store_install *i, char out[static 17])
{
	static const char key[] = "\"manifest\":{\"sha256\":\"";
	const char *found = strstr(i->line, key);

	snprintf(out, 17, "%.16s", found ? found + strlen(key) : "");
}

static void add_row(struct table *t, const struct machine *m,
		    const struct store_install *i)
{
	char text[PRINT_TIME];

	table_row(t);
	table_cell(t, m->name);
	table_cell(t, print_mac(&m->mac, text));
	table_cell(t, i->image);
	checksum(i, text);
	table_cell(t, text);
	table_cell(t, print_time(i->time_ms, text));
	table_cellf(t, "%" PRId64, i->job);
	table_cell(t, m->retired_ms ? "retired" : "in use");
}

static int print_all(const struct jobctl *ctl)
{
	static const struct table_column columns[] = {
		{ "NAME", 0.12, false, false },   { "MAC", 17, false, false },
		{ "IMAGE", 0.2, false, false },   { "CHECKSUM", 8, false, false },
		{ "INSTALLED", 7, false, false }, { "JOB", 1, true, false },
		{ "STATUS", 6, false, false },    { 0 },
	};
	struct install_filter filter = { .newest = true };
	struct store_list *newest = store_installs(ctl->store, &filter);
	struct print_list list = { .name = "systems" };
	struct entry e = { .store = ctl->store };
	struct store_install i;
	struct table table;
	size_t shown = 0;

	if (!newest)
		return jobctl_result(ctl, STORE_FAILED);
	if (!ctl->json)
		table_begin(&table, columns);
	for (; store_next_install(newest, &i); shown++) {
		if (store_machine_by_id(ctl->store, i.machine, &e.machine) != STORE_DONE)
			continue;
		if (ctl->json)
			print_list_item(&list, build, &e);
		else
			add_row(&table, &e.machine, &i);
	}
	if (ctl->json)
		print_list_end(&list);
	else
		table_end(&table);
	if (!shown)
		fputs("Nothing has been installed yet.\n", stderr);
	return jobctl_result(ctl, store_list_end(newest));
}

int systems_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct print_list list = { .name = "systems" };
	struct entry e;
	int code;

	while (options_next(ctl, argc, argv) != -1)
		;
	options_arguments(ctl, argc, 0, 1);
	jobctl_open(ctl, STORE_READ);
	if (optind == argc)
		return print_all(ctl);
	e.store = ctl->store;
	code = select_machine(ctl, argv[optind], &e.machine);
	if (code != EXIT_DONE)
		return code;
	if (!ctl->json)
		return print_one(ctl, &e);
	print_list_item(&list, build, &e);
	print_list_end(&list);
	return EXIT_DONE;
}

/* ---- records ---- */

int record_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct install_filter filter = { 0 };
	struct store_list *installs;
	struct store_install i;
	struct job job;
	size_t shown = 0;
	int code = EXIT_DONE;

	while (options_next(ctl, argc, argv) != -1)
		;
	options_arguments(ctl, argc, 1, 1);
	jobctl_open(ctl, STORE_READ);
	if (!select_number(argv[optind], &filter.job)) {
		code = select_job(ctl, argv[optind], SELECT_NEWEST, &job);
		filter.job = job.id;
	}
	if (code != EXIT_DONE)
		return code;
	installs = store_installs(ctl->store, &filter);
	if (!installs)
		return jobctl_result(ctl, STORE_FAILED);
	while (store_next_install(installs, &i))
		if (*i.line && ++shown)
			puts(i.line);
	code = jobctl_result(ctl, store_list_end(installs));
	if (code == EXIT_DONE && !shown) {
		warnx("%s: has not installed anything", argv[optind]);
		return EXIT_NO;
	}
	return code;
}

/* What is to be recorded, copied out of the list: writing comes after reading. */
struct waiting {
	struct store_install *install;
	size_t count;
};

static int find_unrecorded(const struct jobctl *ctl, struct waiting *w)
{
	struct install_filter filter = { .unrecorded = true };
	struct store_list *list = store_installs(ctl->store, &filter);
	struct store_install i;

	if (!list)
		return jobctl_result(ctl, STORE_FAILED);
	while (store_next_install(list, &i)) {
		w->install = reallocarray(w->install, w->count + 1, sizeof(i));
		if (!w->install)
			err(EXIT_FAILED, "installations");
		w->install[w->count++] = i;
	}
	return jobctl_result(ctl, store_list_end(list));
}

int record_all(struct jobctl *ctl)
{
	struct waiting w = { 0 };
	char *line = malloc(RECORD_LINE);
	int code = find_unrecorded(ctl, &w);

	if (!line)
		err(EXIT_FAILED, "record");
	for (size_t i = 0; code == EXIT_DONE && i < w.count; i++) {
		if (!record_make(ctl->conf, ctl->store, &w.install[i], line,
				 RECORD_LINE)) {
			warnx("job %" PRId64 ": its installation cannot be recorded",
			      w.install[i].job);
			continue;
		}
		code = jobctl_result(
			ctl, store_install_record(ctl->store, w.install[i].id, line));
	}
	free(w.install);
	free(line);
	return code;
}
