#include "lib/order/listing.h"

#include "lib/core/object.h"

#define MACS_MOST 64

static void text_or_null(struct jsonout *j, const char *key, const char *value)
{
	if (value && *value)
		jsonout_text(j, key, value);
	else
		jsonout_null(j, key);
}

static void raw_or_null(struct jsonout *j, const char *key, const char *json)
{
	if (*json)
		jsonout_raw(j, key, json);
	else
		jsonout_null(j, key);
}

static void number_or_null(struct jsonout *j, const char *key, int64_t value)
{
	if (value < 0)
		jsonout_null(j, key);
	else
		jsonout_int(j, key, value);
}

void listing_macs(struct jsonout *j, struct store *store, int64_t machine)
{
	struct mac macs[MACS_MOST];
	size_t count = store_machine_macs(store, machine, macs, MACS_MOST);
	char text[MAC_TEXT];

	jsonout_open(j, "macs", '[');
	for (size_t i = 0; i < count; i++) {
		mac_format(&macs[i], ':', text);
		jsonout_text(j, NULL, text);
	}
	jsonout_close(j, ']');
}

void listing_install(struct jsonout *j, const struct store_install *i, bool record)
{
	jsonout_int(j, "job", i->job);
	jsonout_int(j, "attempt", i->attempt);
	object_time(j, "time", i->time_ms);
	jsonout_text(j, "image", i->image);
	jsonout_text(j, "hostname", i->hostname);
	if (record)
		raw_or_null(j, "record", i->line);
}

void listing_service(struct jsonout *j, const struct store_service *s,
		     enum alive_state state)
{
	jsonout_text(j, "site", s->site);
	jsonout_text(j, "host", s->host);
	jsonout_text(j, "service", s->name);
	jsonout_text(j, "state", alive_state_name(state));
	jsonout_bool(j, "stale", state == ALIVE_DOWN);
	jsonout_text(j, "version", s->version);
	jsonout_text(j, "where", s->where);
	jsonout_text(j, "networks", s->networks);
	jsonout_int(j, "active", s->active);
	object_time(j, "started", s->started_ms);
	object_time(j, "last_seen", s->seen_ms);
	object_time(j, "stopped", s->stopped_ms);
}

void listing_drift(struct jsonout *j, const struct drift *d)
{
	object_machine(j, &d->machine);
	jsonout_int(j, "job", d->install.job);
	jsonout_text(j, "installed", d->install.image);
	text_or_null(j, "current", d->current);
	object_time(j, "time", d->install.time_ms);
}

void listing_stat(struct jsonout *j, const struct store_stat *s)
{
	jsonout_text(j, "image", s->image);
	jsonout_text(j, "platform", s->platform);
	jsonout_int(j, "done", s->done);
	jsonout_int(j, "failed", s->failed);
	jsonout_int(j, "cancelled", s->cancelled);
	text_or_null(j, "step", s->step);
	jsonout_int(j, "count", s->count);
	number_or_null(j, "median_ms", s->median_ms);
	number_or_null(j, "p95_ms", s->p95_ms);
}

void listing_swept(struct jsonout *j, const struct order_swept *s)
{
	object_job(j, &s->job);
	jsonout_bool(j, "again", s->again);
	jsonout_text(j, "why", s->why);
	text_or_null(j, "lacks", s->lacks);
}

void listing_audit(struct jsonout *j, const struct store_audit_entry *e)
{
	jsonout_int(j, "number", e->number);
	jsonout_text(j, "hash", e->hash);
	raw_or_null(j, "event", e->line);
}

void listing_verdict(struct jsonout *j, const struct store_audit_head *head,
		     const char *why)
{
	jsonout_int(j, "number", head->number);
	jsonout_text(j, "hash", head->hash);
	jsonout_bool(j, "whole", !why);
	text_or_null(j, "why", why);
}
