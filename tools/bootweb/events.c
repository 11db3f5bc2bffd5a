#include "config.h"

#include "tools/bootweb/events.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "lib/sys/emit.h"
#include "lib/sys/now.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Guarded by lock. */
static struct limit {
	int64_t burst, each_ms; /* 0: none */
	int64_t credit, updated_ms, left_out;
} limits[EVENTS_LIMITS] = {
	[EVENTS_STRANGERS] = { .burst = 1000, .each_ms = 10, .credit = 1000 },
	[EVENTS_KNOWN] = { .each_ms = 0 },
	[EVENTS_REFUSALS] = { .burst = 50, .each_ms = 100, .credit = 50 },
};

struct event events_about(const struct web_request *r, enum event_kind kind)
{
	struct event ev = event_new(kind);

	snprintf(ev.address, sizeof(ev.address), "%s", r->address);
	return ev;
}

bool events_send(struct event *ev)
{
	bool queued;

	pthread_mutex_lock(&lock);
	queued = emit(ev);
	pthread_mutex_unlock(&lock);
	return queued;
}

static bool within(struct limit *limit)
{
	int64_t now = now_monotonic_ms(), earned;

	if (!limit->each_ms)
		return true;
	earned = (now - limit->updated_ms) / limit->each_ms;
	limit->credit += earned;
	limit->updated_ms += earned * limit->each_ms;
	if (limit->credit > limit->burst)
		limit->credit = limit->burst;
	if (limit->credit > 0) {
		limit->credit--;
		return true;
	}
	limit->left_out++;
	return false;
}

static void say_left_out(struct event *ev, struct limit *limit)
{
	size_t len = strlen(ev->text);

	if (limit->left_out > 0)
		snprintf(ev->text + len, sizeof(ev->text) - len,
			 "%s(%lld like this were left out before)", len ? " " : "",
			 (long long)limit->left_out);
	limit->left_out = 0;
}

void events_send_limited(struct event *ev, enum events_limit which)
{
	pthread_mutex_lock(&lock);
	if (within(&limits[which])) {
		say_left_out(ev, &limits[which]);
		emit(ev);
	}
	pthread_mutex_unlock(&lock);
}

void events_leave_out(enum events_limit which)
{
	pthread_mutex_lock(&lock);
	limits[which].left_out++;
	pthread_mutex_unlock(&lock);
}

bool events_flush(void)
{
	bool empty;

	pthread_mutex_lock(&lock);
	empty = emit_flush();
	pthread_mutex_unlock(&lock);
	return empty;
}

void events_service(const char *site, const char *service, const char *networks)
{
	pthread_mutex_lock(&lock);
	emit_service(site, service, networks);
	pthread_mutex_unlock(&lock);
}

void events_alive(void)
{
	pthread_mutex_lock(&lock);
	emit_alive(now_monotonic_ms());
	pthread_mutex_unlock(&lock);
}

bool events_unread(void)
{
	bool unread;

	pthread_mutex_lock(&lock);
	unread = emit_unread();
	pthread_mutex_unlock(&lock);
	return unread;
}
