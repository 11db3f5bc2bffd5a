#include "config.h"

#include "lib/core/event.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/core/jsonout.h"
#include "lib/core/words.h"

static const char *const kinds[EVENT_KINDS] = {
	[EVENT_STARTED] = "started",
	[EVENT_STOPPED] = "stopped",
	[EVENT_ALIVE] = "alive",
	[EVENT_OFFER] = "offer",
	[EVENT_ACK] = "ack",
	[EVENT_SILENT] = "silent",
	[EVENT_MALFORMED] = "malformed",
	[EVENT_TRANSFER] = "transfer",
	[EVENT_SCRIPT] = "script",
	[EVENT_FETCH] = "fetch",
	[EVENT_REPORT] = "report",
	[EVENT_DISKS] = "disks",
	[EVENT_REFUSED] = "refused",
	[EVENT_ADMIN] = "admin",
	[EVENT_RELEASE] = "release",
	[EVENT_NEXT] = "next",
	[EVENT_LOST] = "lost",
};

const char *event_kind_name(enum event_kind kind)
{
	return kind < EVENT_KINDS ? kinds[kind] : "unknown";
}

bool event_kind_parse(const char *name, enum event_kind *out)
{
	int i = words_find(kinds, EVENT_KINDS, name);

	if (i < 0)
		return false;
	*out = (enum event_kind)i;
	return true;
}

/*
 * Every optional member, in the order of the line.  `none` is the number that
 * stands for "not said"; a text is not said when it is empty.
 */
static const struct field {
	const char *name;
	size_t offset, size; /* size 0: an int64_t */
	int64_t none;
} fields[] = {
#define TEXT(name, member)                                                               \
	{                                                                                \
		name, offsetof(struct event, member),                                    \
			sizeof(((struct event *)0)->member), 0                           \
	}
#define NUMBER(name, member, none)                                                       \
	{                                                                                \
		name, offsetof(struct event, member), 0, none                            \
	}
	TEXT("id", id),
	TEXT("source", source),
	TEXT("site", site),
	TEXT("host", host),
	TEXT("service", service),
	TEXT("version", version),
	TEXT("networks", networks),
	TEXT("uuid", key.uuid),
	TEXT("serial", key.serial),
	TEXT("manufacturer", manufacturer),
	TEXT("product", product),
	TEXT("asset", asset),
	TEXT("address", address),
	NUMBER("arch", arch, -1),
	TEXT("vendor_class", vendor_class),
	TEXT("user_class", user_class),
	TEXT("network", network),
	TEXT("relay", relay),
	TEXT("action", action),
	TEXT("rule", rule),
	NUMBER("job", job, 0),
	NUMBER("attempt", attempt, 0),
	TEXT("state", state),
	TEXT("step", step),
	NUMBER("step_n", step_n, 0),
	NUMBER("step_of", step_of, 0),
	NUMBER("percent", percent, -1),
	TEXT("file", file),
	NUMBER("octets", octets, -1),
	NUMBER("ms", ms, -1),
	NUMBER("status", status, -1),
	NUMBER("repeats", repeats, 0),
	TEXT("actor", actor),
	TEXT("old", old),
	TEXT("new", new),
	TEXT("text", text),
#undef TEXT
#undef NUMBER
};

#define FIELDS (sizeof(fields) / sizeof(fields[0]))

static char *text_of(struct event *ev, const struct field *f)
{
	return (char *)ev + f->offset;
}

static int64_t number_of(const struct event *ev, const struct field *f)
{
	int64_t v;

	memcpy(&v, (const char *)ev + f->offset, sizeof(v));
	return v;
}

struct event event_new(enum event_kind kind)
{
	struct event ev = { .kind = kind };

	for (size_t i = 0; i < FIELDS; i++)
		if (!fields[i].size)
			memcpy((char *)&ev + fields[i].offset, &fields[i].none,
			       sizeof(fields[i].none));
	return ev;
}

static void put_field(struct jsonout *j, const struct event *ev, const struct field *f)
{
	if (f->size) {
		const char *text = (const char *)ev + f->offset;

		if (*text)
			jsonout_text(j, f->name, text);
	} else if (number_of(ev, f) != f->none) {
		jsonout_int(j, f->name, number_of(ev, f));
	}
}

static bool format(const struct event *ev, char *line, size_t size, size_t *len)
{
	struct jsonout j = jsonout_begin(line, size);
	char text[EVENT_TIME > MAC_TEXT ? EVENT_TIME : MAC_TEXT];

	jsonout_open(&j, NULL, '{');
	jsonout_int(&j, "v", EVENT_VERSION);
	event_time_format(ev->time_ms, text);
	jsonout_text(&j, "time", text);
	jsonout_text(&j, "event", event_kind_name(ev->kind));
	if (ev->key.has_mac) {
		mac_format(&ev->key.mac, ':', text);
		jsonout_text(&j, "mac", text);
	}
	for (size_t i = 0; i < FIELDS; i++)
		put_field(&j, ev, &fields[i]);
	jsonout_close(&j, '}');
	return jsonout_end(&j, len);
}

/* Cuts a text to half, so that what is left of an event still arrives. */
static void shorten(struct event *ev)
{
	size_t longest = 0, len = 0;

	for (size_t i = 0; i < FIELDS; i++) {
		size_t n = fields[i].size ? strlen(text_of(ev, &fields[i])) : 0;

		if (n > len) {
			len = n;
			longest = i;
		}
	}
	text_of(ev, &fields[longest])[len / 2] = '\0';
}

size_t event_format(const struct event *ev, char line[static EVENT_LINE])
{
	size_t len;

	if (!format(ev, line, EVENT_LINE - 1, &len)) {
		struct event copy = *ev;

		do
			shorten(&copy);
		while (!format(&copy, line, EVENT_LINE - 1, &len));
	}
	line[len] = '\n';
	line[len + 1] = '\0';
	return len + 1;
}

static bool read_text(const json_t *value, char *out, size_t size)
{
	const char *text = json_string_value(value);

	if (!text)
		return false;
	snprintf(out, size, "%s", text);
	return true;
}

static bool read_field(const json_t *object, struct event *ev, const struct field *f)
{
	const json_t *value = json_object_get(object, f->name);
	json_int_t number;

	if (!value)
		return true;
	if (f->size)
		return read_text(value, text_of(ev, f), f->size);
	if (!json_is_integer(value))
		return false;
	number = json_integer_value(value);
	memcpy((char *)ev + f->offset, &(int64_t){ number }, sizeof(int64_t));
	return true;
}

static bool read_key(const json_t *object, struct event *ev, const char **why)
{
	const json_t *mac = json_object_get(object, "mac");

	if (mac && (!json_is_string(mac) ||
		    !mac_parse(json_string_value(mac), &ev->key.mac, why))) {
		*why = "mac is not a MAC";
		return false;
	}
	ev->key.has_mac = mac != NULL;
	if (*ev->key.uuid && !machine_uuid_parse(ev->key.uuid, ev->key.uuid)) {
		*why = "uuid is not one machine's UUID";
		return false;
	}
	return true;
}

static bool read_head(const json_t *object, struct event *ev, const char **why)
{
	const char *time = json_string_value(json_object_get(object, "time"));
	const char *kind = json_string_value(json_object_get(object, "event"));

	*why = "v is not 1";
	if (json_integer_value(json_object_get(object, "v")) != EVENT_VERSION)
		return false;
	*why = "event is not a known kind";
	if (!kind || !event_kind_parse(kind, &ev->kind))
		return false;
	*why = "time is not like 2026-11-22T01:02:03.456Z";
	return time && event_time_parse(time, &ev->time_ms);
}

static bool read_object(const json_t *object, struct event *out, const char **why)
{
	struct event ev = event_new(EVENT_STARTED);

	*why = "not a JSON object";
	if (!json_is_object(object) || !read_head(object, &ev, why))
		return false;
	for (size_t i = 0; i < FIELDS; i++)
		if (!read_field(object, &ev, &fields[i])) {
			*why = "a member has the wrong type";
			return false;
		}
	if (!read_key(object, &ev, why))
		return false;
	*out = ev;
	return true;
}

bool event_parse(const char *line, size_t len, struct event *out, const char **why)
{
	json_error_t error;
	json_t *object = json_loadb(line, len, JSON_REJECT_DUPLICATES, &error);
	bool ok;

	*why = "not JSON";
	if (!object)
		return false;
	ok = read_object(object, out, why);
	json_decref(object);
	return ok;
}

static void put_digits(char *out, size_t digits, int number)
{
	for (; digits > 0; number /= 10)
		out[--digits] = (char)('0' + number % 10);
}

void event_time_format(int64_t time_ms, char out[static EVENT_TIME])
{
	int64_t rest = time_ms % 1000;
	time_t seconds = (time_t)(time_ms / 1000);
	struct tm tm;

	if (rest < 0) {
		rest += 1000;
		seconds--;
	}
	if (!gmtime_r(&seconds, &tm) || tm.tm_year < -1900 || tm.tm_year > 8099)
		memset(&tm, 0, sizeof(tm));
	memcpy(out, "0000-00-00T00:00:00.000Z", EVENT_TIME);
	put_digits(out, 4, tm.tm_year + 1900);
	put_digits(out + 5, 2, tm.tm_mon + 1);
	put_digits(out + 8, 2, tm.tm_mday);
	put_digits(out + 11, 2, tm.tm_hour);
	put_digits(out + 14, 2, tm.tm_min);
	put_digits(out + 17, 2, tm.tm_sec);
	put_digits(out + 20, 3, (int)rest);
}

bool event_time_parse(const char *text, int64_t *out_ms)
{
	struct tm tm = { 0 };
	const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	int64_t ms = 0;

	if (!rest)
		return false;
	if (*rest == '.') {
		int scale = 100;

		for (rest++; *rest >= '0' && *rest <= '9'; rest++, scale /= 10)
			ms += (*rest - '0') * scale;
	}
	if (strcmp(rest, "Z") != 0)
		return false;
	*out_ms = (int64_t)timegm(&tm) * 1000 + ms;
	return true;
}
