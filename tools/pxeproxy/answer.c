#include "tools/pxeproxy/answer.h"

#include <stdio.h>
#include <string.h>

#include "lib/wire/arch.h"

static bool is_http(const struct dhcp *request)
{
	return dhcp_has_class(request, "HTTPClient");
}

static bool is_boot_client(const struct dhcp *request)
{
	return is_http(request) || dhcp_has_class(request, "PXEClient") ||
	       dhcp_is_uboot(request);
}

bool answer_wanted(const struct dhcp *request, uint16_t port)
{
	bool asks = request->type == DHCP_REQUEST || request->type == DHCP_INFORM;

	if (request->op != DHCP_OP_REQUEST || !is_boot_client(request))
		return false;
	if (port == DHCP_PXE_PORT)
		return asks;
	return request->type == DHCP_DISCOVER || (asks && request->pxe.has_item);
}

/* ---- what the answer is about ---- */

enum form {
	FORM_LOADER,     /* the first file, by TFTP */
	FORM_SCRIPT,     /* iPXE is there already: the script's URL, never the loader */
	FORM_HTTP,       /* the first file, by HTTP */
	FORM_HTTP_LOCAL, /* a URL that is 404: UEFI HTTP Boot knows no other "no" */
	FORM_LOCAL,      /* a menu of one item, type 0 */
	FORM_RASPBERRY,  /* a menu whose text its ROM wants to read; it knows its files */
};

/*
 * iPXE for EFI is built without menus and would fail over one, so there the
 * script says that it is to boot locally.
 */
static bool takes_menu(const struct dhcp *request)
{
	return !dhcp_is_ipxe(request) ||
	       (request->archs && !arch_is_efi(request->arch[0]));
}

/* So that firmware soon goes on to its entry for HTTP Boot. */
static bool wrong_way(const struct dhcp *request, const struct answer_facts *facts)
{
	return facts->route == ROUTE_HTTP && !is_http(request) && !dhcp_is_ipxe(request);
}

static enum form form_of(const struct dhcp *request, const struct answer_facts *facts)
{
	bool local = facts->plan.action == PLAN_LOCAL;

	if (is_http(request) && !dhcp_is_ipxe(request))
		return local ? FORM_HTTP_LOCAL : FORM_HTTP;
	if ((local && takes_menu(request)) || wrong_way(request, facts))
		return FORM_LOCAL;
	if (dhcp_is_ipxe(request))
		return FORM_SCRIPT;
	return dhcp_is_raspberry(request) ? FORM_RASPBERRY : FORM_LOADER;
}

/* A menu tells these nothing, and the server's address is enough for them to boot. */
static bool knows_no_local(const struct dhcp *request)
{
	return !dhcp_is_ipxe(request) && !is_http(request) &&
	       (dhcp_is_raspberry(request) || dhcp_is_uboot(request));
}

/* ---- refusals ---- */

static struct answer refused(const char *rule, const char *why)
{
	return (struct answer){ .kind = ANSWER_SILENT, .rule = rule, .why = why };
}

static bool wants_url(enum form form)
{
	return form == FORM_SCRIPT || form == FORM_HTTP || form == FORM_HTTP_LOCAL;
}

static bool wants_loader(enum form form)
{
	return form == FORM_LOADER || form == FORM_HTTP || form == FORM_RASPBERRY;
}

/* First match wins; kind is ANSWER_NONE if nothing forbids an answer. */
static struct answer refusal(const struct dhcp *request, const struct answer_facts *facts,
			     enum form form)
{
	if (request->giaddr && !facts->relay_allowed)
		return refused("relay", "no network names this relay");
	if (!facts->network)
		return refused("network", "no network is configured for it");
	if (!facts->server)
		return refused("address", "we have no address on its network");
	if (facts->plan.action == PLAN_SILENT)
		return refused(facts->plan.rule, facts->plan.why);
	if (form == FORM_LOCAL && knows_no_local(request))
		return refused(facts->plan.rule, "it is to boot locally, and its "
						 "firmware knows no word for that");
	if (!request->archs)
		return refused("no-arch", "it does not say what it is (option 93)");
	if (wants_loader(form) && !facts->loader)
		return refused("arch", "there is no loader for its architecture");
	if (wants_url(form) && !*facts->url)
		return refused("url", "no url is configured for its network");
	return (struct answer){ .kind = ANSWER_NONE };
}

/* ---- the reply ---- */

static void name_server(struct dhcp *reply, uint32_t a)
{
	reply->siaddr = reply->server = a;
	snprintf(reply->sname, sizeof(reply->sname), "%u.%u.%u.%u", a >> 24,
		 a >> 16 & 255, a >> 8 & 255, a & 255);
}

/* yiaddr stays 0: that is what makes it a proxy's answer. */
static struct dhcp reply_to(const struct dhcp *request, const struct answer_facts *facts)
{
	struct dhcp reply = {
		.op = DHCP_OP_REPLY,
		.htype = request->htype,
		.hlen = request->hlen,
		.xid = request->xid,
		.flags = request->flags,
		.giaddr = request->giaddr,
		.type = request->type == DHCP_DISCOVER ? DHCP_OFFER : DHCP_ACK,
		.machine_id = request->machine_id,
		.relay_info = request->relay_info,
	};

	memcpy(reply.chaddr, request->chaddr, sizeof(reply.chaddr));
	if (reply.type == DHCP_ACK)
		reply.ciaddr = request->ciaddr;
	if (facts->port == DHCP_SERVER_PORT)
		reply.flags |= DHCP_BROADCAST;
	snprintf(reply.vendor_class, sizeof(reply.vendor_class), "%s",
		 is_http(request) ? "HTTPClient" : "PXEClient");
	name_server(&reply, facts->server);
	return reply;
}

static bool set_url(struct dhcp *reply, const char *url, const char *path,
		    const char *file)
{
	char text[DHCP_TEXT];
	int len = snprintf(text, sizeof(text), "%s%s%s", url, path, file);

	return len > 0 && (size_t)len < sizeof(text) && dhcp_set_file(reply, text);
}

/* EDK2 leaves PXE 3.9 s after this, and 62 s after silence; iPXE in 0.1 s. */
static void set_local(struct dhcp *reply)
{
	static const char text[] = "Local boot";

	reply->pxe.has_control = reply->pxe.has_menu = reply->pxe.has_prompt = true;
	reply->pxe.control = DHCP_PXE_NO_BROADCAST | DHCP_PXE_NO_MULTICAST;
	memcpy(reply->pxe.menu_text, text, sizeof(text));
	memcpy(reply->pxe.prompt_text, text, sizeof(text));
}

/* The 3B wants the three blanks, the others do not mind them. */
static void set_raspberry(struct dhcp *reply)
{
	struct dhcp_pxe *pxe = &reply->pxe;

	pxe->has_control = pxe->has_menu = pxe->has_prompt = true;
	pxe->control = DHCP_PXE_NO_BROADCAST | DHCP_PXE_NO_MULTICAST;
	snprintf(pxe->menu_text, sizeof(pxe->menu_text), "Raspberry Pi Boot   ");
	snprintf(pxe->prompt_text, sizeof(pxe->prompt_text), "PXE");
}

/* "Take the file of this packet": no menu, no second question on port 4011. */
static void set_direct(struct dhcp *reply)
{
	reply->pxe.has_control = true;
	reply->pxe.control = DHCP_PXE_BOOT_FILE;
}

/* iPXE would take a file in it and skip port 4011; some firmware then takes neither. */
static void drop_file(struct dhcp *reply)
{
	reply->file[0] = reply->bootfile[0] = '\0';
}

/* The item is 0x8000, the first that PXE 2.1 leaves to makers; its server are we. */
static void set_menu(struct dhcp *reply)
{
	static const char text[] = "Network boot";
	struct dhcp_pxe *pxe = &reply->pxe;

	drop_file(reply);
	pxe->has_control = pxe->has_menu = pxe->has_prompt = true;
	pxe->control = DHCP_PXE_NO_BROADCAST | DHCP_PXE_NO_MULTICAST;
	pxe->server_type = pxe->menu_type = 0x8000;
	pxe->boot_server = reply->server;
	memcpy(pxe->menu_text, text, sizeof(text));
	memcpy(pxe->prompt_text, text, sizeof(text));
}

/* iPXE takes the direct form in every build, HTTP Boot knows no other. */
static void set_style(struct dhcp *reply, enum form form, enum boot_style style)
{
	if (reply->type != DHCP_OFFER || form == FORM_HTTP || form == FORM_HTTP_LOCAL ||
	    form == FORM_LOCAL || form == FORM_RASPBERRY)
		return;
	if (form == FORM_LOADER && style == STYLE_BINL)
		drop_file(reply);
	else if (form == FORM_LOADER && style == STYLE_MENU)
		set_menu(reply);
	else
		set_direct(reply);
}

static bool set_file(struct dhcp *reply, const struct answer_facts *facts, enum form form)
{
	bool is_url = facts->loader && strstr(facts->loader, "://");

	switch (form) {
	case FORM_SCRIPT:
		return set_url(reply, facts->url, "/boot.ipxe", "");
	case FORM_HTTP_LOCAL:
		return set_url(reply, facts->url, "/local-boot", "");
	case FORM_HTTP:
		if (!is_url)
			return set_url(reply, facts->url, "/loader/", facts->loader);
		return dhcp_set_file(reply, facts->loader);
	case FORM_RASPBERRY:
		set_raspberry(reply);
		return dhcp_set_file(reply, facts->loader);
	case FORM_LOADER:
		return dhcp_set_file(reply, facts->loader);
	case FORM_LOCAL:
		set_local(reply);
		return true;
	}
	return false;
}

/* A client that chose an item of a menu wants to see which (43.71). */
static void echo_item(struct dhcp *reply, const struct dhcp *request)
{
	reply->pxe.has_item = request->pxe.has_item;
	reply->pxe.item_type = request->pxe.item_type;
	reply->pxe.item_layer = request->pxe.item_layer;
}

static enum answer_to way_back(const struct dhcp *request, uint16_t port)
{
	if (port == DHCP_PXE_PORT)
		return ANSWER_TO_SENDER;
	return request->giaddr ? ANSWER_TO_RELAY : ANSWER_TO_ALL;
}

/* A REQUEST or INFORM on port 67 that names another server is that one's. */
static bool is_for_another(const struct dhcp *request, const struct answer_facts *facts)
{
	return facts->port == DHCP_SERVER_PORT && request->type != DHCP_DISCOVER &&
	       request->server && request->server != facts->server;
}

struct answer answer(const struct dhcp *request, const struct answer_facts *facts)
{
	enum form form = form_of(request, facts);
	struct answer a = { .kind = ANSWER_NONE };

	if (!answer_wanted(request, facts->port) || is_for_another(request, facts))
		return a;
	a = refusal(request, facts, form);
	if (a.kind == ANSWER_SILENT)
		return a;
	a.reply = reply_to(request, facts);
	if (!set_file(&a.reply, facts, form))
		return refused("too-long", "the name of its file is over 255 octets");
	set_style(&a.reply, form, facts->style);
	echo_item(&a.reply, request);
	a.kind = a.reply.type == DHCP_OFFER ? ANSWER_OFFER : ANSWER_ACK;
	a.to = way_back(request, facts->port);
	a.rule = facts->plan.rule;
	a.why = facts->plan.why;
	if (facts->plan.action != PLAN_LOCAL && wrong_way(request, facts)) {
		a.rule = "route";
		a.why = "it boots by HTTP alone";
	}
	return a;
}
