/* A new job, or a job that is changed, by an object whose names are those of jobctl add.
 */
#include "config.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/order/order.h"
#include "tools/bootweb/api.h"
#include "tools/bootweb/api_twice.h"

#define COMPLAINTS 64

/* One request that says what a job is to be. */
struct wish {
	struct web_request *r;
	struct admin_visit v;
	struct order order;
	struct order_site site;
	enum MHD_Result result;
};

static bool enter(struct wish *w, struct web_request *r)
{
	*w = (struct wish){ .r = r };
	if (!admin_enter_writer(r, &w->v)) {
		w->result = w->v.result;
		return false;
	}
	w->site = (struct order_site){ .conf = w->v.site.conf,
				       .store = w->v.store,
				       .key = w->v.site.serve.key,
				       .has_key = w->v.site.has_key };
	return true;
}

static enum MHD_Result leave(struct wish *w)
{
	order_free(&w->order);
	order_site_end(&w->site);
	admin_leave(&w->v);
	return w->result;
}

/* ---- what is wrong with it ---- */

static bool complain(struct wish *w, unsigned status)
{
	struct admin_complaint complaint[COMPLAINTS] = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < w->order.notes && count < COMPLAINTS; i++) {
		const struct order_note *note = &w->order.note[i];

		if (note->warning)
			continue;
		snprintf(complaint[count].field, sizeof(complaint[count].field), "%s",
			 note->field);
		snprintf(complaint[count++].why, sizeof(complaint[0].why), "%.255s",
			 note->sentence + note->why);
	}
	w->result = admin_complain(w->r, status, complaint, count);
	return false;
}

static bool store_failed(struct wish *w, enum store_result result)
{
	w->result = api_failed(w->r, w->v.store, result, MHD_HTTP_CONFLICT);
	return false;
}

/* ---- what it says ---- */

static bool is_object(struct wish *w)
{
	json_error_t error;
	json_t *object = json_loadb(w->r->body ? w->r->body : "", w->r->body_len,
				    JSON_REJECT_DUPLICATES, &error);
	bool good = json_is_object(object);

	if (!good)
		w->result = admin_problem(w->r, MHD_HTTP_BAD_REQUEST,
					  "the body is no JSON object: %s",
					  object ? "it is something else" : error.text);
	json_decref(object);
	return good;
}

static bool read_body(struct wish *w)
{
	return order_json(&w->order, w->r->body, w->r->body_len) ||
	       complain(w, MHD_HTTP_UNPROCESSABLE_CONTENT);
}

/* ?like=ID: a machine whose last job this one is to be like. */
static bool read_like(struct wish *w)
{
	const char *like = url_field(&w->r->form, "like");
	struct machine machine;

	if (!like)
		return true;
	if (store_machine_by_id(w->v.store, strtoll(like, NULL, 10), &machine) !=
	    STORE_DONE) {
		w->result = admin_problem(w->r, MHD_HTTP_BAD_REQUEST,
					  "like is no machine's id");
		return false;
	}
	return order_like(&w->order, &w->site, &machine) ||
	       complain(w, MHD_HTTP_UNPROCESSABLE_CONTENT);
}

static bool settle(struct wish *w)
{
	return order_settle(&w->order, &w->site) ||
	       complain(w, MHD_HTTP_UNPROCESSABLE_CONTENT);
}

/* ---- what it comes to ---- */

static void build_extras(struct wish *w, struct admin_json *json)
{
	struct jsonout *j = &json->out;

	j->p--; /* the brace that closed the job */
	if (*w->order.made)
		jsonout_text(j, "made_password", w->order.made);
	jsonout_open(j, "warnings", '[');
	for (size_t i = 0; i < w->order.notes && admin_json_room(json); i++)
		jsonout_text(j, NULL, w->order.note[i].sentence);
	jsonout_close(j, ']');
	jsonout_close(j, '}');
}

static enum store_result keep(struct wish *w, const struct api_twice *twice,
			      const struct admin_json *json, const char *where)
{
	enum store_result kept = STORE_DONE;

	if (json->failed)
		return STORE_FAILED;
	if (twice)
		kept = api_keep_answer(&w->v, twice, MHD_HTTP_CREATED, json, where);
	return kept == STORE_DONE ? admin_keep(&w->v) : kept;
}

/*
 * The job as it became.  The password that was made is shown once: neither an answer
 * that is kept nor the ETag has it.
 */
static void give(struct wish *w, unsigned status, const struct api_twice *twice)
{
	char where[64], etag[API_ETAG];
	struct admin_json json = { .failed = true };
	enum store_result kept = store_job(w->v.store, w->order.job.id, &w->order.job);

	snprintf(where, sizeof(where), "/api/v1/jobs/%" PRId64, w->order.job.id);
	if (kept == STORE_DONE) {
		json = api_job_json(w->v.store, &w->order.job);
		kept = keep(w, twice, &json, where);
	}
	if (kept != STORE_DONE) {
		admin_json_drop(&json);
		store_failed(w, kept);
		return;
	}
	api_etag(&json, etag);
	build_extras(w, &json);
	json.location = twice ? where : NULL;
	w->result = admin_json_give(w->r, status, &json, etag);
}

static bool queue(struct wish *w)
{
	enum store_result result = order_queue(&w->order, &w->site, w->v.actor);

	if (result == STORE_DONE)
		return true;
	return w->order.refused ? complain(w, MHD_HTTP_CONFLICT)
				: store_failed(w, result);
}

enum MHD_Result api_job_add(struct web_request *r)
{
	struct api_twice twice;
	struct wish w;

	if (!enter(&w, r))
		return w.result;
	if (api_is_new(r, &w.v, &twice, &w.result) && is_object(&w) && read_body(&w) &&
	    read_like(&w) && settle(&w) && queue(&w))
		give(&w, MHD_HTTP_CREATED, &twice);
	return leave(&w);
}

/* ---- changes ---- */

static bool read_job(struct wish *w)
{
	struct admin_json json;
	struct job job;

	if (!api_job_find(w->r, &w->v, &job, &w->result))
		return false;
	json = api_job_json(w->v.store, &job);
	if (!api_matches(w->r, &json, &w->result))
		return false;
	return order_from_job(&w->order, &w->site, job.id) ||
	       complain(w, MHD_HTTP_CONFLICT);
}

static bool amend(struct wish *w)
{
	char changed[JOB_TEXT];
	enum store_result result = order_amend(&w->order, &w->site, w->v.actor, changed);

	if (result == STORE_DONE)
		return true;
	return w->order.refused ? complain(w, MHD_HTTP_CONFLICT)
				: store_failed(w, result);
}

enum MHD_Result api_job_edit(struct web_request *r)
{
	struct wish w;

	if (!enter(&w, r))
		return w.result;
	if (read_job(&w) && is_object(&w) && read_body(&w) && settle(&w) && amend(&w))
		give(&w, MHD_HTTP_OK, NULL);
	return leave(&w);
}
