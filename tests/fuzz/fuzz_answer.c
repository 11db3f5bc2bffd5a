/*
 * Decode, plan, answer, encode: whatever a machine sends and whatever the site is like,
 * the reply decodes again, and it is a proxy's and never the loader for who has it.
 * The first three octets are the site, the rest is the packet.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/wire/dhcp.h"
#include "lib/wire/dhcp_code.h"
#include "tools/pxeproxy/answer.h"

#define SERVER 0x0a4d0002
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

static void must(bool holds)
{
	if (!holds)
		abort();
}

#define LONG64 "/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde"

static const char *const urls[] = {
	"",
	"http://10.77.0.2:8080",
	"http://[fd00:77::2]:8080",
	"http://deploy.example.org" LONG64 LONG64,
};

static const char *const loaders[] = {
	NULL,
	"snponly.efi",
	"http://[fd00::1]/snponly.efi",
	"x64" LONG64 LONG64,
	"x64" LONG64 LONG64 LONG64 LONG64,
};

/* Seconds since midnight do not matter: the plan's clock is at 1. */
static struct plan plan_of(uint8_t octet)
{
	const struct plan_facts facts = {
		.known = octet & 1,
		.disposition = (enum machine_disposition)((octet >> 1 & 3) %
							  MACHINE_DISPOSITIONS),
		.policy = (enum plan_policy)((octet >> 3 & 3) % PLAN_POLICIES),
		.unknown = octet & 32 ? PLAN_MENU : PLAN_SILENT,
		.has_job = octet & 64,
		.job = { .id = 1, .state = JOB_QUEUED },
		.held = octet & 128,
	};

	return plan_for(&facts, 1);
}

static struct answer_facts site_of(const uint8_t site[static 3])
{
	return (struct answer_facts){
		.port = site[0] & 1 ? DHCP_PXE_PORT : DHCP_SERVER_PORT,
		.relay_allowed = site[0] & 2,
		.network = site[0] & 4,
		.server = site[0] & 8 ? SERVER : 0,
		.url = urls[(site[0] >> 4 & 3) % COUNT(urls)],
		.loader = loaders[(site[1] & 7) % COUNT(loaders)],
		.route = (enum boot_route)((site[1] >> 3 & 7) % ROUTES),
		.style = (enum boot_style)(((site[1] >> 6) + (site[0] >> 6)) % STYLES),
		.plan = plan_of(site[2]),
	};
}

static bool has(const struct dhcp *msg, uint8_t code)
{
	return memchr(msg->code, code, msg->codes) != NULL;
}

static void is_a_proxys(const struct dhcp *request, const struct dhcp *reply)
{
	must(reply->op == DHCP_OP_REPLY && reply->xid == request->xid);
	must(memcmp(reply->chaddr, request->chaddr, sizeof(reply->chaddr)) == 0);
	must(reply->yiaddr == 0 && reply->siaddr == SERVER && reply->server == SERVER);
	must(reply->giaddr == request->giaddr);
	must(!has(reply, OPT_OVERLOAD));
	must(!*reply->file || !*reply->bootfile);
	must(dhcp_has_class(reply, "HTTPClient") || dhcp_has_class(reply, "PXEClient"));
	must(reply->relay_info.len == request->relay_info.len);
	must(!reply->relay_info.len || reply->code[reply->codes - 1] == OPT_RELAY_INFO);
}

static void is_no_loop(const struct dhcp *request, const struct dhcp *reply,
		       const struct answer_facts *facts)
{
	if (!dhcp_is_ipxe(request) || !facts->loader)
		return;
	must(strcmp(reply->file, facts->loader) != 0);
	must(strcmp(reply->bootfile, facts->loader) != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	uint8_t out[DHCP_SIZE_MAX];
	struct dhcp request, reply;
	struct answer_facts facts;
	struct answer a;
	const char *why;
	size_t n;

	if (len < 3 || !dhcp_decode(octets + 3, len - 3, &request, &why))
		return 0;
	facts = site_of(octets);
	a = answer(&request, &facts);
	if (a.kind == ANSWER_NONE)
		return 0;
	must(*a.rule && *a.why);
	if (a.kind == ANSWER_SILENT ||
	    !dhcp_encode(&a.reply, out, dhcp_room(&request), &n))
		return 0;
	must(answer_wanted(&request, facts.port));
	must(n >= DHCP_SIZE_MIN && n <= dhcp_room(&request));
	must(dhcp_decode(out, n, &reply, &why));
	is_a_proxys(&request, &reply);
	is_no_loop(&request, &reply, &facts);
	return 0;
}
