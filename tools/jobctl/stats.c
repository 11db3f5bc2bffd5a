#include "config.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/order/listing.h"
#include "lib/sys/print.h"
#include "lib/sys/table.h"
#include "tools/jobctl/jobctl.h"
#include "tools/jobctl/since.h"

const struct verb_option stats_options[] = {
	{ "image", 'i', "NAME[@VERSION]", "only this image" },
	{ "since", 's', "TIME", "only what ended later; as for events" },
	{ 0 },
};

static void build(struct jsonout *j, const void *what)
{
	listing_stat(j, what);
}

static void duration_cell(struct table *t, int64_t ms)
{
	char text[PRINT_TIME];

	table_cell(t, ms < 0 ? "" : print_duration(ms, text));
}

static void add_row(struct table *t, const struct store_stat *s)
{
	int64_t ended = s->done + s->failed;

	table_row(t);
	table_cell(t, *s->step ? "" : s->image);
	table_cell(t, *s->step ? "" : s->platform);
	table_cell(t, *s->step ? s->step : "(all)");
	table_cellf(t, "%" PRId64, *s->step ? s->count : ended);
	if (*s->step || !ended)
		table_cell(t, "");
	else
		table_cellf(t, "%" PRId64 " %%", (100 * s->done + ended / 2) / ended);
	duration_cell(t, s->median_ms);
	duration_cell(t, s->p95_ms);
}

static int print_all(const struct jobctl *ctl, struct store_list *stats)
{
	static const struct table_column columns[] = {
		{ "IMAGE", 0.25, false, false }, { "PLATFORM", 0.12, false, false },
		{ "STEP", 0.25, false, false },  { "COUNT", 1, true, false },
		{ "SUCCESS", 1, true, false },   { "MEDIAN", 4, true, false },
		{ "P95", 4, true, false },       { 0 },
	};
	struct print_list list = { .name = "stats" };
	struct store_stat s;
	struct table table;
	size_t shown = 0;

	if (!ctl->json)
		table_begin(&table, columns);
	for (; store_next_stat(stats, &s); shown++) {
		if (ctl->json)
			print_list_item(&list, build, &s);
		else
			add_row(&table, &s);
	}
	if (ctl->json)
		print_list_end(&list);
	else
		table_end(&table);
	if (!shown)
		fputs("No attempt has ended in that time.\n", stderr);
	return jobctl_result(ctl, store_list_end(stats));
}

int stats_main(struct jobctl *ctl, int argc, char *argv[])
{
	const char *image = NULL;
	struct store_list *stats;
	int64_t since_ms = 0;
	int c;

	while ((c = options_next(ctl, argc, argv)) != -1) {
		if (c == 'i')
			image = optarg;
		else
			since_ms = since_parse(optarg);
	}
	options_arguments(ctl, argc, 0, 0);
	jobctl_open(ctl, STORE_READ);
	stats = store_stats(ctl->store, image, since_ms);
	if (!stats)
		return jobctl_result(ctl, STORE_FAILED);
	return print_all(ctl, stats);
}
