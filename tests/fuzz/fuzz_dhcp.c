/*
 * Whatever decodes must be printable, and encode into what decodes to the same;
 * and every answer to it must fit and decode.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/wire/dhcp.h"
#include "tools/pxeproxy/answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void answer_as(const struct dhcp *request, uint16_t port, enum plan_action action)
{
	const struct answer_facts facts = { .port = port,
					    .relay_allowed = true,
					    .network = true,
					    .server = 0x0a4d0002,
					    .url = "http://10.77.0.2:8080",
					    .loader = "snponly.efi",
					    .plan = { action, "rule", "why", 0 } };
	struct answer a = answer(request, &facts);
	struct dhcp reply;
	uint8_t octets[DHCP_SIZE_MAX];
	const char *why;
	size_t len;

	if (a.kind == ANSWER_NONE || a.kind == ANSWER_SILENT)
		return;
	must(answer_wanted(request, port));
	if (!dhcp_encode(&a.reply, octets, dhcp_room(request), &len))
		return;
	must(dhcp_decode(octets, len, &reply, &why));
	must(reply.op == DHCP_OP_REPLY && reply.yiaddr == 0 && reply.server != 0);
	must(reply.relay_info.len == 0 || reply.code[reply.codes - 1] == 82);
}

static void answer_every_way(const struct dhcp *request)
{
	for (int action = 0; action < PLAN_ACTIONS; action++) {
		answer_as(request, DHCP_SERVER_PORT, (enum plan_action)action);
		answer_as(request, DHCP_PXE_PORT, (enum plan_action)action);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	static uint8_t again[4096];
	static char text[16384];
	struct dhcp first, second;
	const char *why;
	size_t n;

	if (!dhcp_decode(octets, len, &first, &why)) {
		must(why != NULL);
		return 0;
	}
	must(dhcp_text(&first, text, sizeof(text)) == strlen(text));
	must(dhcp_encode(&first, again, sizeof(again), &n) && n >= DHCP_SIZE_MIN);
	must(dhcp_decode(again, n, &second, &why));
	must(second.type == first.type && second.server == first.server);
	must(second.archs == first.archs &&
	     second.relay_info.len == first.relay_info.len);
	must(strcmp(second.vendor_class, first.vendor_class) == 0);
	must(strcmp(second.bootfile, first.bootfile) == 0);
	must(strcmp(second.file, first.file) == 0);
	must(second.pxe.has_menu == first.pxe.has_menu);
	must(second.pxe.has_item == first.pxe.has_item);
	must(!first.pxe.has_item || second.pxe.item_type == first.pxe.item_type);
	answer_every_way(&first);
	return 0;
}
