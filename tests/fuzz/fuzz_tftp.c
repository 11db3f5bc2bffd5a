/*
 * libFuzzer entry: any octets at all must parse or be refused; what is granted
 * must lie within what was asked, and within the limits.
 */
#include <stdlib.h>

#include "lib/wire/tftp.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

static const struct tftp_limits limits = {
	.blksize = 8192,
	.windowsize = 64,
	.window_octets = 65536,
	.msftwindow = true,
};

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check_grant(const struct tftp_packet *p)
{
	struct tftp_grant g = tftp_negotiate(p, &limits, 1 << 20);
	uint8_t out[TFTP_OACK_SIZE];
	struct pkt_wr wr = pkt_wr(out, sizeof(out));
	size_t len;

	must(g.blksize >= TFTP_BLKSIZE_MIN && g.blksize <= limits.blksize);
	must(g.windowsize >= 1 && g.windowsize <= limits.windowsize);
	must(g.windowsize == 1 || g.windowsize * g.blksize <= (int)limits.window_octets);
	for (size_t i = 0; i < g.oack.count; i++)
		must(tftp_has(&p->options, g.oack.order[i]));
	if (tftp_has(&g.oack, TFTP_BLKSIZE))
		must(g.blksize <= p->options.value[TFTP_BLKSIZE]);
	if (tftp_has(&g.oack, TFTP_WINDOWSIZE))
		must(g.windowsize <= p->options.value[TFTP_WINDOWSIZE]);
	tftp_put_oack(&wr, &g.oack);
	must(pkt_put_end(&wr, &len));
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct tftp_packet p;
	const char *why;

	if (!tftp_get(octets, len, &p, &why))
		return 0;
	must(p.data.p >= octets && p.data.end <= octets + len && p.data.p <= p.data.end);
	if (p.op == TFTP_RRQ || p.op == TFTP_WRQ)
		check_grant(&p);
	return 0;
}
