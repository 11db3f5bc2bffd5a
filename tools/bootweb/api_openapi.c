/* The document of the API, made of the table that answers. */
#include "config.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/sys/file.h"
#include "tools/bootweb/api.h"

#define SCHEMAS_LARGEST (ADMIN_JSON_ITEM / 2)

static void reference(struct jsonout *j, const char *key, const char *kind,
		      const char *name)
{
	char text[128];

	snprintf(text, sizeof(text), "#/components/%s/%.*s", kind,
		 (int)strcspn(name, " ?"), name);
	jsonout_open(j, key, '{');
	jsonout_text(j, "$ref", text);
	jsonout_close(j, '}');
}

/* A schema is of JSON; what is a type of its own is a text. */
static void media(struct jsonout *j, const char *word)
{
	int len = (int)strcspn(word, " ");
	char type[64];

	snprintf(type, sizeof(type), "%.*s", len, word);
	if (!strchr(type, '/')) {
		jsonout_open(j, "application/json", '{');
		reference(j, "schema", "schemas", word);
	} else {
		jsonout_open(j, type, '{');
		jsonout_open(j, "schema", '{');
		jsonout_text(j, "type", "string");
		jsonout_close(j, '}');
	}
	jsonout_close(j, '}');
}

static void content(struct jsonout *j, const char *words)
{
	jsonout_open(j, "content", '{');
	for (const char *p = words; *p; p += strcspn(p, " ")) {
		p += *p == ' ';
		media(j, p);
	}
	jsonout_close(j, '}');
}

/* ---- parameters ---- */

static void parameter(struct jsonout *j, const char *in, const char *name, int len,
		      const char *type)
{
	char text[64];

	snprintf(text, sizeof(text), "%.*s", len, name);
	jsonout_open(j, NULL, '{');
	jsonout_text(j, "name", text);
	jsonout_text(j, "in", in);
	jsonout_bool(j, "required", strcmp(in, "path") == 0);
	jsonout_open(j, "schema", '{');
	jsonout_text(j, "type", type);
	jsonout_close(j, '}');
	jsonout_close(j, '}');
}

static void parameters(struct jsonout *j, const struct api_route *a)
{
	const char *brace = strchr(a->route.pattern, '{');

	jsonout_open(j, "parameters", '[');
	if (brace)
		parameter(j, "path", brace + 1, (int)strcspn(brace + 1, "}"),
			  strncmp(brace, "{id}", 4) == 0 ? "integer" : "string");
	for (const char *p = a->query; *p; p += strcspn(p, " ")) {
		p += *p == ' ';
		parameter(j, "query", p, (int)strcspn(p, " "), "string");
	}
	if (strstr(a->statuses, "428"))
		parameter(j, "header", "If-Match", 8, "string");
	if (a->route.methods & WEB_POST)
		parameter(j, "header", "Idempotency-Key", 15, "string");
	jsonout_close(j, ']');
}

/* ---- answers ---- */

static void response(struct jsonout *j, const char *status, const char *gives)
{
	unsigned number = (unsigned)strtoul(status, NULL, 10);

	if (number >= 400 && strcmp(gives, "text/plain") != 0) {
		reference(j, status, "responses", "Problem");
		return;
	}
	jsonout_open(j, status, '{');
	jsonout_text(j, "description", MHD_get_reason_phrase_for(number));
	if (*gives && number != MHD_HTTP_NOT_MODIFIED)
		content(j, gives);
	jsonout_close(j, '}');
}

static void responses(struct jsonout *j, const struct api_route *a, bool is_open)
{
	char status[4];

	jsonout_open(j, "responses", '{');
	for (const char *p = a->statuses; *p; p += strcspn(p, " ")) {
		p += *p == ' ';
		snprintf(status, sizeof(status), "%.3s", p);
		response(j, status, a->gives);
	}
	if (!is_open)
		response(j, "401", "");
	if (a->route.need)
		response(j, "403", "");
	reference(j, "default", "responses", "Problem");
	jsonout_close(j, '}');
}

/* ---- operations ---- */

static const char *method_name(unsigned method)
{
	return method & WEB_GET      ? "get"
	       : method & WEB_POST   ? "post"
	       : method & WEB_PATCH  ? "patch"
	       : method & WEB_DELETE ? "delete"
				     : "get";
}

static void operation(struct jsonout *j, const struct api_route *a)
{
	bool is_open = a->route.answer == admin_health || a->route.answer == admin_ready;

	jsonout_open(j, method_name(a->route.methods), '{');
	jsonout_text(j, "operationId", a->id);
	jsonout_text(j, "summary", a->summary);
	if (a->route.need)
		jsonout_text(j, "x-right",
			     role_right_name((enum role_right)a->route.need));
	if (is_open) {
		jsonout_open(j, "security", '[');
		jsonout_close(j, ']');
	}
	parameters(j, a);
	if (*a->body) {
		jsonout_open(j, "requestBody", '{');
		jsonout_bool(j, "required", !strchr(a->body, '?'));
		content(j, a->body);
		jsonout_close(j, '}');
	}
	responses(j, a, is_open);
	jsonout_close(j, '}');
}

/* The routes of one path stand beside each other in the table. */
static bool paths(struct admin_json *json)
{
	const char *path = "";

	jsonout_open(&json->out, "paths", '{');
	for (size_t i = 0; i < api_route_count && admin_json_room(json); i++) {
		const struct api_route *a = &api_routes[i];

		if (strcmp(path, a->route.pattern) != 0) {
			if (*path)
				jsonout_close(&json->out, '}');
			path = a->route.pattern;
			jsonout_open(&json->out, path, '{');
		}
		operation(&json->out, a);
	}
	jsonout_close(&json->out, '}');
	jsonout_close(&json->out, '}');
	return admin_json_room(json);
}

static void info(struct jsonout *j)
{
	jsonout_text(j, "openapi", "3.0.3");
	jsonout_open(j, "info", '{');
	jsonout_text(j, "title", "pxekit");
	jsonout_text(j, "version", PACKAGE_VERSION);
	jsonout_close(j, '}');
	jsonout_open(j, "security", '[');
	jsonout_open(j, NULL, '{');
	jsonout_open(j, "token", '[');
	jsonout_close(j, ']');
	jsonout_close(j, '}');
	jsonout_close(j, ']');
}

static char *read_schemas(const struct conf *conf)
{
	char path[1200], *text;
	size_t len;

	snprintf(path, sizeof(path), "%s/components.json", conf->admin.www);
	text = file_read(path, SCHEMAS_LARGEST, &len);
	if (!text)
		warn("%s", path);
	return text;
}

enum MHD_Result api_openapi(struct web_request *r)
{
	struct admin_json json;
	struct admin_visit v;
	enum MHD_Result result;
	char *schemas;

	if (!admin_enter(r, &v))
		return v.result;
	schemas = read_schemas(v.site.conf);
	json = admin_json_begin();
	if (!schemas || json.failed) {
		admin_json_drop(&json);
		result = admin_problem(
			r, MHD_HTTP_INTERNAL_SERVER_ERROR,
			"a file of the server is missing; its log says which");
	} else {
		jsonout_open(&json.out, NULL, '{');
		info(&json.out);
		if (paths(&json))
			jsonout_raw(&json.out, "components", schemas);
		jsonout_close(&json.out, '}');
		result = api_give(r, MHD_HTTP_OK, &json, NULL);
	}
	free(schemas);
	admin_leave(&v);
	return result;
}
