#include "tests/test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/sys/file.h"
#include "lib/sys/keyfile.h"

#define DIGITS "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static char folder[] = "test_keyfile.XXXXXX";

static int enter(void **state)
{
	(void)state;
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave(void **state)
{
	(void)state;
	return chdir("..") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

static struct row {
	const char *name, *text;
	unsigned mode;
	int error;
} rows[] = {
	{ "64 digits", DIGITS, 0600, 0 },
	{ "and a newline", DIGITS "\n", 0640, 0 },
	{ "others may read it", DIGITS "\n", 0644, EPERM },
	{ "others may write it", DIGITS "\n", 0602, EPERM },
	{ "empty", "", 0600, EINVAL },
	{ "a digit short", &DIGITS[1], 0600, EINVAL },
	{ "a digit more", DIGITS "0", 0600, EINVAL },
	{ "two lines", DIGITS "\n\n", 0600, EINVAL },
	{ "no hex", "zz0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
	  0600, EINVAL },
};

static void is_taken_or_not(void **state)
{
	const struct row *r = *state;
	struct token_key key;

	assert_int_equal(file_replace("key", r->text, strlen(r->text), r->mode), 0);
	errno = 0;
	assert_int_equal(keyfile_read("key", &key), r->error ? -1 : 0);
	if (r->error)
		assert_int_equal(errno, r->error);
	else
		assert_int_equal(key.octet[31], 0x1f);
	assert_int_equal(unlink("key"), 0);
}

static void a_missing_key_is_drawn_once(void **state)
{
	struct token_key a, b, c;
	struct stat st;

	(void)state;
	assert_int_equal(keyfile_read("key", &a), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(keyfile_ensure("key", &a), 0);
	assert_int_equal(keyfile_ensure("key", &b), 0);
	assert_memory_equal(&a, &b, sizeof(a));
	assert_int_equal(stat("key", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(st.st_size, 65);
	assert_int_equal(unlink("key"), 0);
	assert_int_equal(keyfile_ensure("key", &c), 0);
	assert_memory_not_equal(&a, &c, sizeof(a));
	assert_int_equal(unlink("key"), 0);
	assert_int_equal(keyfile_ensure("no/key", &a), -1);
	assert_int_equal(errno, ENOENT);
}

static void a_bad_key_is_not_replaced(void **state)
{
	struct token_key key;

	(void)state;
	assert_int_equal(file_replace("key", "mine", 4, 0600), 0);
	assert_int_equal(keyfile_ensure("key", &key), -1);
	assert_int_equal(errno, EINVAL);
	assert_true(file_holds("key", "mine", 4));
	assert_int_equal(unlink("key"), 0);
}

/* Each of them tells its key through the exit of a pipe; all say the same. */
static void many_at_once_agree(void **state)
{
	struct token_key first, key;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	for (int i = 0; i < 8; i++)
		if (fork() == 0) {
			bool good = keyfile_ensure("key", &key) == 0 &&
				    write(ends[1], &key, sizeof(key)) == sizeof(key);

			_exit(!good);
		}
	close(ends[1]);
	assert_int_equal(read(ends[0], &first, sizeof(first)), sizeof(first));
	for (int i = 1; i < 8; i++) {
		assert_int_equal(read(ends[0], &key, sizeof(key)), sizeof(key));
		assert_memory_equal(&key, &first, sizeof(key));
	}
	close(ends[0]);
	while (wait(NULL) > 0)
		;
	assert_int_equal(unlink("key"), 0);
}

static void who_has_the_key_leaves_no_core(void **state)
{
	struct token_key key;
	struct rlimit limit;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_CORE, &limit), 0);
	limit.rlim_cur = limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_CORE, &limit), 0);
	assert_int_equal(keyfile_ensure("key", &key), 0);
	assert_int_equal(getrlimit(RLIMIT_CORE, &limit), 0);
	assert_int_equal(limit.rlim_cur, 0);
	assert_int_equal(limit.rlim_max, 0);
	assert_int_equal(unlink("key"), 0);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(who_has_the_key_leaves_no_core),
		cmocka_unit_test(a_missing_key_is_drawn_once),
		cmocka_unit_test(a_bad_key_is_not_replaced),
		cmocka_unit_test(many_at_once_agree),
	};
	struct CMUnitTest tests[ARRAY_LEN(rows) + ARRAY_LEN(others)];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
						.test_func = is_taken_or_not,
						.initial_state = &rows[i] };
	memcpy(tests + ARRAY_LEN(rows), others, sizeof(others));
	return cmocka_run_group_tests_name("keyfile", tests, enter, leave);
}
