/* The safety gate.  Rows: N-06 S0-22 X-21 */
#include "tests/test.h"

#include <string.h>

#include "lib/core/disk.h"

#define G (1024LL * 1024 * 1024)
#define SDA "sda\t34359738368\tscsi\tQM1\tQEMU HARDDISK\tempty\n"
#define SDB "sdb\t34359738368\tscsi\tQM2\tQEMU HARDDISK\tused\n"
#define SMALL "sdc\t1073741824\tsata\tQM3\t-\tempty\n"
#define STICK "sdd\t64000000000\tusb\t-\tFlash\tempty\n"
#define NVME "nvme0n1\t1099511627776\tnvme\tS5\tModel\tused\n"

static struct row {
	const char *name, *list, *rule;
	int64_t min;
	const char *want; /* a disk, or NULL for a refusal */
} rows[] = {
	{ "no disk", "", "", 0, NULL },
	{ "one disk", SDA, "", 0, "sda" },
	{ "one disk, used: only asks for one", SDB, "only", 0, "sdb" },
	{ "two equal disks", SDA SDB, "", 0, NULL },
	{ "two, first listed", SDA SDB, "first", 0, "sda" },
	{ "two, the empty one", SDA SDB, "empty", 0, "sda" },
	{ "none is empty", SDB NVME, "empty", 0, NULL },
	{ "by serial", SDA SDB, "serial=QM2", 0, "sdb" },
	{ "by a serial nobody has", SDA SDB, "serial=QM9", 0, NULL },
	{ "by bus", SDA SDB NVME, "bus=nvme", 0, "nvme0n1" },
	{ "by name", SDA SDB, "name=sdb", 0, "sdb" },
	{ "a USB stick does not count", SDA STICK, "", 0, "sda" },
	{ "but may be named", SDA STICK, "bus=usb", 0, "sdd" },
	{ "size range", SDA SMALL NVME, "min=2G max=100G", 0, "sda" },
	{ "too small for the image", SMALL, "", 2 * G, NULL },
	{ "a rule that is none", SDA, "biggest", 0, NULL },
	{ "a size that is none", SDA, "min=2X", 0, NULL },
	{ "both conditions", SDA SDB SMALL, "empty bus=scsi", 0, "sda" },
};

static void chooses_one_or_none(void **state)
{
	const struct row *r = *state;
	char why[DISK_WHY] = "";
	struct disks disks;
	size_t chosen;
	bool got;

	assert_true(disks_parse(r->list, strlen(r->list), &disks, why));
	got = disk_choose(&disks, r->rule, r->min, &chosen, why);
	assert_int_equal(got, r->want != NULL);
	if (got)
		assert_string_equal(disks.disk[chosen].name, r->want);
	else
		assert_true(*why);
}

static void broken_lists_are_refused(void **state)
{
	static const char *const lists[] = {
		"sda",
		"sda\tx\tscsi\t-\t-\tempty",
		"sda\t1\tscsi\t-\t-\tmaybe",
		"../sda\t1\tscsi\t-\t-\tempty",
		SDA SDA,
		"sda\t1\tscsi\t-\t-\tempty\tmore",
		"sda\t-5\tscsi\t-\t-\tempty",
	};
	char why[DISK_WHY];
	struct disks disks;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		if (disks_parse(lists[i], strlen(lists[i]), &disks, why))
			fail_msg("%s", lists[i]);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 1];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
						.test_func = chooses_one_or_none,
						.initial_state = &rows[i] };
	tests[ARRAY_LEN(rows)] =
		(struct CMUnitTest)cmocka_unit_test(broken_lists_are_refused);
	return cmocka_run_group_tests_name("disk", tests, NULL, NULL);
}
