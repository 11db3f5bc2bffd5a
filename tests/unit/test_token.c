#include "tests/test.h"

#include <string.h>

#include "lib/core/token.h"

#define NONCE "00112233445566778899aabbccddeeff"

static const struct token_key key = { .octet = { 1, 2, 3 } };

static void holds_for_its_attempt_alone(void **state)
{
	const struct token_key other = { .octet = { 9 } };
	char token[TOKEN_TEXT];

	(void)state;
	token_make(&key, 42, NONCE, token);
	assert_int_equal(token_claims(token), 42);
	assert_true(token_holds(&key, NONCE, token));
	assert_false(token_holds(&other, NONCE, token));
	assert_false(token_holds(&key, "ff112233445566778899aabbccddeeff", token));
	token[strlen(token) - 1] ^= 1;
	assert_false(token_holds(&key, NONCE, token));
	token_make(&key, 42, NONCE, token);
	token[1] = '3';
	assert_int_equal(token_claims(token), 43);
	assert_false(token_holds(&key, NONCE, token));
}

static void what_is_no_token_claims_nothing(void **state)
{
	static const char *const none[] = { "",
					    "-",
					    "0-aa",
					    "x",
					    "42",
					    "-42-aa",
					    " 42-aa",
					    "42-"
					    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
					    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(none); i++) {
		if (token_claims(none[i]))
			fail_msg("%s", none[i]);
		assert_false(token_holds(&key, NONCE, none[i]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_for_its_attempt_alone),
		cmocka_unit_test(what_is_no_token_claims_nothing),
	};

	return cmocka_run_group_tests_name("token", tests, NULL, NULL);
}
