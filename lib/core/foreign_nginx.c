#include "config.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/core/boot_query.h"
#include "lib/core/foreign.h"
#include "lib/core/report.h"
#include "lib/wire/url.h"

/* One request, whichever form the line has. */
struct request {
	char address[46], method[16], *target, *body;
	char id[EVENT_ID];
	int64_t time_ms, status, octets, ms; /* -1 if not said */
};

/* ---- combined: ADDRESS - USER [TIME] "METHOD TARGET HTTP/1.1" STATUS OCTETS ... ---- */

/* 30/Nov/2026:16:40:01 +0100 */
static bool read_local_time(const char *text, int64_t *out_ms)
{
	struct tm tm = { 0 };
	const char *rest = strptime(text, "%d/%b/%Y:%H:%M:%S %z", &tm);
	long offset = tm.tm_gmtoff;

	if (!rest || *rest != ']')
		return false;
	*out_ms = ((int64_t)timegm(&tm) - offset) * 1000;
	return true;
}

/* Ends the word at *at, which one blank follows, and moves on behind that. */
static char *take_word(char **at)
{
	char *word = *at, *blank = strchr(word, ' ');

	if (!blank)
		return NULL;
	*blank = '\0';
	*at = blank + 1;
	return word;
}

static bool read_number(const char *text, int64_t *out)
{
	char *end;

	if (strcmp(text, "-") == 0) {
		*out = -1;
		return true;
	}
	if (!isdigit((unsigned char)*text) || strlen(text) > 18)
		return false;
	*out = strtoll(text, &end, 10);
	return *end == '\0';
}

/* METHOD TARGET HTTP/1.1; anything else is what a broken client sent. */
static bool read_request_line(char *text, struct request *r)
{
	char *method = take_word(&text), *target = method ? take_word(&text) : NULL;

	if (!target || strncmp(text, "HTTP/", 5) != 0)
		return false;
	snprintf(r->method, sizeof(r->method), "%s", method);
	r->target = target;
	return true;
}

static enum foreign_result read_combined(char *line, struct request *r, const char **why)
{
	char *time = strstr(line, " ["), *request = time ? strstr(time, "] \"") : NULL;
	char *end = request ? strstr(request + 3, "\" ") : NULL;
	char *address = take_word(&line), *status, *octets;

	*why = "is neither combined nor JSON";
	if (!address || !end || !read_local_time(time + 2, &r->time_ms))
		return FOREIGN_BAD;
	*end = '\0';
	end += 2;
	status = take_word(&end);
	if (!status)
		return FOREIGN_BAD;
	octets = end;
	octets[strcspn(octets, " ")] = '\0';
	if (!read_number(status, &r->status) || !read_number(octets, &r->octets))
		return FOREIGN_BAD;
	snprintf(r->address, sizeof(r->address), "%s", address);
	return read_request_line(request + 3, r) ? FOREIGN_EVENT : FOREIGN_NOTHING;
}

/* ---- JSON, as examples/nginx.conf has nginx write it ---- */

static void copy_text(const json_t *object, const char *name, char *out, size_t size)
{
	const char *text = json_string_value(json_object_get(object, name));

	snprintf(out, size, "%s", text ? text : "");
}

/* Seconds with three digits behind the point, as nginx has all times. */
static bool read_seconds(const char *text, int64_t *out_ms)
{
	char *end;
	int64_t whole;

	if (!isdigit((unsigned char)*text) || strlen(text) > 16)
		return false;
	whole = strtoll(text, &end, 10);
	if (*end != '.' || strlen(end + 1) != 3 || strspn(end + 1, "0123456789") != 3)
		return false;
	*out_ms = whole * 1000 + strtol(end + 1, NULL, 10);
	return true;
}

static bool read_members(const json_t *object, struct request *r, const char **why)
{
	char time[24], seconds[24], status[8], octets[24];
	const char *uri = json_string_value(json_object_get(object, "uri"));
	const char *body = json_string_value(json_object_get(object, "body"));

	copy_text(object, "time", time, sizeof(time));
	copy_text(object, "seconds", seconds, sizeof(seconds));
	copy_text(object, "status", status, sizeof(status));
	copy_text(object, "octets", octets, sizeof(octets));
	copy_text(object, "address", r->address, sizeof(r->address));
	copy_text(object, "method", r->method, sizeof(r->method));
	copy_text(object, "id", r->id, sizeof(r->id) - sizeof("nginx-"));
	*why = "time is not seconds and milliseconds since 1970";
	if (!read_seconds(time, &r->time_ms))
		return false;
	*why = "status, octets or seconds is not a number in quotes";
	if (!read_number(status, &r->status) || !read_number(octets, &r->octets) ||
	    !read_seconds(seconds, &r->ms))
		return false;
	*why = "out of memory";
	r->target = strdup(uri ? uri : "");
	r->body = strdup(body ? body : "");
	return r->target && r->body;
}

/* ---- what it was about ---- */

/* iPXE and the installer's small clients ask by GET, Windows by POST. */
static bool is_report(const struct request *r, const struct url_path *path)
{
	return path->count == 3 && strcmp(path->segment[2], "report") == 0 &&
	       r->status == 200 && strcmp(r->method, "HEAD") != 0;
}

static enum foreign_result read_report(struct url_form *form, const struct request *r,
				       struct foreign *out, const char **why)
{
	char reason[REPORT_WHY];

	if (r->body && !url_form(r->body, strlen(r->body), form, why))
		return FOREIGN_BAD;
	out->ev.kind = EVENT_REPORT;
	*why = "is not a report that bootweb would take";
	return report_read(form, &out->ev, reason) ? FOREIGN_EVENT : FOREIGN_BAD;
}

static void say_file(const struct url_path *path, size_t from, struct event *ev)
{
	size_t used = 0;

	for (size_t i = from; i < path->count && used < sizeof(ev->file); i++)
		used += (size_t)snprintf(ev->file + used, sizeof(ev->file) - used, "%s%s",
					 i > from ? "/" : "", path->segment[i]);
}

static enum foreign_result of_a_job(struct url_path *path, struct url_form *form,
				    const struct request *r, struct foreign *out,
				    const char **why)
{
	if (path->count < 3 || strlen(path->segment[1]) >= sizeof(out->token))
		return FOREIGN_NOTHING;
	snprintf(out->token, sizeof(out->token), "%s", path->segment[1]);
	if (is_report(r, path))
		return read_report(form, r, out, why);
	out->ev.kind = EVENT_FETCH;
	say_file(path, 2, &out->ev);
	return FOREIGN_EVENT;
}

static enum foreign_result of_a_script(struct url_path *path, struct url_form *form,
				       struct foreign *out)
{
	const char *why;

	if (path->count != 2 || !boot_query_read(path->segment[1], form, &out->ev, &why))
		return FOREIGN_NOTHING;
	out->ev.kind = EVENT_SCRIPT;
	say_file(path, 1, &out->ev);
	return FOREIGN_EVENT;
}

/* The folders that bootweb has, too. */
static bool is_file(const struct url_path *path)
{
	static const char *const folders[] = { "images", "deploy", "loader" };

	if (path->count == 1)
		return strcmp(path->segment[0], "boot.ipxe") == 0;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (path->count && strcmp(path->segment[0], folders[i]) == 0)
			return true;
	return false;
}

static enum foreign_result by_path(const struct request *r, struct foreign *out,
				   const char **why)
{
	struct url_path path = { 0 };
	struct url_form form = { 0 };
	char *text, *query;

	if (!url_target(r->target, &text, &query, why) || !url_path(text, &path, why) ||
	    !url_form(query, strlen(query), &form, why))
		return FOREIGN_NOTHING;
	if (path.count && strcmp(path.segment[0], "j") == 0)
		return of_a_job(&path, &form, r, out, why);
	if (path.count && strcmp(path.segment[0], "boot") == 0)
		return of_a_script(&path, &form, out);
	if (!is_file(&path))
		return FOREIGN_NOTHING;
	out->ev.kind = EVENT_FETCH;
	say_file(&path, 0, &out->ev);
	return FOREIGN_EVENT;
}

static void describe(const struct request *r, struct event *ev)
{
	struct in6_addr parsed;

	ev->time_ms = r->time_ms;
	snprintf(ev->source, sizeof(ev->source), "nginx");
	if (*r->id)
		snprintf(ev->id, sizeof(ev->id), "nginx-%.*s",
			 (int)(sizeof(ev->id) - sizeof("nginx-")), r->id);
	if (inet_pton(AF_INET, r->address, &parsed) == 1 ||
	    inet_pton(AF_INET6, r->address, &parsed) == 1)
		snprintf(ev->address, sizeof(ev->address), "%s", r->address);
}

static enum foreign_result understand(const struct request *r, struct foreign *out,
				      const char **why)
{
	enum foreign_result result;

	describe(r, &out->ev);
	out->timed = true;
	result = by_path(r, out, why);
	if (out->ev.kind == EVENT_REPORT)
		return result;
	out->ev.status = r->status;
	out->ev.octets = r->octets;
	out->ev.ms = r->ms;
	return result;
}

static enum foreign_result foreign_json(const char *line, struct request *r,
					struct foreign *out, const char **why)
{
	enum foreign_result result = FOREIGN_BAD;
	json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, NULL);

	*why = "is not JSON";
	if (json_is_object(object) && read_members(object, r, why))
		result = understand(r, out, why);
	json_decref(object);
	free(r->target);
	free(r->body);
	return result;
}

enum foreign_result foreign_nginx(char *line, int64_t now_ms, struct foreign *out,
				  const char **why)
{
	struct request r = { .time_ms = now_ms, .status = -1, .octets = -1, .ms = -1 };
	enum foreign_result result;

	if (*line == '{')
		return foreign_json(line, &r, out, why);
	result = read_combined(line, &r, why);
	return result == FOREIGN_EVENT ? understand(&r, out, why) : result;
}
