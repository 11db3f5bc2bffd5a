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
#include "tools/pxeproxy/pcap.h"

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
		dhcp_text(&a->reply, text, sizeof(text));
		fputs(text, stdout);
	}
	putchar('\n');
}

static void replay_one(struct sources *s, unsigned long frame, const struct arrival *via,
		       struct pkt_rd payload)
{
	struct dhcp request;
	struct facts facts;
	struct answer a;
	const char *why;

	if (!dhcp_decode(payload.p, pkt_left(&payload), &request, &why)) {
		printf("frame: %lu\nverdict: malformed (%s)\n\n", frame, why);
		return;
	}
	if (!answer_wanted(&request, via->port))
		return;
	pretend_iface(s->conf, via->from, s->ifaces);
	facts_of(s, &request, via, &facts);
	a = answer(&request, &facts.answer);
	if (a.kind != ANSWER_NONE)
		print_turn(frame, &request, &facts, &a);
}

static void replay_all(struct sources *s, struct pcap *pcap)
{
	struct pkt_rd datagram, payload;
	struct udp4 udp;

	while (pcap_next(pcap, &datagram)) {
		struct arrival via = { .interface = WIRE };

		if (!udp4_get(datagram, &udp, &payload) ||
		    (udp.to_port != DHCP_SERVER_PORT && udp.to_port != DHCP_PXE_PORT))
			continue;
		via.from = udp.from;
		via.to = udp.to;
		via.from_port = udp.from_port;
		via.port = udp.to_port;
		replay_one(s, pcap->frame, &via, payload);
	}
}

int replay(const struct conf *conf, const char *path)
{
	static struct ifaces ifaces;
	struct database database = { .path = conf->database };
	struct sources sources = {
		.conf = conf, .ifaces = &ifaces, .database = &database, .now_ms = now_ms()
	};
	const char *file = strcmp(path, "-") == 0 ? "/dev/stdin" : path, *why;
	struct pcap pcap;
	size_t len;
	char *octets = file_read(file, CAPTURE_LARGEST, &len);

	if (!octets)
		err(EXIT_FAILED, "%s: cannot read it", path);
	if (!pcap_begin(octets, len, &pcap, &why))
		errx(EXIT_FAILED, "%s: %s", path, why);
	replay_all(&sources, &pcap);
	database_close(&database);
	free(octets);
	return EXIT_DONE;
}
