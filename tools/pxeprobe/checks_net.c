#include "config.h"

#include "tools/pxeprobe/checks.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/wire/arch.h"

/* ---- words ---- */

/* An item that only begins like one in the list is another one. */
static bool is_listed(const struct detail *d, const char *item)
{
	size_t len = strlen(item);

	for (const char *p = d->text; (p = strstr(p, item)); p += len)
		if ((p[len] == '\0' || strncmp(p + len, ", ", 2) == 0) &&
		    (p == d->text || p[-1] == ' '))
			return true;
	return false;
}

void detail_add(struct detail *d, const char *fmt, ...)
{
	char item[300];
	va_list ap;
	int n;

	va_start(ap, fmt);
	vsnprintf(item, sizeof(item), fmt, ap);
	va_end(ap);
	if (is_listed(d, item))
		return;
	n = snprintf(d->text + d->len, sizeof(d->text) - d->len, "%s%s",
		     d->len ? ", " : "", item);
	d->len += (size_t)n;
	if (d->len >= sizeof(d->text))
		d->len = sizeof(d->text) - 1;
}

void address_text(uint32_t address, char out[static ADDRESS_TEXT])
{
	struct in_addr in = { .s_addr = htonl(address) };

	inet_ntop(AF_INET, &in, out, ADDRESS_TEXT);
}

void client_text(const struct client *c, char out[static CLIENT_TEXT])
{
	const struct arch *arch = arch_find(c->arch);

	if (c->ipxe)
		snprintf(out, CLIENT_TEXT, "iPXE");
	else
		snprintf(out, CLIENT_TEXT, "%s (%u)", arch ? arch->name : "unknown",
			 c->arch);
}

static void add_address(struct detail *d, uint32_t address)
{
	char text[ADDRESS_TEXT];

	address_text(address, text);
	detail_add(d, "%s", text);
}

static void add_client(struct detail *d, const struct client *c)
{
	char text[CLIENT_TEXT];

	client_text(c, text);
	detail_add(d, "%s", text);
}

/* ---- every answer of every client, as one list ---- */

struct each {
	const struct facts *f;
	size_t client, next;
	const struct client *c;
	const struct answer *a;
};

static bool each_answer(struct each *e)
{
	for (; e->client < e->f->clients; e->client++, e->next = 0) {
		e->c = &e->f->client[e->client];
		if (e->next < e->c->answers) {
			e->a = &e->c->answer[e->next++];
			return true;
		}
	}
	return false;
}

static bool any(const struct facts *f, bool (*is)(const struct answer *))
{
	struct each e = { .f = f };

	while (each_answer(&e))
		if (is(e.a))
			return true;
	return false;
}

/* How many servers there are of a kind; the detail names all. */
static size_t servers(const struct facts *f, bool (*is)(const struct answer *),
		      struct detail *d)
{
	struct each e = { .f = f };
	uint32_t seen[FACTS_ANSWERS];
	size_t count = 0, i;

	while (each_answer(&e)) {
		if (!is(e.a))
			continue;
		for (i = 0; i < count && seen[i] != answer_server(e.a); i++)
			continue;
		if (i < count || count == FACTS_ANSWERS)
			continue;
		seen[count++] = answer_server(e.a);
		add_address(d, answer_server(e.a));
	}
	return count;
}

static const struct answer *chosen(const struct client *c)
{
	return c->chosen >= 0 ? &c->answer[c->chosen] : NULL;
}

static bool anybody_served(const struct facts *f)
{
	for (size_t i = 0; i < f->clients; i++)
		if (f->client[i].chosen >= 0)
			return true;
	return false;
}

/* ---- the interface ---- */

bool check_wrong_interface(const struct facts *f, struct detail *d)
{
	detail_add(d, "%s", f->iface.name);
	return !f->iface.ethernet;
}

bool check_interface_down(const struct facts *f, struct detail *d)
{
	detail_add(d, "%s", f->iface.name);
	return f->iface.ethernet && !f->iface.up;
}

bool check_no_carrier(const struct facts *f, struct detail *d)
{
	detail_add(d, "%s", f->iface.name);
	return f->iface.ethernet && f->iface.up && !f->iface.carrier;
}

bool check_no_address(const struct facts *f, struct detail *d)
{
	detail_add(d, "%s", f->iface.name);
	return f->no_address;
}

/* ---- who answers ---- */

bool check_no_answer(const struct facts *f, struct detail *d)
{
	struct each e = { .f = f };

	detail_add(d, "%s", f->iface.name);
	return f->clients && !each_answer(&e);
}

bool check_no_dhcp(const struct facts *f, struct detail *d)
{
	struct each e = { .f = f };

	detail_add(d, "%s", f->iface.name);
	return each_answer(&e) && !any(f, answer_is_dhcp);
}

/* Of many architectures one that is served is enough. */
static bool may_be_silent(const struct facts *f, const struct client *c)
{
	return c->ipxe || (c->extra && anybody_served(f));
}

bool check_no_proxy(const struct facts *f, struct detail *d)
{
	for (size_t i = 0; i < f->clients; i++) {
		const struct client *c = &f->client[i];

		if (c->chosen < 0 && !may_be_silent(f, c) && any(f, answer_is_dhcp))
			add_client(d, c);
	}
	return d->len;
}

bool check_not_served(const struct facts *f, struct detail *d)
{
	for (size_t i = 0; i < f->clients; i++) {
		const struct client *c = &f->client[i];

		if (c->chosen < 0 && !c->ipxe && may_be_silent(f, c))
			add_client(d, c);
	}
	return d->len;
}

static bool other_proxy(const struct facts *f, uint32_t server)
{
	struct each e = { .f = f };

	while (each_answer(&e))
		if (answer_is_proxy(e.a) && answer_server(e.a) != server)
			return true;
	return false;
}

/*
 * Clients go to port 4011 of that host.  If somebody is there, and nobody offers
 * anything elsewhere, all is as it should be.
 */
bool check_dhcp_says_pxeclient(const struct facts *f, struct detail *d)
{
	struct each e = { .f = f };

	while (each_answer(&e)) {
		if (!answer_is_dhcp(e.a) || !dhcp_has_class(&e.a->msg, "PXEClient"))
			continue;
		if (other_proxy(f, answer_server(e.a)) ||
		    (e.c->asked_4011 && !e.c->got_4011 && e.a == chosen(e.c)))
			add_address(d, answer_server(e.a));
	}
	return d->len;
}

bool check_pxe_options_from_dhcp(const struct facts *f, struct detail *d)
{
	struct each e = { .f = f };
	char server[ADDRESS_TEXT];

	if (!any(f, answer_is_proxy))
		return false;
	while (each_answer(&e)) {
		if (!answer_is_dhcp(e.a) || !*answer_file(e.a) ||
		    dhcp_has_class(&e.a->msg, "PXEClient"))
			continue;
		address_text(answer_server(e.a), server);
		detail_add(d, "%s names %s", server, answer_file(e.a));
	}
	return d->len;
}

bool check_two_proxies(const struct facts *f, struct detail *d)
{
	return servers(f, answer_is_proxy, d) > 1;
}

bool check_two_dhcp(const struct facts *f, struct detail *d)
{
	return servers(f, answer_is_dhcp, d) > 1;
}

static bool is_here(const struct iface *iface, uint32_t address)
{
	return !address || !iface->address ||
	       (address & iface->mask) == (iface->address & iface->mask);
}

/* A relay's answers come from the relay, but name a server elsewhere. */
bool check_other_subnet(const struct facts *f, struct detail *d)
{
	char server[ADDRESS_TEXT], offered[ADDRESS_TEXT];
	struct each e = { .f = f };

	while (each_answer(&e)) {
		if (e.a->why)
			continue;
		address_text(answer_server(e.a), server);
		address_text(e.a->msg.yiaddr, offered);
		if (!is_here(&f->iface, e.a->msg.yiaddr))
			detail_add(d, "%s offers %s", server, offered);
		else if (!is_here(&f->iface, e.a->from) && !e.a->msg.giaddr)
			add_address(d, e.a->from);
	}
	return d->len;
}

bool check_broken_answer(const struct facts *f, struct detail *d)
{
	struct each e = { .f = f };
	char from[ADDRESS_TEXT];

	while (each_answer(&e)) {
		if (!e.a->why)
			continue;
		address_text(e.a->from, from);
		detail_add(d, "%s: %s", from, e.a->why);
	}
	return d->len;
}

bool check_unheard_offer(const struct facts *f, struct detail *d)
{
	struct each e = { .f = f };
	char from[ADDRESS_TEXT];

	while (each_answer(&e)) {
		if (!answer_is_pxe(e.a))
			continue;
		address_text(e.a->from, from);
		if (e.a->port != DHCP_SERVER_PORT)
			detail_add(d, "%s from port %u", from, e.a->port);
		else if (!e.a->msg.server)
			detail_add(d, "%s without option 54", from);
	}
	return d->len;
}

/* ---- what they say ---- */

bool check_4011_silent(const struct facts *f, struct detail *d)
{
	for (size_t i = 0; i < f->clients; i++) {
		const struct client *c = &f->client[i];

		if (c->asked_4011 && !c->got_4011 && !answer_is_dhcp(chosen(c)))
			add_address(d, c->at_4011);
	}
	return d->len;
}

bool check_no_file(const struct facts *f, struct detail *d)
{
	char who[CLIENT_TEXT], server[ADDRESS_TEXT];

	for (size_t i = 0; i < f->clients; i++) {
		const struct client *c = &f->client[i];

		if (!chosen(c) || c->local || *c->file || (c->asked_4011 && !c->got_4011))
			continue;
		if (f->no_address && client_asks_4011(c, chosen(c)))
			continue;
		client_text(c, who);
		address_text(answer_server(chosen(c)), server);
		detail_add(d, "%s from %s", who, server);
	}
	return d->len;
}

bool check_wrong_protocol(const struct facts *f, struct detail *d)
{
	char who[CLIENT_TEXT];

	for (size_t i = 0; i < f->clients; i++) {
		const struct client *c = &f->client[i];

		if (c->local || !*c->file || client_takes(c, c->file))
			continue;
		client_text(c, who);
		detail_add(d, "%s is told %s", who, c->file);
	}
	return d->len;
}

bool check_local_boot(const struct facts *f, struct detail *d)
{
	for (size_t i = 0; i < f->clients; i++)
		if (f->client[i].local)
			add_client(d, &f->client[i]);
	return d->len;
}

static void add_slow(struct detail *d, const struct facts *f, uint32_t server, int64_t ms,
		     const char *what)
{
	char text[ADDRESS_TEXT];

	if (ms <= f->limits.answer_ms)
		return;
	address_text(server, text);
	detail_add(d, "%s%s took %" PRId64 " ms", text, what, ms);
}

bool check_slow_answer(const struct facts *f, struct detail *d)
{
	for (size_t i = 0; i < f->clients; i++) {
		const struct client *c = &f->client[i];

		if (chosen(c))
			add_slow(d, f, answer_server(chosen(c)), chosen(c)->ms, "");
		if (c->got_4011)
			add_slow(d, f, c->at_4011, c->ms_4011, " on port 4011");
	}
	for (size_t i = 0; i < f->fetches; i++) {
		const struct fetch *t = &f->fetch[i];

		if (t->kind == FETCH_SCRIPT && t->result == FETCH_OK &&
		    t->ms > f->limits.answer_ms)
			detail_add(d, "%s took %" PRId64 " ms", t->url, t->ms);
	}
	return d->len;
}
