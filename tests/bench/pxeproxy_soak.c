/*
 * pxeproxy_soak - decodes, plans, answers and encodes as pxeproxy does, without a wire,
 * for as many packets as one likes; and sees whether memory grows.
 *
 * usage: pxeproxy_soak CONF COUNT PACKET...
 *   The packets are sent in turn, as if from 100,000 machines; each sixteenth has one
 *   octet changed, so that the ways of the refused are trodden, too.
 *
 * Prints what became of them, and resident memory in KiB after the first tenth and at
 * the end.
 */
#include "config.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/sys/exits.h"
#include "lib/sys/file.h"
#include "lib/sys/now.h"
#include "tools/pxeproxy/facts.h"

#define MACHINES 100000
#define WIRE 1
#define LOOK_EACH 64 /* as many packets as pxeproxy takes at once */
#define PACKET_LARGEST 65536

struct packet {
	uint8_t *octets;
	size_t len;
};

struct counts {
	unsigned long malformed, not_ours, silent, answered, too_long;
};

static long resident_kib(void)
{
	long pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");

	if (!f || fscanf(f, "%*d %ld", &pages) != 1)
		err(EXIT_FAILED, "/proc/self/statm");
	fclose(f);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* The same sequence each time. */
static uint32_t next_random(uint32_t *state)
{
	return *state = *state * 1664525 + 1013904223;
}

static size_t vary(const struct packet *from, unsigned long n, uint8_t *out)
{
	static uint32_t state = 1;
	uint32_t machine = (uint32_t)(n % MACHINES);

	memcpy(out, from->octets, from->len);
	if (from->len >= 34)
		memcpy(out + 28,
		       (uint8_t[]){ 0x52, 0x54, 1, (uint8_t)(machine >> 16),
				    (uint8_t)(machine >> 8), (uint8_t)machine },
		       6);
	if (n % 16 == 0 && from->len)
		out[next_random(&state) % from->len] = (uint8_t)next_random(&state);
	return from->len;
}

static void serve_one(struct sources *s, const uint8_t *octets, size_t len, uint16_t port,
		      struct counts *counts)
{
	const struct arrival via = { .interface = WIRE, .port = port };
	static struct facts facts;
	struct dhcp request;
	uint8_t out[DHCP_SIZE_MAX];
	struct answer a;
	const char *why;
	size_t n;

	if (!dhcp_decode(octets, len, &request, &why)) {
		counts->malformed++;
		return;
	}
	if (port == DHCP_SERVER_PORT && request.type == DHCP_REQUEST)
		turns_taken(s->turns, request.chaddr);
	if (!answer_wanted(&request, port)) {
		counts->not_ours++;
		return;
	}
	facts_of(s, &request, &via, &facts);
	a = answer(&request, &facts.answer);
	if (a.kind == ANSWER_NONE)
		counts->not_ours++;
	else if (a.kind == ANSWER_SILENT)
		counts->silent++;
	else if (dhcp_encode(&a.reply, out, dhcp_room(&request), &n))
		counts->answered++;
	else
		counts->too_long++;
}

static void run(struct sources *s, const struct packet *packet, size_t packets,
		unsigned long count)
{
	static uint8_t octets[PACKET_LARGEST];
	struct counts c = { 0 };
	long early = 0;

	for (unsigned long n = 0; n < count; n++) {
		const struct packet *p = &packet[n % packets];
		uint16_t port = n % 5 ? DHCP_SERVER_PORT : DHCP_PXE_PORT;
		size_t len = vary(p, n / packets, octets);

		s->monotonic_ms = now_monotonic_ms();
		s->now_ms = now_ms();
		if (n % LOOK_EACH == 0)
			database_look(s->database, s->monotonic_ms);
		serve_one(s, octets, len, port, &c);
		if (n == count / 10)
			early = resident_kib();
	}
	printf("answered %lu\nsilent %lu\nnot-ours %lu\nmalformed %lu\ntoo-long %lu\n"
	       "kib-early %ld\nkib-late %ld\n",
	       c.answered, c.silent, c.not_ours, c.malformed, c.too_long, early,
	       resident_kib());
}

int main(int argc, char *argv[])
{
	static struct ifaces ifaces = {
		.iface = { { WIRE, "boot0", 0x0a000001, 0xffffff00 } }, .count = 1
	};
	static struct turns turns;
	struct packet packet[256];
	size_t packets = 0;
	struct conf *conf;

	if (argc < 4)
		errx(EXIT_MISUSE, "wants CONF COUNT PACKET...");
	conf = conf_load(argv[1]);
	if (!conf)
		return EXIT_MISUSE;
	for (; packets < 256 && packets + 3 < (size_t)argc; packets++) {
		struct packet *p = &packet[packets];

		p->octets =
			(uint8_t *)file_read(argv[packets + 3], PACKET_LARGEST, &p->len);
		if (!p->octets)
			err(EXIT_FAILED, "%s", argv[packets + 3]);
	}
	struct database database = { .path = conf->database };
	struct sources sources = {
		.conf = conf, .ifaces = &ifaces, .database = &database, .turns = &turns
	};

	run(&sources, packet, packets, strtoul(argv[2], NULL, 10));
	database_close(&database);
	while (packets)
		free(packet[--packets].octets);
	conf_free(conf);
	return EXIT_DONE;
}
