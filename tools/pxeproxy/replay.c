#include "config.h"

#include "tools/pxeproxy/replay.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/sys/exits.h"
#include "lib/sys/file.h"
#include "lib/sys/now.h"
#include "lib/wire/udp4.h"
#include "tools/pxeproxy/facts.h"
#include "tools/pxeproxy/outbox.h"
#include "tools/pxeproxy/pcap.h"
#include "tools/pxeproxy/watch.h"

#define CAPTURE_LARGEST (256 << 20)
#define WIRE 1             /* the index of the one interface that a capture has */
#define NOBODY 0xc0000201U /* 192.0.2.1, for a network that names no server */

/* A capture does not say on which interface it was taken: each network has its own. */
static void pretend_iface(const struct conf *conf, uint32_t from, struct ifaces *ifaces)
{
	const struct conf_network *n = from ? conf_network_of(conf, from) : NULL;
	struct iface *i = &ifaces->iface[0];

	if (!n)
		n = &conf->network[0];
	ifaces->count = 1;
	*i = (struct iface){ .index = WIRE, .address = n->server, .mask = n->mask };
	if (!i->address)
		i->address = n->subnet ? n->subnet + 1 : NOBODY;
	snprintf(i->name, sizeof(i->name), "%s", n->interface);
}

/* Where the replies go besides standard output. */
struct writer {
	FILE *f; /* NULL: nowhere */
	int64_t time_us;
};

static void write_head(FILE *f)
{
	uint8_t octets[PCAP_HEADER];
	struct pkt_wr wr = pkt_wr(octets, sizeof(octets));

	pcap_put_header(&wr);
	fwrite(octets, 1, sizeof(octets), f);
}

/* As it would stand on the wire, but for the Ethernet header. */
static void write_reply(const struct writer *w, const struct arrival *via,
			const struct facts *facts, const struct dhcp *request,
			const struct answer *a)
{
	uint8_t payload[DHCP_SIZE_MAX],
		octets[PCAP_RECORD + UDP4_HEADERS + DHCP_SIZE_MAX];
	struct pkt_wr wr = pkt_wr(octets, sizeof(octets));
	struct udp4 udp;
	size_t len, total;
	int interface;

	if (!w->f || !dhcp_encode(&a->reply, payload, dhcp_room(request), &len))
		return;
	udp = outbox_way(via, a, facts->local, &interface);
	pcap_put_record(&wr, w->time_us, UDP4_HEADERS + len);
	udp4_put(&wr, &udp, payload, len);
	if (pkt_put_end(&wr, &total))
		fwrite(octets, 1, total, w->f);
}

static const char *verdict_of(enum answer_kind kind)
{
	static const char *const names[] = {
		[ANSWER_NONE] = "not ours",
		[ANSWER_SILENT] = "silent",
		[ANSWER_OFFER] = "offer",
		[ANSWER_ACK] = "ack",
	};

	return names[kind];
}

static void print_way(const struct facts *facts)
{
	const struct conf_way *way = &facts->way;

	printf("route: %s\nstyle: %s\n", route_name(way->route),
	       style_name(facts->answer.style));
	if (*way->machine)
		printf("machine: %s\n", way->machine);
	if (way->loader && *way->loader->second)
		printf("second: %s\n", way->loader->second);
}

static void print_turn(unsigned long frame, const struct dhcp *request,
		       const struct facts *facts, const struct answer *a)
{
	char mac[MAC_TEXT] = "-", text[8192];

	if (facts->key.has_mac)
		mac_format(&facts->key.mac, ':', mac);
	printf("frame: %lu\nrequest: %s from %s arch %d%s\nverdict: %s\nrule: %s (%s)\n",
	       frame, dhcp_type_name(request->type), mac,
	       request->archs ? request->arch[0] : -1,
	       dhcp_is_ipxe(request) ? " iPXE" : "", verdict_of(a->kind), a->rule,
	       a->why);
	if (a->kind == ANSWER_OFFER || a->kind == ANSWER_ACK) {
		print_way(facts);
		dhcp_text(&a->reply, text, sizeof(text));
		fputs(text, stdout);
	}
	putchar('\n');
}

/* What the daemon learns from packets that it does not answer. */
static void overhear(struct sources *s, unsigned long frame, const struct arrival *via,
		     const struct dhcp *msg)
{
	enum watch_fault fault = watch_fault_of(msg, via->from_port);
	uint32_t a = msg->server;

	if (via->port == DHCP_SERVER_PORT && msg->type == DHCP_REQUEST)
		turns_taken(s->turns, msg->chaddr);
	if (via->port == DHCP_CLIENT_PORT && fault == WATCH_SERVER)
		printf("frame: %lu\nverdict: fault\nrule: %s (%s)\n54: %u.%u.%u.%u\n\n",
		       frame, watch_rule(fault), watch_why(fault), a >> 24, a >> 16 & 255,
		       a >> 8 & 255, a & 255);
}

static void replay_one(struct sources *s, unsigned long frame, const struct arrival *via,
		       struct pkt_rd payload, const struct writer *w)
{
	struct dhcp request;
	struct facts facts;
	struct answer a;
	const char *why;

	if (!dhcp_decode(payload.p, pkt_left(&payload), &request, &why)) {
		if (via->port == DHCP_CLIENT_PORT)
			return;
		printf("frame: %lu\nverdict: malformed (%s)\n\n", frame, why);
		return;
	}
	overhear(s, frame, via, &request);
	if (!answer_wanted(&request, via->port))
		return;
	pretend_iface(s->conf, via->from, s->ifaces);
	database_look(s->database, s->monotonic_ms);
	facts_of(s, &request, via, &facts);
	database_rest(s->database);
	a = answer(&request, &facts.answer);
	if (a.kind == ANSWER_OFFER || a.kind == ANSWER_ACK)
		write_reply(w, via, &facts, &request, &a);
	if (a.kind != ANSWER_NONE)
		print_turn(frame, &request, &facts, &a);
}

static void replay_all(struct sources *s, struct pcap *pcap, struct writer *w)
{
	struct pkt_rd datagram, payload;
	struct udp4 udp;

	while (pcap_next(pcap, &datagram)) {
		struct arrival via = { .interface = WIRE };

		if (!udp4_get(datagram, &udp, &payload) ||
		    (udp.to_port != DHCP_SERVER_PORT && udp.to_port != DHCP_PXE_PORT &&
		     udp.to_port != DHCP_CLIENT_PORT))
			continue;
		via.from = udp.from;
		via.to = udp.to;
		via.from_port = udp.from_port;
		via.port = udp.to_port;
		w->time_us = pcap->time_us;
		s->monotonic_ms = pcap->time_us / 1000;
		replay_one(s, pcap->frame, &via, payload, w);
	}
}

int replay(const struct conf *conf, const char *path, const char *write_path)
{
	struct writer w = { 0 };
	static struct ifaces ifaces;
	static struct turns turns;
	struct database database = { .path = conf->database };
	struct sources sources = { .conf = conf,
				   .ifaces = &ifaces,
				   .database = &database,
				   .turns = &turns,
				   .now_ms = now_ms() };
	const char *file = strcmp(path, "-") == 0 ? "/dev/stdin" : path, *why;
	struct pcap pcap;
	size_t len;
	char *octets = file_read(file, CAPTURE_LARGEST, &len);

	if (!octets)
		err(EXIT_FAILED, "%s: cannot read it", path);
	if (!pcap_begin(octets, len, &pcap, &why))
		errx(EXIT_FAILED, "%s: %s", path, why);
	if (write_path && !(w.f = fopen(write_path, "we")))
		err(EXIT_FAILED, "%s: cannot write it", write_path);
	if (w.f)
		write_head(w.f);
	replay_all(&sources, &pcap, &w);
	if (w.f && (ferror(w.f) | fclose(w.f)))
		err(EXIT_FAILED, "%s: cannot write it", write_path);
	database_close(&database);
	free(octets);
	return EXIT_DONE;
}
