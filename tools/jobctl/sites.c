/* The services of this site, and of those that report to it. */
#include "config.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/core/alive.h"
#include "lib/order/listing.h"
#include "lib/store/overview.h"
#include "lib/store/services.h"
#include "lib/sys/exits.h"
#include "lib/sys/now.h"
#include "lib/sys/print.h"
#include "lib/sys/table.h"
#include "tools/jobctl/jobctl.h"

struct line {
	struct store_service service;
	enum alive_state state;
};

static void build(struct jsonout *j, const void *what)
{
	const struct line *line = what;

	listing_service(j, &line->service, line->state);
}

static void add_row(struct table *t, const struct line *line)
{
	const struct store_service *s = &line->service;
	char time[PRINT_TIME];

	table_row(t);
	table_cell(t, s->site);
	table_cell(t, s->host);
	table_cell(t, s->name);
	table_cell(t, alive_state_name(line->state));
	table_cell(t, print_time(s->seen_ms, time));
	if (*s->networks)
		table_cellf(t, "%" PRId64, s->active);
	else
		table_cell(t, "");
	table_cell(t, *s->networks ? s->networks : s->where);
}

static int print_all(const struct jobctl *ctl, struct store_list *services)
{
	static const struct table_column columns[] = {
		{ "SITE", 0.12, false, false },  { "HOST", 0.12, false, false },
		{ "SERVICE", 10, false, false }, { "STATE", 5, false, false },
		{ "LAST", 7, false, false },     { "JOBS", 4, true, false },
		{ "SERVES", 0.4, false, true },  { 0 },
	};
	struct print_list list = { .name = "services" };
	int code = EXIT_DONE;
	struct table table;
	struct line line;

	if (!ctl->json)
		table_begin(&table, columns);
	while (store_next_service(services, &line.service)) {
		const struct store_service *s = &line.service;

		line.state = alive_state(s->seen_ms, s->stopped_ms, now_ms());
		if (line.state == ALIVE_DOWN)
			code = EXIT_NO;
		if (ctl->json)
			print_list_item(&list, build, &line);
		else
			add_row(&table, &line);
	}
	if (ctl->json)
		print_list_end(&list);
	else
		table_end(&table);
	return code;
}

int sites_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct store_list *services;
	int code, read;

	while (options_next(ctl, argc, argv) != -1)
		;
	options_arguments(ctl, argc, 0, 0);
	jobctl_open(ctl, STORE_READ);
	services = store_services(ctl->store);
	if (!services)
		return jobctl_result(ctl, STORE_FAILED);
	code = print_all(ctl, services);
	read = jobctl_result(ctl, store_list_end(services));
	return jobctl_worse(code, read);
}
