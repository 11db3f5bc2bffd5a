#include "tests/test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/sys/conf.h"

/* What goes to standard error while a test runs, and the file it goes to. */
static char said[4096];
static int stderr_before, stderr_file;

static void listen_begin(void)
{
	char path[] = "test_conf.XXXXXX";

	fflush(stderr);
	stderr_before = dup(STDERR_FILENO);
	stderr_file = mkstemp(path);
	assert_true(stderr_file >= 0);
	unlink(path);
	dup2(stderr_file, STDERR_FILENO);
}

static void listen_end(void)
{
	ssize_t n;

	fflush(stderr);
	dup2(stderr_before, STDERR_FILENO);
	close(stderr_before);
	n = pread(stderr_file, said, sizeof(said) - 1, 0);
	close(stderr_file);
	said[n > 0 ? n : 0] = '\0';
}

static struct conf *parse(const char *text)
{
	struct conf *conf;

	listen_begin();
	conf = conf_parse("x.conf", text, strlen(text));
	listen_end();
	return conf;
}

static struct row {
	const char *name, *text, *why;
} rows[] = {
	{ "a key that does not exist", "\nnosuch = 1\n",
	  "x.conf:2: no such option 'nosuch'\n" },
	{ "a key that does not exist, in a section", "network a {\n\nmtu = 1 }",
	  "x.conf:3: no such option 'mtu'\n" },
	{ "a section without a name", "network {\n}", "x.conf:1: missing title" },
	{ "a name with a blank", "network 'a b' {}", "x.conf:1: 'a b' is no name" },
	{ "a name with a slash", "profile ../x {}", "x.conf:1: '../x' is no name" },
	{ "two networks of one name", "network a { subnet = 10.0.0.0/8 }\nnetwork a {}",
	  "x.conf:2: found duplicate title 'a'\n" },
	{ "an address that is none", "network a {\nserver = 10.0.0\n}",
	  "x.conf:2: server '10.0.0' is not an IPv4 address" },
	{ "an address with a leading zero", "network a { server = 010.0.0.1 }",
	  "x.conf:1: server '010.0.0.1' is not an IPv4 address" },
	{ "the broadcast address", "network a { server = 255.255.255.255 }",
	  "x.conf:1: server '255.255.255.255' is not" },
	{ "a subnet without a prefix", "network a { subnet = 10.0.0.0 }",
	  "x.conf:1: subnet '10.0.0.0' is not ADDRESS/BITS" },
	{ "a prefix beyond 32", "network a { subnet = 10.0.0.0/33 }",
	  "x.conf:1: subnet '10.0.0.0/33' is not ADDRESS/BITS" },
	{ "a prefix with a sign", "network a { subnet = '10.0.0.0/+8' }",
	  "x.conf:1: subnet '10.0.0.0/+8' is not ADDRESS/BITS" },
	{ "host octets in a subnet", "network a { subnet = 10.0.0.1/24 }",
	  "x.conf:1: subnet '10.0.0.1/24' is one host's address" },
	{ "a policy that is none", "network a { policy = some }",
	  "x.conf:1: policy 'some' is none of jobs, known, all\n" },
	{ "installing what nobody knows", "network a { unknown = install }",
	  "x.conf:1: unknown 'install' is none of silent, local, menu\n" },
	{ "a relay that is none", "network a { relay = { 10.0.0.1, x } }",
	  "x.conf:1: relay 'x' is not an IPv4 address" },
	{ "an interface with a slash", "network a { interface = '../eth0' }",
	  "x.conf:1: interface '../eth0' is not the name" },
	{ "an interface of sixteen octets", "network a { interface = abcdefghijklmnop }",
	  "x.conf:1: interface 'abcdefghijklmnop' is not the name" },
	{ "a relative path", "database = jobs.db",
	  "x.conf:1: database 'jobs.db' is not an absolute path\n" },
	{ "a path that climbs", "images = /srv/../etc",
	  "x.conf:1: images '/srv/../etc' has '..' in it\n" },
	{ "a URL of another scheme", "url = 'ftp://10.0.0.1'",
	  "x.conf:1: url 'ftp://10.0.0.1' is not a URL" },
	{ "a URL with a quote", "url = \"http://a'b\"", "x.conf:1: url 'http://a'b' is" },
	{ "a URL without a host", "url = 'http://'", "x.conf:1: url 'http://' is not" },
	{ "a URL that ends with a slash", "url = 'http://10.0.0.1/'",
	  "x.conf:1: url 'http://10.0.0.1/' ends with '/'" },
	{ "a number with a letter", "attempts-max = 3x",
	  "x.conf:1: attempts-max '3x' is not a number" },
	{ "a loader without file", "loader a { arch = 7 }",
	  "x.conf:1: loader a wants arch and file\n" },
	{ "a loader without arch", "loader a { file = x.efi }",
	  "x.conf:1: loader a wants arch and file\n" },
	{ "a loader with a path that climbs", "loader a { file = a/../../etc/passwd }",
	  "x.conf:1: file 'a/../../etc/passwd' is not a file below" },
	{ "a loader with an absolute path", "loader a { file = /x.efi }",
	  "x.conf:1: file '/x.efi' is not a file below" },
	{ "an arch that no packet can say", "loader a { arch = 65536 }",
	  "x.conf:1: arch '65536' is not a number of DHCP option 93" },
	{ "two loaders for one arch",
	  "loader a { arch = 7 file = a }\nloader b { arch = { 6, 7 } file = b }",
	  "x.conf:2: loaders a and b are both for arch 7\n" },
	{ "a route that is none", "network a { route = pxelinux }",
	  "x.conf:1: route 'pxelinux' is none of ipxe, ipxe-shim" },
	{ "a style that is none", "loader a { arch = 7 file = a style = slow }",
	  "x.conf:1: style 'slow' is none of direct, binl, menu, auto" },
	{ "a machine that fits all", "machine a { route = http }",
	  "x.conf:1: machine a wants mac, uuid, arch, manufacturer or product\n" },
	{ "a UUID that begins as none does", "machine a { uuid = '4c4c4544_0' }",
	  "x.conf:1: uuid '4c4c4544_0' is not a UUID, nor the beginning of one" },
	{ "a menu for machines that nobody described",
	  "menu a { url = 'http://b' machines = { racks } }",
	  "x.conf:1: menu a: there is no section machine racks" },
	{ "a driver pack without its folder", "driver-pack a { product = 'X*' }",
	  "x.conf:1: driver-pack a wants folder\n" },
	{ "a driver pack for everybody", "driver-pack a { folder = /d }",
	  "x.conf:1: driver-pack a wants manufacturer or product\n" },
	{ "a driver pack somewhere", "driver-pack a { product = X folder = d }",
	  "x.conf:1: folder 'd' is not an absolute path\n" },
	{ "a menu that leads nowhere", "menu a { title = A }",
	  "x.conf:1: menu a wants one of image and url\n" },
	{ "a menu that leads to two", "menu a { image = b url = 'http://b' }",
	  "x.conf:1: menu a wants one of image and url\n" },
	{ "a menu with arguments for a URL",
	  "menu a { arguments = quiet url = 'http://b' }",
	  "x.conf:1: menu a has arguments, and nothing takes them by url\n" },
	{ "a title that iPXE would read", "menu a { title = 'a${b}' image = b }",
	  "x.conf:1: title 'a${b}' is not up to 60" },
	{ "an image that is none", "menu a { image = '../b' }",
	  "x.conf:1: image '../b' is not NAME or NAME@VERSION" },
	{ "a firmware that is none", "menu a { image = b firmware = efi }",
	  "x.conf:1: firmware 'efi' is none of bios, uefi\n" },
	{ "a MAC that is none", "machine a { mac = '52:54:' style = menu }",
	  "x.conf:1: mac '52:54:' is not a MAC address" },
	{ "a MAC that is too long", "machine a { mac = '1:2' style = menu }",
	  "x.conf:1: mac '1:2' is not a MAC address" },
	{ "two loaders for one arch and route",
	  "loader a { route = http arch = 7 file = a }\n"
	  "loader b { route = http arch = 7 file = b }",
	  "x.conf:2: loaders a and b are both for arch 7\n" },
	{ "one loader with the same arch twice is fine, but not seventeen",
	  "loader a { arch = { 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17 } file = a }",
	  "x.conf:1: loader a has more than 16 arch\n" },
	{ "an alias without a file", "alias a { name = x }",
	  "x.conf:1: alias a wants name and file" },
	{ "an alias for a URL", "alias a { name = x file = 'http://10.0.0.1/x' }",
	  "x.conf:1: alias a wants name and file" },
	{ "an alias of two stars", "alias a { name = '*x*' file = x }",
	  "x.conf:1: name '*x*' is not the name of a file" },
	{ "an alias with a backslash", "alias a { name = 'Boot\\\\BCD' file = x }",
	  "x.conf:1: name 'Boot\\BCD' has a slash in front" },
	{ "a star out of nothing", "alias a { name = x file = '*' }",
	  "x.conf:1: alias a has a '*' in file" },
	{ "an alias that wants to know too much", "alias a { name = x file = '%d' }",
	  "x.conf:1: alias a: only %m and %n mean something" },
	{ "a rate that is none", "network a { tftp-rate = fast }",
	  "x.conf:1: tftp-rate 'fast' is not octets a second" },
	{ "a rate in millions of millions", "network a { tftp-rate = 1T }",
	  "x.conf:1: tftp-rate '1T' is not octets a second" },
	{ "transfers that are none", "network a { tftp-transfers = -1 }",
	  "x.conf:1: tftp-transfers '-1' is not a number" },
	{ "a platform that is not there", "network a {\nplatform = mainframe\n}",
	  "x.conf:3: platform 'mainframe' is not defined\n" },
	{ "a profile that is not there", "network a { profile = no }",
	  "x.conf:1: profile 'no' is not defined\n" },
	{ "two networks on the same wire", "network a {}\nnetwork b {}",
	  "x.conf:2: networks a and b have the same subnet and interface\n" },
	{ "a setting's own check", "profile a {\n\tlocale = 'de AT'\n}",
	  "x.conf:2: locale 'de AT' is not a word" },
	{ "a setting of a list", "profile a { dns = { 10.0.0.1, here } }",
	  "x.conf:1: dns 'here' is not an IP address\n" },
	{ "a disk rule that is none", "platform a { disk = biggest }",
	  "x.conf:1: disk 'biggest' " },
	{ "a control character in a value, told without it", "site = 'a\033[2Jb'",
	  "x.conf:1: site 'a?[2Jb' is not a name" },
	{ "a brace too few", "network a {\nurl = 'http://a'\n",
	  "x.conf:3: a section is not closed by a '}'\n" },
	{ "a brace too many", "network a { } }", "x.conf:1: unexpected" },
	{ "a string without an end", "site = 'x\n", "x.conf:2: unterminated string" },
	{ "a comment without an end", "site = x\n/* never\n",
	  "x.conf:3: a comment does not end\n" },
	{ "a value without a key", "= 3", "x.conf:1: unexpected token '='\n" },
	{ "no include, no function", "include('/etc/passwd')",
	  "x.conf:1: no such option 'include'\n" },
};

/* And the next text is not spoilt by what the scanner was left in. */
static void is_refused_with_its_line(void **state)
{
	const struct row *r = *state;
	struct conf *conf = parse(r->text);

	assert_null(conf);
	if (strncmp(said, r->why, strlen(r->why)) != 0)
		fail_msg("said: %s", said);
	conf = parse("site = after\n");
	assert_non_null(conf);
	assert_string_equal(conf->site, "after");
	assert_string_equal(said, "");
	conf_free(conf);
}

static void nothing_said_is_a_working_site(void **state)
{
	struct conf *conf = parse("");

	(void)state;
	assert_non_null(conf);
	assert_string_equal(conf->site, "pxekit");
	assert_string_equal(conf->url, "");
	assert_string_equal(conf->user, "pxekit");
	assert_string_equal(conf->database, PXEKIT_STATEDIR "/jobs.db");
	assert_string_equal(conf->templates, PXEKIT_SYSCONFDIR "/templates");
	assert_int_equal(conf->attempts_max, 3);
	assert_int_equal(conf->networks, 1);
	assert_string_equal(conf->network[0].name, "default");
	assert_int_equal(conf->network[0].policy, PLAN_JOBS);
	assert_int_equal(conf->network[0].unknown, PLAN_SILENT);
	assert_ptr_equal(conf_network_of(conf, 0x0a4d0001), &conf->network[0]);
	assert_ptr_equal(conf_network_on(conf, "eth7"), &conf->network[0]);
	assert_string_equal(conf_loader_for(conf, 0)->file, "undionly.kpxe");
	assert_string_equal(conf_loader_for(conf, 7)->file, "snponly.efi");
	assert_string_equal(conf_loader_for(conf, 16)->file, "snponly.efi");
	assert_string_equal(conf_loader_for(conf, 11)->name, "ipxe-arm64");
	assert_null(conf_loader_for(conf, 6));
	assert_non_null(conf_platform_named(conf, "kvm"));
	assert_null(conf_platform_named(conf, ""));
	conf_free(conf);
}

static void what_the_admin_says_wins(void **state)
{
	struct conf *conf =
		parse("loader mine { arch = { 7 } file = 'efi/ipxe.efi' }\n"
		      "platform kvm { console = 'console=ttyS1' disk = empty }\n"
		      "attempts-max = 0 user = '' url = 'http://10.1.0.2:80'\n"
		      "network a { subnet = 10.1.0.0/16 platform = kvm }\n"
		      "network b { subnet = 10.2.0.0/16 interface = br0\n"
		      " url = 'https://b.example' policy = all unknown = menu\n"
		      " relay = { 10.9.0.1, 10.9.1.1 } server = 10.2.0.2 }\n");
	const struct conf_network *b;

	(void)state;
	assert_non_null(conf);
	assert_string_equal(conf_loader_for(conf, 7)->name, "mine");
	assert_string_equal(conf_loader_for(conf, 9)->name, "mine");
	assert_string_equal(conf_platform_named(conf, "kvm")->disk, "empty");
	assert_int_equal(conf->attempts_max, 0);
	assert_string_equal(conf->user, "");
	assert_int_equal(conf->networks, 2);
	assert_string_equal(conf->network[0].url, "http://10.1.0.2:80");
	b = conf_network_named(conf, "b");
	assert_string_equal(b->url, "https://b.example");
	assert_int_equal(b->subnet, 0x0a020000);
	assert_int_equal(b->mask, 0xffff0000);
	assert_int_equal(b->server, 0x0a020002);
	assert_int_equal(b->relays, 2);
	assert_int_equal(b->relay[1], 0x0a090101);
	assert_int_equal(b->policy, PLAN_ALL);
	assert_int_equal(b->unknown, PLAN_MENU);
	assert_ptr_equal(conf_network_on(conf, "br0"), b);
	assert_ptr_equal(conf_network_on(conf, "eth0"), &conf->network[0]);
	assert_null(conf_network_of(conf, 0x0a030000));
	conf_free(conf);
}

static void the_longest_mask_wins(void **state)
{
	struct conf *conf = parse("network all {}\n"
				  "network eight { subnet = 10.0.0.0/8 }\n"
				  "network one { subnet = 10.0.0.1/32 }\n"
				  "network half { subnet = 10.0.0.0/9 }\n");

	(void)state;
	assert_non_null(conf);
	assert_string_equal(conf_network_of(conf, 0x0a000001)->name, "one");
	assert_string_equal(conf_network_of(conf, 0x0a000002)->name, "half");
	assert_string_equal(conf_network_of(conf, 0x0a800002)->name, "eight");
	assert_string_equal(conf_network_of(conf, 0x7f000001)->name, "all");
	/* Four that name no interface: none of them is the one. */
	assert_null(conf_network_on(conf, "eth0"));
	conf_free(conf);
}

static void a_profile_holds_settings(void **state)
{
	struct conf *conf = parse("profile std { locale = de_AT.UTF-8\n"
				  " dns = { 10.0.0.1, 10.0.0.2 } }\nprofile bare { }");

	(void)state;
	assert_non_null(conf);
	assert_string_equal(
		settings_get(&conf_profile_named(conf, "std")->settings, "dns"),
		"10.0.0.1\n10.0.0.2");
	assert_string_equal(
		settings_get(&conf_profile_named(conf, "std")->settings, "locale"),
		"de_AT.UTF-8");
	assert_string_equal(
		settings_get(&conf_profile_named(conf, "bare")->settings, "locale"), "");
	conf_free(conf);
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void conf_d_comes_after_in_name_order(void **state)
{
	char folder[] = "conf.XXXXXX", path[64];
	struct conf *conf;

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chdir(folder), 0);
	mkdir("conf.d", 0755);
	write_file("main.conf", "site = main\nurl = 'http://main'\n");
	write_file("conf.d/20-b.conf", "site = b\n");
	write_file("conf.d/10-a.conf", "site = a\nnetwork a {}\n");
	write_file("conf.d/30-c.conf.bak", "nonsense");
	write_file("conf.d/.hidden.conf", "nonsense");
	conf = conf_load("main.conf");
	assert_non_null(conf);
	assert_string_equal(conf->site, "b");
	assert_string_equal(conf->network[0].url, "http://main");
	conf_free(conf);

	write_file("conf.d/30-d.conf", "\n\nsite = 'no name'\n");
	listen_begin();
	snprintf(path, sizeof(path), "%s", "main.conf");
	assert_null(conf_load(path));
	listen_end();
	assert_non_null(strstr(said, "./conf.d/30-d.conf:3: site 'no name' is not"));
	assert_int_equal(system("cd .. && rm -rf conf.??????"), 0);
	assert_int_equal(chdir(".."), 0);
}

static void only_the_default_file_may_be_missing(void **state)
{
	(void)state;
	listen_begin();
	assert_null(conf_load("/nonexistent/pxekit.conf"));
	listen_end();
	assert_string_equal(said,
			    "/nonexistent/pxekit.conf: No such file or directory\n");
	setenv("PXEKIT_CONF", "/nonexistent/env.conf", 1);
	listen_begin();
	assert_null(conf_load(NULL));
	listen_end();
	assert_string_equal(said, "/nonexistent/env.conf: No such file or directory\n");
	unsetenv("PXEKIT_CONF");
}

static void a_nul_is_no_text(void **state)
{
	(void)state;
	listen_begin();
	assert_null(conf_parse("x.conf", "site = a\0b", 10));
	listen_end();
	assert_string_equal(said, "x.conf:1: the file holds a NUL: it is no text\n");
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(nothing_said_is_a_working_site),
		cmocka_unit_test(what_the_admin_says_wins),
		cmocka_unit_test(the_longest_mask_wins),
		cmocka_unit_test(a_profile_holds_settings),
		cmocka_unit_test(conf_d_comes_after_in_name_order),
		cmocka_unit_test(only_the_default_file_may_be_missing),
		cmocka_unit_test(a_nul_is_no_text),
	};
	struct CMUnitTest tests[ARRAY_LEN(rows) + ARRAY_LEN(others)];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
						.test_func = is_refused_with_its_line,
						.initial_state = &rows[i] };
	memcpy(tests + ARRAY_LEN(rows), others, sizeof(others));
	return cmocka_run_group_tests_name("conf", tests, NULL, NULL);
}
