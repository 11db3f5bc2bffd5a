#include "config.h"

#include <err.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/sys/now.h"
#include "lib/sys/when.h"
#include "lib/wire/range.h"
#include "tools/bootweb/api.h"

static bool read_number(const char *text, int64_t most, int64_t *out)
{
	char *end;

	if (*text < '0' || *text > '9' || strlen(text) > 18)
		return false;
	*out = strtoll(text, &end, 10);
	return *end == '\0' && *out <= most;
}

bool api_part(struct web_request *r, struct api_part *out, enum MHD_Result *result)
{
	const char *limit = url_field(&r->form, "limit");
	const char *cursor = url_field(&r->form, "cursor");
	int64_t most = API_USUAL;

	*out = (struct api_part){ 0 };
	if (limit && (!read_number(limit, API_MOST, &most) || most == 0)) {
		*result = admin_problem(r, MHD_HTTP_BAD_REQUEST,
					"limit is not a number from 1 to %d", API_MOST);
		return false;
	}
	out->most = (size_t)most;
	if (cursor && *cursor && !read_number(cursor, INT64_MAX, &out->after)) {
		*result = admin_problem(r, MHD_HTTP_BAD_REQUEST,
					"cursor is none that an answer had as next");
		return false;
	}
	return true;
}

bool api_since(struct web_request *r, int64_t *out, enum MHD_Result *result)
{
	const char *said = url_field(&r->form, "since");

	*out = 0;
	if (!said || !*said || when_parse(said, WHEN_PAST, now_ms(), out))
		return true;
	*result = admin_problem(r, MHD_HTTP_BAD_REQUEST,
				"since is neither a time nor like 90s, 15m, 2h, 7d");
	return false;
}

bool api_dry_run(struct web_request *r, bool *out, enum MHD_Result *result)
{
	const char *value = url_field(&r->form, "dry_run");

	*out = value && strcmp(value, "yes") == 0;
	if (!value || *out || strcmp(value, "no") == 0)
		return true;
	*result = admin_problem(r, MHD_HTTP_BAD_REQUEST, "dry_run is none of yes, no");
	return false;
}

void api_next(struct jsonout *j, bool more, int64_t last)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)last);
	if (more)
		jsonout_text(j, "next", text);
	else
		jsonout_null(j, "next");
}

struct api_list api_list_begin(const char *name, size_t most)
{
	struct api_list list = { .json = admin_json_begin(), .most = most };

	if (!list.json.failed) {
		jsonout_open(&list.json.out, NULL, '{');
		jsonout_open(&list.json.out, name, '[');
	}
	return list;
}

bool api_list_row(struct api_list *list, int64_t id, size_t octets)
{
	if (!admin_json_room_for(&list->json, octets))
		return false;
	list->more = list->count == list->most;
	if (list->more)
		return false;
	list->count++;
	list->last = id;
	jsonout_open(&list->json.out, NULL, '{');
	return true;
}

void api_list_close(struct api_list *list)
{
	jsonout_close(&list->json.out, '}');
}

struct admin_json *api_list_end(struct api_list *list)
{
	if (!list->json.failed) {
		jsonout_close(&list->json.out, ']');
		api_next(&list->json.out, list->more, list->last);
		jsonout_close(&list->json.out, '}');
	}
	return &list->json;
}

bool api_number(struct web_request *r, size_t segment, int64_t *out,
		enum MHD_Result *result)
{
	if (read_number(r->path.segment[segment], INT64_MAX, out))
		return true;
	*result = admin_problem(r, MHD_HTTP_NOT_FOUND, "'%s' is no number",
				r->path.segment[segment]);
	return false;
}

enum MHD_Result api_failed(struct web_request *r, struct store *store,
			   enum store_result result, unsigned no)
{
	unsigned status = result == STORE_NO     ? no
			  : result == STORE_BUSY ? MHD_HTTP_SERVICE_UNAVAILABLE
						 : MHD_HTTP_INTERNAL_SERVER_ERROR;

	if (result == STORE_NO)
		return admin_problem(r, status, "%s", store_why(store));
	warnx("%s", store_why(store));
	if (result == STORE_FAILED && store_is_full(store))
		return admin_problem(r, MHD_HTTP_INSUFFICIENT_STORAGE,
				     "the database's disk is full: nothing was changed");
	return admin_problem(r, status, "%s",
			     result == STORE_BUSY ? "another writes just now: ask again"
						  : "the database failed; the server's "
						    "log says why");
}

/* Without the time that is left, which changes by itself: nobody has changed the job. */
void api_etag(const struct admin_json *json, char out[static API_ETAG])
{
	static const char left[] =
		"\"left_ms\":"; /* no string has its quotes like this */
	const char *p = json->out.start, *end = json->out.p, *next;
	crypto_generichash_state state;
	unsigned char hash[16];
	char hex[2 * sizeof(hash) + 1];

	crypto_generichash_init(&state, NULL, 0, sizeof(hash));
	for (; p < end; p = next + strspn(next, "0123456789null")) {
		next = memmem(p, (size_t)(end - p), left, strlen(left));
		next = next ? next + strlen(left) : end;
		crypto_generichash_update(&state, (const unsigned char *)p,
					  (unsigned long long)(next - p));
		if (next == end)
			break;
	}
	crypto_generichash_final(&state, hash, sizeof(hash));
	sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	snprintf(out, API_ETAG, "\"%s\"", hex);
}

enum MHD_Result api_nothing(struct web_request *r)
{
	return web_queue(
		r, MHD_HTTP_NO_CONTENT,
		MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT));
}

enum MHD_Result api_give(struct web_request *r, unsigned status, struct admin_json *json,
			 const char *location)
{
	char etag[API_ETAG];

	if (json->failed)
		return MHD_NO;
	api_etag(json, etag);
	if (web_has(r, etag)) {
		admin_json_drop(json);
		return web_not_modified(r, etag);
	}
	json->location = location;
	return admin_json_give(r, status, json, etag);
}

bool api_matches(struct web_request *r, struct admin_json *json, enum MHD_Result *result)
{
	const char *wanted = web_header(r, MHD_HTTP_HEADER_IF_MATCH);
	char etag[API_ETAG];

	if (json->failed) {
		*result = MHD_NO;
		return false;
	}
	api_etag(json, etag);
	admin_json_drop(json);
	if (!wanted) {
		*result = admin_problem(r, MHD_HTTP_PRECONDITION_REQUIRED,
					"send If-Match with the ETag of what you saw");
		return false;
	}
	if (range_etag_listed(wanted, etag))
		return true;
	*result = admin_problem(r, MHD_HTTP_PRECONDITION_FAILED,
				"it has changed meanwhile: read it again");
	return false;
}
