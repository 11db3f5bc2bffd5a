#include "tests/test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/sys/file.h"

static char folder[] = "test_file.XXXXXX";

static int enter(void **state)
{
	(void)state;
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave(void **state)
{
	(void)state;
	unlink("a");
	return chdir("..") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

static void what_was_put_is_read(void **state)
{
	size_t len = 99;
	struct stat st;
	char *text;

	(void)state;
	assert_int_equal(file_replace("a", "x\0y", 3, 0640), 0);
	text = file_read("a", 3, &len);
	assert_non_null(text);
	assert_int_equal(len, 3);
	assert_memory_equal(text, "x\0y", 4);
	free(text);
	assert_int_equal(stat("a", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_true(file_holds("a", "x\0y", 3));
	assert_false(file_holds("a", "x\0", 2));
	assert_false(file_holds("a", "x\0z", 3));
	assert_false(file_holds("nothing", "", 0));
}

static void the_limit_holds(void **state)
{
	static char big[300000];
	size_t len;
	char *text;

	(void)state;
	memset(big, 'b', sizeof(big));
	assert_int_equal(file_replace("a", big, sizeof(big), 0600), 0);
	assert_null(file_read("a", sizeof(big) - 1, &len));
	assert_int_equal(errno, EFBIG);
	text = file_read("a", sizeof(big), &len);
	assert_non_null(text);
	assert_int_equal(len, sizeof(big));
	free(text);
	text = file_read("a", 10 * sizeof(big), &len);
	assert_non_null(text);
	assert_int_equal(len, sizeof(big));
	free(text);
}

static void an_empty_file_is_an_empty_text(void **state)
{
	size_t len;
	char *text;

	(void)state;
	assert_int_equal(file_replace("a", "", 0, 0600), 0);
	text = file_read("a", 0, &len);
	assert_non_null(text);
	assert_int_equal(len, 0);
	assert_string_equal(text, "");
	free(text);
	text = file_read("/proc/self/status", 1 << 20, &len);
	assert_non_null(text);
	assert_true(len > 0);
	free(text);
}

static void errors_leave_nothing_behind(void **state)
{
	size_t len;

	(void)state;
	assert_null(file_read("nothing", 10, &len));
	assert_int_equal(errno, ENOENT);
	assert_null(file_read(".", 10, &len));
	assert_int_equal(errno, EISDIR);
	assert_int_equal(file_replace("no/such/folder", "x", 1, 0600), -1);
	assert_int_equal(errno, ENOENT);
	/* A folder cannot be replaced by a file; leave() finds no draft beside it. */
	assert_int_equal(mkdir("d", 0700), 0);
	assert_int_equal(file_replace("d", "x", 1, 0600), -1);
	assert_int_equal(errno, EISDIR);
	assert_int_equal(rmdir("d"), 0);
}

/* A reader never sees half of a file: it is one or the other, as a whole. */
static void a_reader_sees_one_or_the_other(void **state)
{
	static char a[100000], b[100000];
	size_t len;
	pid_t writer;

	(void)state;
	memset(a, 'a', sizeof(a));
	memset(b, 'b', sizeof(b));
	assert_int_equal(file_replace("a", a, sizeof(a), 0600), 0);
	writer = fork();
	if (writer == 0) {
		for (int i = 0; i < 20; i++)
			file_replace("a", i % 2 ? a : b, sizeof(a), 0600);
		_exit(0);
	}
	for (int i = 0; i < 200; i++) {
		char *text = file_read("a", sizeof(a), &len);

		assert_non_null(text);
		assert_int_equal(len, sizeof(a));
		assert_int_equal(memcmp(text, text + 1, len - 1), 0);
		free(text);
	}
	assert_int_equal(waitpid(writer, NULL, 0), writer);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_put_is_read),
		cmocka_unit_test(the_limit_holds),
		cmocka_unit_test(an_empty_file_is_an_empty_text),
		cmocka_unit_test(errors_leave_nothing_behind),
		cmocka_unit_test(a_reader_sees_one_or_the_other),
	};

	return cmocka_run_group_tests_name("file", tests, enter, leave);
}
