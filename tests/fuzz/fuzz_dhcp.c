/*
 * Whatever decodes must be printable, and encode into what decodes to the same.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/wire/dhcp.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

static void must(bool holds)
{
	if (!holds)
		abort();
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
	return 0;
}
