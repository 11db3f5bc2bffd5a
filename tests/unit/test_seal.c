#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "lib/core/seal.h"

#define HASH "$y$j9T$abcdefghijkl$0123"

static const struct token_key key = { .octet = { 1, 2, 3 } };

static void opens_with_its_key_alone(void **state)
{
	const struct token_key other = { .octet = { 9 } };
	char *sealed = seal_text(&key, HASH), *again = seal_text(&key, HASH), *plain;

	(void)state;
	assert_null(strstr(sealed, "abcdef"));
	assert_string_not_equal(sealed, again);
	plain = seal_open(&key, sealed);
	assert_string_equal(plain, HASH);
	assert_null(seal_open(&other, sealed));
	sealed[strlen(sealed) / 2] ^= 2;
	assert_null(seal_open(&key, sealed));
	free(plain);
	free(sealed);
	free(again);
}

static void what_is_not_sealed_does_not_open(void **state)
{
	static const char *const texts[] = { "", "sealed:", HASH, "sealed:AAAA",
					     "sealed:\xff" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (seal_open(&key, texts[i]))
			fail_msg("%s", texts[i]);
}

static void only_secrets_are_sealed(void **state)
{
	struct settings s = { 0 };

	(void)state;
	settings_set(&s, "password-hash", HASH);
	settings_set(&s, "timezone", "UTC");
	assert_true(seal_settings(&key, &s));
	assert_string_equal(settings_get(&s, "timezone"), "UTC");
	assert_int_equal(strncmp(settings_get(&s, "password-hash"), "sealed:", 7), 0);
	assert_true(seal_open_settings(&key, &s));
	assert_string_equal(settings_get(&s, "password-hash"), HASH);
	settings_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_with_its_key_alone),
		cmocka_unit_test(what_is_not_sealed_does_not_open),
		cmocka_unit_test(only_secrets_are_sealed),
	};

	return cmocka_run_group_tests_name("seal", tests, NULL, NULL);
}
