/* What happens because time has passed. */
#include "config.h"

#include "tools/tftpd-lite/reading.h"
#include "tools/tftpd-lite/server.h"

#define TIMERS_US 50000 /* however busy it is, that often the timers are looked at */

static void timer(struct server *sv, struct transfer *t)
{
	if (t->session.phase == SESSION_OVER) {
		transfers_remove(&sv->transfers, t);
		return;
	}
	if (t->reading) {
		reading_due(sv, t);
		return;
	}
	if (t->hold_us > sv->now_us) {
		transfers_wake(&sv->transfers, t, t->hold_us);
		return;
	}
	if (t->hold_us)
		server_ready(sv, t);
	if (t->session.due_us > sv->now_us || t->ready)
		transfers_wake(&sv->transfers, t,
			       t->ready ? sv->now_us + SESSION_RTO_MIN_US
					: t->session.due_us);
	else
		server_do(sv, t, session_due(&t->session, sv->now_us), NULL);
	if (t->session.phase != SESSION_OVER && t->wake_us <= sv->now_us)
		transfers_wake(&sv->transfers, t,
			       t->session.due_us > sv->now_us
				       ? t->session.due_us
				       : sv->now_us + SESSION_RTO_MIN_US);
}

/* Once a second is enough: a file without users is let go in the second one. */
static void age_files(struct server *sv)
{
	if (sv->now_us - sv->aged_us < SESSION_US)
		return;
	sv->aged_us = sv->now_us;
	files_age(&sv->files, false);
}

/* While packets wait to be read, the ACK that a timer misses may be one of them. */
void server_timers(struct server *sv)
{
	struct transfer *t;

	age_files(sv);
	if (sv->behind && sv->now_us - sv->timers_us < TIMERS_US)
		return;
	sv->timers_us = sv->now_us;
	while ((t = transfers_next(&sv->transfers)) && t->wake_us <= sv->now_us)
		timer(sv, t);
}

void server_stop(struct server *sv)
{
	struct transfer *t;

	while ((t = transfers_next(&sv->transfers))) {
		if (t->session.phase != SESSION_OVER) {
			server_error(sv, t->fd, &t->peer, TFTP_NOT_DEFINED,
				     "the server is stopping");
			server_end(sv, t, SESSION_STOPPED, NULL);
		}
		transfers_remove(&sv->transfers, t);
	}
	transfers_free(&sv->transfers);
	files_age(&sv->files, true);
}
