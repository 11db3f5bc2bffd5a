/* Wake-on-LAN, as jobctl wake does it. */
#include "config.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/order/order_wake.h"
#include "tools/bootweb/api.h"
#include "tools/bootweb/api_twice.h"

struct waking {
	struct web_request *r;
	struct admin_visit v;
	struct api_twice twice;
	struct machine machine;
	struct order_wake wake;
	struct order_way way;
	json_t *said;
	bool dry_run;
	size_t sent;
	enum MHD_Result result;
};

/* ---- what is said ---- */

static bool complain(struct waking *w, const char *field, const char *why)
{
	struct admin_complaint complaint = { 0 };

	snprintf(complaint.field, sizeof(complaint.field), "%s", field);
	snprintf(complaint.why, sizeof(complaint.why), "%s", why);
	w->result = admin_complain(w->r, MHD_HTTP_UNPROCESSABLE_CONTENT, &complaint, 1);
	return false;
}

static bool take_network(struct waking *w, const char *value)
{
	w->wake.network = conf_network_named(w->v.site.conf, value);
	return w->wake.network ||
	       complain(w, "network", "pxekit.conf has no such network");
}

static bool take_interface(struct waking *w, const char *value)
{
	w->wake.interface = value;
	return if_nametoindex(value) != 0 ||
	       complain(w, "interface", "there is no such interface");
}

static bool take_secureon(struct waking *w, const char *value)
{
	return wake_password(value, &w->wake.password) ||
	       complain(w, "secureon",
			"has neither six pairs of hex digits nor four numbers with dots");
}

static const struct {
	const char *name;
	bool (*take)(struct waking *w, const char *value);
} members[] = {
	{ "network", take_network },
	{ "interface", take_interface },
	{ "secureon", take_secureon },
};

static bool take_member(struct waking *w, const char *name, const json_t *value)
{
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (strcmp(members[i].name, name) == 0 && json_is_string(value))
			return members[i].take(w, json_string_value(value));
	return complain(w, name, "is none of network, interface, secureon with a text");
}

/* Without a body all is as pxekit.conf says. */
static bool take_body(struct waking *w)
{
	json_error_t error;

	if (w->r->body_len == 0)
		return true;
	w->said = json_loadb(w->r->body, w->r->body_len, JSON_REJECT_DUPLICATES, &error);
	if (!json_is_object(w->said)) {
		w->result = admin_problem(w->r, MHD_HTTP_BAD_REQUEST,
					  "the body is no JSON object");
		return false;
	}
	for (void *m = json_object_iter(w->said); m;
	     m = json_object_iter_next(w->said, m))
		if (!take_member(w, json_object_iter_key(m), json_object_iter_value(m)))
			return false;
	return true;
}

/* ---- what is done ---- */

static void give(struct waking *w)
{
	struct admin_json json = admin_json_begin();
	char mac[MAC_TEXT];

	if (!json.failed) {
		mac_format(&w->machine.mac, ':', mac);
		jsonout_open(&json.out, NULL, '{');
		jsonout_int(&json.out, "machine", w->machine.id);
		jsonout_text(&json.out, "mac", mac);
		jsonout_text(&json.out, "way", w->way.text);
		jsonout_int(&json.out, "packets", (int64_t)w->sent);
		jsonout_bool(&json.out, "dry_run", w->dry_run);
		jsonout_close(&json.out, '}');
	}
	w->result = w->dry_run ? api_give(w->r, MHD_HTTP_OK, &json, NULL)
			       : api_give_kept(w->r, &w->v, &w->twice, &json);
}

/* What was not sent does not stay on record. */
static void wake(struct waking *w)
{
	char why[ORDER_WAKE_WHY];
	enum store_result done;

	if (!order_wake_way(w->v.site.conf, w->v.store, &w->wake, &w->machine, &w->way,
			    why)) {
		w->result = admin_problem(w->r, MHD_HTTP_CONFLICT, "%s", why);
		return;
	}
	if (!w->dry_run) {
		done = order_wake_note(w->v.store, &w->machine, &w->way, w->v.actor);
		if (done != STORE_DONE) {
			w->result = api_failed(w->r, w->v.store, done, MHD_HTTP_CONFLICT);
			return;
		}
		if (!order_wake_send(w->v.store, &w->wake, &w->machine, &w->way, &w->sent,
				     why)) {
			w->result = admin_problem(
				w->r, MHD_HTTP_SERVICE_UNAVAILABLE,
				"%s; if bootweb may not send there, jobctl wake may",
				why);
			return;
		}
	}
	give(w);
}

enum MHD_Result api_machine_wake(struct web_request *r)
{
	struct waking w = { .r = r };

	if (!admin_enter_writer(r, &w.v))
		return w.v.result;
	if (api_dry_run(r, &w.dry_run, &w.result) &&
	    api_is_new(r, &w.v, &w.twice, &w.result) &&
	    api_machine_find(r, &w.v, &w.machine, &w.result) && take_body(&w))
		wake(&w);
	json_decref(w.said);
	admin_leave(&w.v);
	return w.result;
}
