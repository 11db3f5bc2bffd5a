/* What may be served, and what may not. */
#include "config.h"

#include "tests/test.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/tftpd-lite/files.h"

static char top[PATH_MAX / 2];

static const char *in_top(const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", top, name);
	return path;
}

static void put(const char *name, const char *text, mode_t mode)
{
	int fd = open(in_top(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static int make_tree(void **state)
{
	(void)state;
	snprintf(top, sizeof(top), "%s/tftpd-files-XXXXXX",
		 getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	if (!mkdtemp(top) || mkdir(in_top("root"), 0755) ||
	    mkdir(in_top("root/dir"), 0755) || mkfifo(in_top("root/fifo"), 0644))
		return -1;
	put("outside", "OUTSIDE", 0644);
	put("root/a", "12345", 0644);
	put("root/empty", "", 0644);
	put("root/private", "secret", 0640);
	put("root/dir/b", "b", 0444);
	return symlink("dir/b", in_top("root/link")) ||
	       symlink("../outside", in_top("root/link-out")) ||
	       symlink("/etc/passwd", in_top("root/link-abs")) ||
	       symlink("loop", in_top("root/loop")) ||
	       symlink("gone", in_top("root/dangling")) ||
	       symlink("../link", in_top("root/dir/up-and-down"));
}

static int remove_tree(void **state)
{
	char command[PATH_MAX];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", top);
	return system(command);
}

static struct row {
	const char *name, *path;
	enum tftp_code code;
	const char *want; /* its octets, NULL: refused with code */
} rows[] = {
	{ "a file", "a", 0, "12345" },
	{ "an empty file", "empty", 0, "" },
	{ "T66 a link inside", "link", 0, "b" },
	{ "T66 a link inside, by way of ..", "dir/up-and-down", 0, "b" },
	{ "T67 a relative link to the outside", "link-out", TFTP_ACCESS, NULL },
	{ "T67 an absolute link", "link-abs", TFTP_ACCESS, NULL },
	{ "T68 a link to itself", "loop", TFTP_ACCESS, NULL },
	{ "T68 a link to nothing", "dangling", TFTP_NOT_FOUND, NULL },
	{ "T69 a directory", "dir", TFTP_ACCESS, NULL },
	{ "T70 a FIFO", "fifo", TFTP_ACCESS, NULL },
	{ "T72 a file that others may not read", "private", TFTP_ACCESS, NULL },
	{ "T73 no file", "none", TFTP_NOT_FOUND, NULL },
	{ "T74 no directory", "x/y/z", TFTP_NOT_FOUND, NULL },
	{ "T74 a name below a file", "a/x", TFTP_NOT_FOUND, NULL },
};

static struct files *begin(void)
{
	static struct files files;

	assert_int_equal(files_begin(&files, in_top("root")), 0);
	return &files;
}

static void end(struct files *files)
{
	files_age(files, true);
	close(files->root);
}

static void is_opened_or_refused(void **state)
{
	const struct row *row = *state;
	struct files *files = begin();
	enum tftp_code code = TFTP_CODES;
	struct file *file = files_open(files, row->path, &code);

	if (row->want) {
		assert_non_null(file);
		assert_int_equal(file->size, strlen(row->want));
		if (file->size)
			assert_memory_equal(file->octets, row->want, file->size);
		files_close(file);
	} else {
		assert_null(file);
		assert_int_equal(code, row->code);
	}
	end(files);
}

static void one_file_is_open_once(void **state)
{
	struct files *files = begin();
	enum tftp_code code;
	struct file *a = files_open(files, "dir/b", &code),
		    *b = files_open(files, "link", &code);

	(void)state;
	assert_ptr_equal(a, b);
	assert_int_equal(a->users, 2);
	files_close(a);
	assert_int_equal(b->users, 1);
	files_close(b);
	end(files);
}

static void an_unused_file_stays_for_a_while(void **state)
{
	struct files *files = begin();
	enum tftp_code code;
	struct file *file = files_open(files, "dir/b", &code);

	(void)state;
	files_close(file);
	files_age(files, false);
	assert_int_equal(files->unused_count, 1);
	assert_ptr_equal(files_open(files, "dir/b", &code), file);
	assert_int_equal(files->unused_count, 0);
	files_age(files, true);
	files_close(file);
	files_age(files, false);
	files_age(files, false);
	assert_int_equal(files->unused_count, 0);
	end(files);
}

static void not_too_many_unused_files_stay(void **state)
{
	struct files *files = begin();
	char name[32], path[64];
	enum tftp_code code;

	(void)state;
	for (int i = 0; i < 2 * FILES_UNUSED; i++) {
		snprintf(name, sizeof(name), "many%d", i);
		snprintf(path, sizeof(path), "root/%s", name);
		put(path, "x", 0644);
		files_close(files_open(files, name, &code));
	}
	assert_int_equal(files->unused_count, FILES_UNUSED);
	end(files);
	assert_int_equal(files->unused_count, 0);
}

/* T75: who has begun gets the old content, who comes now the new one. */
static void a_replaced_file_is_another(void **state)
{
	struct files *files = begin();
	enum tftp_code code;
	struct file *old = files_open(files, "a", &code), *new;
	char from[PATH_MAX];

	(void)state;
	put("root/a.new", "6789", 0644);
	snprintf(from, sizeof(from), "%s", in_top("root/a.new"));
	assert_int_equal(rename(from, in_top("root/a")), 0);
	new = files_open(files, "a", &code);
	assert_ptr_not_equal(old, new);
	assert_true(files_unchanged(old));
	assert_memory_equal(old->octets, "12345", 5);
	assert_memory_equal(new->octets, "6789", 4);
	files_close(old);
	files_close(new);
	end(files);
}

/* T76, T77 */
static void a_file_that_shrinks_or_is_written_over_is_noticed(void **state)
{
	struct files *files = begin();
	enum tftp_code code;
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = 1 } };
	struct file *file;

	(void)state;
	put("root/c", "0123456789", 0644);
	file = files_open(files, "c", &code);
	assert_true(files_unchanged(file));
	assert_int_equal(truncate(in_top("root/c"), 20), 0);
	assert_true(files_unchanged(file));
	assert_int_equal(truncate(in_top("root/c"), 5), 0);
	assert_false(files_unchanged(file));
	assert_int_equal(truncate(in_top("root/c"), 10), 0);
	assert_int_equal(utimensat(AT_FDCWD, in_top("root/c"), times, 0), 0);
	assert_false(files_unchanged(file));
	files_close(file);
	end(files);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(one_file_is_open_once),
		cmocka_unit_test(an_unused_file_stays_for_a_while),
		cmocka_unit_test(not_too_many_unused_files_stay),
		cmocka_unit_test(a_replaced_file_is_another),
		cmocka_unit_test(a_file_that_shrinks_or_is_written_over_is_noticed),
	};
	struct CMUnitTest tests[ARRAY_LEN(rows) + ARRAY_LEN(others)];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
						.test_func = is_opened_or_refused,
						.initial_state = &rows[i] };
	memcpy(tests + ARRAY_LEN(rows), others, sizeof(others));
	return cmocka_run_group_tests_name("tftpd_files", tests, make_tree, remove_tree);
}
