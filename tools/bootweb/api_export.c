/* The queue as a file, the same as of jobctl export. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/order/order_export.h"
#include "tools/bootweb/api.h"
#include "tools/bootweb/spool.h"

static bool read_query(struct web_request *r, struct order_export *what,
		       enum MHD_Result *result)
{
	const char *format = url_field(&r->form, "format");
	const char *secrets = url_field(&r->form, "secrets");

	what->secrets = secrets && strcmp(secrets, "yes") == 0;
	if (format && !order_export_format(format, what)) {
		*result = admin_problem(r, MHD_HTTP_BAD_REQUEST,
					"format is none of csv, ndjson");
		return false;
	}
	if (secrets && !what->secrets && strcmp(secrets, "no") != 0) {
		*result = admin_problem(r, MHD_HTTP_BAD_REQUEST,
					"secrets is none of yes, no");
		return false;
	}
	return api_job_filter(r, &what->filter, result);
}

/* Before they are given that is on record. */
static bool may_have_secrets(struct web_request *r, enum MHD_Result *result)
{
	enum store_result kept;
	struct admin_visit v;
	bool good;

	if (!admin_enter_writer(r, &v)) {
		*result = v.result;
		return false;
	}
	good = admin_need(r, &v, ROLE_ADMIN, result);
	kept = good ? order_export_note(v.store, v.actor) : STORE_NO;
	if (kept == STORE_DONE)
		kept = admin_keep(&v);
	if (good && kept != STORE_DONE)
		*result = api_failed(r, v.store, kept, MHD_HTTP_CONFLICT);
	admin_leave(&v);
	return kept == STORE_DONE;
}

static enum MHD_Result give(struct web_request *r, struct admin_visit *v,
			    const struct order_export *what)
{
	struct order_site site = { .conf = v->site.conf, .store = v->store };
	FILE *spool = spool_open(v->site.conf);
	char why[ORDER_SENTENCE];
	enum store_result done;

	if (!spool)
		return spool_failed(r, errno);
	done = order_export(spool, &site, what, why);
	order_site_end(&site);
	if (done == STORE_DONE)
		return spool_give(r, spool,
				  what->csv ? "text/csv; charset=utf-8; header=present"
					    : "application/x-ndjson",
				  what->csv ? "jobs.csv" : "jobs.ndjson");
	fclose(spool);
	return *why ? admin_problem(r, MHD_HTTP_INTERNAL_SERVER_ERROR, "%s", why)
		    : api_failed(r, v->store, done, MHD_HTTP_CONFLICT);
}

enum MHD_Result api_export(struct web_request *r)
{
	struct order_export what = { 0 };
	enum MHD_Result result;
	struct admin_visit v;

	if (!admin_enter(r, &v))
		return v.result;
	if (!read_query(r, &what, &result)) {
		admin_leave(&v);
		return result;
	}
	if (what.secrets) {
		admin_leave(&v);
		if (!may_have_secrets(r, &result))
			return result;
		if (!admin_enter(r, &v))
			return v.result;
	}
	result = give(r, &v, &what);
	admin_leave(&v);
	return result;
}
