/*
 * api_twice - requests that may come twice: each POST with an Idempotency-Key is done
 * once, and asked again within a day is answered as it was.
 *
 * Source  the IETF draft httpapi-idempotency-key-header.
 */
#pragma once

#include "lib/store/accounts.h"
#include "tools/bootweb/api.h"

struct api_twice {
	char who[ADMIN_ACTOR + 4];
	const char *key; /* NULL: the client gave none */
	char asked[CREDENTIAL_DIGEST];
};

/* True: it is new, and to be done; false: *result is the answer. */
bool api_is_new(struct web_request *request, struct admin_visit *visit,
		struct api_twice *out, enum MHD_Result *result);

/* Within the transaction of what was done; location may be NULL. */
enum store_result api_keep_answer(struct admin_visit *visit,
				  const struct api_twice *twice, unsigned status,
				  const struct admin_json *json, const char *location);

/* 200 with json, after all was kept; json is taken back in any case. */
enum MHD_Result api_give_kept(struct web_request *request, struct admin_visit *visit,
			      const struct api_twice *twice, struct admin_json *json);
