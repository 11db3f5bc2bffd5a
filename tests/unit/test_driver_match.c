/* Which packages drive a device, the best first. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media/driver_match.h"
#include "tests/unit/driver_site.h"

static struct match_row {
	const char *name;
	struct driver_device device;
	const char *want; /* INF=RANK; of each, the best first */
} matches[] = {
	{ "a hardware id",
	  { .hardware = { "PCI\\A" }, 1 },
	  "a.inf=00ff0000;c.inf=00ff1100;" },
	{ "the device's second id",
	  { .hardware = { "X", "pci\\a" }, 2 },
	  "a.inf=00ff0001;c.inf=00ff1101;" },
	{ "a compatible id of the INF",
	  { .hardware = { "PCI\\C" }, 1 },
	  "a.inf=00ff1100;" },
	{ "compatible ids of the device",
	  { .compatible = { "PCI\\A", "PCI\\C" }, .compatibles = 2 },
	  "a.inf=00ff2000;c.inf=00ff3100;" },
	{ "the feature score first, the unsigned last",
	  { { "PCI\\B" }, 1, { "PCI\\A" }, 1 },
	  "b.inf=00fe0000;a.inf=00ff2000;c.inf=00ff3100;d.inf=80ff0000;" },
	{ "nothing", { .hardware = { "PCI" }, 1 }, "" },
};

static void ranks_as_windows(void **state)
{
	const struct match_row *row = *state;
	struct driver_set *set;
	struct driver_match *match;
	struct driver_target all = { 0 };
	char got[256] = "";
	size_t count;

	put("match/a.inf",
	    HEAD "[Manufacturer]\nm=M,NTamd64\n[M.NTamd64]\nd=I,PCI\\A,PCI\\C\n");
	put("match/b.inf", HEAD "[Manufacturer]\nm=M,NTamd64\n[M.NTamd64]\nd=I,PCI\\B\n"
				"[I]\nFeatureScore=FE\n");
	put("match/c.inf",
	    HEAD "[Manufacturer]\nm=M,NTamd64\n[M.NTamd64]\nd=I,PCI\\Q,PCI\\A\n");
	put("match/d.inf", "[Version]\nSignature=\"$Windows NT$\"\n[Manufacturer]\n"
			   "m=M,NTamd64\n[M.NTamd64]\nd=I,PCI\\B\n");
	set = open_one("match");
	assert_true(driver_match(set, &row->device, &all, &match, &count));
	for (size_t i = 0; i < count; i++)
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s=%08x;",
			 match[i].package->inf, match[i].rank);
	free(match);
	driver_close(set);
	assert_string_equal(got, row->want);
}

static void long_ids_have_shorter_ones(void **state)
{
	char *out[4];

	(void)state;
	assert_int_equal(driver_shorter("PCI\\VEN_1&DEV_2&SUBSYS_3&REV_4", out), 3);
	assert_string_equal(out[0], "PCI\\VEN_1&DEV_2&SUBSYS_3");
	assert_string_equal(out[1], "PCI\\VEN_1&DEV_2&REV_4");
	assert_string_equal(out[2], "PCI\\VEN_1&DEV_2");
	for (size_t i = 0; i < 3; i++)
		free(out[i]);
	assert_int_equal(driver_shorter("USB\\VID_1&PID_2&REV_3", out), 1);
	assert_string_equal(out[0], "USB\\VID_1&PID_2");
	free(out[0]);
	assert_int_equal(driver_shorter("PCI\\VEN_1&DEV_2", out), 0);
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(long_ids_have_shorter_ones),
	};
	struct CMUnitTest tests[ARRAY_LEN(plain) + ARRAY_LEN(matches)];

	memcpy(tests, plain, sizeof(plain));
	for (size_t i = 0; i < ARRAY_LEN(matches); i++)
		tests[ARRAY_LEN(plain) + i] =
			(struct CMUnitTest){ .name = matches[i].name,
					     .test_func = ranks_as_windows,
					     .initial_state = &matches[i] };
	return cmocka_run_group_tests_name("driver_match", tests, driver_site_begin,
					   driver_site_end);
}
