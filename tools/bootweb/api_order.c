/* A new job, out of an object whose names are those of jobctl add. */
#include "config.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/order/order.h"
#include "lib/store/accounts.h"
#include "tools/bootweb/api.h"

#define KEY_LONGEST 128

/* A request that may come twice: the key its client gave it, and what it asked. */
struct twice {
	char who[ADMIN_ACTOR + 4];
	const char *key; /* NULL: it may not */
	char asked[CREDENTIAL_DIGEST];
};

static enum MHD_Result give_kept(struct web_request *r, const struct store_answer *a)
{
	struct admin_json json = admin_json_begin();

	if (json.failed)
		return MHD_NO;
	jsonout_raw(&json.out, NULL, a->body);
	return api_give(r, a->status, &json, a->location);
}

/* True: it is a new request. */
static bool is_new(struct web_request *r, struct admin_visit *v, struct twice *t,
		   enum MHD_Result *result)
{
	struct store_answer answer;

	t->key = web_header(r, "Idempotency-Key");
	if (!t->key)
		return true;
	snprintf(t->who, sizeof(t->who), "%d:%s", v->by, v->user);
	if (!*t->key || strlen(t->key) > KEY_LONGEST ||
	    !credential_digest(r->body ? r->body : "", t->asked)) {
		*result = admin_problem(
			r, MHD_HTTP_BAD_REQUEST,
			"Idempotency-Key is longer than %d octets, or empty",
			KEY_LONGEST);
		return false;
	}
	if (store_answer(v->store, t->who, t->key, &answer) != STORE_DONE)
		return true;
	if (strcmp(answer.asked, t->asked) == 0)
		*result = give_kept(r, &answer);
	else
		*result = admin_problem(
			r, MHD_HTTP_CONFLICT,
			"this Idempotency-Key was used for another request");
	return false;
}

static enum store_result keep_answer(struct admin_visit *v, const struct twice *t,
				     const struct admin_json *json, const char *location)
{
	struct store_answer a = { .status = MHD_HTTP_CREATED };
	size_t len = (size_t)(json->out.p - json->out.start);

	if (!t->key || len >= sizeof(a.body))
		return STORE_DONE;
	memcpy(a.asked, t->asked, sizeof(a.asked));
	snprintf(a.location, sizeof(a.location), "%s", location);
	memcpy(a.body, json->out.start, len);
	a.body[len] = '\0';
	return store_answer_keep(v->store, t->who, t->key, &a);
}

/* ---- what it says ---- */

static void say_value(struct order *order, const char *name, const json_t *value)
{
	char number[24];

	if (json_is_string(value)) {
		order_say(order, name, json_string_value(value));
	} else if (json_is_boolean(value)) {
		order_say(order, name, json_is_true(value) ? "yes" : "no");
	} else if (json_is_integer(value)) {
		snprintf(number, sizeof(number), "%lld",
			 (long long)json_integer_value(value));
		order_say(order, name, number);
	}
}

static bool is_value(const json_t *value)
{
	return json_is_string(value) || json_is_boolean(value) || json_is_integer(value);
}

static bool is_value_or_list(const json_t *value)
{
	if (!json_is_array(value))
		return is_value(value);
	for (size_t i = 0; i < json_array_size(value); i++)
		if (!is_value(json_array_get(value, i)))
			return false;
	return true;
}

static bool is_name(const char *name)
{
	return order_field_find(name) || setting_find(name);
}

/* NULL is answered already. */
static json_t *read_object(struct web_request *r, enum MHD_Result *result)
{
	struct admin_complaint complaint = { 0 };
	json_error_t error;
	json_t *object = json_loadb(r->body ? r->body : "", r->body_len,
				    JSON_REJECT_DUPLICATES, &error);
	const char *name;
	json_t *value;

	if (!json_is_object(object)) {
		*result = admin_problem(r, MHD_HTTP_BAD_REQUEST,
					"the body is no JSON object: %s",
					object ? "it is something else" : error.text);
		json_decref(object);
		return NULL;
	}
	json_object_foreach(object, name, value)
	{
		if (is_name(name) && is_value_or_list(value))
			continue;
		snprintf(complaint.field, sizeof(complaint.field), "%s", name);
		snprintf(complaint.why, sizeof(complaint.why), "%s",
			 is_name(name) ? "is not a text, a number, true, false or a list"
				       : "is no option of a job");
		*result =
			admin_complain(r, MHD_HTTP_UNPROCESSABLE_CONTENT, &complaint, 1);
		json_decref(object);
		return NULL;
	}
	return object;
}

static void say_all(struct order *order, json_t *object)
{
	const char *name;
	json_t *value;

	json_object_foreach(object, name, value)
	{
		if (!json_is_array(value))
			say_value(order, name, value);
		for (size_t i = 0; i < json_array_size(value); i++)
			say_value(order, name, json_array_get(value, i));
	}
}

/* ---- what it comes to ---- */

static enum MHD_Result complain(struct web_request *r, const struct order *order,
				unsigned status)
{
	struct admin_complaint complaint[64] = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < order->notes && count < 64; i++) {
		const struct order_note *note = &order->note[i];

		if (note->warning)
			continue;
		snprintf(complaint[count].field, sizeof(complaint[count].field), "%s",
			 note->field);
		snprintf(complaint[count++].why, sizeof(complaint[0].why), "%.255s",
			 note->sentence + note->why);
	}
	return admin_complain(r, status, complaint, count);
}

static void build_extras(struct admin_json *json, const struct order *order)
{
	struct jsonout *j = &json->out;

	j->p--; /* the brace that closed the job */
	if (*order->made)
		jsonout_text(j, "made_password", order->made);
	jsonout_open(j, "warnings", '[');
	for (size_t i = 0; i < order->notes && admin_json_room(json); i++)
		jsonout_text(j, NULL, order->note[i].sentence);
	jsonout_close(j, ']');
	jsonout_close(j, '}');
}

/* The password that was made is shown once: an answer that is kept has none. */
static enum MHD_Result queued(struct web_request *r, struct admin_visit *v,
			      const struct order *order, const struct twice *twice)
{
	struct admin_json json = api_job_json(v->store, &order->job);
	enum store_result kept;
	char location[64];

	if (json.failed)
		return MHD_NO;
	snprintf(location, sizeof(location), "/api/v1/jobs/%" PRId64, order->job.id);
	kept = keep_answer(v, twice, &json, location);
	if (kept == STORE_DONE)
		kept = admin_keep(v);
	if (kept == STORE_DONE) {
		build_extras(&json, order);
		return api_give(r, MHD_HTTP_CREATED, &json, location);
	}
	admin_json_drop(&json);
	return api_failed(r, v->store, kept, MHD_HTTP_CONFLICT);
}

static enum MHD_Result settle(struct web_request *r, struct admin_visit *v,
			      json_t *object, struct order_site *site,
			      const struct twice *twice)
{
	struct order order = { 0 };
	enum store_result result;
	enum MHD_Result answer;

	say_all(&order, object);
	if (order.refused || !order_settle(&order, site)) {
		answer = complain(r, &order, MHD_HTTP_UNPROCESSABLE_CONTENT);
	} else {
		result = order_queue(&order, site, v->actor);
		if (result == STORE_DONE)
			answer = queued(r, v, &order, twice);
		else if (order.refused)
			answer = complain(r, &order, MHD_HTTP_CONFLICT);
		else
			answer = api_failed(r, v->store, result, MHD_HTTP_CONFLICT);
	}
	order_free(&order);
	return answer;
}

enum MHD_Result api_job_add(struct web_request *r)
{
	struct twice twice = { 0 };
	struct admin_visit v;
	enum MHD_Result result;
	json_t *object;

	if (!admin_enter_writer(r, &v))
		return v.result;
	if (is_new(r, &v, &twice, &result) && (object = read_object(r, &result))) {
		struct order_site site = { .conf = v.site.conf,
					   .store = v.store,
					   .key = v.site.serve.key,
					   .has_key = v.site.has_key };

		result = settle(r, &v, object, &site, &twice);
		order_site_end(&site);
		json_decref(object);
	}
	admin_leave(&v);
	return result;
}
