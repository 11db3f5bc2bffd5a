/* How the files of packages come off a folder and a disc. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/sys/file.h"
#include "tests/unit/driver_site.h"

static const struct driver_target server2019 = { 17763, DRIVER_AMD64, DRIVER_SERVER };

static void extract_both(const char *source)
{
	static const char *const names[] = { "disk", "net" };
	struct driver_set *set = open_one(source);
	struct driver_choice choice;
	char why[DRIVER_WHY], out[512];

	snprintf(out, sizeof(out), "rm -rf %s/out; mkdir %s/out", base, base);
	assert_int_equal(system(out), 0); /* NOLINT(cert-env33-c) */
	snprintf(out, sizeof(out), "%s/out", base);
	if (!driver_choose(set, &server2019, names, 2, &choice, why) ||
	    !driver_extract(set, &choice, out, why))
		fail_msg("%s", why);
	driver_choice_free(&choice);
	driver_close(set);
	holds("out/disk/disk.sys", "driver disk 2.0");
	holds("out/disk/disk.cat", "catalogue disk 2.0");
	holds("out/disk/Sub/Helper.EXE", "the same helper for all");
	holds("out/net/net.sys", "driver net 2.0");
	holds("out/net/net.cat", "catalogue net 2.0");
	holds("out/net/Sub/Helper.EXE", "the same helper for all");
	snprintf(out, sizeof(out), "test $(find %s/out -type f | wc -l) = 8", base);
	assert_int_equal(system(out), 0); /* NOLINT(cert-env33-c) */
}

static void files_come_off_a_folder(void **state)
{
	(void)state;
	put_disc();
	extract_both("disc");
}

/* All helpers are one file with many names, as are the files of two systems. */
static void files_come_off_a_disc(void **state)
{
	char command[1024];

	(void)state;
	put_disc();
	snprintf(command, sizeof(command),
		 "cd %s && rm -rf linked && cp -r disc linked && cd linked &&"
		 "for f in */*/amd64/SUB/helper.exe; do ln -f "
		 "disk/2k25/amd64/SUB/helper.exe $f"
		 " 2>/dev/null; done; mkdir -p 0/w11 && ln */*/amd64/*.* 0/w11 "
		 "2>/dev/null;"
		 "genisoimage -quiet -r -iso-level 4 -o ../disc.iso . ",
		 base);
	if (system(command) != 0) { /* NOLINT(cert-env33-c) */
		assert_null(getenv("CI"));
		print_message("genisoimage is not here\n");
		skip();
	}
	extract_both("disc.iso");
}

static void a_short_disc_is_refused(void **state)
{
	char command[1024], path[512], why[DRIVER_WHY];
	const char *const paths[] = { path };
	static const char *const names[] = { "disk", "net" };
	struct driver_choice choice;
	struct driver_set *set;

	(void)state;
	snprintf(path, sizeof(path), "%s/disc.iso", base);
	if (access(path, F_OK) < 0)
		skip();
	snprintf(command, sizeof(command),
		 "cd %s && dd if=/dev/urandom of=linked/zz bs=1M count=1 2>/dev/null &&"
		 "genisoimage -quiet -r -iso-level 4 -o long.iso linked &&"
		 "for n in 40 60 80; do head -c $((n * 2048)) long.iso >short.$n; done",
		 base);
	assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c) */
	for (int n = 40; n <= 80; n += 20) {
		snprintf(path, sizeof(path), "%s/short.%d", base, n);
		set = driver_open(paths, 1, NULL, why);
		if (set && driver_choose(set, &server2025, names, 2, &choice, why)) {
			assert_false(driver_extract(set, &choice, base, why));
			driver_choice_free(&choice);
		}
		driver_close(set);
		assert_non_null(strstr(why, "short."));
	}
}

static void a_udf_disc_without_its_volume_is_refused(void **state)
{
	char path[512], why[DRIVER_WHY], disc[40 * 2048] = { 0 };
	const char *const paths[] = { path };

	(void)state;
	memcpy(disc + 16 * 2048 + 1, "BEA01", 5);
	memcpy(disc + 17 * 2048 + 1, "NSR03", 5);
	snprintf(path, sizeof(path), "%s/udf.iso", base);
	assert_int_equal(file_replace(path, disc, sizeof(disc), 0644), 0);
	assert_null(driver_open(paths, 1, NULL, why));
	assert_non_null(strstr(why, "udf.iso: its UDF part cannot be read"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_come_off_a_folder),
		cmocka_unit_test(files_come_off_a_disc),
		cmocka_unit_test(a_short_disc_is_refused),
		cmocka_unit_test(a_udf_disc_without_its_volume_is_refused),
	};

	return cmocka_run_group_tests_name("driver_files", tests, driver_site_begin,
					   driver_site_end);
}
