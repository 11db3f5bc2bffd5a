/*
 * pcap - the IPv4 datagrams of a capture file in memory, and the writing of one.
 *
 * Errors  pcap_begin() returns false and points *why at a constant text; a
 *         record that is cut ends the capture.
 * Memory  borrows the octets of the file.
 * Source  draft-ietf-opsawg-pcap; link types 1 (Ethernet, with VLAN tags), 101
 *         and 228 (IP without any).
 */
#pragma once

#include "lib/wire/pkt.h"

struct pcap {
	struct pkt_rd rd;
	bool swapped;
	uint32_t link;
	bool nanoseconds;
	int64_t time_us;     /* of the last record, since 1970 UTC */
	unsigned long frame; /* the number of the last record, from 1 */
};

bool pcap_begin(const void *octets, size_t len, struct pcap *out, const char **why);

/* The beginning of a capture of bare IPv4, most significant octet first. */
void pcap_put_header(struct pkt_wr *wr);

/* The head of one record, which len octets follow. */
void pcap_put_record(struct pkt_wr *wr, int64_t time_us, size_t len);

#define PCAP_HEADER 24
#define PCAP_RECORD 16

/* The next record's IP datagram; empty if it holds none. */
bool pcap_next(struct pcap *pcap, struct pkt_rd *datagram);
