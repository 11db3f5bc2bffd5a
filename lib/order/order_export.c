#include "config.h"

#include "lib/order/order_export.h"

#include <stdlib.h>
#include <string.h>

#include "lib/core/csv.h"
#include "lib/core/object.h"
#include "lib/sys/print.h"

bool order_export_format(const char *name, struct order_export *what)
{
	what->csv = strcmp(name, "csv") == 0;
	return what->csv || strcmp(name, "ndjson") == 0;
}

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

static void put_cell(FILE *out, const char *value, bool first)
{
	bool quotes = csv_wants_quotes(value);

	if (!first)
		putc(',', out);
	if (!quotes) {
		fputs(value, out);
		return;
	}
	putc('"', out);
	for (; *value; value++) {
		if (*value == '"')
			putc('"', out);
		putc(*value, out);
	}
	putc('"', out);
}

static bool is_told(const struct order_export *what, const struct setting_def *def)
{
	return what->secrets || !setting_is(def, SETTING_SECRET);
}

static void put_header(FILE *out, const struct order_export *what)
{
	for (size_t i = 0; i < order_field_count; i++)
		put_cell(out, order_fields[i].name, i == 0);
	for (size_t i = 0; i < setting_count; i++)
		if (is_told(what, &setting_defs[i]))
			put_cell(out, setting_defs[i].name, false);
	fputs("\r\n", out);
}

static void put_record(FILE *out, const struct order_export *what, const struct order *o)
{
	char value[ORDER_VALUE];

	for (size_t i = 0; i < order_field_count; i++)
		put_cell(out, order_fields[i].give(o, value), i == 0);
	for (size_t i = 0; i < setting_count; i++)
		if (is_told(what, &setting_defs[i]))
			put_cell(out, o->settings.value[i] ? o->settings.value[i] : "",
				 false);
	fputs("\r\n", out);
}

/* ---- NDJSON ---- */

static void build_macs(struct jsonout *j, const struct order *o)
{
	char mac[MAC_TEXT];

	jsonout_open(j, "mac", '[');
	for (size_t i = 0; i < o->macs; i++) {
		mac_format(&o->mac[i], ':', mac);
		jsonout_text(j, NULL, mac);
	}
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

static enum store_result put_job(FILE *out, struct order_site *site,
				 const struct order_export *what, int64_t id,
				 char why[static ORDER_SENTENCE])
{
	struct order o = { 0 };
	bool good = order_load(&o, site, id);

	if (!good && o.notes)
		snprintf(why, ORDER_SENTENCE, "%s", o.note[0].sentence);
	if (good && !what->secrets)
		leave_secrets(&o);
	if (good && what->csv)
		put_record(out, what, &o);
	else if (good)
		good = print_object(out, build, &o) && putc('\n', out) != EOF;
	order_free(&o);
	return good ? STORE_DONE : STORE_FAILED;
}

static enum store_result put_jobs(FILE *out, struct order_site *site,
				  const struct order_export *what,
				  char why[static ORDER_SENTENCE])
{
	struct job_filter filter = what->filter;
	enum store_result result = STORE_DONE, ended;
	struct store_list *jobs;
	struct job job;

	filter.active |= !filter.by_state;
	jobs = store_jobs(site->store, &filter);
	if (!jobs)
		return STORE_FAILED;
	if (what->csv)
		put_header(out, what);
	while (result == STORE_DONE && store_next_job(jobs, &job))
		result = put_job(out, site, what, job.id, why);
	ended = store_list_end(jobs);
	return result == STORE_DONE ? ended : result;
}

enum store_result order_export_note(struct store *store, const char *actor)
{
	struct event ev = event_new(EVENT_ADMIN);

	snprintf(ev.text, sizeof(ev.text), "jobs with their secrets, sealed");
	return store_note(store, &ev, "export", actor);
}

enum store_result order_export(FILE *out, struct order_site *site,
			       const struct order_export *what,
			       char why[static ORDER_SENTENCE])
{
	enum store_result result = store_begin(site->store), ended;

	*why = '\0';
	if (result != STORE_DONE)
		return result;
	result = put_jobs(out, site, what, why);
	ended = store_end(site->store, true);
	return result == STORE_DONE ? ended : result;
}
