/*
 * Every record of a capture is read within its bounds, and so is the UDP in it.
 */
#include <stdlib.h>

#include "lib/wire/udp4.h"
#include "tools/pxeproxy/pcap.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

static void within(const struct pkt_rd *inner, const uint8_t *octets, size_t len)
{
	if (inner->p > inner->end || inner->p < octets || inner->end > octets + len)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct pkt_rd datagram, payload;
	struct pcap pcap;
	struct udp4 udp;
	const char *why;

	if (!pcap_begin(octets, len, &pcap, &why))
		return 0;
	while (pcap_next(&pcap, &datagram)) {
		within(&datagram, octets, len);
		if (udp4_get(datagram, &udp, &payload))
			within(&payload, octets, len);
	}
	return 0;
}
