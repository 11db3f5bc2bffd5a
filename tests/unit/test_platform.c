#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "lib/core/platform.h"

#define BOTH "vioscsi 100.1\nviostor 100.1\nNetKVM 100.1\n"

static struct row {
	const char *name, *platform, *drivers, *disk, *bypass;
	struct image_edition edition;
	enum boot_route route;
	const char *warns; /* words of the warnings, each once; "" for none */
	const char *refuses;
} rows[] = {
	{ "kvm with all drivers",
	  "kvm",
	  BOTH,
	  "only",
	  "",
	  { .build = 26100, .arch = "amd64", .type = "Server" },
	  .warns = "" },
	{ "kvm with an untouched boot.wim",
	  "kvm",
	  "",
	  "",
	  "",
	  { .build = 26100, .arch = "amd64", .type = "Server" },
	  .warns = "drivers vioscsi, viostor, netkvm," },
	{ "S0-15: a virtio-scsi disk and viostor alone",
	  "kvm",
	  "viostor 100.1\nnetkvm 100.1\n",
	  "bus=scsi min=20G",
	  "",
	  { .build = 26100, .arch = "amd64", .type = "Server" },
	  .warns = "drivers vioscsi, so" },
	{ "a virtio-blk disk and vioscsi alone",
	  "kvm",
	  "vioscsi 100.1\nnetkvm 100.1\n",
	  "bus=virtio",
	  "",
	  { .build = 26100, .arch = "amd64", .type = "Server" },
	  .warns = "drivers viostor, so" },
	{ "a SATA disk wants the network's driver only",
	  "kvm",
	  "netkvm 100.1\n",
	  "bus=sata",
	  "",
	  { .build = 26100, .arch = "amd64", .type = "Server" },
	  .warns = "" },
	{ "hyperv-gen2 has its drivers in Windows",
	  "hyperv-gen2",
	  "",
	  "only",
	  "",
	  { .build = 20348, .arch = "amd64", .type = "Server" },
	  .warns = "" },
	{ "hyperv-gen2 has no virtio disks",
	  "hyperv-gen2",
	  "",
	  "bus=virtio",
	  "",
	  { .build = 20348, .arch = "amd64", .type = "Server" },
	  .warns = "rule bus=virtio leaves none" },
	{ "hyperv-gen2 and Windows 7",
	  "hyperv-gen2",
	  "",
	  "",
	  "",
	  { .build = 7601, .arch = "amd64", .type = "Client" },
	  .warns = "this is build 7601" },
	{ "hyperv-gen2 and 32 bits",
	  "hyperv-gen2",
	  "",
	  "",
	  "",
	  { .build = 19045, .arch = "x86", .type = "Client" },
	  .refuses = "starts no system of 32" },
	{ "vmware goes without, with other devices",
	  "vmware",
	  "",
	  "",
	  "",
	  { .build = 20348, .arch = "amd64", .type = "Server" },
	  .warns = "sees only other disks" },
	{ "baremetal-uefi: nothing of a hypervisor",
	  "baremetal-uefi",
	  "",
	  "bus=nvme",
	  "",
	  { .build = 26100, .arch = "amd64", .type = "Client" },
	  .warns = "" },
	{ "baremetal-bios and Windows 11",
	  "baremetal-bios",
	  "",
	  "",
	  "",
	  { .build = 26100, .arch = "amd64", .type = "Client" },
	  .warns = "Windows 11 wants UEFI" },
	{ "baremetal-bios, Windows 11, and both bypasses",
	  "baremetal-bios",
	  "",
	  "",
	  "tpm\nsecureboot",
	  { .build = 26100, .arch = "amd64", .type = "Client" },
	  .warns = "" },
	{ "baremetal-bios and HTTP Boot",
	  "baremetal-bios",
	  "",
	  "",
	  "",
	  { .build = 20348, .arch = "amd64", .type = "Server" },
	  .route = ROUTE_HTTP,
	  .refuses = "HTTP Boot is UEFI's" },
	{ "baremetal-bios and Microsoft's boot manager",
	  "baremetal-bios",
	  "",
	  "",
	  "",
	  { .build = 20348, .arch = "amd64", .type = "Server" },
	  .route = ROUTE_BOOTMGFW,
	  .warns = "platform baremetal-bios has a BIOS, and the files of route bootmgfw "
		   "are for UEFI" },
	{ "baremetal-bios and arm64",
	  "baremetal-bios",
	  "",
	  "",
	  "",
	  { .build = 26100, .arch = "arm64", .type = "Client" },
	  .refuses = "no BIOS starts" },
};

static void note(void *arg, const char *sentence)
{
	char *all = arg;
	size_t len = strlen(all);

	snprintf(all + len, 2000 - len, "%s\n", sentence);
}

static void check_row(void **state)
{
	const struct row *row = *state;
	struct image image = { .name = "ws", .version = "1", .kind = IMAGE_WIM };
	struct settings settings = { 0 };
	char all[2000] = "", why[PLATFORM_WHY] = "";
	struct platform_case c = {
		.platform = platform_find(row->platform),
		.image = &image,
		.edition = &row->edition,
		.settings = &settings,
		.disk = row->disk,
		.route = row->route,
	};

	snprintf(image.drivers, sizeof(image.drivers), "%s", row->drivers);
	if (*row->bypass)
		assert_true(settings_set(&settings, "bypass", row->bypass));
	assert_non_null(c.platform);
	assert_int_equal(platform_possible(&c, why), row->refuses == NULL);
	if (row->refuses) {
		assert_non_null(strstr(why, row->refuses));
	} else {
		platform_warn(&c, note, all);
		if (!*row->warns)
			assert_string_equal(all, "");
		else
			assert_non_null(strstr(all, row->warns));
	}
	settings_free(&settings);
}

static void all_have_names(void **state)
{
	(void)state;
	for (unsigned i = 0; i < platform_count; i++)
		assert_ptr_equal(platform_find(platforms[i].name), &platforms[i]);
	assert_null(platform_find("toaster"));
	assert_null(platform_find(""));
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 1];
	size_t n = ARRAY_LEN(rows);

	for (size_t i = 0; i < n; i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
						.test_func = check_row,
						.initial_state = &rows[i] };
	tests[n] = (struct CMUnitTest)cmocka_unit_test(all_have_names);
	return cmocka_run_group_tests_name("platform", tests, NULL, NULL);
}
