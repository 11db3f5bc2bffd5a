/* What a name means: aliases, the machine's and the network's own folders, letters. */
#include "config.h"

#include "tests/test.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/tftpd-lite/asker.h"
#include "tools/tftpd-lite/fold.h"
#include "tools/tftpd-lite/lookup.h"

static const struct mac known = { { 0x52, 0x54, 0, 0x65, 0xd5, 0x42 } };

static struct alias_row {
	const char *name, *pattern, *file, *asked, *want;
} aliases[] = {
	{ "an alias is the whole name", "wimboot", "x64/wimboot", "wimboot",
	  "x64/wimboot" },
	{ "an alias in other letters", "boot/bcd", "Boot/BCD", "BOOT/Bcd", "Boot/BCD" },
	{ "an alias is not a part of a name", "wimboot", "x", "wimboot.efi", NULL },
	{ "a star at the end", "tftpboot/*", "*", "TFTPBOOT/a/b", "a/b" },
	{ "a star in front", "*.efi", "efi/*", "a/b.EFI", "efi/a/b" },
	{ "a star in the middle", "a*z", "<*>", "a-z", "<->" },
	{ "a star for nothing", "a*z", "x*", "az", "x" },
	{ "both ends must fit without each other", "aa*aa", "*", "aaa", NULL },
	{ "two stars for one", "*", "*/*", "a", "a/a" },
	{ "the machine's MAC", "autoexec.ipxe", "boot/%m.ipxe", "autoexec.ipxe",
	  "boot/52-54-00-65-d5-42.ipxe" },
	{ "the network", "x", "%n/x", "x", "lab/x" },
	{ "a star for the way up is no way up", "*", "a/*", "../b", NULL },
	{ "nothing is no name", "*", "*", "", NULL },
};

static void is_made_of_it(void **state)
{
	const struct alias_row *row = *state;
	char pattern[64], file[64], out[NAMES_PATH];
	const struct conf_alias alias = { .pattern = pattern, .file = file };
	const struct lookup_asker asker = { .mac = &known, .network = "lab" };
	bool fits;

	snprintf(pattern, sizeof(pattern), "%s", row->pattern);
	snprintf(file, sizeof(file), "%s", row->file);
	fits = lookup_alias(&alias, &asker, row->asked, out);
	assert_int_equal(fits, row->want != NULL);
	if (fits)
		assert_string_equal(out, row->want);
}

static void what_is_not_known_makes_no_name(void **state)
{
	char pattern[] = "*", mac[] = "%m/*", network[] = "%n/*", out[NAMES_PATH];
	const struct conf_alias by_mac = { .pattern = pattern, .file = mac };
	const struct conf_alias by_network = { .pattern = pattern, .file = network };
	const struct lookup_asker nobody = { 0 };

	(void)state;
	assert_false(lookup_alias(&by_mac, &nobody, "x", out));
	assert_false(lookup_alias(&by_network, &nobody, "x", out));
}

static void a_name_that_grows_too_long_is_none(void **state)
{
	char pattern[] = "*", file[] = "*/*/*", out[NAMES_PATH], name[600];
	const struct conf_alias alias = { .pattern = pattern, .file = file };
	const struct lookup_asker nobody = { 0 };

	(void)state;
	memset(name, 'x', sizeof(name));
	name[300] = '\0';
	assert_true(lookup_alias(&alias, &nobody, name, out));
	name[300] = 'x';
	name[599] = '\0';
	assert_false(lookup_alias(&alias, &nobody, name, out));
}

/* ---- on a disk ---- */

static char top[PATH_MAX / 2];

static void put(const char *name)
{
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", top, name);
	for (char *slash = path + strlen(top) + 1; (slash = strchr(slash, '/'));
	     slash++) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
	fd = open(path, O_WRONLY | O_CREAT, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, name, strlen(name)), strlen(name));
	assert_int_equal(fchmod(fd, strstr(name, "private") ? 0640 : 0644), 0);
	close(fd);
}

static int make_tree(void **state)
{
	(void)state;
	snprintf(top, sizeof(top), "%s/tftpd-lookup-XXXXXX",
		 getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	if (!mkdtemp(top))
		return -1;
	put("a");
	put("Boot/BCD");
	put("Boot/bcd.log");
	put("case/AB");
	put("case/Ab");
	put("private");
	put("@mac/52-54-00-65-d5-42/a");
	put("@mac/52-54-00-65-d5-42/own");
	put("@mac/52-54-00-65-d5-42/private");
	put("@net/lab/a");
	put("@net/lab/net");
	put("x64/wimboot");
	return 0;
}

static int remove_tree(void **state)
{
	char command[PATH_MAX];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", top);
	return system(command);
}

enum { NOBODY = 0, MAC = 1, NETWORK = 2, FOLD = 4, ALIAS = 8 };

static struct found_row {
	const char *name;
	unsigned who;
	const char *asked, *want; /* want NULL: code */
	enum tftp_code code;
} found[] = {
	{ "the name itself", NOBODY, "a", "a", 0 },
	{ "the machine's own first", MAC | NETWORK, "a", "@mac/52-54-00-65-d5-42/a", 0 },
	{ "then the network's", NETWORK, "a", "@net/lab/a", 0 },
	{ "then the common one", MAC | NETWORK, "Boot/BCD", "Boot/BCD", 0 },
	{ "what only the machine has", MAC, "own", "@mac/52-54-00-65-d5-42/own", 0 },
	{ "what another machine has", NOBODY, "own", NULL, TFTP_NOT_FOUND },
	{ "what is refused there is not looked for elsewhere", MAC | NETWORK, "private",
	  NULL, TFTP_ACCESS },
	{ "nobody asks for the folder of another", NOBODY, "@mac/52-54-00-65-d5-42/own",
	  NULL, TFTP_NOT_FOUND },
	{ "nor in other letters", FOLD, "@MAC/52-54-00-65-d5-42/own", NULL,
	  TFTP_NOT_FOUND },
	{ "nor of a network", MAC | NETWORK, "@net/lab/net", NULL, TFTP_NOT_FOUND },
	{ "T62 other letters", NOBODY, "boot/bcd", NULL, TFTP_NOT_FOUND },
	{ "T62 other letters, if told so", FOLD, "boot/bcd", "Boot/BCD", 0 },
	{ "T62 a part of a name is none", FOLD, "boot/bc", NULL, TFTP_NOT_FOUND },
	{ "the very name counts before others", FOLD, "CASE/Ab", "case/Ab", 0 },
	{ "else the first", FOLD, "CASE/ab", "case/AB", 0 },
	{ "other letters in the machine's own", MAC | FOLD, "OWN",
	  "@mac/52-54-00-65-d5-42/own", 0 },
	{ "an alias", ALIAS, "wimboot", "x64/wimboot", 0 },
	{ "an alias in the machine's own", ALIAS | MAC, "alias-of-a",
	  "@mac/52-54-00-65-d5-42/a", 0 },
	{ "an alias of what is not there leaves the name", ALIAS, "a", "a", 0 },
};

static void is_found(void **state)
{
	struct conf_alias rules[] = {
		{ .pattern = (char[]){ "wimboot" }, .file = (char[]){ "x64/wimboot" } },
		{ .pattern = (char[]){ "alias-of-*" }, .file = (char[]){ "*" } },
		{ .pattern = (char[]){ "a" }, .file = (char[]){ "gone" } },
	};
	const struct conf conf = { .alias = rules, .aliases = ARRAY_LEN(rules) };
	const struct found_row *row = *state;
	struct files files = { .fold = row->who & FOLD };
	const struct lookup_asker asker = {
		.conf = row->who & ALIAS ? &conf : NULL,
		.mac = row->who & MAC ? &known : NULL,
		.network = row->who & NETWORK ? "lab" : NULL,
	};
	char path[NAMES_PATH] = "";
	enum tftp_code code = 0;
	struct file *file;

	assert_int_equal(files_begin(&files, top), 0);
	snprintf(path, sizeof(path), "%s", row->asked);
	file = lookup(&files, &asker, path, &code);
	assert_int_equal(file != NULL, row->want != NULL);
	if (file) {
		assert_string_equal(path, row->want);
		assert_memory_equal(file->octets, row->want, strlen(row->want));
		files_close(file);
	} else {
		assert_int_equal(code, row->code);
	}
	files_age(&files, true);
	close(files.root);
}

/* ---- who is served ---- */

static const char two_networks[] =
	"network lab { interface = lan0 subnet = 10.0.0.0/24 }\n"
	"network far { subnet = 10.9.0.0/16 }\n";
static const char one_interface[] =
	"network lab { interface = lan0 subnet = 10.0.0.0/24 }\n";

static struct served_row {
	const char *name, *conf, *address, *interface, *network; /* NULL: not served */
} served[] = {
	{ "no network says anything", "", "192.0.2.1", "eth0", "default" },
	{ "its network, its interface", two_networks, "10.0.0.7", "lan0", "lab" },
	{ "its network, another interface", two_networks, "10.0.0.7", "eth1", NULL },
	{ "a network behind a router", two_networks, "10.9.1.1", "eth1", "far" },
	{ "an address of none", two_networks, "10.1.0.1", "lan0", NULL },
	{ "ourselves", two_networks, "10.0.0.7", "lo", "lab" },
	{ "ourselves, by an address of none", two_networks, "127.0.0.1", "lo", "" },
	{ "an IPv4 client of both families", two_networks, "::ffff:10.0.0.7", "lan0",
	  "lab" },
	{ "IPv6 on its interface", one_interface, "fe80::1", "lan0", "lab" },
	{ "IPv6 on another", one_interface, "fe80::1", "eth1", NULL },
	{ "IPv6 of ourselves", one_interface, "::1", "lo", "" },
};

static struct peer peer_of(const char *address)
{
	struct peer peer = { 0 };

	if (inet_pton(AF_INET, address, &peer.addr.in.sin_addr) == 1) {
		peer.addr.sa.sa_family = AF_INET;
		return peer;
	}
	peer.addr.sa.sa_family = AF_INET6;
	assert_int_equal(inet_pton(AF_INET6, address, &peer.addr.in6.sin6_addr), 1);
	return peer;
}

static void is_served_or_not(void **state)
{
	const struct served_row *row = *state;
	struct conf *conf = conf_parse("x.conf", row->conf, strlen(row->conf));
	const struct peer peer = peer_of(row->address);
	const struct conf_network *network = NULL;
	bool yes;

	assert_non_null(conf);
	yes = asker_is_served(conf, &peer, row->interface, &network);
	assert_int_equal(yes, row->network != NULL);
	if (yes)
		assert_string_equal(network ? network->name : "", row->network);
	conf_free(conf);
}

int main(void)
{
	struct CMUnitTest
		tests[ARRAY_LEN(aliases) + ARRAY_LEN(found) + ARRAY_LEN(served) + 2];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(aliases); i++)
		tests[n++] = (struct CMUnitTest){ .name = aliases[i].name,
						  .test_func = is_made_of_it,
						  .initial_state = &aliases[i] };
	for (size_t i = 0; i < ARRAY_LEN(found); i++)
		tests[n++] = (struct CMUnitTest){ .name = found[i].name,
						  .test_func = is_found,
						  .initial_state = &found[i] };
	for (size_t i = 0; i < ARRAY_LEN(served); i++)
		tests[n++] = (struct CMUnitTest){ .name = served[i].name,
						  .test_func = is_served_or_not,
						  .initial_state = &served[i] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(what_is_not_known_makes_no_name);
	tests[n] =
		(struct CMUnitTest)cmocka_unit_test(a_name_that_grows_too_long_is_none);
	return cmocka_run_group_tests_name("tftpd_lookup", tests, make_tree, remove_tree);
}
