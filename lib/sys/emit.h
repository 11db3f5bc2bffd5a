/*
 * emit - puts events on standard output, for jobctl ingest to read.
 *
 * Each write(2) is whole lines, of at most PIPE_BUF octets together.  A full pipe never
 * stops a daemon: lines wait in memory (EMIT_WAITING octets) and go out with
 * the next event or emit_flush(); past that they are counted, and the count is
 * said in the next line that gets through.
 *
 * Errors  a reader that has gone away (EPIPE) is like a full pipe: the supervisor
 *         brings it back.
 * Memory  one process-wide queue; not for threads (bootweb holds a lock around it).
 */
#pragma once

#include "lib/core/event.h"

#define EMIT_WAITING (1 << 20)

/* Names the program in every event; ids are NAME-START-NUMBER.  Ignores SIGPIPE. */
void emit_begin(const char *source);

/*
 * What emit_begin()'s program is of which site: from then on it stands in EVENT_STARTED
 * and EVENT_STOPPED, and emit_alive() sends an EVENT_ALIVE, with the text of the former,
 * when ALIVE_MS have gone by, unless earlier lines still wait.  To be called again when
 * the site's name or its networks (as struct event has them; "" of who serves none)
 * change; before rights are given up.
 */
void emit_service(const char *site, const char *service, const char *networks);
void emit_alive(int64_t monotonic_ms);

/* Fills in id, time and source, and sends it; false if it is neither sent nor waiting. */
bool emit(struct event *ev);

/*
 * While it is held, events only wait, up to EMIT_HELD octets; whole lines then share a
 * write.  For a program that has several to say before it sleeps again.
 */
#define EMIT_HELD (32 << 10)
void emit_hold(bool hold);
bool emit_waits(void);

/* Whether lines wait here or, unread, in the pipe that standard output is. */
bool emit_unread(void);

/* Tries to send what waits; true if nothing waits any more. */
bool emit_flush(void);
