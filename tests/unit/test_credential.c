/*
 * What people and programs prove who they are with, and what is remembered of it.
 * Rows: S4-10
 */
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "lib/core/credential.h"
#include "tools/bootweb/proof.h"

#define SECRET "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void what_is_kept_is_argon2id(void **state)
{
	char hash[CREDENTIAL_HASH], other[CREDENTIAL_HASH];

	(void)state;
	assert_true(credential_password("correct horse", hash));
	assert_memory_equal(hash, "$argon2id$v=19$m=65536,", 23);
	assert_true(credential_password_holds(hash, "correct horse"));
	assert_false(credential_password_holds(hash, "correct horses"));
	assert_false(credential_password_holds("", ""));
	assert_true(credential_secret(SECRET, hash));
	assert_memory_equal(hash, "$argon2id$v=19$m=8,", 19);
	assert_true(credential_secret(SECRET, other));
	assert_string_not_equal(hash, other);
	assert_true(credential_secret_holds(hash, SECRET));
	assert_false(credential_secret_holds(hash, SECRET "0"));
	assert_false(credential_secret_holds(hash, ""));
	assert_false(credential_secret_holds("", SECRET));
	assert_false(credential_secret_holds("no hash", SECRET));
}

static void a_token_says_its_number(void **state)
{
	char secret[CREDENTIAL_SECRET], other[CREDENTIAL_SECRET], text[CREDENTIAL_TOKEN];
	const char *found;
	int64_t number;

	(void)state;
	assert_true(credential_draw(secret) && credential_draw(other));
	assert_int_equal(strlen(secret), 64);
	assert_string_not_equal(secret, other);
	credential_token_format(999999999999999999, secret, text);
	found = credential_token_parse(text, &number);
	assert_non_null(found);
	assert_string_equal(found, secret);
	assert_true(number == 999999999999999999);
}

static struct row {
	const char *name, *text;
} no_tokens[] = {
	{ "nothing", "" },
	{ "its beginning", "pxekit_" },
	{ "no number", "pxekit__" SECRET },
	{ "a number below one", "pxekit_-1_" SECRET },
	{ "a number of nothing", "pxekit_0_" SECRET },
	{ "a number written otherwise", "pxekit_07_" SECRET },
	{ "a number too large", "pxekit_9999999999999999999_" SECRET },
	{ "no secret", "pxekit_7_" },
	{ "a secret too short", "pxekit_7_0123" },
	{ "a secret too long", "pxekit_7_" SECRET "0" },
	{ "capitals",
	  "pxekit_7_A123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" },
	{ "another beginning", "PXEKIT_7_" SECRET },
	{ "what a session has", SECRET },
};

static void is_no_token(void **state)
{
	const struct row *row = *state;
	int64_t number = 7;

	assert_null(credential_token_parse(row->text, &number));
	assert_true(number == 7);
}

/* ---- what was proven ---- */

static void it_holds_for_a_while(void **state)
{
	(void)state;
	assert_false(proof_holds("hash", "token", 1000));
	proof_keep("hash", "token", 1000);
	assert_true(proof_holds("hash", "token", 1000));
	assert_true(proof_holds("hash", "token", 1000 + PROOF_MS - 1));
	assert_false(proof_holds("hash", "token", 1000 + PROOF_MS));
	proof_keep("hash", "token", 1000 + PROOF_MS);
	assert_true(proof_holds("hash", "token", 1000 + PROOF_MS));
}

static void it_holds_for_just_that(void **state)
{
	const int64_t now = 10 * PROOF_MS;

	(void)state;
	proof_keep("hash", "token", now);
	assert_false(proof_holds("hash", "other", now));
	assert_false(proof_holds("other", "token", now));
	assert_false(proof_holds("has", "htoken", now));
	assert_false(proof_holds("hasht", "oken", now));
	assert_true(proof_holds("hash", "token", now));
}

static void the_oldest_goes_first(void **state)
{
	const int64_t now = 20 * PROOF_MS;
	char text[16];

	(void)state;
	for (int i = 0; i <= PROOF_KEPT; i++) {
		snprintf(text, sizeof(text), "%d", i);
		proof_keep("hash", text, now + i);
	}
	assert_false(proof_holds("hash", "0", now + PROOF_KEPT));
	assert_true(proof_holds("hash", "1", now + PROOF_KEPT));
	assert_true(proof_holds("hash", text, now + PROOF_KEPT));
}

int main(void)
{
	static const struct CMUnitTest whole[] = {
		cmocka_unit_test(what_is_kept_is_argon2id),
		cmocka_unit_test(a_token_says_its_number),
		cmocka_unit_test(it_holds_for_a_while),
		cmocka_unit_test(it_holds_for_just_that),
		cmocka_unit_test(the_oldest_goes_first),
	};
	struct CMUnitTest tests[ARRAY_LEN(whole) + ARRAY_LEN(no_tokens)];

	memcpy(tests, whole, sizeof(whole));
	for (size_t i = 0; i < ARRAY_LEN(no_tokens); i++)
		tests[ARRAY_LEN(whole) + i] =
			(struct CMUnitTest){ .name = no_tokens[i].name,
					     .test_func = is_no_token,
					     .initial_state = &no_tokens[i] };
	return cmocka_run_group_tests_name("credential", tests, NULL, NULL);
}
