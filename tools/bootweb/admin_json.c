#include "config.h"

#include "tools/bootweb/admin_json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define JSON "application/json"
#define PROBLEM "application/problem+json"

struct admin_json admin_json_begin(void)
{
	struct admin_json json = { .size = ADMIN_JSON_ITEM };
	char *text = malloc(json.size);

	json.failed = !text;
	if (text)
		json.out = jsonout_begin(text, json.size);
	return json;
}

bool admin_json_room_for(struct admin_json *json, size_t octets)
{
	size_t used, size = json->size;
	char *grown;

	if (json->failed)
		return false;
	used = (size_t)(json->out.p - json->out.start);
	while (size - used < ADMIN_JSON_ITEM + octets)
		size *= 2;
	if (size == json->size)
		return true;
	grown = realloc(json->out.start, size);
	json->failed = !grown;
	if (!grown)
		return false;
	json->out.end = grown + size;
	json->out.start = grown;
	json->out.p = grown + used;
	json->size = size;
	return true;
}

bool admin_json_room(struct admin_json *json)
{
	return admin_json_room_for(json, 0);
}

void admin_json_drop(struct admin_json *json)
{
	free(json->out.start);
	*json = (struct admin_json){ .failed = true };
}

static enum MHD_Result give(struct web_request *r, unsigned status, const char *type,
			    struct admin_json *json, const char *etag)
{
	struct MHD_Response *response;
	size_t len;

	if (json->failed || !jsonout_end(&json->out, &len)) {
		free(json->out.start);
		return MHD_NO;
	}
	response = MHD_create_response_from_buffer(len, json->out.start,
						   MHD_RESPMEM_MUST_FREE);
	if (!response) {
		free(json->out.start);
		return MHD_NO;
	}
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL,
				*etag ? "private, no-cache" : "no-store");
	if (*etag)
		MHD_add_response_header(response, MHD_HTTP_HEADER_ETAG, etag);
	if (json->location)
		MHD_add_response_header(response, MHD_HTTP_HEADER_LOCATION,
					json->location);
	return web_queue(r, status, response);
}

enum MHD_Result admin_json_give(struct web_request *r, unsigned status,
				struct admin_json *json, const char *etag)
{
	return give(r, status, JSON, json, etag);
}

static void begin_problem(struct jsonout *j, unsigned status, const char *detail)
{
	jsonout_open(j, NULL, '{');
	jsonout_text(j, "type", "about:blank");
	jsonout_text(j, "title", MHD_get_reason_phrase_for(status));
	jsonout_int(j, "status", status);
	jsonout_text(j, "detail", detail);
}

enum MHD_Result admin_problem(struct web_request *r, unsigned status, const char *format,
			      ...)
{
	struct admin_json json = admin_json_begin();
	char detail[1024];
	va_list ap;

	va_start(ap, format);
	vsnprintf(detail, sizeof(detail), format, ap);
	va_end(ap);
	if (!json.failed) {
		begin_problem(&json.out, status, detail);
		jsonout_close(&json.out, '}');
	}
	return give(r, status, PROBLEM, &json, "");
}

void admin_complaint_json(struct jsonout *j, const struct admin_complaint *c)
{
	jsonout_open(j, NULL, '{');
	if (c->line)
		jsonout_int(j, "line", (int64_t)c->line);
	jsonout_text(j, "field", c->field);
	jsonout_text(j, "why", c->why);
	jsonout_close(j, '}');
}

enum MHD_Result admin_complain(struct web_request *r, unsigned status,
			       const struct admin_complaint *complaints, size_t count)
{
	struct admin_json json = admin_json_begin();
	struct jsonout *j = &json.out;

	if (json.failed)
		return MHD_NO;
	begin_problem(j, status, "what is asked for cannot be done");
	jsonout_open(j, "errors", '[');
	for (size_t i = 0; i < count && admin_json_room(&json); i++)
		admin_complaint_json(j, &complaints[i]);
	jsonout_close(j, ']');
	jsonout_close(j, '}');
	return give(r, status, PROBLEM, &json, "");
}
