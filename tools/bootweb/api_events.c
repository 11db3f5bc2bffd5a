/* Events, oldest first. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/core/object.h"
#include "tools/bootweb/api.h"
#include "tools/bootweb/api_event.h"

void api_event_build(struct jsonout *j, const struct store_event *e)
{
	char line[EVENT_LINE];

	line[event_format(&e->event, line) - 1] = '\0';
	jsonout_open(j, NULL, '{');
	jsonout_int(j, "seq", e->seq);
	object_time(j, "received", e->received_ms);
	if (e->machine)
		jsonout_int(j, "machine", e->machine);
	else
		jsonout_null(j, "machine");
	jsonout_text(j, "verdict", e->verdict == STORE_REFUSED ? "refused" : "applied");
	jsonout_text(j, "why", e->why);
	jsonout_raw(j, "event", line);
	jsonout_close(j, '}');
}

static int64_t number(struct web_request *r, const char *name)
{
	const char *text = url_field(&r->form, name);

	return text ? strtoll(text, NULL, 10) : 0;
}

static struct admin_json build(struct store *store, const struct event_filter *filter,
			       size_t most)
{
	struct store_list *list = store_events(store, filter);
	struct admin_json json = admin_json_begin();
	struct store_event e;
	int64_t last = 0;
	size_t count = 0;
	bool more = false;

	if (!json.failed) {
		jsonout_open(&json.out, NULL, '{');
		jsonout_open(&json.out, "events", '[');
	}
	while (list && admin_json_room(&json) && store_next_event(list, &e)) {
		more = count == most;
		if (more)
			break;
		api_event_build(&json.out, &e);
		last = e.seq;
		count++;
	}
	store_list_end(list);
	if (!json.failed) {
		jsonout_close(&json.out, ']');
		api_next(&json.out, more, last);
		jsonout_close(&json.out, '}');
	}
	return json;
}

enum MHD_Result api_events(struct web_request *r)
{
	struct event_filter filter = { 0 };
	struct admin_json json;
	struct admin_visit v;
	struct api_part part;
	enum MHD_Result result;

	if (!admin_enter(r, &v))
		return v.result;
	if (api_part(r, &part, &result)) {
		filter.after_seq = part.after;
		filter.job = number(r, "job");
		filter.machine = number(r, "machine");
		filter.first = (int64_t)part.most + 1;
		json = build(v.store, &filter, part.most);
		result = api_give(r, MHD_HTTP_OK, &json, NULL);
	}
	admin_leave(&v);
	return result;
}
