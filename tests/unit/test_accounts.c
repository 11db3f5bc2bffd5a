/*
 * Sessions of browsers in the database: how long they last.
 * Rows: S4-10
 */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/store/accounts.h"
#include "lib/sys/now.h"

#define ONE "1111111111111111111111111111111111111111111111111111111111111111"
#define TWO "2222222222222222222222222222222222222222222222222222222222222222"
#define HASH "$argon2id$v=19$m=8,t=1,p=1$any"

static char folder[] = "/tmp/pxekit-accounts-XXXXXX";
static char path[64];

static int begin(void **state)
{
	static int number;
	struct account a = { .name = "ben", .role = "operator", .password = HASH };
	struct store *store;

	snprintf(path, sizeof(path), "%s/%d.db", folder, ++number);
	assert_int_equal(store_open(path, STORE_WRITE, &store), STORE_DONE);
	assert_int_equal(store_account_add(store, &a, "root"), STORE_DONE);
	*state = store;
	return 0;
}

static int shut(void **state)
{
	store_close(*state);
	return 0;
}

static enum store_result look(struct store *store, int64_t now, int64_t since)
{
	struct account account;
	int64_t used;

	return store_session(store, ONE, now, since, &account, &used);
}

static void it_ends(void **state)
{
	int64_t now = now_ms(), used = 0;
	struct account account;

	assert_int_equal(store_session_add(*state, ONE, "ben", now + 1000), STORE_DONE);
	assert_int_equal(store_session(*state, ONE, now, 0, &account, &used), STORE_DONE);
	assert_string_equal(account.name, "ben");
	assert_true(used >= now);
	assert_int_equal(look(*state, now + 999, 0), STORE_DONE);
	assert_int_equal(look(*state, now + 1000, 0), STORE_NO);
}

static void it_ends_when_nobody_uses_it(void **state)
{
	int64_t now = now_ms();

	assert_int_equal(store_session_add(*state, ONE, "ben", now + 10000), STORE_DONE);
	assert_int_equal(store_session_use(*state, ONE, now + 10), STORE_DONE);
	assert_int_equal(look(*state, now, now + 10), STORE_DONE);
	assert_int_equal(look(*state, now, now + 11), STORE_NO);
	assert_int_equal(store_session_use(*state, ONE, now + 20), STORE_DONE);
	assert_int_equal(look(*state, now, now + 11), STORE_DONE);
	/* Use makes it last no longer than it may. */
	assert_int_equal(store_session_use(*state, ONE, now + 10000), STORE_DONE);
	assert_int_equal(look(*state, now + 10000, 0), STORE_NO);
}

static void one_that_is_over_goes(void **state)
{
	int64_t now = now_ms();

	assert_int_equal(store_session_add(*state, ONE, "ben", now - 1), STORE_DONE);
	assert_int_equal(look(*state, now - 2, 0), STORE_DONE);
	assert_int_equal(store_session_add(*state, TWO, "ben", now + 10000), STORE_DONE);
	assert_int_equal(look(*state, now - 2, 0), STORE_NO);
}

static void another_password_ends_it(void **state)
{
	const struct account changed = { .name = "ben", .password = HASH "other" };
	int64_t now = now_ms();

	assert_int_equal(store_session_add(*state, ONE, "ben", now + 10000), STORE_DONE);
	assert_int_equal(store_account_change(*state, &changed, "root"), STORE_DONE);
	assert_int_equal(look(*state, now, 0), STORE_NO);
}

static void its_account_goes_with_it(void **state)
{
	int64_t now = now_ms();

	assert_int_equal(store_session_add(*state, ONE, "ben", now + 10000), STORE_DONE);
	assert_int_equal(store_account_remove(*state, "ben", "root"), STORE_DONE);
	assert_int_equal(look(*state, now, 0), STORE_NO);
	assert_int_not_equal(store_session_add(*state, TWO, "ben", now + 10000),
			     STORE_DONE);
}

static void at_once_does_not_wait(void **state)
{
	struct store *other;

	assert_int_equal(store_open(path, STORE_WRITE, &other), STORE_DONE);
	assert_int_equal(store_begin(other), STORE_DONE);
	assert_int_equal(store_begin_at_once(*state), STORE_BUSY);
	assert_int_equal(store_end(other, false), STORE_DONE);
	assert_int_equal(store_begin_at_once(*state), STORE_DONE);
	assert_int_equal(store_end(*state, false), STORE_DONE);
	store_close(other);
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, shut)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_ends),
		TEST(it_ends_when_nobody_uses_it),
		TEST(one_that_is_over_goes),
		TEST(another_password_ends_it),
		TEST(its_account_goes_with_it),
		TEST(at_once_does_not_wait),
	};

	return cmocka_run_group_tests_name("accounts", tests, make_folder, remove_folder);
}
