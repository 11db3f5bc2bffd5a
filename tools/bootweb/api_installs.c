/* What was installed: on a machine, by a job, on all systems, and what is out of date. */
#include "config.h"

#include <string.h>

#include "lib/core/object.h"
#include "lib/order/listing.h"
#include "tools/bootweb/api.h"

/* ---- the records of one machine or job ---- */

static enum MHD_Result give_installs(struct web_request *r, struct admin_visit *v,
				     const struct install_filter *filter)
{
	struct store_list *list = store_installs(v->store, filter);
	struct admin_json json = admin_json_begin();
	struct store_install i;

	if (!json.failed) {
		jsonout_open(&json.out, NULL, '{');
		jsonout_open(&json.out, "installs", '[');
	}
	while (list && store_next_install(list, &i) &&
	       admin_json_room_for(&json, strlen(i.line))) {
		jsonout_open(&json.out, NULL, '{');
		listing_install(&json.out, &i, true);
		jsonout_close(&json.out, '}');
	}
	store_list_end(list);
	if (!json.failed) {
		jsonout_close(&json.out, ']');
		jsonout_close(&json.out, '}');
	}
	return api_give(r, MHD_HTTP_OK, &json, NULL);
}

enum MHD_Result api_machine_installs(struct web_request *r)
{
	struct admin_visit v;
	struct machine machine;
	enum MHD_Result result;

	if (!admin_enter(r, &v))
		return v.result;
	if (api_machine_find(r, &v, &machine, &result)) {
		const struct install_filter filter = { .machine = machine.id };

		result = give_installs(r, &v, &filter);
	}
	admin_leave(&v);
	return result;
}

enum MHD_Result api_job_record(struct web_request *r)
{
	struct admin_visit v;
	enum MHD_Result result;
	struct job job;

	if (!admin_enter(r, &v))
		return v.result;
	if (api_job_find(r, &v, &job, &result)) {
		const struct install_filter filter = { .job = job.id };

		result = give_installs(r, &v, &filter);
	}
	admin_leave(&v);
	return result;
}

/* ---- all systems, each with what it has now ---- */

static void build_systems(struct api_list *out, struct admin_visit *v,
			  struct store_list *newest)
{
	struct jsonout *j = &out->json.out;
	struct machine machine;
	struct store_install i;

	while (store_next_install(newest, &i)) {
		if (store_machine_by_id(v->store, i.machine, &machine) != STORE_DONE)
			continue;
		if (!api_list_row(out, machine.id, 0))
			break;
		object_machine(j, &machine);
		listing_macs(j, v->store, machine.id);
		jsonout_open(j, "install", '{');
		listing_install(j, &i, false);
		jsonout_close(j, '}');
		api_list_close(out);
	}
}

static void build_drift(struct api_list *out, struct admin_visit *v,
			struct store_list *newest)
{
	struct drift d;

	while (drift_next(v->store, newest, v->site.conf->images, &d)) {
		if (!api_list_row(out, d.machine.id, 0))
			break;
		listing_drift(&out->json.out, &d);
		listing_macs(&out->json.out, v->store, d.machine.id);
		api_list_close(out);
	}
}

/* By the ids of machines, the lowest first. */
static enum MHD_Result give(struct web_request *r, const char *name,
			    void (*build)(struct api_list *out, struct admin_visit *v,
					  struct store_list *newest))
{
	struct install_filter filter = { .newest = true };
	struct store_list *newest;
	enum MHD_Result result;
	struct admin_visit v;
	struct api_list list;
	struct api_part part;

	if (!admin_enter(r, &v))
		return v.result;
	if (api_part(r, &part, &result)) {
		filter.after = part.after;
		newest = store_installs(v.store, &filter);
		list = api_list_begin(name, part.most);
		if (newest)
			build(&list, &v, newest);
		store_list_end(newest);
		result = api_give(r, MHD_HTTP_OK, api_list_end(&list), NULL);
	}
	admin_leave(&v);
	return result;
}

enum MHD_Result api_systems(struct web_request *r)
{
	return give(r, "systems", build_systems);
}

enum MHD_Result api_drift(struct web_request *r)
{
	return give(r, "machines", build_drift);
}
