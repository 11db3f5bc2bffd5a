#include "config.h"

#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/csv.h"
#include "lib/core/object.h"
#include "lib/core/role.h"
#include "lib/order/order.h"
#include "lib/sys/exits.h"
#include "lib/sys/print.h"
#include "tools/jobctl/filter.h"
#include "tools/jobctl/jobctl.h"

enum { KEY_FORMAT = 256, KEY_SECRETS };

const struct verb_option export_options[] = {
	{ "format", KEY_FORMAT, "FORMAT", "csv or ndjson (default)" },
	{ "secrets", KEY_SECRETS, NULL,
	  "with secrets, sealed: only a site with the same key can import them" },
	FILTER_OPTIONS,
	{ 0 },
};

struct request {
	struct filter filter;
	bool csv, secrets;
};

/* ---- what may be told ---- */

static void leave_secrets(struct order *o)
{
	for (size_t i = 0; i < setting_count; i++) {
		if (!setting_is(&setting_defs[i], SETTING_SECRET))
			continue;
		free(o->settings.value[i]);
		o->settings.value[i] = NULL;
	}
}

/* ---- CSV ---- */

static void put_cell(const char *value, bool first)
{
	bool quotes = csv_wants_quotes(value);

	if (!first)
		putchar(',');
	if (!quotes) {
		fputs(value, stdout);
		return;
	}
	putchar('"');
	for (; *value; value++) {
		if (*value == '"')
			putchar('"');
		putchar(*value);
	}
	putchar('"');
}

static bool is_told(const struct request *r, const struct setting_def *def)
{
	return r->secrets || !setting_is(def, SETTING_SECRET);
}

static void print_header(const struct request *r)
{
	for (size_t i = 0; i < order_field_count; i++)
		put_cell(order_fields[i].name, i == 0);
	for (size_t i = 0; i < setting_count; i++)
		if (is_told(r, &setting_defs[i]))
			put_cell(setting_defs[i].name, false);
	fputs("\r\n", stdout);
}

static void print_record(const struct request *r, const struct order *o)
{
	char value[ORDER_VALUE];

	for (size_t i = 0; i < order_field_count; i++)
		put_cell(order_fields[i].give(o, value), i == 0);
	for (size_t i = 0; i < setting_count; i++)
		if (is_told(r, &setting_defs[i]))
			put_cell(o->settings.value[i] ? o->settings.value[i] : "", false);
	fputs("\r\n", stdout);
}

/* ---- NDJSON ---- */

static void build_macs(struct jsonout *j, const struct order *o)
{
	char mac[MAC_TEXT];

	jsonout_open(j, "mac", '[');
	for (size_t i = 0; i < o->macs; i++)
		jsonout_text(j, NULL, print_mac(&o->mac[i], mac));
	jsonout_close(j, ']');
}

static void build_field(struct jsonout *j, const struct order *o,
			const struct order_field *field)
{
	char value[ORDER_VALUE];

	field->give(o, value);
	if (*value && field->traits & SETTING_FLAG)
		jsonout_bool(j, field->name, true);
	else if (*value)
		jsonout_text(j, field->name, value);
}

static void build(struct jsonout *j, const void *what)
{
	const struct order *o = what;
	struct settings open = o->settings;

	build_macs(j, o);
	for (size_t i = 0; i < order_field_count; i++)
		if (!(order_fields[i].traits & SETTING_LIST))
			build_field(j, o, &order_fields[i]);
	for (size_t i = 0; i < setting_count; i++) {
		if (!open.value[i] || !setting_is(&setting_defs[i], SETTING_SECRET))
			continue;
		jsonout_text(j, setting_defs[i].name, open.value[i]);
		open.value[i] = NULL;
	}
	object_settings(j, &open);
}

/* ---- all of them ---- */

static int print_job(struct jobctl *ctl, const struct request *r, int64_t id)
{
	struct order_site site = { .conf = ctl->conf, .store = ctl->store };
	struct order o = { 0 };
	bool good = order_load(&o, &site, id);

	if (!good)
		warnx("%s", o.notes ? o.note[0].sentence : store_why(ctl->store));
	if (good && !r->secrets)
		leave_secrets(&o);
	if (good && r->csv)
		print_record(r, &o);
	else if (good)
		print_json(build, &o);
	order_free(&o);
	return good ? EXIT_DONE : EXIT_FAILED;
}

static void parse(struct jobctl *ctl, int argc, char *argv[], struct request *r)
{
	int c;

	while ((c = options_next(ctl, argc, argv)) != -1) {
		if (c == KEY_SECRETS)
			r->secrets = true;
		else if (c != KEY_FORMAT)
			filter_option(ctl, &r->filter, c, optarg);
		else if (strcmp(optarg, "csv") == 0)
			r->csv = true;
		else if (strcmp(optarg, "ndjson") != 0)
			errx(EXIT_MISUSE, "--format %s: is none of csv, ndjson", optarg);
	}
	options_arguments(ctl, argc, 0, 0);
	if (!r->filter.job.by_state)
		r->filter.job.active = true;
}

/* In one transaction: one moment of the queue. */
int export_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct request r = { 0 };
	struct store_list *jobs;
	struct job job;
	int code;

	parse(ctl, argc, argv, &r);
	jobctl_open(ctl, STORE_READ);
	if (r.secrets)
		door_need(ctl, ROLE_ADMIN, "export --secrets");
	code = jobctl_result(ctl, store_begin(ctl->store));
	if (code != EXIT_DONE)
		return code;
	jobs = store_jobs(ctl->store, &r.filter.job);
	if (!jobs)
		return jobctl_result(ctl, STORE_FAILED);
	if (r.csv)
		print_header(&r);
	while (code == EXIT_DONE && store_next_job(jobs, &job))
		code = print_job(ctl, &r, job.id);
	code = jobctl_worse(code, jobctl_result(ctl, store_list_end(jobs)));
	store_end(ctl->store, true);
	return code;
}
