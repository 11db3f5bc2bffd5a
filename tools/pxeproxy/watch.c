#include "tools/pxeproxy/watch.h"

#include <stddef.h>

#define AGAIN_MS 60000

/* What a boot server says on port 4011, or of an item (43.71), is no offer. */
enum watch_fault watch_fault_of(const struct dhcp *msg, uint16_t from_port)
{
	bool says = msg->type == DHCP_OFFER || msg->type == DHCP_ACK;

	if (from_port != DHCP_SERVER_PORT || msg->pxe.has_item)
		return WATCH_NONE;
	if (msg->op != DHCP_OP_REPLY || !says || !dhcp_has_class(msg, "PXEClient"))
		return WATCH_NONE;
	return msg->yiaddr ? WATCH_SERVER : WATCH_PROXY;
}

const char *watch_rule(enum watch_fault fault)
{
	return fault == WATCH_SERVER  ? "server-option-60"
	       : fault == WATCH_PROXY ? "other-proxy"
				      : "";
}

const char *watch_why(enum watch_fault fault)
{
	return fault == WATCH_SERVER ? "this DHCP server itself says option 60 = "
				       "PXEClient: machines ask "
				       "it for their file and hear no ProxyDHCP; remove "
				       "the option there"
	       : fault == WATCH_PROXY
		       ? "another ProxyDHCP answers here too: which of the two a machine "
			 "takes is chance"
		       : "";
}

bool watch_due(struct watch *watch, uint32_t server, enum watch_fault fault,
	       int64_t monotonic_ms)
{
	size_t oldest = 0;

	for (size_t i = 0; i < WATCHES; i++) {
		if (watch->row[i].fault == fault && watch->row[i].server == server) {
			if (monotonic_ms - watch->row[i].told_ms < AGAIN_MS)
				return false;
			watch->row[i].told_ms = monotonic_ms;
			return true;
		}
		if (watch->row[i].told_ms < watch->row[oldest].told_ms)
			oldest = i;
	}
	watch->row[oldest].server = server;
	watch->row[oldest].fault = fault;
	watch->row[oldest].told_ms = monotonic_ms;
	return true;
}
