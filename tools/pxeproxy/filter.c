#include "tools/pxeproxy/filter.h"

#include <linux/if_packet.h>
#include <netinet/in.h>
#include <string.h>

#include "lib/wire/dhcp.h"
#include "lib/wire/dhcp_code.h"

#define ALL 0x40000
#define OPTIONS 248U /* after the IP header: UDP's 8 octets, DHCP's 240 */
#define PXEC 0x50584543U
#define HTTP 0x48545450U
#define U_BO 0x552d426fU

#define LOAD(size, at) BPF_STMT(BPF_LD | (size) | BPF_ABS, (uint32_t)(at))
#define LOAD_X(size, at) BPF_STMT(BPF_LD | (size) | BPF_IND, (at))
#define LENGTH BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0)
#define MATH(op, n) BPF_STMT(BPF_ALU | (op) | BPF_K, (n))
#define IF(op, n, yes, no) BPF_JUMP(BPF_JMP | (op) | BPF_K, (n), (yes), (no))
#define IF_X(op, yes, no) BPF_JUMP(BPF_JMP | (op) | BPF_X, 0, (yes), (no))
#define GO(n) BPF_STMT(BPF_JMP | BPF_JA, (n))
#define TAKE BPF_STMT(BPF_RET | BPF_K, ALL)
#define DROP BPF_STMT(BPF_RET | BPF_K, 0)
#define TO_X BPF_STMT(BPF_MISC | BPF_TAX, 0)
#define FROM_X BPF_STMT(BPF_MISC | BPF_TXA, 0)

/* Whole UDP datagrams to port 67 or 68 of this host; X is then where options begin. */
static const struct sock_filter head[] = {
	LOAD(BPF_W, SKF_AD_OFF + SKF_AD_PKTTYPE),
	IF(BPF_JGE, PACKET_OTHERHOST, 8, 0),
	LOAD(BPF_B, 9), /* protocol */
	IF(BPF_JEQ, IPPROTO_UDP, 0, 6),
	LOAD(BPF_H, 6), /* more fragments, offset */
	IF(BPF_JSET, 0x3fff, 4, 0),
	BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0), /* length of the IP header */
	LOAD_X(BPF_H, 2),                       /* UDP's destination port */
	IF(BPF_JEQ, DHCP_SERVER_PORT, 2, 0),
	IF(BPF_JEQ, DHCP_CLIENT_PORT, 1, 0),
	DROP,
	LENGTH,
	MATH(BPF_SUB, OPTIONS),
	IF_X(BPF_JGE, 1, 0),
	TAKE,
	LOAD_X(BPF_W, OPTIONS - 4),
	IF(BPF_JEQ, DHCP_COOKIE, 1, 0),
	TAKE,
	FROM_X,
	MATH(BPF_ADD, OPTIONS),
	TO_X,
};

/* One option; the number behind GO is how far the end is. */
static const struct sock_filter step[] = {
	LENGTH,
	IF_X(BPF_JGT, 1, 0),
	TAKE,
	LOAD_X(BPF_B, 0),
	IF(BPF_JEQ, OPT_PAD, 15, 0),
	IF(BPF_JEQ, OPT_END, 0, 1),
	DROP,
	IF(BPF_JEQ, OPT_VENDOR_CLASS, 0, 1),
	GO(0), /* to the tail: set by filter_make() */
	IF(BPF_JEQ, OPT_OVERLOAD, 0, 1),
	TAKE,
	LENGTH,
	MATH(BPF_SUB, 1),
	IF_X(BPF_JGT, 1, 0),
	TAKE,
	LOAD_X(BPF_B, 1),
	MATH(BPF_ADD, 2),
	BPF_STMT(BPF_ALU | BPF_ADD | BPF_X, 0),
	TO_X,
	GO(3),
	FROM_X, /* a pad is one octet */
	MATH(BPF_ADD, 1),
	TO_X,
};

#define STEP_GO 8

/* Too many options to tell, and then the class, where X is its option. */
static const struct sock_filter tail[] = {
	TAKE,
	LENGTH,
	MATH(BPF_SUB, 6),
	IF_X(BPF_JGE, 1, 0),
	TAKE,
	LOAD_X(BPF_W, 2),
	IF(BPF_JEQ, PXEC, 2, 0),
	IF(BPF_JEQ, HTTP, 1, 0),
	IF(BPF_JEQ, U_BO, 0, 1),
	TAKE,
	DROP,
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

_Static_assert(COUNT(head) + FILTER_STEPS * COUNT(step) + COUNT(tail) <= FILTER_MOST,
	       "the filter does not fit");

size_t filter_make(struct sock_filter out[static FILTER_MOST])
{
	const size_t class = COUNT(head) + FILTER_STEPS * COUNT(step) + 1;
	size_t n = COUNT(head);

	memcpy(out, head, sizeof(head));
	for (unsigned i = 0; i < FILTER_STEPS; i++) {
		memcpy(out + n, step, sizeof(step));
		out[n + STEP_GO].k = (uint32_t)(class - (n + STEP_GO) - 1);
		n += COUNT(step);
	}
	memcpy(out + n, tail, sizeof(tail));
	return n + COUNT(tail);
}
