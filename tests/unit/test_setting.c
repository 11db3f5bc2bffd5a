#include "tests/test.h"

#include <string.h>

#include "lib/core/setting.h"

static struct row {
	const char *name, *value;
	bool good;
} rows[] = {
	{ "hostname", "web01", true },
	{ "hostname", "web01.example.org", true },
	{ "hostname", "", false },
	{ "hostname", "-web", false },
	{ "hostname", "web-", false },
	{ "hostname", "we b", false },
	{ "hostname", "a..b", false },
	{ "hostname", "$(reboot)", false },
	{ "address", "10.0.0.7/24", true },
	{ "address", "2001:db8::7/64", true },
	{ "address", "10.0.0.7", false },
	{ "address", "10.0.0.7/33", false },
	{ "address", "10.0.0.7/0", false },
	{ "address", "10.0.0.7/24x", false },
	{ "gateway", "10.0.0.1", true },
	{ "gateway", "10.0.0.1/24", false },
	{ "user", "admin", true },
	{ "user", "Admin", false },
	{ "user", "root:x", false },
	{ "password-hash", "$y$j9T$abcdefghijkl$0123", true },
	{ "password-hash", "secret", false },
	{ "ssh-key", "ssh-ed25519 AAAA me", true },
	{ "ssh-key", "AAAA", false },
	{ "ssh-key", "ssh-ed25519 AAAA\nssh-rsa B", false },
	{ "disk", "serial=QM1", true },
	{ "disk", "any", false },
	{ "comment", "a \"b\" $c %d% &e", true },
	{ "comment", "a\nb", false },
	{ "timezone", "Europe/Vienna", true },
	{ "timezone", "W. Europe Standard Time", true },
	{ "timezone", "a\"b", false },
	{ "rdp", "yes", true },
	{ "rdp", "no", true },
	{ "rdp", "maybe", false },
	{ "admin-password", "P@ss \"word\" %1 ${x}", true },
	{ "admin-password", "", false },
	{ "admin-password", "a\nb", false },
	{ "product-key", "kms", true },
	{ "product-key", "ABCDE-FGHIJ-KLMNO-PQRST-UVWXY", true },
	{ "product-key", "ABCDE-FGHIJ-KLMNO-PQRST", false },
	{ "product-key", "ABCDE-FGHIJ-KLMNO-PQRST-UVWX%", false },
	{ "join", "corp.example", true },
	{ "join-ou", "OU=Servers,DC=corp,DC=example", true },
	{ "join-ou", "Servers", false },
	{ "join-ou", "OU=Servers", false },
	{ "join-user", "CORP\\joiner", true },
	{ "join-user", "joiner@corp.example", true },
	{ "join-user", "CORP\\", false },
	{ "join-user", "a\\b\\c", false },
	{ "join-user", "a:b", false },
	{ "join-blob", "ARAIAMzMzMwEAAAAAAAAAAECAwQ=", true },
	{ "join-blob", "ARAIAMzMzMwFAAAAAAAAAAECAwQ=", false },
	{ "join-blob", "ARAIAMzMzMwEAAAAAAAAAAECAw", false },
	{ "join-blob", "aGVsbG8gd29ybGQsIHRoaXMgaXMgbm90IGl0", false },
	{ "transport", "http", true },
	{ "transport", "smb", true },
	{ "transport", "ftp", false },
	{ "role", "Web-Server", true },
	{ "role", "Web Server", false },
	{ "command", "echo \"a & b\" > c:\\x.txt", true },
	{ "command", "", false },
	{ "agent", "https://files.example/agent.msi?x=1&y=2", true },
	{ "agent", "ftp://files.example/agent.msi", false },
	{ "agent", "http://files.example/a b", false },
	{ "agent-sha256",
	  "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", true },
	{ "agent-sha256", "9f86", false },
	{ "bypass", "tpm", true },
	{ "bypass", "all", false },
	{ "no-such", "x", false },
};

static void checks(void **state)
{
	const struct row *r = *state;
	char why[SETTING_WHY] = "";

	assert_int_equal(setting_check(r->name, r->value, why), r->good);
	assert_int_equal(*why == '\0', r->good);
}

static void lists_grow_and_profiles_fill_gaps(void **state)
{
	struct settings job = { 0 }, profile = { 0 };

	(void)state;
	assert_true(settings_set(&job, "dns", "10.0.0.1"));
	assert_true(settings_set(&job, "dns", "10.0.0.2"));
	assert_true(settings_set(&job, "hostname", "a"));
	assert_true(settings_set(&job, "hostname", "b"));
	assert_true(settings_set(&profile, "hostname", "c"));
	assert_true(settings_set(&profile, "timezone", "UTC"));
	assert_true(settings_inherit(&job, &profile));
	assert_string_equal(settings_get(&job, "dns"), "10.0.0.1\n10.0.0.2");
	assert_string_equal(settings_get(&job, "hostname"), "b");
	assert_string_equal(settings_get(&job, "timezone"), "UTC");
	assert_string_equal(settings_get(&job, "locale"), "");
	settings_free(&job);
	settings_free(&profile);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 1];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
						.test_func = checks,
						.initial_state = &rows[i] };
	tests[ARRAY_LEN(rows)] =
		(struct CMUnitTest)cmocka_unit_test(lists_grow_and_profiles_fill_gaps);
	return cmocka_run_group_tests_name("setting", tests, NULL, NULL);
}
