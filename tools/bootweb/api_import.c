/* Many new jobs by one request: all of them, or none. */
#include "config.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/object.h"
#include "lib/order/order.h"
#include "tools/bootweb/api.h"
#include "tools/bootweb/api_twice.h"

#define COMPLAINTS 64

struct import {
	struct web_request *r;
	struct admin_visit v;
	struct order_site site;
	struct made {
		struct job job;
		char password[PASSWORD_MADE];
	} * made;
	size_t count;
	struct admin_complaint complaint[COMPLAINTS];
	size_t complaints;
	enum MHD_Result result;
};

/* ---- what is wrong ---- */

/* "jobs[2].hostname", as in the body. */
static void take_notes(struct import *im, size_t row, const struct order *o)
{
	for (size_t i = 0; i < o->notes && im->complaints < COMPLAINTS; i++) {
		const struct order_note *note = &o->note[i];
		struct admin_complaint *c = &im->complaint[im->complaints];

		if (note->warning)
			continue;
		snprintf(c->field, sizeof(c->field), "jobs[%zu]%s%.*s", row,
			 *note->field ? "." : "", 32, note->field);
		snprintf(c->why, sizeof(c->why), "%.255s", note->sentence + note->why);
		im->complaints++;
	}
}

static bool failed(struct import *im, enum store_result result)
{
	im->result = api_failed(im->r, im->v.store, result, MHD_HTTP_CONFLICT);
	return false;
}

/* ---- one after the other ---- */

static bool read_order(struct order *o, const json_t *item)
{
	char *text = json_dumps(item, JSON_COMPACT | JSON_ENCODE_ANY);
	bool good = text && order_json(o, text, strlen(text));

	free(text);
	return good;
}

static enum store_result queue(struct import *im, struct order *o, struct made *made)
{
	enum store_result result = order_queue(o, &im->site, im->v.actor);

	if (result == STORE_DONE)
		result = store_job(im->v.store, o->job.id, &made->job);
	if (result == STORE_DONE)
		memcpy(made->password, o->made, sizeof(made->password));
	return result;
}

/* False: it is no use to go on. */
static bool take(struct import *im, size_t row, const json_t *item)
{
	struct order o = { 0 };
	enum store_result result = STORE_NO;
	bool good;

	if (read_order(&o, item) && order_settle(&o, &im->site))
		result = queue(im, &o, &im->made[im->count]);
	im->count += result == STORE_DONE;
	take_notes(im, row, &o);
	good = result == STORE_DONE || (result == STORE_NO && o.refused);
	order_free(&o);
	return good || failed(im, result);
}

static bool take_all(struct import *im, const json_t *jobs)
{
	im->made = calloc(json_array_size(jobs) + 1, sizeof(*im->made));
	if (!im->made)
		return failed(im, STORE_FAILED);
	for (size_t i = 0; i < json_array_size(jobs); i++)
		if (!take(im, i, json_array_get(jobs, i)))
			return false;
	if (!im->complaints)
		return true;
	im->result = admin_complain(im->r, MHD_HTTP_UNPROCESSABLE_CONTENT, im->complaint,
				    im->complaints);
	return false;
}

static bool take_body(struct import *im)
{
	json_error_t error;
	json_t *body = json_loadb(im->r->body ? im->r->body : "", im->r->body_len,
				  JSON_REJECT_DUPLICATES, &error);
	const json_t *jobs = json_object_get(body, "jobs");
	bool good = json_is_array(jobs) && json_object_size(body) == 1;

	if (good)
		good = take_all(im, jobs);
	else
		im->result = admin_problem(im->r, MHD_HTTP_BAD_REQUEST,
					   "the body wants to be {\"jobs\": [...]}%s%s",
					   body ? "" : ": ", body ? "" : error.text);
	json_decref(body);
	return good;
}

/* ---- what became of it ---- */

/* The passwords that were made are shown once: no answer that is kept has them. */
static struct admin_json build(const struct import *im, bool reveal)
{
	struct admin_json json = admin_json_begin();
	struct jsonout *j = &json.out;

	jsonout_open(j, NULL, '{');
	jsonout_open(j, "jobs", '[');
	for (size_t i = 0; i < im->count && admin_json_room(&json); i++) {
		jsonout_open(j, NULL, '{');
		object_job(j, &im->made[i].job);
		if (reveal && *im->made[i].password)
			jsonout_text(j, "made_password", im->made[i].password);
		jsonout_close(j, '}');
	}
	jsonout_close(j, ']');
	jsonout_close(j, '}');
	return json;
}

static enum store_result keep(struct import *im, const struct api_twice *twice)
{
	struct admin_json json = build(im, false);
	enum store_result kept =
		json.failed ? STORE_FAILED
			    : api_keep_answer(&im->v, twice, MHD_HTTP_OK, &json, NULL);

	admin_json_drop(&json);
	return kept == STORE_DONE ? admin_keep(&im->v) : kept;
}

static void give(struct import *im, const struct api_twice *twice, bool dry_run)
{
	enum store_result kept = dry_run ? STORE_DONE : keep(im, twice);
	struct admin_json json;

	if (kept != STORE_DONE) {
		failed(im, kept);
		return;
	}
	json = build(im, !dry_run);
	im->result =
		json.failed ? MHD_NO : admin_json_give(im->r, MHD_HTTP_OK, &json, "");
}

enum MHD_Result api_import(struct web_request *r)
{
	struct import im = { .r = r };
	struct api_twice twice;
	bool dry_run;

	if (!admin_enter_writer(r, &im.v))
		return im.v.result;
	im.site = (struct order_site){ .conf = im.v.site.conf,
				       .store = im.v.store,
				       .key = im.v.site.serve.key,
				       .has_key = im.v.site.has_key };
	if (api_dry_run(r, &dry_run, &im.result) &&
	    api_is_new(r, &im.v, &twice, &im.result) && take_body(&im))
		give(&im, &twice, dry_run);
	if (im.made)
		explicit_bzero(im.made, im.count * sizeof(*im.made));
	free(im.made);
	order_site_end(&im.site);
	admin_leave(&im.v);
	return im.result;
}
