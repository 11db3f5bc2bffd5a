#include "config.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/wire/range.h"
#include "tools/bootweb/aside.h"
#include "tools/bootweb/peer.h"
#include "tools/bootweb/web.h"

const char *web_header(const struct web_request *r, const char *name)
{
	return MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, name);
}

struct count {
	const char *name;
	unsigned found;
};

static enum MHD_Result count_one(void *cls, enum MHD_ValueKind kind, const char *name,
				 const char *value)
{
	struct count *count = cls;

	(void)kind;
	(void)value;
	count->found += strcasecmp(name, count->name) == 0;
	return MHD_YES;
}

bool web_header_twice(const struct web_request *r, const char *name)
{
	struct count count = { .name = name };

	MHD_get_connection_values(r->connection, MHD_HEADER_KIND, count_one, &count);
	return count.found > 1;
}

void web_methods(unsigned methods, char out[static WEB_METHODS])
{
	static const struct {
		unsigned method;
		const char *name;
	} names[] = {
		{ WEB_GET | WEB_ONLY_GET, "GET" },
		{ WEB_GET, "HEAD" },
		{ WEB_POST, "POST" },
		{ WEB_PATCH, "PATCH" },
		{ WEB_DELETE, "DELETE" },
	};
	size_t len = 0;

	*out = '\0';
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && len < WEB_METHODS; i++)
		if (methods & names[i].method)
			len += (size_t)snprintf(out + len, WEB_METHODS - len, "%s%s",
						len ? ", " : "", names[i].name);
}

static void add_what_statuses_want(const struct web_request *r, unsigned status,
				   struct MHD_Response *response)
{
	char methods[WEB_METHODS];

	web_methods(r->allow, methods);
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, methods);
	if (status == MHD_HTTP_SERVICE_UNAVAILABLE)
		MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, "2");
}

enum MHD_Result web_queue(struct web_request *r, unsigned status,
			  struct MHD_Response *response)
{
	enum MHD_Result result;

	if (!response)
		return MHD_NO;
	if (r->aside == WEB_ASIDE_WORKS)
		return aside_keep(r, status, response);
	add_what_statuses_want(r, status, response);
	if (r->face->dress)
		r->face->dress(r, response);
	r->transfer.status = status;
	if (*r->transfer.file)
		r->transfer.acked = peer_acked(r);
	result = MHD_queue_response(r->connection, status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result queue_text(struct web_request *r, unsigned status,
				  const char *type, struct MHD_Response *response)
{
	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	return web_queue(r, status, response);
}

enum MHD_Result web_give(struct web_request *r, unsigned status, const char *type,
			 char *octets, size_t len)
{
	struct MHD_Response *response =
		MHD_create_response_from_buffer(len, octets, MHD_RESPMEM_MUST_FREE);

	if (!response)
		free(octets);
	return queue_text(r, status, type, response);
}

void web_etag(const char *octets, size_t len, char out[static WEB_ETAG])
{
	unsigned char hash[16];
	char hex[2 * sizeof(hash) + 1];

	crypto_generichash(hash, sizeof(hash), (const unsigned char *)octets, len, NULL,
			   0);
	sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	snprintf(out, WEB_ETAG, "\"%s\"", hex);
}

bool web_has(const struct web_request *r, const char *etag)
{
	const char *known = web_header(r, MHD_HTTP_HEADER_IF_NONE_MATCH);

	return r->method == WEB_GET && known && range_etag_listed(known, etag);
}

static enum MHD_Result queue_known(struct web_request *r, unsigned status,
				   const char *etag, struct MHD_Response *response)
{
	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL,
				"private, no-cache");
	MHD_add_response_header(response, MHD_HTTP_HEADER_ETAG, etag);
	return web_queue(r, status, response);
}

enum MHD_Result web_not_modified(struct web_request *r, const char *etag)
{
	return queue_known(
		r, MHD_HTTP_NOT_MODIFIED, etag,
		MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT));
}

enum MHD_Result web_give_again(struct web_request *r, const char *type, char *octets,
			       size_t len)
{
	struct MHD_Response *response;
	char etag[WEB_ETAG];

	web_etag(octets, len, etag);
	if (web_has(r, etag)) {
		free(octets);
		return web_not_modified(r, etag);
	}
	response = MHD_create_response_from_buffer(len, octets, MHD_RESPMEM_MUST_FREE);
	if (!response) {
		free(octets);
		return MHD_NO;
	}
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	return queue_known(r, MHD_HTTP_OK, etag, response);
}

enum MHD_Result web_say(struct web_request *r, unsigned status, const char *format, ...)
{
	char text[1024];
	size_t len;
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text) - 1, format, ap);
	va_end(ap);
	len = strlen(text);
	text[len++] = '\n';
	return queue_text(
		r, status, "text/plain; charset=utf-8",
		MHD_create_response_from_buffer(len, text, MHD_RESPMEM_MUST_COPY));
}

int64_t web_delivered(const struct web_request *r)
{
	uint64_t acked = peer_acked(r), before = r->transfer.acked;
	uint64_t whole = (uint64_t)r->transfer.octets;

	if (acked < before)
		return 0;
	return acked - before < whole ? (int64_t)(acked - before) : r->transfer.octets;
}
