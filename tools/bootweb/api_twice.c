#include "config.h"

#include "tools/bootweb/api_twice.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_LONGEST 128

/* With its NUL, so that nothing runs together. */
static void add(crypto_generichash_state *state, const char *text)
{
	crypto_generichash_update(state, (const unsigned char *)text, strlen(text) + 1);
}

/* Of path, query and body: the same key for anything else is a mistake. */
static void digest(const struct web_request *r, char out[static CREDENTIAL_DIGEST])
{
	unsigned char hash[(CREDENTIAL_DIGEST - 1) / 2];
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, sizeof(hash));
	for (size_t i = 0; i < r->path.count; i++)
		add(&state, r->path.segment[i]);
	for (size_t i = 0; i < r->form.count; i++) {
		add(&state, r->form.field[i].name);
		add(&state, r->form.field[i].value);
	}
	if (r->body)
		crypto_generichash_update(&state, (const unsigned char *)r->body,
					  r->body_len);
	crypto_generichash_final(&state, hash, sizeof(hash));
	sodium_bin2hex(out, CREDENTIAL_DIGEST, hash, sizeof(hash));
}

static enum MHD_Result give_again(struct web_request *r, const struct store_answer *a)
{
	struct admin_json json = admin_json_begin();

	if (!admin_json_room_for(&json, strlen(a->body)))
		return MHD_NO;
	jsonout_raw(&json.out, NULL, a->body);
	return api_give(r, a->status, &json, *a->location ? a->location : NULL);
}

static enum MHD_Result answer_again(struct web_request *r, const struct api_twice *t,
				    const struct store_answer *a)
{
	if (strcmp(a->asked, t->asked) == 0)
		return give_again(r, a);
	return admin_problem(r, MHD_HTTP_CONFLICT,
			     "this Idempotency-Key was used for another request");
}

bool api_is_new(struct web_request *r, struct admin_visit *v, struct api_twice *t,
		enum MHD_Result *result)
{
	struct store_answer answer;
	enum store_result known;

	*t = (struct api_twice){ .key = web_header(r, "Idempotency-Key") };
	if (!t->key)
		return true;
	snprintf(t->who, sizeof(t->who), "%d:%s", v->by, v->user);
	if (!*t->key || strlen(t->key) > KEY_LONGEST) {
		*result = admin_problem(
			r, MHD_HTTP_BAD_REQUEST,
			"Idempotency-Key is longer than %d octets, or empty",
			KEY_LONGEST);
		return false;
	}
	digest(r, t->asked);
	known = store_answer(v->store, t->who, t->key, &answer);
	if (known == STORE_NO)
		return true;
	if (known != STORE_DONE) {
		*result = api_failed(r, v->store, known, MHD_HTTP_CONFLICT);
		return false;
	}
	*result = answer_again(r, t, &answer);
	free(answer.body);
	return false;
}

enum store_result api_keep_answer(struct admin_visit *v, const struct api_twice *t,
				  unsigned status, const struct admin_json *json,
				  const char *location)
{
	struct store_answer a = { .status = status };
	enum store_result kept;

	if (!t->key)
		return STORE_DONE;
	memcpy(a.asked, t->asked, sizeof(a.asked));
	snprintf(a.location, sizeof(a.location), "%s", location ? location : "");
	a.body = strndup(json->out.start, (size_t)(json->out.p - json->out.start));
	if (!a.body)
		return STORE_FAILED;
	kept = store_answer_keep(v->store, t->who, t->key, &a);
	free(a.body);
	return kept;
}

enum MHD_Result api_give_kept(struct web_request *r, struct admin_visit *v,
			      const struct api_twice *twice, struct admin_json *json)
{
	enum store_result kept;

	if (json->failed)
		return MHD_NO;
	kept = api_keep_answer(v, twice, MHD_HTTP_OK, json, NULL);
	if (kept == STORE_DONE)
		kept = admin_keep(v);
	if (kept == STORE_DONE)
		return api_give(r, MHD_HTTP_OK, json, NULL);
	admin_json_drop(json);
	return api_failed(r, v->store, kept, MHD_HTTP_CONFLICT);
}
