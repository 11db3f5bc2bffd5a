#include "config.h"

#include "tools/pxeprobe/play.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "lib/sys/now.h"
#include "lib/wire/arch.h"
#include "tools/pxeprobe/cable.h"
#include "tools/pxeprobe/follow.h"
#include "tools/pxeprobe/httpget.h"

/* ---- who is played ---- */

static void add_client(struct facts *f, unsigned number, bool ipxe, bool extra)
{
	const struct arch *arch = arch_find(number);
	struct client *c = &f->client[f->clients++];

	*c = (struct client){ .arch = (uint16_t)number,
			      .ipxe = ipxe,
			      .extra = extra,
			      .http = arch && arch->http,
			      .chosen = -1 };
}

/* iPXE comes after the firmware, on the same machine; by HTTP Boot, too. */
static void add_clients(const struct play *p, struct facts *f)
{
	f->clients = 0;
	for (size_t i = 0; i < p->archs; i++)
		add_client(f, p->arch[i], false, p->all);
	add_client(f, arch_plain(p->arch[0]), true, false);
}

/* ---- one window for all: their DISCOVERs differ in the last octet of the xid ---- */

static int discover(const struct facts *f, int fd, uint32_t xid)
{
	for (size_t i = 0; i < f->clients; i++) {
		const struct client *c = &f->client[i];
		struct dhcp msg;

		if (c->answers)
			continue;
		msg = cable_discover(&f->mac, xid | (uint32_t)i, c->arch, c->http,
				     c->ipxe);
		if (cable_send(fd, &f->iface, &msg) < 0)
			return -1;
	}
	return 0;
}

/* The same server may answer a repeated DISCOVER again. */
static bool is_known(const struct client *c, const struct answer *a)
{
	for (size_t i = 0; i < c->answers; i++)
		if (c->answer[i].from == a->from && c->answer[i].port == a->port &&
		    c->answer[i].msg.server == a->msg.server &&
		    !c->answer[i].msg.yiaddr == !a->msg.yiaddr)
			return true;
	return false;
}

static void take(struct facts *f, const struct answer *a)
{
	struct client *c = &f->client[a->msg.xid & ~CABLE_MASK];

	if ((a->msg.xid & ~CABLE_MASK) >= f->clients || c->answers == FACTS_ANSWERS ||
	    is_known(c, a))
		return;
	c->answer[c->answers++] = *a;
}

static int collect(const struct play *p, struct facts *f, int fd, uint32_t xid)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	int64_t began_ms = now_monotonic_ms(), left_ms = p->wait_ms;
	bool again = true;
	struct answer a;

	if (discover(f, fd, xid) < 0)
		return -1;
	for (; left_ms > 0; left_ms = began_ms + p->wait_ms - now_monotonic_ms()) {
		poll(&pfd, 1, left_ms < 100 ? (int)left_ms : 100);
		while (cable_receive(fd, &a)) {
			a.ms = now_monotonic_ms() - began_ms;
			take(f, &a);
		}
		if (again && left_ms < p->wait_ms / 2) {
			again = false;
			if (discover(f, fd, xid) < 0)
				return -1;
		}
	}
	return 0;
}

/* ---- files ---- */

void play_url(const struct client *c, char out[static FACTS_URL])
{
	char server[INET_ADDRSTRLEN];
	struct in_addr in = { .s_addr = htonl(c->server) };

	inet_ntop(AF_INET, &in, server, sizeof(server));
	if (is_url(c->file))
		snprintf(out, FACTS_URL, "%s", c->file);
	else
		snprintf(out, FACTS_URL, "tftp://%s/%s", server, c->file);
}

/* tftp://A.B.C.D/name; names of hosts are none of a boot ROM's. */
static bool split_tftp(const char *url, uint32_t *server, const char **name)
{
	char host[INET_ADDRSTRLEN];
	struct in_addr in;
	size_t len;

	if (strncasecmp(url, "tftp://", 7) != 0)
		return false;
	len = strcspn(url + 7, "/:");
	if (!url[7 + len] || len >= sizeof(host))
		return false;
	memcpy(host, url + 7, len);
	host[len] = '\0';
	*name = strchr(url + 7 + len, '/');
	if (!*name || inet_pton(AF_INET, host, &in) != 1)
		return false;
	(*name)++;
	*server = ntohl(in.s_addr);
	return true;
}

static void get(const struct play *p, const struct facts *f, struct fetch *t,
		struct kept *kept)
{
	uint32_t server;
	const char *name;

	if (strncasecmp(t->url, "http://", 7) == 0 ||
	    strncasecmp(t->url, "https://", 8) == 0) {
		httpget(&f->iface, p->timeout_ms, t, kept);
		return;
	}
	t->head = false;
	if (split_tftp(t->url, &server, &name))
		tftpget(&f->iface, server, name, p->timeout_ms, t, kept);
	else
		t->result = FETCH_UNSUPPORTED;
}

struct fetch *play_fetch(const struct play *p, struct facts *f, size_t client,
			 enum fetch_kind kind, const char *url, bool head,
			 struct kept *kept)
{
	struct fetch *t;

	for (size_t i = 0; i < f->fetches; i++)
		if (strcmp(f->fetch[i].url, url) == 0 && (head || !f->fetch[i].head))
			return kept ? NULL : &f->fetch[i];
	if (f->fetches == FACTS_FETCHES)
		return NULL;
	t = &f->fetch[f->fetches++];
	*t = (struct fetch){ .kind = kind,
			     .client = client,
			     .head = head,
			     .status = -1,
			     .size = -1,
			     .want_size = -1 };
	snprintf(t->url, sizeof(t->url), "%s", url);
	if (kept)
		kept->len = 0;
	get(p, f, t, kept);
	return t;
}

static void fetch_files(const struct play *p, struct facts *f)
{
	char url[FACTS_URL];

	for (size_t i = 0; i < f->clients; i++) {
		struct client *c = &f->client[i];

		if (c->chosen < 0 || c->local || !*c->file)
			continue;
		if (c->ipxe) {
			follow(p, f, i);
			continue;
		}
		if (!client_takes(c, c->file))
			continue;
		play_url(c, url);
		play_fetch(p, f, i, FETCH_LOADER, url, false, NULL);
	}
}

/* ---- all of it ---- */

int play(const struct play *p, struct facts *f, const char **what)
{
	uint32_t xid = randombytes_random() & CABLE_MASK;
	int fd, result;

	*what = "cannot hear DHCP";
	if (!f->iface.ethernet || !f->iface.up || !f->iface.carrier)
		return 0;
	add_clients(p, f);
	fd = cable_open(&f->iface, xid, !mac_equal(&f->mac, &f->iface.mac));
	if (fd < 0)
		return -1;
	*what = "cannot send a DISCOVER";
	result = collect(p, f, fd, xid);
	close(fd);
	if (result < 0)
		return -1;
	for (size_t i = 0; i < f->clients; i++)
		play_decide(&f->iface, &f->mac, p->timeout_ms, &f->client[i]);
	f->no_address = !f->iface.address;
	if (f->iface.address)
		fetch_files(p, f);
	return 0;
}
