#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "lib/wire/dhcp.h"
#include "tools/pxeproxy/answer.h"

#define US 0x0a4d0002 /* 10.77.0.2 */
#define URL "http://10.77.0.2:8080"

enum client { OVMF, IPXE_BIOS, IPXE_EFI, HTTP, PLAIN, CLIENTS };

static struct dhcp discover(enum client client)
{
	static const struct {
		const char *class, *user;
		uint16_t arch;
	} known[CLIENTS] = {
		[OVMF] = { "PXEClient:Arch:00007:UNDI:003000", "", 7 },
		[IPXE_BIOS] = { "PXEClient:Arch:00000:UNDI:002001", "iPXE", 0 },
		[IPXE_EFI] = { "PXEClient:Arch:00007:UNDI:003010", "iPXE", 7 },
		[HTTP] = { "HTTPClient:Arch:00016:UNDI:003000", "", 16 },
		[PLAIN] = { "MSFT 5.0", "", 0 },
	};
	struct dhcp m = { .op = DHCP_OP_REQUEST,
			  .htype = 1,
			  .hlen = 6,
			  .xid = 0xbb93be73,
			  .chaddr = { 0x52, 0x54, 0, 0x77, 0, 0x10 },
			  .max_size = 1472,
			  .type = DHCP_DISCOVER,
			  .arch = { known[client].arch },
			  .archs = 1,
			  .machine_id = { 17, { 0, 1, 2, 3 } } };

	strcpy(m.vendor_class, known[client].class);
	strcpy(m.user_class, known[client].user);
	return m;
}

static struct answer_facts facts(enum plan_action action)
{
	return (struct answer_facts){ .port = DHCP_SERVER_PORT,
				      .network = true,
				      .server = US,
				      .url = URL,
				      .loader = "snponly.efi",
				      .plan = { action, "rule", "why", 0 } };
}

static struct row {
	const char *name;
	enum client client;
	enum plan_action action;
	uint16_t port;
	enum dhcp_type type;
	enum answer_kind kind;
	const char *file, *class;
	int control; /* 43.6, or -1 */
	bool menu;
} rows[] = {
	{ "firmware gets the loader", OVMF, PLAN_INSTALL, 67, DHCP_DISCOVER, ANSWER_OFFER,
	  "snponly.efi", "PXEClient", 8, false },
	{ "a menu needs the loader too", OVMF, PLAN_MENU, 67, DHCP_DISCOVER, ANSWER_OFFER,
	  "snponly.efi", "PXEClient", 8, false },
	{ "iPXE gets the script, BIOS", IPXE_BIOS, PLAN_INSTALL, 67, DHCP_DISCOVER,
	  ANSWER_OFFER, URL "/boot.ipxe", "PXEClient", 8, false },
	{ "iPXE gets the script, EFI", IPXE_EFI, PLAN_INSTALL, 67, DHCP_DISCOVER,
	  ANSWER_OFFER, URL "/boot.ipxe", "PXEClient", 8, false },
	{ "HTTP Boot gets a URL and no 43", HTTP, PLAN_INSTALL, 67, DHCP_DISCOVER,
	  ANSWER_OFFER, URL "/loader/snponly.efi", "HTTPClient", -1, false },
	{ "firmware boots locally by a menu", OVMF, PLAN_LOCAL, 67, DHCP_DISCOVER,
	  ANSWER_OFFER, "", "PXEClient", 3, true },
	{ "iPXE BIOS boots locally by a menu", IPXE_BIOS, PLAN_LOCAL, 67, DHCP_DISCOVER,
	  ANSWER_OFFER, "", "PXEClient", 3, true },
	{ "iPXE EFI never gets a menu", IPXE_EFI, PLAN_LOCAL, 67, DHCP_DISCOVER,
	  ANSWER_OFFER, URL "/boot.ipxe", "PXEClient", 8, false },
	{ "HTTP Boot boots locally by a 404", HTTP, PLAN_LOCAL, 67, DHCP_DISCOVER,
	  ANSWER_OFFER, URL "/local-boot", "HTTPClient", -1, false },
	{ "silence is silence", OVMF, PLAN_SILENT, 67, DHCP_DISCOVER, ANSWER_SILENT, NULL,
	  NULL, -1, false },
	{ "ordinary clients are not ours", PLAIN, PLAN_INSTALL, 67, DHCP_DISCOVER,
	  ANSWER_NONE, NULL, NULL, -1, false },
	{ "REQUEST on 67 is the DHCP server's", OVMF, PLAN_INSTALL, 67, DHCP_REQUEST,
	  ANSWER_NONE, NULL, NULL, -1, false },
	{ "INFORM on 67 is the DHCP server's", OVMF, PLAN_INSTALL, 67, DHCP_INFORM,
	  ANSWER_NONE, NULL, NULL, -1, false },
	{ "RELEASE is the DHCP server's", OVMF, PLAN_INSTALL, 67, DHCP_RELEASE,
	  ANSWER_NONE, NULL, NULL, -1, false },
	{ "REQUEST on 4011", OVMF, PLAN_INSTALL, 4011, DHCP_REQUEST, ANSWER_ACK,
	  "snponly.efi", "PXEClient", -1, false },
	{ "INFORM on 4011", OVMF, PLAN_INSTALL, 4011, DHCP_INFORM, ANSWER_ACK,
	  "snponly.efi", "PXEClient", -1, false },
	{ "iPXE on 4011", IPXE_EFI, PLAN_INSTALL, 4011, DHCP_REQUEST, ANSWER_ACK,
	  URL "/boot.ipxe", "PXEClient", -1, false },
	{ "boots locally on 4011", OVMF, PLAN_LOCAL, 4011, DHCP_REQUEST, ANSWER_ACK, "",
	  "PXEClient", 3, true },
	{ "DISCOVER on 4011 is nobody's", OVMF, PLAN_INSTALL, 4011, DHCP_DISCOVER,
	  ANSWER_NONE, NULL, NULL, -1, false },
};

/* What every reply of a proxy has in common. */
static void is_a_proxys(const struct dhcp *request, const struct dhcp *reply)
{
	assert_int_equal(reply->op, DHCP_OP_REPLY);
	assert_int_equal(reply->xid, request->xid);
	assert_memory_equal(reply->chaddr, request->chaddr, sizeof(reply->chaddr));
	assert_int_equal(reply->yiaddr, 0);
	assert_int_equal(reply->siaddr, US);
	assert_int_equal(reply->server, US);
	assert_string_equal(reply->sname, "10.77.0.2");
	assert_int_equal(reply->machine_id.len, request->machine_id.len);
	assert_int_equal(reply->requested, 0);
	assert_int_equal(reply->client_id.len, 0);
}

static void answers(void **state)
{
	const struct row *r = *state;
	struct dhcp request = discover(r->client);
	struct answer_facts f = facts(r->action);
	struct answer a;

	request.type = r->type;
	f.port = r->port;
	a = answer(&request, &f);
	assert_int_equal(a.kind, r->kind);
	if (a.kind == ANSWER_NONE || a.kind == ANSWER_SILENT)
		return;
	is_a_proxys(&request, &a.reply);
	assert_string_equal(a.rule, "rule");
	assert_string_equal(a.reply.file, r->file);
	assert_string_equal(a.reply.bootfile, "");
	assert_string_equal(a.reply.vendor_class, r->class);
	assert_int_equal(a.reply.pxe.has_control ? a.reply.pxe.control : -1, r->control);
	assert_int_equal(a.reply.pxe.has_menu, r->menu);
	assert_int_equal(a.reply.pxe.menu_type, 0);
	assert_int_equal(a.to, r->port == 67 ? ANSWER_TO_ALL : ANSWER_TO_SENDER);
	assert_int_equal(!!(a.reply.flags & DHCP_BROADCAST), r->port == 67);
}

static void refuses(struct dhcp request, struct answer_facts f, const char *rule)
{
	struct answer a = answer(&request, &f);

	assert_int_equal(a.kind, ANSWER_SILENT);
	assert_string_equal(a.rule, rule);
}

static void names_each_refusal(void **state)
{
	struct answer_facts f = facts(PLAN_INSTALL);
	struct dhcp request = discover(OVMF);
	char longest[300];

	(void)state;
	f.loader = NULL;
	refuses(request, f, "arch");
	f = facts(PLAN_INSTALL);
	f.network = false;
	refuses(request, f, "network");
	f = facts(PLAN_INSTALL);
	f.server = 0;
	refuses(request, f, "address");
	f = facts(PLAN_INSTALL);
	f.url = "";
	refuses(discover(IPXE_EFI), f, "url");
	refuses(discover(HTTP), f, "url");
	request.archs = 0;
	refuses(request, facts(PLAN_INSTALL), "no-arch");
	request = discover(OVMF);
	request.giaddr = 0x0a090001;
	refuses(request, facts(PLAN_INSTALL), "relay");
	memset(longest, 'u', sizeof(longest));
	longest[255] = '\0';
	f = facts(PLAN_INSTALL);
	f.url = longest;
	refuses(discover(HTTP), f, "too-long");
}

static void local_boot_needs_no_loader(void **state)
{
	struct answer_facts f = facts(PLAN_LOCAL);
	struct dhcp request = discover(OVMF);

	(void)state;
	f.loader = NULL;
	f.url = "";
	assert_int_equal(answer(&request, &f).kind, ANSWER_OFFER);
}

static void relays_get_what_they_sent(void **state)
{
	struct answer_facts f = facts(PLAN_INSTALL);
	struct dhcp request = discover(OVMF);
	struct answer a;

	(void)state;
	request.giaddr = 0x0a090001;
	request.hops = 1;
	request.relay_info = (struct dhcp_octets){ 3, { 1, 1, 'x' } };
	f.relay_allowed = true;
	a = answer(&request, &f);
	assert_int_equal(a.kind, ANSWER_OFFER);
	assert_int_equal(a.to, ANSWER_TO_RELAY);
	assert_int_equal(a.reply.giaddr, request.giaddr);
	assert_int_equal(a.reply.relay_info.len, 3);
}

/* PXE 2.1's boot server discovery by broadcast; iPXE asks so after a menu. */
static void item_requests_on_67(void **state)
{
	struct answer_facts f = facts(PLAN_INSTALL);
	struct dhcp request = discover(IPXE_BIOS);
	struct answer a;

	(void)state;
	request.type = DHCP_REQUEST;
	request.xid = 0;
	request.ciaddr = 0x0a4d0091;
	strcpy(request.vendor_class, "PXEClient");
	request.pxe.has_item = true;
	request.pxe.item_type = 0x8002;
	a = answer(&request, &f);
	assert_int_equal(a.kind, ANSWER_ACK);
	assert_true(a.reply.pxe.has_item);
	assert_int_equal(a.reply.pxe.item_type, 0x8002);
	assert_false(a.reply.pxe.has_control);
	assert_int_equal(a.reply.ciaddr, request.ciaddr);
	request.server = US + 1;
	assert_int_equal(answer(&request, &f).kind, ANSWER_NONE);
	request.server = US;
	assert_int_equal(answer(&request, &f).kind, ANSWER_ACK);
}

static void loaders_may_be_urls(void **state)
{
	struct answer_facts f = facts(PLAN_INSTALL);
	struct dhcp request = discover(HTTP);

	(void)state;
	f.loader = "http://boot.example/x.efi";
	assert_string_equal(answer(&request, &f).reply.file, f.loader);
}

static void replies_are_not_requests(void **state)
{
	struct answer_facts f = facts(PLAN_INSTALL);
	struct dhcp request = discover(OVMF);

	(void)state;
	request.op = DHCP_OP_REPLY;
	assert_int_equal(answer(&request, &f).kind, ANSWER_NONE);
}

static void each_style_has_its_form(void **state)
{
	struct answer_facts f = facts(PLAN_INSTALL);
	struct dhcp request = discover(OVMF);
	struct answer a;

	(void)state;
	f.style = STYLE_BINL;
	a = answer(&request, &f);
	is_a_proxys(&request, &a.reply);
	assert_string_equal(a.reply.file, "");
	assert_false(a.reply.pxe.has_control);
	f.style = STYLE_MENU;
	a = answer(&request, &f);
	is_a_proxys(&request, &a.reply);
	assert_string_equal(a.reply.file, "");
	assert_int_equal(a.reply.pxe.control, 3);
	assert_int_equal(a.reply.pxe.menu_type, 0x8000);
	assert_int_equal(a.reply.pxe.server_type, 0x8000);
	assert_int_equal(a.reply.pxe.boot_server, US);
	assert_int_equal(a.reply.pxe.timeout, 0);
	f.port = DHCP_PXE_PORT;
	request.type = DHCP_REQUEST;
	a = answer(&request, &f);
	assert_string_equal(a.reply.file, "snponly.efi");
	assert_false(a.reply.pxe.has_menu);
}

static void styles_are_for_firmware_alone(void **state)
{
	struct answer_facts f = facts(PLAN_INSTALL);
	struct dhcp request = discover(IPXE_EFI);
	struct answer a;

	(void)state;
	f.style = STYLE_MENU;
	a = answer(&request, &f);
	assert_string_equal(a.reply.file, URL "/boot.ipxe");
	assert_int_equal(a.reply.pxe.control, 8);
	request = discover(HTTP);
	a = answer(&request, &f);
	assert_string_equal(a.reply.file, URL "/loader/snponly.efi");
	assert_false(a.reply.pxe.has_control);
}

/* PXE firmware of such a machine is sent on to its next entry, HTTP Boot. */
static void the_http_route_has_no_pxe(void **state)
{
	struct answer_facts f = facts(PLAN_INSTALL);
	struct dhcp request = discover(OVMF);
	struct answer a;

	(void)state;
	f.route = ROUTE_HTTP;
	a = answer(&request, &f);
	assert_int_equal(a.kind, ANSWER_OFFER);
	assert_string_equal(a.rule, "route");
	assert_true(a.reply.pxe.has_menu);
	assert_int_equal(a.reply.pxe.menu_type, 0);
	request = discover(HTTP);
	a = answer(&request, &f);
	assert_string_equal(a.rule, "rule");
	assert_string_equal(a.reply.file, URL "/loader/snponly.efi");
	request = discover(IPXE_BIOS);
	assert_string_equal(answer(&request, &f).reply.file, URL "/boot.ipxe");
}

static const struct CMUnitTest others[] = {
	cmocka_unit_test(each_style_has_its_form),
	cmocka_unit_test(styles_are_for_firmware_alone),
	cmocka_unit_test(the_http_route_has_no_pxe),
	cmocka_unit_test(names_each_refusal),
	cmocka_unit_test(local_boot_needs_no_loader),
	cmocka_unit_test(relays_get_what_they_sent),
	cmocka_unit_test(item_requests_on_67),
	cmocka_unit_test(loaders_may_be_urls),
	cmocka_unit_test(replies_are_not_requests),
};

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + ARRAY_LEN(others)];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = rows[i].name,
						  .test_func = answers,
						  .initial_state = &rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		tests[n++] = others[i];
	return cmocka_run_group_tests_name("answer", tests, NULL, NULL);
}
