#include "config.h"

#include "tools/bootweb/conns.h"

#include <stdlib.h>
#include <sys/socket.h>

#include "lib/sys/now.h"

struct conn *conns_open(struct conns *conns, int fd)
{
	struct conn *conn = malloc(sizeof(*conn));

	if (!conn)
		return NULL;
	conn->fd = fd;
	conn->deadline_ms = now_monotonic_ms() + CONNS_REQUEST_MS;
	pthread_mutex_lock(&conns->lock);
	conn->back = &conns->first;
	conn->next = conns->first;
	if (conn->next)
		conn->next->back = &conn->next;
	conns->first = conn;
	pthread_mutex_unlock(&conns->lock);
	return conn;
}

void conns_close(struct conns *conns, struct conn *conn)
{
	if (!conn)
		return;
	pthread_mutex_lock(&conns->lock);
	*conn->back = conn->next;
	if (conn->next)
		conn->next->back = conn->back;
	pthread_mutex_unlock(&conns->lock);
	free(conn);
}

static void set_deadline(struct conns *conns, struct conn *conn, int64_t deadline_ms)
{
	if (!conn)
		return;
	pthread_mutex_lock(&conns->lock);
	conn->deadline_ms = deadline_ms;
	pthread_mutex_unlock(&conns->lock);
}

void conns_expect(struct conns *conns, struct conn *conn)
{
	set_deadline(conns, conn, now_monotonic_ms() + CONNS_REQUEST_MS);
}

void conns_expect_large(struct conns *conns, struct conn *conn)
{
	set_deadline(conns, conn, now_monotonic_ms() + CONNS_LARGE_MS);
}

void conns_answering(struct conns *conns, struct conn *conn)
{
	set_deadline(conns, conn, 0);
}

/*
 * The descriptor is still open: libmicrohttpd closes it after conns_close(),
 * which waits for our lock.
 */
void conns_expire(struct conns *conns, int64_t now)
{
	pthread_mutex_lock(&conns->lock);
	for (struct conn *c = conns->first; c; c = c->next) {
		if (c->deadline_ms == 0 || c->deadline_ms > now)
			continue;
		shutdown(c->fd, SHUT_RDWR);
		c->deadline_ms = 0;
	}
	pthread_mutex_unlock(&conns->lock);
}
