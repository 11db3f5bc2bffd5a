#include "config.h"

#include "tools/pxeprobe/machine.h"

#include <poll.h>
#include <sodium.h>
#include <time.h>
#include <unistd.h>

#include "lib/sys/now.h"
#include "lib/wire/arch.h"
#include "tools/pxeprobe/cable.h"
#include "tools/pxeprobe/follow.h"

#define REPEAT_MS 1000

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void start_client(const struct play *p, struct client *c, bool ipxe)
{
	unsigned number = ipxe ? arch_plain(p->arch[0]) : p->arch[0];
	const struct arch *arch = arch_find(number);

	c->arch = (uint16_t)number;
	c->ipxe = ipxe;
	c->http = arch && arch->http;
	c->answers = 0;
	c->chosen = -1;
	c->asked_4011 = c->got_4011 = c->local = false;
}

/* The first answer that names the way is taken, as iPXE does it. */
static bool hear(struct client *c, int fd)
{
	while (c->answers < FACTS_ANSWERS && cable_receive(fd, &c->answer[c->answers])) {
		c->answers++;
		if (client_choose(c) >= 0)
			return true;
	}
	return false;
}

static bool discover(const struct play *p, const struct facts *f, struct client *c)
{
	uint32_t xid = randombytes_random() & CABLE_MASK;
	struct dhcp msg = cable_discover(&f->mac, xid, c->arch, c->http, c->ipxe);
	int fd = cable_open(&f->iface, xid, !mac_equal(&f->mac, &f->iface.mac));
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	int64_t began_ms = now_monotonic_ms(), sent_ms = began_ms - REPEAT_MS, at_ms;
	bool heard = false;

	if (fd < 0)
		return false;
	while (!heard && (at_ms = now_monotonic_ms()) - began_ms < p->timeout_ms) {
		if (at_ms - sent_ms >= REPEAT_MS) {
			sent_ms = at_ms;
			if (cable_send(fd, &f->iface, &msg) < 0)
				break;
		}
		poll(&pfd, 1, 100);
		heard = hear(c, fd);
	}
	close(fd);
	return heard;
}

static bool fail(struct machine_run *out, enum stage where)
{
	out->failed = true;
	out->where = where;
	return false;
}

/* Who says what to this client; true if there is a file to fetch. */
static bool ask(const struct play *p, struct facts *f, struct client *c,
		struct machine_run *out)
{
	int64_t began_us = now_us();

	if (!discover(p, f, c))
		return fail(out, c->ipxe ? STAGE_SCRIPT : STAGE_OFFER);
	if (!c->ipxe)
		out->us[STAGE_OFFER] = now_us() - began_us;
	began_us = now_us();
	play_decide(&f->iface, &f->mac, p->timeout_ms, c);
	if (c->got_4011 && !c->ipxe)
		out->us[STAGE_4011] = now_us() - began_us;
	if (c->local)
		return false;
	if (c->asked_4011 && !c->got_4011)
		return fail(out, STAGE_4011);
	return (*c->file && client_takes(c, c->file)) ||
	       fail(out, c->ipxe ? STAGE_SCRIPT : STAGE_LOADER);
}

static bool all_fetched(const struct facts *f)
{
	for (size_t i = 0; i < f->fetches; i++)
		if (f->fetch[i].result != FETCH_OK && f->fetch[i].kind != FETCH_MANIFEST)
			return false;
	return true;
}

static bool fetch_loader(const struct play *p, struct facts *f, struct machine_run *out)
{
	int64_t began_us = now_us();
	char url[FACTS_URL];

	play_url(&f->client[0], url);
	play_fetch(p, f, 0, FETCH_LOADER, url, false, NULL);
	if (!all_fetched(f))
		return fail(out, STAGE_LOADER);
	out->us[STAGE_LOADER] = now_us() - began_us;
	return true;
}

static void run_script(const struct play *p, struct facts *f, struct machine_run *out)
{
	int64_t began_us = now_us();

	start_client(p, &f->client[1], true);
	if (!ask(p, f, &f->client[1], out))
		return;
	follow(p, f, 1);
	if (!all_fetched(f))
		fail(out, STAGE_SCRIPT);
	else
		out->us[STAGE_SCRIPT] = now_us() - began_us;
}

void machine_play(const struct play *p, struct facts *f, const struct mac *mac,
		  struct machine_run *out)
{
	int64_t began_us = now_us();

	*out = (struct machine_run){ .us = { -1, -1, -1, -1, -1 } };
	f->mac = *mac;
	f->clients = 2;
	f->fetches = 0;
	start_client(p, &f->client[0], false);
	if (ask(p, f, &f->client[0], out) && fetch_loader(p, f, out))
		run_script(p, f, out);
	if (!out->failed)
		out->us[STAGE_WHOLE] = now_us() - began_us;
}
