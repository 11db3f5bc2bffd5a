/* Machines, and those that nobody has decided about. */
#include "config.h"

#include <string.h>

#include "lib/core/object.h"
#include "lib/order/listing.h"
#include "lib/order/order_move.h"
#include "lib/store/overview.h"
#include "lib/sys/now.h"
#include "tools/bootweb/api.h"
#include "tools/bootweb/api_twice.h"
#include "tools/bootweb/vendor.h"

#define MACHINE_SEGMENT 3 /* of /api/v1/machines/ID */

static void build(struct admin_json *json, struct store *store, const struct machine *m)
{
	char vendor[OUI_VENDOR];

	jsonout_open(&json->out, NULL, '{');
	object_machine(&json->out, m);
	jsonout_text(&json->out, "vendor", vendor_of(&m->mac, vendor));
	listing_macs(&json->out, store, m->id);
	jsonout_close(&json->out, '}');
}

static void build_list(struct admin_json *json, struct store *store, const char *name,
		       const int64_t *ids, size_t count, bool more)
{
	struct machine machine;

	jsonout_open(&json->out, NULL, '{');
	jsonout_open(&json->out, name, '[');
	for (size_t i = 0; i < count && admin_json_room(json); i++)
		if (store_machine_by_id(store, ids[i], &machine) == STORE_DONE)
			build(json, store, &machine);
	jsonout_close(&json->out, ']');
	api_next(&json->out, more, count ? ids[count - 1] : 0);
	jsonout_close(&json->out, '}');
}

static enum MHD_Result list(struct web_request *r, struct store_machine_page *page,
			    const char *name)
{
	struct admin_json json;
	struct admin_visit v;
	struct api_part part;
	int64_t ids[API_MOST + 1];
	enum MHD_Result result;
	size_t count;

	if (!admin_enter(r, &v))
		return v.result;
	if (api_part(r, &part, &result)) {
		page->before = part.after;
		count = store_machine_page(v.store, page, ids, part.most + 1);
		json = admin_json_begin();
		if (!json.failed)
			build_list(&json, v.store, name, ids,
				   count > part.most ? part.most : count,
				   count > part.most);
		result = api_give(r, MHD_HTTP_OK, &json, NULL);
	}
	admin_leave(&v);
	return result;
}

enum MHD_Result api_machines(struct web_request *r)
{
	const char *said = url_field(&r->form, "disposition");
	const char *text = url_field(&r->form, "text");
	struct store_machine_page page = { .text = text ? text : "" };

	page.by_disposition = said && machine_disposition_parse(said, &page.disposition);
	if (said && *said && !page.by_disposition)
		return admin_problem(r, MHD_HTTP_BAD_REQUEST,
				     "'%s' is no disposition of a machine", said);
	return list(r, &page, "machines");
}

enum MHD_Result api_devices(struct web_request *r)
{
	struct store_machine_page page = { .text = "",
					   .by_disposition = true,
					   .disposition = MACHINE_NEW };

	return list(r, &page, "devices");
}

bool api_machine_find(struct web_request *r, struct admin_visit *v,
		      struct machine *machine, enum MHD_Result *result)
{
	enum store_result found;
	int64_t id;

	if (!api_number(r, MACHINE_SEGMENT, &id, result))
		return false;
	found = store_machine_by_id(v->store, id, machine);
	if (found != STORE_DONE)
		*result = api_failed(r, v->store, found, MHD_HTTP_NOT_FOUND);
	return found == STORE_DONE;
}

static struct admin_json machine_json(struct store *store, const struct machine *m)
{
	struct admin_json json = admin_json_begin();

	if (!json.failed)
		build(&json, store, m);
	return json;
}

enum MHD_Result api_machine(struct web_request *r)
{
	struct machine machine;
	struct admin_json json;
	struct admin_visit v;
	enum MHD_Result result;

	if (!admin_enter(r, &v))
		return v.result;
	if (api_machine_find(r, &v, &machine, &result)) {
		json = machine_json(v.store, &machine);
		result = api_give(r, MHD_HTTP_OK, &json, NULL);
	}
	admin_leave(&v);
	return result;
}

/* ---- what it would boot now, as jobctl explain says it ---- */

static enum store_result decide(const struct admin_visit *v, const struct machine *m,
				struct plan *out)
{
	struct machine_key key = { .mac = m->mac, .has_mac = true };
	struct plan_facts facts = { 0 };
	enum store_result result = store_facts(v->store, &key, &facts, NULL);

	if (result != STORE_DONE)
		return result;
	conf_policy(v->site.conf, conf_network_named(v->site.conf, m->network), &facts);
	*out = plan_for(&facts, now_ms());
	return STORE_DONE;
}

static enum MHD_Result give_plan(struct web_request *r, const struct plan *plan)
{
	struct admin_json json = admin_json_begin();

	if (!json.failed) {
		jsonout_open(&json.out, NULL, '{');
		object_plan(&json.out, plan);
		jsonout_close(&json.out, '}');
	}
	return api_give(r, MHD_HTTP_OK, &json, NULL);
}

enum MHD_Result api_machine_plan(struct web_request *r)
{
	struct machine machine;
	enum store_result done;
	struct admin_visit v;
	enum MHD_Result result;
	struct plan plan;

	if (!admin_enter(r, &v))
		return v.result;
	if (api_machine_find(r, &v, &machine, &result)) {
		done = decide(&v, &machine, &plan);
		result = done == STORE_DONE
				 ? give_plan(r, &plan)
				 : api_failed(r, v.store, done, MHD_HTTP_CONFLICT);
	}
	admin_leave(&v);
	return result;
}

/* ---- what can be done with one ---- */

static enum MHD_Result do_move(struct web_request *r, struct admin_visit *v,
			       const struct order_move *move, struct machine *machine,
			       const struct api_twice *twice)
{
	enum store_result done = move->apply(v->store, machine->id, v->actor);
	struct admin_json json;

	if (done == STORE_DONE)
		done = store_machine_by_id(v->store, machine->id, machine);
	if (done != STORE_DONE)
		return api_failed(r, v->store, done, MHD_HTTP_CONFLICT);
	json = machine_json(v->store, machine);
	return api_give_kept(r, v, twice, &json);
}

enum MHD_Result api_machine_move(struct web_request *r)
{
	const struct order_move *move =
		order_move_of_machine(r->path.segment[MACHINE_SEGMENT + 1]);
	struct api_twice twice;
	struct machine machine;
	struct admin_visit v;
	enum MHD_Result result;

	if (!admin_enter_writer(r, &v))
		return v.result;
	if (api_is_new(r, &v, &twice, &result) &&
	    api_machine_find(r, &v, &machine, &result))
		result = do_move(r, &v, move, &machine, &twice);
	admin_leave(&v);
	return result;
}
