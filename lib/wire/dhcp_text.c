#include "lib/wire/dhcp.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct text {
	char *p;
	size_t left, len;
};

__attribute__((format(printf, 2, 3))) static void put(struct text *t, const char *format,
						      ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(t->p, t->left, format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= t->left)
		n = t->left ? (int)t->left - 1 : 0;
	t->p += n;
	t->left -= (size_t)n;
	t->len += (size_t)n;
}

static void put_number(struct text *t, const char *name, unsigned value)
{
	if (value)
		put(t, "%s: %u\n", name, value);
}

static void put_address(struct text *t, const char *name, uint32_t a)
{
	if (a)
		put(t, "%s: %u.%u.%u.%u\n", name, a >> 24, a >> 16 & 255, a >> 8 & 255,
		    a & 255);
}

static void put_char(struct text *t, unsigned char c)
{
	if (c < ' ' || c > '~' || c == '\\')
		put(t, "\\x%02x", c);
	else
		put(t, "%c", c);
}

static void put_string(struct text *t, const char *name, const char *value)
{
	if (!*value)
		return;
	put(t, "%s: ", name);
	for (const char *p = value; *p; p++)
		put_char(t, (unsigned char)*p);
	put(t, "\n");
}

static void put_hex(struct text *t, const char *name, const uint8_t *octets, size_t len)
{
	if (!len)
		return;
	put(t, "%s: ", name);
	for (size_t i = 0; i < len; i++)
		put(t, "%02x", octets[i]);
	put(t, "\n");
}

static void put_header(struct text *t, const struct dhcp *m)
{
	put(t, "op: %u\nxid: %08x\n", m->op, (unsigned)m->xid);
	put_number(t, "hops", m->hops);
	put_number(t, "secs", m->secs);
	put(t, "flags: %04x\n", m->flags);
	put_address(t, "ciaddr", m->ciaddr);
	put_address(t, "yiaddr", m->yiaddr);
	put_address(t, "siaddr", m->siaddr);
	put_address(t, "giaddr", m->giaddr);
	put_hex(t, "chaddr", m->chaddr, m->hlen);
	put_string(t, "sname", m->sname);
	put_string(t, "file", m->file);
}

static void put_pxe(struct text *t, const struct dhcp_pxe *pxe)
{
	if (pxe->has_control)
		put(t, "43.6: %u\n", pxe->control);
	if (pxe->boot_server) {
		put(t, "43.8: %u\n", pxe->server_type);
		put_address(t, "43.8 server", pxe->boot_server);
	}
	if (pxe->has_menu) {
		put(t, "43.9: %u\n", pxe->menu_type);
		put_string(t, "43.9 text", pxe->menu_text);
	}
	if (pxe->has_prompt) {
		put(t, "43.10: %u\n", pxe->timeout);
		put_string(t, "43.10 text", pxe->prompt_text);
	}
	if (pxe->has_item)
		put(t, "43.71: %u %u\n", pxe->item_type, pxe->item_layer);
}

static void put_archs(struct text *t, const struct dhcp *m)
{
	for (size_t i = 0; i < m->archs; i++)
		put(t, "%s%u", i ? " " : "93: ", m->arch[i]);
	if (m->archs)
		put(t, "\n");
}

static void put_codes(struct text *t, const struct dhcp *m)
{
	for (size_t i = 0; i < m->codes; i++)
		put(t, "%s%u", i ? " " : "options: ", m->code[i]);
	if (m->codes)
		put(t, "\n");
}

static void put_options(struct text *t, const struct dhcp *m)
{
	if (m->type)
		put(t, "53: %s\n", dhcp_type_name(m->type));
	put_address(t, "54", m->server);
	put_address(t, "50", m->requested);
	put_number(t, "57", m->max_size);
	put_string(t, "60", m->vendor_class);
	put_string(t, "67", m->bootfile);
	put_hex(t, "61", m->client_id.octet, m->client_id.len);
	put_string(t, "77", m->user_class);
	put_archs(t, m);
	put_hex(t, "94", m->undi, m->undi[0] ? sizeof(m->undi) : 0);
	put_hex(t, "97", m->machine_id.octet, m->machine_id.len);
	put_pxe(t, &m->pxe);
	put_hex(t, "175", m->ipxe.octet, m->ipxe.len);
	put_hex(t, "82", m->relay_info.octet, m->relay_info.len);
}

const char *dhcp_type_name(enum dhcp_type type)
{
	static const char *const names[] = {
		[DHCP_BOOTP] = "BOOTP",     [DHCP_DISCOVER] = "DISCOVER",
		[DHCP_OFFER] = "OFFER",     [DHCP_REQUEST] = "REQUEST",
		[DHCP_DECLINE] = "DECLINE", [DHCP_ACK] = "ACK",
		[DHCP_NAK] = "NAK",         [DHCP_RELEASE] = "RELEASE",
		[DHCP_INFORM] = "INFORM",
	};

	return type < sizeof(names) / sizeof(names[0]) ? names[type] : "unknown";
}

size_t dhcp_text(const struct dhcp *msg, char *out, size_t size)
{
	struct text t = { .p = out, .left = size };

	if (size)
		*out = '\0';
	put_header(&t, msg);
	put_options(&t, msg);
	put_codes(&t, msg);
	return t.len;
}
