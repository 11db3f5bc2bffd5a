#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "lib/core/jsonout.h"
#include "lib/wire/arch.h"
#include "tools/pxeprobe/checks.h"
#include "tools/pxeprobe/report.h"

#define SIZE (8 << 20) /* all of struct facts, each octet escaped, is less */

static void put_address(struct jsonout *j, const char *key, uint32_t address)
{
	char text[ADDRESS_TEXT];

	address_text(address, text);
	if (address)
		jsonout_text(j, key, text);
	else
		jsonout_null(j, key);
}

static void put_number(struct jsonout *j, const char *key, int64_t number)
{
	if (number < 0)
		jsonout_null(j, key);
	else
		jsonout_int(j, key, number);
}

static void put_text(struct jsonout *j, const char *key, const char *text)
{
	if (*text)
		jsonout_text(j, key, text);
	else
		jsonout_null(j, key);
}

static void put_iface(struct jsonout *j, const struct iface *iface)
{
	char mac[MAC_TEXT];

	mac_format(&iface->mac, ':', mac);
	jsonout_open(j, "interface", '{');
	jsonout_text(j, "name", iface->name);
	jsonout_bool(j, "up", iface->up);
	jsonout_bool(j, "carrier", iface->carrier);
	put_address(j, "address", iface->address);
	jsonout_text(j, "mac", mac);
	jsonout_close(j, '}');
}

static void put_answer(struct jsonout *j, const struct answer *a, bool chosen)
{
	jsonout_open(j, NULL, '{');
	put_address(j, "from", a->from);
	jsonout_int(j, "port", a->port);
	put_address(j, "server", answer_server(a));
	jsonout_text(j, "kind",
		     a->why               ? "broken"
		     : answer_is_dhcp(a)  ? "dhcp"
		     : answer_is_proxy(a) ? "proxy"
					  : "other");
	jsonout_bool(j, "followed", chosen);
	put_address(j, "address", a->msg.yiaddr);
	put_address(j, "next_server", a->msg.siaddr);
	put_text(j, "file", answer_file(a));
	put_text(j, "vendor_class", a->msg.vendor_class);
	jsonout_bool(j, "local", answer_is_local(a));
	jsonout_int(j, "ms", a->ms);
	put_text(j, "why", a->why ? a->why : "");
	jsonout_close(j, '}');
}

static void put_client(struct jsonout *j, const struct client *c)
{
	const struct arch *arch = arch_find(c->arch);

	jsonout_open(j, NULL, '{');
	jsonout_int(j, "arch", c->arch);
	jsonout_text(j, "name", arch ? arch->name : "unknown");
	jsonout_bool(j, "ipxe", c->ipxe);
	jsonout_open(j, "answers", '[');
	for (size_t i = 0; i < c->answers; i++)
		put_answer(j, &c->answer[i], c->chosen == (int)i);
	jsonout_close(j, ']');
	put_address(j, "asked_4011", c->at_4011);
	put_number(j, "ms_4011", c->got_4011 ? c->ms_4011 : -1);
	put_address(j, "server", c->server);
	put_text(j, "file", c->file);
	jsonout_bool(j, "local", c->local);
	jsonout_close(j, '}');
}

static void put_fetch(struct jsonout *j, const struct fetch *t)
{
	static const char *const kinds[] = { [FETCH_LOADER] = "loader",
					     [FETCH_SCRIPT] = "script",
					     [FETCH_FILE] = "file",
					     [FETCH_MANIFEST] = "manifest" };
	static const char *const results[] = {
		[FETCH_OK] = "ok",           [FETCH_UNREACHABLE] = "unreachable",
		[FETCH_MISSING] = "missing", [FETCH_REFUSED] = "refused",
		[FETCH_CUT] = "cut",         [FETCH_UNSUPPORTED] = "unsupported"
	};

	jsonout_open(j, NULL, '{');
	jsonout_int(j, "client", (int64_t)t->client);
	jsonout_text(j, "kind", kinds[t->kind]);
	jsonout_text(j, "url", t->url);
	jsonout_text(j, "result", results[t->result]);
	put_number(j, "status", t->status);
	put_text(j, "why", t->why);
	jsonout_bool(j, "transferred", !t->head);
	put_number(j, "size", t->size);
	jsonout_int(j, "ms", t->ms);
	put_number(j, "octets_per_s", fetch_rate(t));
	put_text(j, "sha256", t->sha256);
	put_text(j, "manifest_sha256", t->want_sha256);
	jsonout_close(j, '}');
}

static void put_findings(struct jsonout *j, const char *key, bool notes,
			 const struct finding finding[], size_t count)
{
	jsonout_open(j, key, '[');
	for (size_t i = 0; i < count; i++) {
		const struct fault *fault = finding[i].fault;

		if ((fault->level == LEVEL_NOTE) != notes)
			continue;
		jsonout_open(j, NULL, '{');
		jsonout_text(j, "name", fault->name);
		jsonout_text(j, "detail", finding[i].detail.text);
		jsonout_text(j, "sentence", fault->sentence);
		jsonout_close(j, '}');
	}
	jsonout_close(j, ']');
}

static void put_all(struct jsonout *j, const struct facts *f,
		    const struct finding finding[], size_t count)
{
	char mac[MAC_TEXT];

	mac_format(&f->mac, ':', mac);
	jsonout_open(j, NULL, '{');
	jsonout_bool(j, "fine", judge_level(finding, count) == LEVEL_NOTE);
	jsonout_text(j, "mac", mac);
	put_iface(j, &f->iface);
	jsonout_open(j, "clients", '[');
	for (size_t i = 0; i < f->clients; i++)
		put_client(j, &f->client[i]);
	jsonout_close(j, ']');
	jsonout_open(j, "fetches", '[');
	for (size_t i = 0; i < f->fetches; i++)
		put_fetch(j, &f->fetch[i]);
	jsonout_close(j, ']');
	put_findings(j, "faults", false, finding, count);
	put_findings(j, "notes", true, finding, count);
	jsonout_close(j, '}');
}

void report_json(const struct facts *f, const struct finding finding[], size_t count)
{
	char *text = malloc(SIZE);
	struct jsonout j;
	size_t len;

	if (!text)
		return;
	j = jsonout_begin(text, SIZE);
	put_all(&j, f, finding, count);
	if (jsonout_end(&j, &len))
		puts(text);
	free(text);
}
