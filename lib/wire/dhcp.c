#include "lib/wire/dhcp.h"

#include <string.h>

#include "lib/wire/arch.h"
#include "lib/wire/dhcp_code.h"

/* A packet while its options are read. */
struct reader {
	struct dhcp *out;
	bool seen[256];
	uint8_t overload;
	const char *why;
};

static void text_of(struct pkt_rd *value, char *out, size_t size)
{
	size_t len = strnlen((const char *)value->p, pkt_left(value));

	if (len >= size)
		len = size - 1;
	memcpy(out, value->p, len);
	out[len] = '\0';
}

static void octets_of(struct pkt_rd *value, struct dhcp_octets *out)
{
	out->len = (uint8_t)pkt_left(value);
	memcpy(out->octet, value->p, out->len);
}

static bool read_requested(struct pkt_rd *value, struct reader *r)
{
	return pkt_get_u32(value, &r->out->requested);
}

static bool read_overload(struct pkt_rd *value, struct reader *r)
{
	return pkt_get_u8(value, &r->overload);
}

static bool read_type(struct pkt_rd *value, struct reader *r)
{
	uint8_t type;

	if (!pkt_get_u8(value, &type))
		return false;
	r->out->type = type;
	return true;
}

static bool read_server(struct pkt_rd *value, struct reader *r)
{
	return pkt_get_u32(value, &r->out->server);
}

static bool read_max_size(struct pkt_rd *value, struct reader *r)
{
	return pkt_get_u16(value, &r->out->max_size);
}

static bool read_vendor_class(struct pkt_rd *value, struct reader *r)
{
	text_of(value, r->out->vendor_class, sizeof(r->out->vendor_class));
	return true;
}

static bool read_client_id(struct pkt_rd *value, struct reader *r)
{
	octets_of(value, &r->out->client_id);
	return true;
}

static bool read_bootfile(struct pkt_rd *value, struct reader *r)
{
	text_of(value, r->out->bootfile, sizeof(r->out->bootfile));
	return true;
}

/* RFC 3004 section 4: counted texts that fill the option exactly. */
static bool is_counted(struct pkt_rd value)
{
	struct pkt_rd class;
	uint8_t len;

	while (pkt_left(&value) > 0)
		if (!pkt_get_u8(&value, &len) || !len ||
		    !pkt_get_sub(&value, len, &class))
			return false;
	return true;
}

/* iPXE sends its four letters and no count (src/net/udp/dhcp.c). */
static bool read_user_class(struct pkt_rd *value, struct reader *r)
{
	struct pkt_rd class = *value;
	uint8_t len;

	if (is_counted(*value) &&
	    (!pkt_get_u8(value, &len) || !pkt_get_sub(value, len, &class)))
		return false;
	text_of(&class, r->out->user_class, sizeof(r->out->user_class));
	return true;
}

static bool read_relay_info(struct pkt_rd *value, struct reader *r)
{
	octets_of(value, &r->out->relay_info);
	return true;
}

static bool read_arch(struct pkt_rd *value, struct reader *r)
{
	struct dhcp *out = r->out;

	while (out->archs < DHCP_ARCHS && pkt_get_u16(value, &out->arch[out->archs]))
		out->archs++;
	return true;
}

static bool read_undi(struct pkt_rd *value, struct reader *r)
{
	return pkt_get_bytes(value, r->out->undi, sizeof(r->out->undi));
}

static bool read_machine_id(struct pkt_rd *value, struct reader *r)
{
	octets_of(value, &r->out->machine_id);
	return true;
}

static bool read_ipxe(struct pkt_rd *value, struct reader *r)
{
	octets_of(value, &r->out->ipxe);
	return true;
}

static void read_pxe_option(uint8_t code, struct pkt_rd value, struct dhcp_pxe *pxe)
{
	uint8_t len;

	switch (code) {
	case PXE_CONTROL:
		pxe->has_control = pkt_get_u8(&value, &pxe->control);
		break;
	case PXE_SERVERS:
		if (!pkt_get_u16(&value, &pxe->server_type) ||
		    !pkt_get_u8(&value, &len) || !len ||
		    !pkt_get_u32(&value, &pxe->boot_server))
			pxe->boot_server = 0;
		break;
	case PXE_MENU:
		pxe->has_menu = pkt_get_u16(&value, &pxe->menu_type) &&
				pkt_get_u8(&value, &len) &&
				pkt_get_sub(&value, len, &value);
		if (pxe->has_menu)
			text_of(&value, pxe->menu_text, sizeof(pxe->menu_text));
		break;
	case PXE_PROMPT:
		pxe->has_prompt = pkt_get_u8(&value, &pxe->timeout);
		if (pxe->has_prompt)
			text_of(&value, pxe->prompt_text, sizeof(pxe->prompt_text));
		break;
	case PXE_ITEM:
		pxe->has_item = pkt_get_u16(&value, &pxe->item_type) &&
				pkt_get_u16(&value, &pxe->item_layer);
		break;
	default:
		break;
	}
}

/* Other vendors mean other things by option 43: what cannot be read says nothing. */
static bool read_vendor(struct pkt_rd *value, struct reader *r)
{
	struct pkt_rd sub;
	uint8_t code, len;

	while (pkt_get_u8(value, &code) && code != OPT_END) {
		if (code == OPT_PAD)
			continue;
		if (!pkt_get_u8(value, &len) || !pkt_get_sub(value, len, &sub))
			break;
		read_pxe_option(code, sub, &r->out->pxe);
	}
	return true;
}

/* min and max are octets of the value. */
static const struct option {
	uint8_t min, max;
	bool (*read)(struct pkt_rd *value, struct reader *r);
	const char *why;
} options[256] = {
	[OPT_VENDOR] = { 0, 255, read_vendor, NULL },
	[OPT_REQUESTED] = { 4, 4, read_requested, "option 50 is not an address" },
	[OPT_OVERLOAD] = { 1, 1, read_overload, "option 52 is not one octet" },
	[OPT_TYPE] = { 1, 1, read_type, "option 53 is not one octet" },
	[OPT_SERVER] = { 4, 4, read_server, "option 54 is not an address" },
	[OPT_MAX_SIZE] = { 2, 2, read_max_size, "option 57 is not two octets" },
	[OPT_VENDOR_CLASS] = { 0, 255, read_vendor_class, NULL },
	[OPT_CLIENT_ID] = { 0, 255, read_client_id, NULL },
	[OPT_BOOTFILE] = { 0, 255, read_bootfile, NULL },
	[OPT_USER_CLASS] = { 0, 255, read_user_class, NULL },
	[OPT_RELAY_INFO] = { 0, 255, read_relay_info, NULL },
	[OPT_ARCH] = { 0, 255, read_arch, NULL },
	[OPT_UNDI] = { 3, 3, read_undi, "option 94 is not three octets" },
	[OPT_MACHINE_ID] = { 0, 255, read_machine_id, NULL },
	[OPT_IPXE] = { 0, 255, read_ipxe, NULL },
};

static bool read_option(uint8_t code, struct pkt_rd value, struct reader *r)
{
	const struct option *o = &options[code];

	if (r->out->codes < DHCP_CODES)
		r->out->code[r->out->codes++] = code;
	if (!o->read || r->seen[code])
		return true;
	r->seen[code] = true;
	if (pkt_left(&value) < o->min || pkt_left(&value) > o->max) {
		r->why = o->why;
		return false;
	}
	return o->read(&value, r);
}

/* Some senders leave the end mark out; then the end of the packet is one. */
static bool read_options(struct pkt_rd area, struct reader *r)
{
	struct pkt_rd value;
	uint8_t code, len;

	while (pkt_get_u8(&area, &code) && code != OPT_END) {
		if (code == OPT_PAD)
			continue;
		if (!pkt_get_u8(&area, &len) || !pkt_get_sub(&area, len, &value)) {
			r->why = "an option reaches past the end";
			return false;
		}
		if (!read_option(code, value, r))
			return false;
	}
	return true;
}

/* RFC 2131 section 4.1: the file field comes before the sname field. */
static bool read_overloaded(struct pkt_rd sname, struct pkt_rd file, struct reader *r)
{
	struct dhcp *out = r->out;

	if (!(r->overload & 1))
		text_of(&file, out->file, sizeof(out->file));
	else if (!read_options(file, r))
		return false;
	if (!(r->overload & 2))
		text_of(&sname, out->sname, sizeof(out->sname));
	else if (!read_options(sname, r))
		return false;
	return true;
}

static bool read_header(struct pkt_rd *rd, struct dhcp *out)
{
	return pkt_get_u8(rd, &out->op) && pkt_get_u8(rd, &out->htype) &&
	       pkt_get_u8(rd, &out->hlen) && pkt_get_u8(rd, &out->hops) &&
	       pkt_get_u32(rd, &out->xid) && pkt_get_u16(rd, &out->secs) &&
	       pkt_get_u16(rd, &out->flags) && pkt_get_u32(rd, &out->ciaddr) &&
	       pkt_get_u32(rd, &out->yiaddr) && pkt_get_u32(rd, &out->siaddr) &&
	       pkt_get_u32(rd, &out->giaddr) &&
	       pkt_get_bytes(rd, out->chaddr, sizeof(out->chaddr));
}

static bool header_ok(const struct dhcp *msg, const char **why)
{
	if (msg->op != DHCP_OP_REQUEST && msg->op != DHCP_OP_REPLY)
		*why = "neither a request nor a reply";
	else if (!msg->htype)
		*why = "hardware type 0";
	else if (msg->hlen > sizeof(msg->chaddr))
		*why = "a hardware address longer than its field";
	else
		return true;
	return false;
}

bool dhcp_decode(const void *octets, size_t len, struct dhcp *out, const char **why)
{
	struct pkt_rd rd = pkt_rd(octets, len), sname, file;
	struct reader r = { .out = out };
	uint32_t cookie;

	*out = (struct dhcp){ 0 };
	*why = "shorter than a DHCP header";
	if (!read_header(&rd, out) || !pkt_get_sub(&rd, 64, &sname) ||
	    !pkt_get_sub(&rd, 128, &file) || !pkt_get_u32(&rd, &cookie))
		return false;
	*why = "not DHCP: another cookie";
	if (cookie != DHCP_COOKIE || !header_ok(out, why))
		return false;
	if (!read_options(rd, &r) || !read_overloaded(sname, file, &r)) {
		*why = r.why ? r.why : "an option that cannot be read";
		return false;
	}
	*why = NULL;
	return true;
}

/*
 * RFC 2131 section 2 promises 576 octets with the IP and UDP headers; EDK2's
 * REQUEST says 65280 and still drops what is over DHCP_SIZE_MAX.
 */
size_t dhcp_room(const struct dhcp *request)
{
	if (request->max_size < 576)
		return 576 - 28;
	return request->max_size < DHCP_SIZE_MAX ? request->max_size : DHCP_SIZE_MAX;
}

bool dhcp_set_file(struct dhcp *msg, const char *name)
{
	size_t len = strlen(name);

	msg->file[0] = msg->bootfile[0] = '\0';
	if (len < DHCP_FILE)
		memcpy(msg->file, name, len + 1);
	else if (len < DHCP_TEXT)
		memcpy(msg->bootfile, name, len + 1);
	return len < DHCP_TEXT;
}

bool dhcp_is_ipxe(const struct dhcp *msg)
{
	return strcmp(msg->user_class, "iPXE") == 0 || msg->ipxe.len > 0;
}

bool dhcp_is_raspberry(const struct dhcp *msg)
{
	static const uint8_t same[16] = "DDDDDDDDDDDDDDDD";
	const uint8_t *id = msg->machine_id.octet;

	if (msg->archs && msg->arch[0] == ARCH_RASPBERRY)
		return true;
	return msg->archs && msg->arch[0] == 0 && msg->machine_id.len == 17 &&
	       id[0] == 0 &&
	       (memcmp(id + 1, same, sizeof(same)) == 0 || memcmp(id + 1, "RPi", 3) == 0);
}

bool dhcp_is_uboot(const struct dhcp *msg)
{
	return strncmp(msg->vendor_class, "U-Boot", 6) == 0 ||
	       (msg->archs && msg->arch[0] >= ARCH_UBOOT_FIRST &&
		msg->arch[0] <= ARCH_UBOOT_LAST);
}

bool dhcp_has_class(const struct dhcp *msg, const char *class)
{
	size_t len = strlen(class);

	return strncmp(msg->vendor_class, class, len) == 0 &&
	       (msg->vendor_class[len] == '\0' || msg->vendor_class[len] == ':');
}
