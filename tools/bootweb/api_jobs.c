/* Jobs: the list, one of them, and what can be done with it. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/object.h"
#include "lib/core/timeline.h"
#include "lib/media/catalogue.h"
#include "lib/order/order_move.h"
#include "lib/sys/now.h"
#include "tools/bootweb/api.h"
#include "tools/bootweb/api_twice.h"

#define JOB_SEGMENT 3 /* of /api/v1/jobs/ID */

/* ---- the list ---- */

bool api_job_filter(struct web_request *r, struct job_filter *filter,
		    enum MHD_Result *result)
{
	const char *state = url_field(&r->form, "state");
	const char *active = url_field(&r->form, "active");
	const char *machine = url_field(&r->form, "machine");

	filter->active = active && strcmp(active, "true") == 0;
	filter->by_machine = machine;
	filter->machine = machine ? strtoll(machine, NULL, 10) : 0;
	filter->image = url_field(&r->form, "image");
	filter->network = url_field(&r->form, "network");
	filter->text = url_field(&r->form, "text");
	filter->by_state = state && *state;
	if (!filter->by_state || job_state_parse(state, &filter->state))
		return api_since(r, &filter->since_ms, result);
	*result = admin_problem(r, MHD_HTTP_BAD_REQUEST, "'%s' is no state of a job",
				state);
	return false;
}

static void build_list(struct api_list *out, struct store *store,
		       const struct job_filter *filter)
{
	struct store_list *jobs = store_jobs(store, filter);
	struct job job;

	while (jobs && store_next_job(jobs, &job) && api_list_row(out, job.id, 0)) {
		store_estimate(store, &job, now_ms());
		object_job(&out->json.out, &job);
		api_list_close(out);
	}
	store_list_end(jobs);
}

enum MHD_Result api_jobs(struct web_request *r)
{
	struct job_filter filter = { .newest_first = true };
	enum MHD_Result result;
	struct admin_visit v;
	struct api_list list;
	struct api_part part;

	if (!admin_enter(r, &v))
		return v.result;
	if (api_part(r, &part, &result) && api_job_filter(r, &filter, &result)) {
		filter.before = part.after;
		list = api_list_begin("jobs", part.most);
		build_list(&list, v.store, &filter);
		result = api_give(r, MHD_HTTP_OK, api_list_end(&list), NULL);
	}
	admin_leave(&v);
	return result;
}

/* ---- one ---- */

static void build_attempts(struct jsonout *j, struct store *store, int64_t id)
{
	struct attempt attempts[64];
	size_t count = store_attempts(store, id, attempts, 64);

	jsonout_open(j, "attempts", '[');
	for (size_t i = 0; i < count; i++) {
		jsonout_open(j, NULL, '{');
		jsonout_int(j, "number", attempts[i].number);
		jsonout_text(j, "state", job_state_name(attempts[i].state));
		object_time(j, "started", attempts[i].started_ms);
		object_time(j, "ended", attempts[i].ended_ms);
		jsonout_close(j, '}');
	}
	jsonout_close(j, ']');
}

struct admin_json api_job_json(struct store *store, const struct job *job)
{
	struct admin_json json = admin_json_begin();
	struct settings settings;

	if (json.failed)
		return json;
	jsonout_open(&json.out, NULL, '{');
	object_job(&json.out, job);
	if (store_job_settings(store, job->id, &settings) == STORE_DONE &&
	    admin_json_room(&json)) {
		jsonout_open(&json.out, "settings", '{');
		object_settings(&json.out, &settings);
		jsonout_close(&json.out, '}');
	}
	settings_free(&settings);
	if (admin_json_room(&json))
		build_attempts(&json.out, store, job->id);
	jsonout_close(&json.out, '}');
	return json;
}

bool api_job_find(struct web_request *r, struct admin_visit *v, struct job *job,
		  enum MHD_Result *result)
{
	enum store_result found;
	int64_t id;

	if (!api_number(r, JOB_SEGMENT, &id, result))
		return false;
	found = store_job(v->store, id, job);
	if (found != STORE_DONE)
		*result = api_failed(r, v->store, found, MHD_HTTP_NOT_FOUND);
	return found == STORE_DONE;
}

enum MHD_Result api_job(struct web_request *r)
{
	struct admin_json json;
	struct admin_visit v;
	enum MHD_Result result;
	struct job job;

	if (!admin_enter(r, &v))
		return v.result;
	if (api_job_find(r, &v, &job, &result)) {
		store_estimate(v.store, &job, now_ms());
		json = api_job_json(v.store, &job);
		result = api_give(r, MHD_HTTP_OK, &json, NULL);
	}
	admin_leave(&v);
	return result;
}

/* ---- its timeline ---- */

static void build_phase(struct jsonout *j, const struct phase *p)
{
	jsonout_open(j, NULL, '{');
	jsonout_text(j, "name", p->name);
	jsonout_text(j, "source", p->source);
	jsonout_text(j, "detail", p->detail);
	object_time(j, "began", p->began_ms);
	object_time(j, "ended", p->ended_ms);
	jsonout_int(j, "octets", p->octets);
	jsonout_int(j, "count", p->count);
	jsonout_bool(j, "step", p->step);
	jsonout_bool(j, "failed", p->failed);
	jsonout_close(j, '}');
}

static struct admin_json timeline_json(struct store *store, int64_t job)
{
	const struct event_filter filter = { .job = job };
	struct store_list *list = store_events(store, &filter);
	struct admin_json json = admin_json_begin();
	struct timeline timeline = { 0 };
	struct store_event e;

	while (list && store_next_event(list, &e))
		timeline_add(&timeline, &e.event);
	store_list_end(list);
	timeline_finish(&timeline);
	if (!json.failed) {
		jsonout_open(&json.out, NULL, '{');
		jsonout_open(&json.out, "phases", '[');
		for (size_t i = 0; i < timeline.count && admin_json_room(&json); i++)
			build_phase(&json.out, &timeline.phase[i]);
		jsonout_close(&json.out, ']');
		jsonout_int(&json.out, "total_ms", timeline_total_ms(&timeline));
		jsonout_close(&json.out, '}');
	}
	timeline_free(&timeline);
	return json;
}

enum MHD_Result api_job_timeline(struct web_request *r)
{
	struct admin_json json;
	struct admin_visit v;
	enum MHD_Result result;
	struct job job;

	if (!admin_enter(r, &v))
		return v.result;
	if (api_job_find(r, &v, &job, &result)) {
		json = timeline_json(v.store, job.id);
		result = api_give(r, MHD_HTTP_OK, &json, NULL);
	}
	admin_leave(&v);
	return result;
}

/* ---- what can be done with it ---- */

static enum MHD_Result do_move(struct web_request *r, struct admin_visit *v,
			       const struct order_move *move, struct job *job,
			       const struct api_twice *twice)
{
	char why[CATALOGUE_WHY];
	struct admin_json json;
	enum store_result done;

	if (move->installs && !catalogue_has(v->site.conf->images, job->image, why))
		return admin_problem(r, MHD_HTTP_CONFLICT, "%s", why);
	done = move->apply(v->store, job->id, v->actor);
	if (done == STORE_DONE)
		done = store_job(v->store, job->id, job);
	if (done != STORE_DONE)
		return api_failed(r, v->store, done, MHD_HTTP_CONFLICT);
	json = api_job_json(v->store, job);
	return api_give_kept(r, v, twice, &json);
}

enum MHD_Result api_job_move(struct web_request *r)
{
	const struct order_move *move =
		order_move_of_job(r->path.segment[JOB_SEGMENT + 1]);
	struct api_twice twice;
	struct admin_visit v;
	enum MHD_Result result;
	struct job job;

	if (!admin_enter_writer(r, &v))
		return v.result;
	if (api_is_new(r, &v, &twice, &result) && api_job_find(r, &v, &job, &result))
		result = do_move(r, &v, move, &job, &twice);
	admin_leave(&v);
	return result;
}

enum MHD_Result api_job_remove(struct web_request *r)
{
	enum store_result done;
	struct admin_json json;
	struct admin_visit v;
	enum MHD_Result result;
	struct job job;

	if (!admin_enter_writer(r, &v))
		return v.result;
	if (api_job_find(r, &v, &job, &result)) {
		json = api_job_json(v.store, &job);
		if (api_matches(r, &json, &result)) {
			done = store_job_remove(v.store, job.id, v.actor);
			if (done == STORE_DONE)
				done = admin_keep(&v);
			result = done == STORE_DONE ? api_nothing(r)
						    : api_failed(r, v.store, done,
								 MHD_HTTP_CONFLICT);
		}
	}
	admin_leave(&v);
	return result;
}
