/* Many new jobs by one request: all of them, or none. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/order/order_source.h"
#include "tools/bootweb/api.h"
#include "tools/bootweb/api_twice.h"

#define COMPLAINTS 64

struct import {
	struct web_request *r;
	struct admin_visit v;
	struct api_twice twice;
	struct order_site site;
	struct order_source source;
	struct admin_json shown; /* has the passwords that were made, */
	struct admin_json kept;  /* which no answer that is kept has */
	size_t queued;
	struct admin_complaint complaint[COMPLAINTS], warning[COMPLAINTS];
	size_t complaints, warnings;
	bool dry_run, failed;
	enum MHD_Result result;
};

/* ---- what is wrong ---- */

/* "jobs[2].hostname" of a list; the others have lines. */
static void take_note(struct import *im, const struct order_note *note)
{
	struct admin_complaint *c;

	if (note->warning && im->warnings < COMPLAINTS)
		c = &im->warning[im->warnings++];
	else if (!note->warning && im->complaints < COMPLAINTS)
		c = &im->complaint[im->complaints++];
	else
		return;
	c->line = im->source.line;
	if (im->source.format == ORDER_JSON)
		snprintf(c->field, sizeof(c->field), "jobs[%zu]%s%.*s", im->source.index,
			 *note->field ? "." : "", 32, note->field);
	else
		snprintf(c->field, sizeof(c->field), "%.*s", 32, note->field);
	snprintf(c->why, sizeof(c->why), "%.255s", note->sentence + note->why);
}

static bool failed(struct import *im, enum store_result result)
{
	im->result = api_failed(im->r, im->v.store, result, MHD_HTTP_CONFLICT);
	im->failed = true;
	return false;
}

/* ---- one after the other ---- */

static void build_job(const struct import *im, struct admin_json *json,
		      const struct order *o, bool reveal)
{
	struct jsonout *j = &json->out;
	char mac[MAC_TEXT];

	if (!admin_json_room(json))
		return;
	jsonout_open(j, NULL, '{');
	if (im->source.line)
		jsonout_int(j, "line", (int64_t)im->source.line);
	jsonout_int(j, "id", im->dry_run ? 0 : o->job.id);
	mac_format(&o->key.mac, ':', mac);
	jsonout_text(j, "mac", mac);
	jsonout_text(j, "image", o->job.image);
	jsonout_text(j, "hostname", o->job.hostname);
	if (reveal && *o->made)
		jsonout_text(j, "made_password", o->made);
	jsonout_close(j, '}');
}

/* False: it is no use to go on. */
static bool take(struct import *im, struct order *o)
{
	enum store_result result = STORE_NO;

	if (!im->source.nothing && order_settle(o, &im->site))
		result = order_queue(o, &im->site, im->v.actor);
	for (size_t i = 0; i < o->notes; i++)
		take_note(im, &o->note[i]);
	if (result == STORE_DONE) {
		im->queued++;
		build_job(im, &im->shown, o, !im->dry_run);
		if (im->twice.key)
			build_job(im, &im->kept, o, false);
	}
	if (result != STORE_DONE && !o->refused)
		return failed(im, result);
	return im->complaints < COMPLAINTS;
}

static void read_all(struct import *im)
{
	bool go_on = true;

	while (go_on) {
		struct order o = { .sealed = im->source.format != ORDER_JSON };

		go_on = order_source_next(&im->source, &o) && take(im, &o);
		order_free(&o);
	}
}

static bool take_all(struct import *im)
{
	read_all(im);
	if (im->failed)
		return false;
	if (im->source.broken)
		im->result = admin_problem(im->r, MHD_HTTP_BAD_REQUEST, "%s",
					   im->source.broken);
	else if (im->complaints)
		im->result = admin_complain(im->r, MHD_HTTP_UNPROCESSABLE_CONTENT,
					    im->complaint, im->complaints);
	return !im->source.broken && !im->complaints;
}

/* ---- what became of it ---- */

static void begin(struct admin_json *json)
{
	*json = admin_json_begin();
	if (json->failed)
		return;
	jsonout_open(&json->out, NULL, '{');
	jsonout_open(&json->out, "jobs", '[');
}

static void finish(const struct import *im, struct admin_json *json)
{
	struct jsonout *j = &json->out;

	if (!admin_json_room_for(json, sizeof(im->warning) * 2))
		return;
	jsonout_close(j, ']');
	jsonout_int(j, "queued", (int64_t)im->queued);
	jsonout_bool(j, "dry_run", im->dry_run);
	jsonout_open(j, "warnings", '[');
	for (size_t i = 0; i < im->warnings; i++)
		admin_complaint_json(j, &im->warning[i]);
	jsonout_close(j, ']');
	jsonout_close(j, '}');
}

static enum store_result keep(struct import *im)
{
	enum store_result kept = STORE_DONE;

	if (im->shown.failed || im->kept.failed)
		return STORE_FAILED;
	if (im->twice.key)
		kept = api_keep_answer(&im->v, &im->twice, MHD_HTTP_OK, &im->kept, NULL);
	return kept == STORE_DONE ? admin_keep(&im->v) : kept;
}

static void give(struct import *im)
{
	enum store_result kept;

	finish(im, &im->shown);
	finish(im, &im->kept);
	kept = im->dry_run ? STORE_DONE : keep(im);
	if (kept != STORE_DONE) {
		failed(im, kept);
		return;
	}
	im->result = admin_json_give(im->r, MHD_HTTP_OK, &im->shown, "");
	im->shown = (struct admin_json){ .failed = true }; /* it went there */
}

/* ---- the body ---- */

static enum order_format format_of(struct web_request *r)
{
	const char *type = web_header(r, MHD_HTTP_HEADER_CONTENT_TYPE);

	if (type && strncasecmp(type, "text/csv", 8) == 0)
		return ORDER_CSV;
	if (type && strncasecmp(type, "application/x-ndjson", 20) == 0)
		return ORDER_NDJSON;
	return ORDER_JSON;
}

enum MHD_Result api_import(struct web_request *r)
{
	static char none[1];
	struct import im = { .r = r };

	if (!admin_enter_writer(r, &im.v))
		return im.v.result;
	im.site = (struct order_site){ .conf = im.v.site.conf,
				       .store = im.v.store,
				       .key = im.v.site.serve.key,
				       .has_key = im.v.site.has_key };
	if (api_dry_run(r, &im.dry_run, &im.result) &&
	    api_is_new(r, &im.v, &im.twice, &im.result)) {
		im.source = order_source_begin(r->body ? r->body : none, r->body_len,
					       format_of(r));
		begin(&im.shown);
		begin(&im.kept);
		if (take_all(&im))
			give(&im);
		admin_json_drop(&im.shown);
		admin_json_drop(&im.kept);
	}
	order_site_end(&im.site);
	admin_leave(&im.v);
	return im.result;
}
