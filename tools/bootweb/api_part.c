#include "config.h"

#include <err.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

void api_next(struct jsonout *j, bool more, int64_t last)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)last);
	if (more)
		jsonout_text(j, "next", text);
	else
		jsonout_null(j, "next");
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
	return admin_problem(r, status, "%s",
			     result == STORE_BUSY ? "another writes just now: ask again"
						  : "the database failed; the server's "
						    "log says why");
}

void api_etag(const struct admin_json *json, char out[static API_ETAG])
{
	unsigned char hash[16];
	char hex[2 * sizeof(hash) + 1];

	crypto_generichash(hash, sizeof(hash), (const unsigned char *)json->out.start,
			   (unsigned long long)(json->out.p - json->out.start), NULL, 0);
	sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	snprintf(out, API_ETAG, "\"%s\"", hex);
}

enum MHD_Result api_nothing(struct web_request *r)
{
	return web_queue(
		r, MHD_HTTP_NO_CONTENT,
		MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT));
}

static enum MHD_Result not_modified(struct web_request *r, const char *etag)
{
	struct MHD_Response *response =
		MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);

	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, MHD_HTTP_HEADER_ETAG, etag);
	return web_queue(r, MHD_HTTP_NOT_MODIFIED, response);
}

enum MHD_Result api_give(struct web_request *r, unsigned status, struct admin_json *json,
			 const char *location)
{
	const char *known = web_header(r, MHD_HTTP_HEADER_IF_NONE_MATCH);
	char etag[API_ETAG];

	if (json->failed)
		return MHD_NO;
	api_etag(json, etag);
	if (r->method == WEB_GET && known && range_etag_listed(known, etag)) {
		admin_json_drop(json);
		return not_modified(r, etag);
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
