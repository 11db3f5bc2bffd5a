/*
 * server - all there is while it runs: requests become transfers, transfers get
 * their packets and their time, and end as events.
 *
 * Units   times are microseconds of a clock that only runs forward.
 * Errors  -1 with errno set.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tools/tftpd-lite/files.h"
#include "tools/tftpd-lite/receive.h"
#include "tools/tftpd-lite/report.h"
#include "tools/tftpd-lite/send.h"
#include "tools/tftpd-lite/sockets.h"
#include "tools/tftpd-lite/transfers.h"

#define SERVER_TRANSFERS 16384 /* at once */
#define SERVER_CLIENT 1024     /* of one address */
#define SERVER_UNHEARD 1024    /* besides, those that nobody has acknowledged */
#define SERVER_REMEMBER_US                                                               \
	(2 * SESSION_US) /* an ended transfer's late packets are known */
#define SERVER_INTERFACES 64
#define SERVER_STRANGERS 100 /* ERROR 5 a second */

struct server {
	struct tftp_limits limits;
	int64_t idle_us;      /* how long a client may be silent */
	int64_t exit_idle_us; /* end after so long without a request; 0: never */
	bool single_port, no_segments;
	bool path_mtu;            /* no block is longer than one packet */
	unsigned max, max_client; /* transfers at once, of all and of one address */
	uint64_t rate;            /* octets a second of each; 0: no bound */

	struct files files;
	struct sockets sockets;
	struct transfers transfers;
	struct clients clients;
	unsigned heard;                /* transfers whose client is there */
	struct transfers_list ready;   /* have something to send, in turn */
	struct transfers_list reading; /* would have, were it in memory */
	struct send_batch batch;
	struct report report;
	struct conf *conf;
	struct networks networks;
	const char *interface[SERVER_INTERFACES]; /* the only ones, if there are any */
	size_t interfaces;
	int way;
	int epoll, timer, signals, readers;
	int64_t timer_us;        /* when the timer goes off; INT64_MAX: it does not */
	int blocked;             /* the socket that takes no more for now, or -1 */
	int64_t now_us, last_us; /* last: when something was to do */
	int64_t held_us;         /* until then some transfer is held */
	int64_t timers_us;       /* when the timers were looked at */
	bool behind;             /* there are packets that wait to be read */
	int64_t aged_us;         /* when unused files were looked at */
	int64_t strangers_us;
	unsigned strangers;
};

int server_begin(struct server *sv, const char *root);

/* The part of it that needs no descriptor but the root's: tests run without a loop. */
int server_prepare(struct server *sv, const char *root, size_t transfers, size_t unheard);

/* loop.c: until service_stop; calls reload() on service_reload. */
int server_run(struct server *sv, void (*reload)(struct server *));

/* For the other files of this program. */

/* t has something to send: it waits for its turn. */
void server_ready(struct server *sv, struct transfer *t);

/* t has something to send, but not before then. */
void server_hold(struct server *sv, struct transfer *t, int64_t until_us);

/* t's session has set itself a time. */
void server_wake(struct server *sv, struct transfer *t);

/* epoll_ctl(2). */
int server_watch(const struct server *sv, int fd, int operation, uint32_t events);

/* Be told of fd once more, even if nothing has changed. */
void server_watch_again(struct server *sv, int fd);

/* timers.c: does what is due. */
void server_timers(struct server *sv);

/* Ends all transfers, and tells their clients. */
void server_stop(struct server *sv);

/* A packet that came in on fd, whatever it is. */
void server_packet(struct server *sv, int fd, struct received *packet);

/* fd takes packets again. */
void server_writable(struct server *sv, int fd);

int64_t server_clock_us(void);

/* fd takes no more: nothing is sent until it does. */
void server_wait_for(struct server *sv, int fd);

/* Ends the transfers of clients whose ports are closed, as ICMP said on fd. */
void server_refusals(struct server *sv, int fd);

/* Does what a session said. */
void server_do(struct server *sv, struct transfer *t, enum session_do what,
	       const char *note);

void server_end(struct server *sv, struct transfer *t, enum session_end end,
		const char *note);

/* An ERROR to a client; how it got there is not our concern. */
void server_error(const struct server *sv, int fd, struct peer *peer, enum tftp_code code,
		  const char *text);

/* request.c: a packet that came in on a listener. */
void server_request(struct server *sv, int listener, struct received *packet);

/* deliver.c: sends what is ready, until nothing is left or the socket is full. */
void server_deliver(struct server *sv);
