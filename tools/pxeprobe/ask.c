/* What happens on port 4011, and who is followed. */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/sys/now.h"
#include "tools/pxeprobe/cable.h"
#include "tools/pxeprobe/play.h"

#define REPEAT_MS 1000

/* EDK2 asks from port 4011; where that is taken any other does. */
static int open_socket(const struct iface *iface, uint32_t server)
{
	struct sockaddr_in here = { .sin_family = AF_INET,
				    .sin_port = htons(DHCP_PXE_PORT) };
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(DHCP_PXE_PORT),
				  .sin_addr.s_addr = htonl(server) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)&here, sizeof(here)) < 0)
		errno = 0;
	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, iface->name,
		       sizeof(iface->name)) == 0 &&
	    connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	close(fd);
	return -1;
}

static struct dhcp request(const struct iface *iface, const struct mac *mac,
			   const struct client *c, const struct answer *offer)
{
	struct dhcp msg = cable_discover(mac, offer->msg.xid, c->arch, c->http, c->ipxe);

	msg.type = DHCP_REQUEST;
	msg.flags = 0;
	msg.ciaddr = iface->address;
	if (offer->msg.pxe.has_menu) {
		msg.pxe.has_item = true;
		msg.pxe.item_type = offer->msg.pxe.menu_type;
	}
	return msg;
}

static bool take(int fd, uint32_t xid, struct answer *out)
{
	uint8_t octets[4096];
	ssize_t n = recv(fd, octets, sizeof(octets), MSG_DONTWAIT);
	const char *why;

	return n >= 0 && dhcp_decode(octets, (size_t)n, &out->msg, &why) &&
	       out->msg.op == DHCP_OP_REPLY && out->msg.xid == xid;
}

static bool exchange(int fd, const struct dhcp *msg, int64_t timeout_ms,
		     struct answer *out)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int64_t began_ms = now_monotonic_ms(), sent_ms = began_ms - REPEAT_MS, at_ms;
	uint8_t octets[DHCP_SIZE_MAX];
	size_t len;

	if (!dhcp_encode(msg, octets, sizeof(octets), &len))
		return false;
	while ((at_ms = now_monotonic_ms()) - began_ms < timeout_ms) {
		if (at_ms - sent_ms >= REPEAT_MS) {
			sent_ms = at_ms;
			if (send(fd, octets, len, 0) < 0 && errno != ECONNREFUSED)
				return false;
		}
		if (poll(&p, 1, 100) > 0 && take(fd, msg->xid, out)) {
			out->ms = now_monotonic_ms() - began_ms;
			return true;
		}
	}
	return false;
}

/* The answer of port 4011 takes the offer's place; what it leaves out stays. */
static void ask_4011(const struct iface *iface, const struct mac *mac, int64_t timeout_ms,
		     struct client *c, const struct answer *offer)
{
	struct answer got = { .from = answer_next_server(offer) };
	struct dhcp msg = request(iface, mac, c, offer);
	int fd;

	c->asked_4011 = true;
	c->at_4011 = got.from;
	fd = open_socket(iface, got.from);
	c->got_4011 = fd >= 0 && exchange(fd, &msg, timeout_ms, &got);
	if (fd >= 0)
		close(fd);
	if (!c->got_4011)
		return;
	c->ms_4011 = got.ms;
	c->local = answer_is_local(&got);
	c->server = answer_next_server(&got);
	snprintf(c->file, sizeof(c->file), "%s", answer_file(&got));
}

/* HTTP Boot has no menu: a URL that leads nowhere is its way to the disk. */
static bool is_local_url(const char *url)
{
	const char *last = strrchr(url, '/');

	return is_url(url) && strcmp(last, "/local-boot") == 0;
}

void play_decide(const struct iface *iface, const struct mac *mac, int64_t timeout_ms,
		 struct client *c)
{
	const struct answer *a;

	c->chosen = client_choose(c);
	if (c->chosen < 0)
		return;
	a = &c->answer[c->chosen];
	c->server = answer_next_server(a);
	snprintf(c->file, sizeof(c->file), "%s", answer_file(a));
	c->local = answer_is_local(a) || (c->http && is_local_url(c->file));
	if (client_asks_4011(c, a) && iface->address)
		ask_4011(iface, mac, timeout_ms, c, a);
}
