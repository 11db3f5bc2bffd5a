#include "lib/wire/dhcp.h"

#include <string.h>

#include "lib/wire/dhcp_code.h"

static void put_option(struct pkt_wr *wr, uint8_t code, const void *value, size_t len)
{
	if (!len)
		return;
	pkt_put_u8(wr, code);
	pkt_put_u8(wr, (uint8_t)len);
	pkt_put_bytes(wr, value, len);
}

static void put_text(struct pkt_wr *wr, uint8_t code, const char *text)
{
	put_option(wr, code, text, strnlen(text, DHCP_TEXT - 1));
}

static void put_octets(struct pkt_wr *wr, uint8_t code, const struct dhcp_octets *value)
{
	put_option(wr, code, value->octet, value->len);
}

static void put_address(struct pkt_wr *wr, uint8_t code, uint32_t address)
{
	if (!address)
		return;
	pkt_put_u8(wr, code);
	pkt_put_u8(wr, sizeof(address));
	pkt_put_u32(wr, address);
}

static void put_u16_option(struct pkt_wr *wr, uint8_t code, uint16_t value)
{
	if (!value)
		return;
	pkt_put_u8(wr, code);
	pkt_put_u8(wr, sizeof(value));
	pkt_put_u16(wr, value);
}

static void put_archs(struct pkt_wr *wr, const struct dhcp *msg)
{
	if (!msg->archs)
		return;
	pkt_put_u8(wr, OPT_ARCH);
	pkt_put_u8(wr, (uint8_t)(2 * msg->archs));
	for (size_t i = 0; i < msg->archs; i++)
		pkt_put_u16(wr, msg->arch[i]);
}

static void put_servers(struct pkt_wr *wr, const struct dhcp_pxe *pxe)
{
	pkt_put_u8(wr, PXE_SERVERS);
	pkt_put_u8(wr, 7);
	pkt_put_u16(wr, pxe->server_type);
	pkt_put_u8(wr, 1);
	pkt_put_u32(wr, pxe->boot_server);
}

static void put_menu(struct pkt_wr *wr, const struct dhcp_pxe *pxe)
{
	size_t len = strlen(pxe->menu_text);

	pkt_put_u8(wr, PXE_MENU);
	pkt_put_u8(wr, (uint8_t)(3 + len));
	pkt_put_u16(wr, pxe->menu_type);
	pkt_put_u8(wr, (uint8_t)len);
	pkt_put_bytes(wr, pxe->menu_text, len);
}

static void put_prompt(struct pkt_wr *wr, const struct dhcp_pxe *pxe)
{
	size_t len = strlen(pxe->prompt_text);

	pkt_put_u8(wr, PXE_PROMPT);
	pkt_put_u8(wr, (uint8_t)(1 + len));
	pkt_put_u8(wr, pxe->timeout);
	pkt_put_bytes(wr, pxe->prompt_text, len);
}

static void put_item(struct pkt_wr *wr, const struct dhcp_pxe *pxe)
{
	pkt_put_u8(wr, PXE_ITEM);
	pkt_put_u8(wr, 4);
	pkt_put_u16(wr, pxe->item_type);
	pkt_put_u16(wr, pxe->item_layer);
}

/* Some ROMs read on until they find the 255, so it is always there. */
static void put_vendor(struct pkt_wr *wr, const struct dhcp_pxe *pxe)
{
	uint8_t octets[255];
	struct pkt_wr sub = pkt_wr(octets, sizeof(octets));
	size_t len;

	if (pxe->has_control)
		put_option(&sub, PXE_CONTROL, &pxe->control, 1);
	if (pxe->boot_server)
		put_servers(&sub, pxe);
	if (pxe->has_menu)
		put_menu(&sub, pxe);
	if (pxe->has_prompt)
		put_prompt(&sub, pxe);
	if (pxe->has_item)
		put_item(&sub, pxe);
	if (sub.p == sub.start)
		return;
	pkt_put_u8(&sub, OPT_END);
	if (pkt_put_end(&sub, &len))
		put_option(wr, OPT_VENDOR, octets, len);
}

static void put_options(struct pkt_wr *wr, const struct dhcp *msg)
{
	uint8_t type = (uint8_t)msg->type;

	put_option(wr, OPT_TYPE, &type, type ? 1 : 0);
	put_address(wr, OPT_SERVER, msg->server);
	put_address(wr, OPT_REQUESTED, msg->requested);
	put_u16_option(wr, OPT_MAX_SIZE, msg->max_size);
	put_text(wr, OPT_VENDOR_CLASS, msg->vendor_class);
	put_text(wr, OPT_BOOTFILE, msg->bootfile);
	put_octets(wr, OPT_CLIENT_ID, &msg->client_id);
	put_text(wr, OPT_USER_CLASS, msg->user_class);
	put_archs(wr, msg);
	put_option(wr, OPT_UNDI, msg->undi, msg->undi[0] ? sizeof(msg->undi) : 0);
	put_octets(wr, OPT_MACHINE_ID, &msg->machine_id);
	put_vendor(wr, &msg->pxe);
	put_octets(wr, OPT_IPXE, &msg->ipxe);
	put_octets(wr, OPT_RELAY_INFO, &msg->relay_info); /* RFC 3046 section 2.1 */
	pkt_put_u8(wr, OPT_END);
}

static void put_field(struct pkt_wr *wr, const char *text, size_t size)
{
	static const uint8_t zeros[DHCP_FILE];
	size_t len = strnlen(text, size);

	pkt_put_bytes(wr, text, len);
	pkt_put_bytes(wr, zeros, size - len);
}

static void put_header(struct pkt_wr *wr, const struct dhcp *msg)
{
	pkt_put_u8(wr, msg->op);
	pkt_put_u8(wr, msg->htype);
	pkt_put_u8(wr, msg->hlen);
	pkt_put_u8(wr, msg->hops);
	pkt_put_u32(wr, msg->xid);
	pkt_put_u16(wr, msg->secs);
	pkt_put_u16(wr, msg->flags);
	pkt_put_u32(wr, msg->ciaddr);
	pkt_put_u32(wr, msg->yiaddr);
	pkt_put_u32(wr, msg->siaddr);
	pkt_put_u32(wr, msg->giaddr);
	pkt_put_bytes(wr, msg->chaddr, sizeof(msg->chaddr));
	put_field(wr, msg->sname, 64);
	put_field(wr, msg->file, 128);
	pkt_put_u32(wr, DHCP_COOKIE);
}

bool dhcp_encode(const struct dhcp *msg, void *octets, size_t size, size_t *len)
{
	struct pkt_wr wr = pkt_wr(octets, size);

	put_header(&wr, msg);
	put_options(&wr, msg);
	while (!wr.full && wr.p - wr.start < DHCP_SIZE_MIN)
		pkt_put_u8(&wr, OPT_PAD);
	return pkt_put_end(&wr, len);
}
