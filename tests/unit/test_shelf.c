/*
 * What was read before is read again as soon as it has changed.
 * Rows: S2-17
 */
#include "tests/test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/media/shelf.h"

#define SUM "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static char folder[] = "test_shelf.XXXXXX";

static void manifest(const char *version, int min_disk)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "d/%s", version);
	assert_true(mkdir(path, 0755) == 0 || errno == EEXIST);
	snprintf(path, sizeof(path), "d/%s/MANIFEST", version);
	f = fopen(path, "r+");
	if (!f)
		f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f,
		"# pxekit-image: 1\n# name: d\n# version: %s\n# kind: rootfs\n"
		"# arch: x86_64\n# min-disk: %d\n" SUM "  rootfs.tar.zst\n",
		version, min_disk);
	fflush(f);
	assert_int_equal(ftruncate(fileno(f), ftell(f)), 0);
	fclose(f);
}

/* Nobody can set the time of a file's last change: it has to go by. */
static void settle(const char *path)
{
	const struct timespec nap = { .tv_nsec = 50000000 };
	struct file_mark mark = { 0 };
	size_t len;

	for (int i = 0; i < 2400 && !mark.settled; i++) {
		free(file_read_marked(path, 4096, &len, &mark));
		nanosleep(&nap, NULL);
	}
	assert_true(mark.settled);
}

#define PATIENCE 6000 /* naps; FILE_LOOK_MS is much less */

static void nap(void)
{
	const struct timespec time = { .tv_nsec = 10000000 };

	nanosleep(&time, NULL);
}

static void until_seen(struct file_mark *mark)
{
	for (int i = 0; i < PATIENCE && file_unchanged("d/1/MANIFEST", mark) == 1; i++)
		nap();
}

static int enter(void **state)
{
	(void)state;
	if (!mkdtemp(folder) || chdir(folder) < 0 || mkdir("d", 0755) < 0)
		return -1;
	return symlink("1", "d/current");
}

static int leave(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return chdir("..") == 0 && system(command) == 0 ? 0 : -1;
}

static const struct image *look(struct shelf *shelf, const char *reference, int min_disk)
{
	char why[CATALOGUE_WHY] = "";
	const struct image *image = shelf_image(shelf, ".", reference, why);

	assert_string_equal(why, "");
	assert_non_null(image);
	assert_int_equal(image->min_disk, min_disk);
	return image;
}

static void a_change_shows_at_once(void **state)
{
	struct shelf *shelf = shelf_new();

	(void)state;
	manifest("1", 1000);
	look(shelf, "d@1", 1000);
	for (int i = 1001; i < 1100; i++) { /* in place, of the same size, at once */
		manifest("1", i);
		look(shelf, "d", i);
	}
	shelf_free(shelf);
}

static void what_has_settled_is_kept(void **state)
{
	struct shelf *shelf = shelf_new();
	const struct image *first, *second;
	char why[CATALOGUE_WHY];

	(void)state;
	manifest("1", 2000);
	settle("d/1/MANIFEST");
	shelf_tidy(shelf);
	first = look(shelf, "d@1", 2000);
	assert_ptr_equal(look(shelf, "d", 2000), first);
	shelf_tidy(shelf);
	assert_ptr_equal(look(shelf, "d@1", 2000), first);
	manifest("1", 2001);
	second = first;
	for (int i = 0; i < PATIENCE && second == first; i++) {
		nap();
		second = shelf_image(shelf, ".", "d@1", why);
	}
	assert_int_equal(first->min_disk, 2000); /* until it is tidied */
	assert_int_equal(second->min_disk, 2001);
	shelf_tidy(shelf);
	look(shelf, "d@1", 2001);
	shelf_free(shelf);
}

static void current_is_looked_up_each_time(void **state)
{
	struct shelf *shelf = shelf_new();
	char why[CATALOGUE_WHY];

	(void)state;
	manifest("1", 1);
	manifest("2", 2);
	look(shelf, "d", 1);
	assert_int_equal(unlink("d/current"), 0);
	assert_int_equal(symlink("2", "d/current"), 0);
	look(shelf, "d", 2);
	look(shelf, "d@1", 1);
	assert_int_equal(unlink("d/2/MANIFEST"), 0);
	assert_null(shelf_image(shelf, ".", "d", why));
	assert_non_null(strstr(why, "./d/2/MANIFEST: No such file"));
	assert_int_equal(unlink("d/current"), 0);
	assert_int_equal(symlink("1", "d/current"), 0);
	shelf_free(shelf);
}

static void many_leave_room_for_one_another(void **state)
{
	struct shelf *shelf = shelf_new();
	char name[16];

	(void)state;
	for (int i = 1; i <= 3 * SHELF_IMAGES; i++) {
		snprintf(name, sizeof(name), "%d", i);
		manifest(name, i);
	}
	for (int times = 0; times < 2; times++)
		for (int i = 1; i <= 3 * SHELF_IMAGES; i++) {
			snprintf(name, sizeof(name), "d@%d", i);
			look(shelf, name, i);
			if (i % 7 == 0)
				shelf_tidy(shelf);
		}
	shelf_free(shelf);
}

static void a_file_is_known_by_what_it_was(void **state)
{
	struct file_mark mark;
	size_t len;

	(void)state;
	manifest("1", 5);
	free(file_read_marked("d/1/MANIFEST", 4096, &len, &mark));
	assert_false(mark.settled);
	assert_int_equal(file_unchanged("d/1/MANIFEST", &mark), 0);
	settle("d/1/MANIFEST");
	free(file_read_marked("d/1/MANIFEST", 4096, &len, &mark));
	assert_int_equal(file_unchanged("d/1/MANIFEST", &mark), 1);
	assert_int_equal(chmod("d/1/MANIFEST", 0600), 0);
	until_seen(&mark);
	assert_int_equal(file_unchanged("d/1/MANIFEST", &mark), 0);
	assert_int_equal(file_unchanged("d/none", &mark), -1);
	assert_null(file_read_marked("d/none", 4096, &len, &mark));
	assert_false(mark.settled);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_change_shows_at_once),
		cmocka_unit_test(what_has_settled_is_kept),
		cmocka_unit_test(current_is_looked_up_each_time),
		cmocka_unit_test(many_leave_room_for_one_another),
		cmocka_unit_test(a_file_is_known_by_what_it_was),
	};

	return cmocka_run_group_tests_name("shelf", tests, enter, leave);
}
