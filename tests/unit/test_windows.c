#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "lib/core/windows.h"

static struct image_edition editions[] = {
	{ .index = 1,
	  .build = 26100,
	  .type = "Server Core",
	  .id = "ServerStandard",
	  .name = "Windows Server 2025 Standard" },
	{ .index = 2,
	  .build = 26100,
	  .type = "Server",
	  .id = "ServerStandard",
	  .name = "Windows Server 2025 Standard (Desktop Experience)" },
	{ .index = 3,
	  .build = 26100,
	  .type = "Client",
	  .id = "Professional",
	  .name = "Windows 11 Pro" },
	{ .index = 4,
	  .build = 9600,
	  .type = "Client",
	  .id = "Core",
	  .name = "Windows 8.1" },
};

/* What djoin would write for WEB01, as far as that matters. */
#define BLOB "ARAIAMzMzMwQAAAAAAAAAAEAAABXAEUAQgAwADEAAAA="

/* Settings as NAME=VALUE, separated by '|'. */
static struct row {
	const char *name, *settings;
	int edition;     /* index into editions */
	const char *why; /* NULL: it is good */
} rows[] = {
	{ "nothing said", "", 0, NULL },
	{ "a name", "hostname=WEB01", 0, NULL },
	{ "a long name", "hostname=abcdefghijklmnop", 0,
	  "--hostname abcdefghijklmnop: Windows takes" },
	{ "a name with a domain", "hostname=web.corp", 0, "--hostname web.corp: " },
	{ "a name of digits", "hostname=12345", 0, "--hostname 12345: " },
	{ "an account", "user=ann|user-password=x", 0, NULL },
	{ "an account without a password", "user=ann", 0, "--user ann: wants" },
	{ "a password without an account", "user-password=x", 0,
	  "--user-password-file: wants --user" },
	{ "Administrator again", "user=administrator|user-password=x", 0,
	  "--user administrator: is there already" },
	{ "the machine's own name", "hostname=Web|user=web|user-password=x", 0,
	  "--user web: " },
	{ "a domain by an account", "join=corp.example|join-user=j|join-password=x", 0,
	  NULL },
	{ "a domain by a blob", "hostname=web01|join=corp.example|join-blob=" BLOB, 0,
	  NULL },
	{ "a blob alone", "hostname=WEB01|join-blob=" BLOB, 0, NULL },
	{ "a blob that is sealed", "hostname=web|join-blob=sealed:x", 0, NULL },
	{ "a blob for nobody", "join-blob=" BLOB, 0,
	  "--join-blob-file: wants --hostname" },
	{ "another machine's blob", "hostname=WEB0|join-blob=" BLOB, 0,
	  "--join-blob-file: was not made for a machine named WEB0" },
	{ "a domain and nobody who may", "join=corp.example", 0,
	  "--join corp.example: " },
	{ "a domain and half an account", "join=corp.example|join-user=j", 0,
	  "--join corp.example: " },
	{ "an account for no domain", "join-user=j|join-password=x", 0, "--join-user" },
	{ "a place in no domain", "join-ou=OU=a,DC=b", 0, "--join-user" },
	{ "an agent", "agent=http://s/a.msi|agent-sha256=00", 0, NULL },
	{ "an agent without a checksum", "agent=http://s/a.msi", 0, "--agent: wants" },
	{ "arguments for no agent", "agent-arguments=/qn", 0, "--agent-sha256" },
	{ "a public key", "product-key=kms", 2, NULL },
	{ "a public key that nobody knows", "product-key=kms", 3, "--product-key kms: " },
	{ "Windows 11 without a TPM", "bypass=tpm", 2, NULL },
	{ "a server without a TPM", "bypass=tpm", 1, "--bypass: Windows Server 2025" },
	{ "a gateway without an address", "gateway=10.0.0.1", 0, "--gateway 10.0.0.1: " },
};

static struct settings read_settings(const char *text)
{
	struct settings s = { 0 };
	char copy[256], *rest = copy, *word;

	snprintf(copy, sizeof(copy), "%s", text);
	while ((word = strsep(&rest, "|")) && *word) {
		char *value = strchr(word, '=');

		*value++ = '\0';
		assert_true(settings_set(&s, word, value));
	}
	return s;
}

static void is_told_before_anything_boots(void **state)
{
	const struct row *r = *state;
	struct settings s = read_settings(r->settings);
	char why[WINDOWS_WHY] = "";

	assert_int_equal(windows_check(&s, &editions[r->edition], why), r->why == NULL);
	if (r->why)
		assert_memory_equal(why, r->why, strlen(r->why));
	settings_free(&s);
}

static void the_edition_is_named_or_the_only_one(void **state)
{
	struct image image = { .edition = editions, .editions = ARRAY_LEN(editions) };
	struct settings s = read_settings("edition=standard (desktop experience)");
	struct settings none = { 0 };
	char why[WINDOWS_WHY] = "";

	(void)state;
	assert_ptr_equal(windows_edition(&image, &s, why), &editions[1]);
	assert_null(windows_edition(&image, &none, why));
	assert_non_null(strstr(why, "1 \"Windows Server 2025 Standard\", 2 \""));
	image.editions = 1;
	assert_ptr_equal(windows_edition(&image, &none, why), editions);
	image.editions = 0;
	assert_null(windows_edition(&image, &none, why));
	settings_free(&s);
}

static void keys_go_by_build_and_edition(void **state)
{
	(void)state;
	assert_string_equal(windows_kms_key(&editions[0]),
			    "TVRH6-WHNXV-R9WG3-9XRFY-MY832");
	assert_string_equal(windows_kms_key(&editions[2]),
			    "W269N-WFGWX-YVC9B-4J6C9-T83GX");
	assert_null(windows_kms_key(&editions[3]));
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 2];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] =
			(struct CMUnitTest){ .name = rows[i].name,
					     .test_func = is_told_before_anything_boots,
					     .initial_state = &rows[i] };
	tests[ARRAY_LEN(rows)] =
		(struct CMUnitTest)cmocka_unit_test(the_edition_is_named_or_the_only_one);
	tests[ARRAY_LEN(rows) + 1] =
		(struct CMUnitTest)cmocka_unit_test(keys_go_by_build_and_edition);
	return cmocka_run_group_tests_name("windows", tests, NULL, NULL);
}
