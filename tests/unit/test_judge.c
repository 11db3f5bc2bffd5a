#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "tools/pxeprobe/judge.h"

#define DHCP 0x0a000001
#define PROXY 0x0a000002
#define OTHER 0x0a000003

static struct facts f;

/* ---- a site with which nothing is wrong, to be spoilt by each row ---- */

static struct answer *answer(size_t client, uint32_t server, uint32_t yiaddr,
			     const char *class, const char *file)
{
	struct client *c = &f.client[client];
	struct answer *a = &c->answer[c->answers++];

	*a = (struct answer){ .from = server, .port = 67, .ms = 2 };
	a->msg.server = a->msg.siaddr = server;
	a->msg.yiaddr = yiaddr;
	snprintf(a->msg.vendor_class, sizeof(a->msg.vendor_class), "%s", class);
	snprintf(a->msg.file, sizeof(a->msg.file), "%s", file);
	a->msg.pxe.has_control = !yiaddr;
	a->msg.pxe.control = yiaddr ? 0 : DHCP_PXE_BOOT_FILE;
	return a;
}

static void follow(size_t client)
{
	struct client *c = &f.client[client];

	c->chosen = client_choose(c);
	c->file[0] = '\0';
	if (c->chosen < 0)
		return;
	c->server = answer_next_server(&c->answer[c->chosen]);
	snprintf(c->file, sizeof(c->file), "%s", answer_file(&c->answer[c->chosen]));
}

static struct fetch *fetched(enum fetch_kind kind, const char *url)
{
	struct fetch *t = &f.fetch[f.fetches++];

	*t = (struct fetch){ .kind = kind,
			     .status = -1,
			     .size = 100000,
			     .ms = 10,
			     .want_size = -1,
			     .is_script = kind == FETCH_SCRIPT };
	snprintf(t->url, sizeof(t->url), "%s", url);
	snprintf(t->sha256, sizeof(t->sha256), "%zu", f.fetches);
	return t;
}

static void healthy(void)
{
	memset(&f, 0, sizeof(f));
	f.iface = (struct iface){ .name = "eth0",
				  .up = true,
				  .carrier = true,
				  .ethernet = true,
				  .address = 0x0a000009,
				  .mask = 0xffffff00 };
	f.limits = (struct limits){ .answer_ms = 1000, .rate_per_s = 1 << 20 };
	f.clients = 2;
	f.client[0].arch = f.client[1].arch = 7;
	f.client[1].ipxe = true;
	for (size_t i = 0; i < 2; i++) {
		answer(i, DHCP, 0x0a000064, "", "");
		answer(i, PROXY, 0, "PXEClient", i ? "http://p/boot.ipxe" : "x.efi");
		follow(i);
	}
	fetched(FETCH_LOADER, "tftp://10.0.0.2/x.efi");
	fetched(FETCH_SCRIPT, "http://p/boot.ipxe");
}

/* ---- what spoils it ---- */

static void nothing(void)
{
}

static void down(void)
{
	f.iface.up = f.iface.carrier = false;
	f.clients = f.fetches = 0;
}

static void no_link(void)
{
	f.iface.carrier = false;
	f.clients = f.fetches = 0;
}

static void silence(void)
{
	f.client[0].answers = f.client[1].answers = f.fetches = 0;
	follow(0);
	follow(1);
}

static void only(uint32_t server)
{
	for (size_t i = 0; i < 2; i++) {
		struct client *c = &f.client[i];

		if (server == PROXY)
			c->answer[0] = c->answer[1];
		c->answers = 1;
		follow(i);
	}
}

static void only_dhcp(void)
{
	only(DHCP);
	f.fetches = 0;
}

static void only_proxy(void)
{
	only(PROXY);
}

static void says_pxeclient(void)
{
	for (size_t i = 0; i < 2; i++) {
		strcpy(f.client[i].answer[0].msg.vendor_class, "PXEClient");
		follow(i);
		f.client[i].asked_4011 = true;
		f.client[i].at_4011 = DHCP;
	}
	f.fetches = 0;
}

/* The same host offers both, and 4011 there is served. */
static void one_host(void)
{
	says_pxeclient();
	for (size_t i = 0; i < 2; i++) {
		f.client[i].got_4011 = true;
		strcpy(f.client[i].file, i ? "http://p/boot.ipxe" : "x.efi");
		f.client[i].answer[1].msg.server = DHCP;
	}
}

static void dhcp_names_file(void)
{
	strcpy(f.client[0].answer[0].msg.file, "pxelinux.0");
}

static void second_proxy(void)
{
	answer(0, OTHER, 0, "PXEClient", "y.efi");
}

static void second_dhcp(void)
{
	answer(0, OTHER, 0x0a0000c8, "", "");
}

static void leak(void)
{
	f.client[0].answer[0].msg.yiaddr = 0xc0a80701;
}

static void relayed(void)
{
	f.client[0].answer[0].from = 0xc0a80701;
	f.client[0].answer[0].msg.giaddr = 0x0a0000fe;
}

static void garbage(void)
{
	answer(0, OTHER, 0, "", "")->why = "is too short";
}

static void wrong_port(void)
{
	f.client[0].answer[1].port = 1067;
	follow(0);
}

static void mute_4011(void)
{
	f.client[0].asked_4011 = true;
	f.client[0].at_4011 = PROXY;
}

static void no_name(void)
{
	f.client[0].answer[1].msg.file[0] = '\0';
	f.fetches = 0;
	follow(0);
}

static void fails(size_t i, enum fetch_result result, const char *why)
{
	f.fetch[i].result = result;
	f.fetch[i].sha256[0] = '\0';
	strcpy(f.fetch[i].why, why);
}

static void dead_tftp(void)
{
	fails(0, FETCH_UNREACHABLE, "silence");
}

static void no_loader(void)
{
	fails(0, FETCH_MISSING, "no such file");
}

static void cut(void)
{
	fails(0, FETCH_CUT, "silence");
}

static void refused(void)
{
	fails(0, FETCH_REFUSED, "denied");
}

static void script_404(void)
{
	fails(1, FETCH_MISSING, "HTTP 404");
}

static void script_500(void)
{
	fails(1, FETCH_REFUSED, "HTTP 500");
}

static void dead_web(void)
{
	fails(1, FETCH_UNREACHABLE, "refused");
}

static void html(void)
{
	f.fetch[1].is_script = false;
}

static void loop(void)
{
	strcpy(f.client[1].answer[1].msg.file, "x.efi");
	follow(1);
	f.fetches = 1;
}

static void loop_by_url(void)
{
	f.fetch[1].is_script = false;
	strcpy(f.fetch[1].sha256, f.fetch[0].sha256);
}

static void ipxe_forgotten(void)
{
	f.client[1].answers = 1;
	f.fetches = 1;
	follow(1);
}

static void late(void)
{
	f.client[0].answer[1].ms = 1500;
}

static void just_in_time(void)
{
	f.client[0].answer[1].ms = 1000;
}

static void crawl(void)
{
	f.fetch[0].ms = 10000;
}

static void other_sum(void)
{
	struct fetch *t = fetched(FETCH_FILE, "http://p/images/a/1/f");

	strcpy(t->want_file, "f");
	strcpy(t->want_sha256, "another");
}

static void other_size(void)
{
	struct fetch *t = fetched(FETCH_FILE, "http://p/images/a/1/f");

	strcpy(t->want_file, "f");
	t->sha256[0] = '\0';
	t->head = true;
	t->want_size = 7;
}

static void local(void)
{
	f.client[0].local = true;
	f.client[0].file[0] = '\0';
}

static void many(void)
{
	f.clients = 3;
	f.client[0].extra = true;
	f.client[2] = (struct client){ .arch = 11, .extra = true, .chosen = -1 };
	answer(2, DHCP, 0x0a000064, "", "");
}

/* The same URL for both is no loop: the firmware never loads it. */
static void url_for_all(void)
{
	snprintf(f.client[0].answer[1].msg.file, DHCP_TEXT, "http://p/boot.ipxe");
	follow(0);
}

static void http_boot_by_tftp(void)
{
	f.client[0].http = true;
	snprintf(f.client[0].answer[1].msg.vendor_class, DHCP_TEXT, "HTTPClient");
	follow(0);
}

static struct row {
	const char *name;
	void (*spoil)(void);
	const char *want;
	enum level level;
} rows[] = {
	{ "nothing is wrong", nothing, "", LEVEL_NOTE },
	{ "down", down, "interface-down: eth0\n", LEVEL_FAULT },
	{ "no carrier", no_link, "no-carrier: eth0\n", LEVEL_FAULT },
	{ "silence", silence, "no-answer: eth0\n", LEVEL_FAULT },
	{ "no proxy", only_dhcp, "no-proxy: x64 UEFI (7)\n", LEVEL_FAULT },
	{ "no DHCP server", only_proxy, "no-dhcp: eth0\n", LEVEL_FAULT },
	{ "option 60 beside a proxy", says_pxeclient, "dhcp-says-pxeclient: 10.0.0.1\n",
	  LEVEL_FAULT },
	{ "option 60 with a proxy on the same host", one_host, "", LEVEL_NOTE },
	{ "a file from the DHCP server", dhcp_names_file,
	  "pxe-options-from-dhcp: 10.0.0.1 names pxelinux.0\n", LEVEL_FAULT },
	{ "two proxies", second_proxy, "two-proxies: 10.0.0.2, 10.0.0.3\n", LEVEL_FAULT },
	{ "two DHCP servers", second_dhcp, "two-dhcp: 10.0.0.1, 10.0.0.3\n",
	  LEVEL_FAULT },
	{ "another subnet", leak, "other-subnet: 10.0.0.1 offers 192.168.7.1\n",
	  LEVEL_FAULT },
	{ "a relay's server is elsewhere", relayed, "", LEVEL_NOTE },
	{ "garbage", garbage, "broken-answer: 10.0.0.3: is too short\n", LEVEL_FAULT },
	{ "from another port", wrong_port,
	  "no-proxy: x64 UEFI (7)\nunheard-offer: 10.0.0.2 from port 1067\n",
	  LEVEL_FAULT },
	{ "port 4011 is mute", mute_4011, "4011-silent: 10.0.0.2\n", LEVEL_FAULT },
	{ "no file", no_name, "no-file: x64 UEFI (7) from 10.0.0.2\n", LEVEL_FAULT },
	{ "a URL for who knows TFTP", url_for_all,
	  "wrong-protocol: x64 UEFI (7) is told http://p/boot.ipxe\n", LEVEL_FAULT },
	{ "a name for HTTP Boot", http_boot_by_tftp,
	  "wrong-protocol: x64 UEFI (7) is told x.efi\n", LEVEL_FAULT },
	{ "TFTP is dead", dead_tftp,
	  "next-server-unreachable: tftp://10.0.0.2/x.efi (silence)\n", LEVEL_FAULT },
	{ "no such file", no_loader,
	  "file-missing: tftp://10.0.0.2/x.efi (no such file)\n", LEVEL_FAULT },
	{ "cut", cut, "transfer-cut: tftp://10.0.0.2/x.efi (silence)\n", LEVEL_FAULT },
	{ "refused", refused, "file-refused: tftp://10.0.0.2/x.efi (denied)\n",
	  LEVEL_FAULT },
	{ "no such script", script_404, "script-missing: http://p/boot.ipxe (HTTP 404)\n",
	  LEVEL_FAULT },
	{ "a script's error", script_500,
	  "script-refused: http://p/boot.ipxe (HTTP 500)\n", LEVEL_FAULT },
	{ "no web server", dead_web, "script-unreachable: http://p/boot.ipxe (refused)\n",
	  LEVEL_FAULT },
	{ "no script at all", html, "not-a-script: http://p/boot.ipxe\n", LEVEL_FAULT },
	{ "a loop", loop, "loader-loop: x.efi\n", LEVEL_FAULT },
	{ "a loop under another name", loop_by_url, "loader-loop: http://p/boot.ipxe\n",
	  LEVEL_FAULT },
	{ "iPXE gets nothing", ipxe_forgotten, "no-script: iPXE\n", LEVEL_FAULT },
	{ "late", late, "slow-answer: 10.0.0.2 took 1500 ms\n", LEVEL_SLOW },
	{ "at the limit", just_in_time, "", LEVEL_NOTE },
	{ "a slow file", crawl, "slow-file: tftp://10.0.0.2/x.efi: 9 KiB/s\n",
	  LEVEL_SLOW },
	{ "another checksum", other_sum, "checksum-wrong: http://p/images/a/1/f\n",
	  LEVEL_FAULT },
	{ "another size", other_size,
	  "checksum-wrong: http://p/images/a/1/f (100000 octets, its manifest says 7)\n",
	  LEVEL_FAULT },
	{ "boots from its disk", local, "local-boot: x64 UEFI (7)\n", LEVEL_NOTE },
	{ "one of many is not served", many, "not-served: ARM64 UEFI (11)\n",
	  LEVEL_NOTE },
};

static void judges(void **state)
{
	const struct row *r = *state;
	struct finding finding[JUDGE_FINDINGS];
	char got[4096] = "";
	size_t count;

	healthy();
	r->spoil();
	count = judge(&f, finding);
	for (size_t i = 0; i < count; i++)
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s: %s\n",
			 finding[i].fault->name, finding[i].detail.text);
	assert_string_equal(got, r->want);
	assert_int_equal(judge_level(finding, count), r->level);
}

static void each_fault_has_its_words(void **state)
{
	size_t count = 0;

	(void)state;
	for (const struct fault *p = judge_faults; p->name; p++, count++) {
		assert_true(strlen(p->sentence) > 20);
		assert_int_equal(p->sentence[strlen(p->sentence) - 1], '.');
		for (const struct fault *q = p + 1; q->name; q++)
			assert_string_not_equal(p->name, q->name);
	}
	assert_true(count <= JUDGE_FINDINGS);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 1];
	size_t n = 0;

	for (; n < ARRAY_LEN(rows); n++)
		tests[n] = (struct CMUnitTest){ .name = rows[n].name,
						.test_func = judges,
						.initial_state = &rows[n] };
	tests[n] = (struct CMUnitTest)cmocka_unit_test(each_fault_has_its_words);
	return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
