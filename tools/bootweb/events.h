/*
 * events - emit for many threads, and with a bound on what strangers can cause.
 *
 * Errors  false: the event could not even be queued.
 */
#pragma once

#include <stdbool.h>

#include "lib/core/event.h"
#include "tools/bootweb/web.h"

/* An event about this request: the client's address is filled in. */
struct event events_about(const struct web_request *request, enum event_kind kind);

bool events_send(struct event *ev);

/* What anybody can cause, and how much of it we tell. */
enum events_limit {
	EVENTS_STRANGERS, /* machines nobody knows: 100 a second after a first 1000 */
	EVENTS_KNOWN,     /* those we know: all that are not left out by their sender */
	EVENTS_REFUSALS,  /* 10 a second after a first 50 */
	EVENTS_LIMITS,
};

/* What is left out is counted, and the next one that goes says how many. */
void events_send_limited(struct event *ev, enum events_limit which);

/* One that its sender has a bound for: counted, and told with the next of its kind. */
void events_leave_out(enum events_limit which);

/* emit_service(), emit_alive() and emit_unread(). */
void events_service(const char *site, const char *service, const char *networks);
void events_alive(void);
bool events_unread(void);

/* Sends what waits; true if nothing waits any more. */
bool events_flush(void);
