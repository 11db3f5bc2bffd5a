/* Which packages are chosen for a Windows, and what each consists of. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/driver_site.h"

static const struct driver_target server2019 = { 17763, DRIVER_AMD64, DRIVER_SERVER };
static const struct driver_target server2016 = { 14393, DRIVER_AMD64, DRIVER_SERVER };

/* FOLDER=INF of each that is chosen, or why none is. */
static void choice_is(const char *source, const struct driver_target *target,
		      const char *const names[], size_t count, const char *want)
{
	struct driver_set *set = open_one(source);
	struct driver_choice choice;
	char got[DRIVER_WHY] = "", why[DRIVER_WHY];

	if (driver_choose(set, target, names, count, &choice, why)) {
		for (size_t i = 0; i < choice.count; i++)
			snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s=%s;",
				 choice.chosen[i].folder, choice.chosen[i].package->inf);
		driver_choice_free(&choice);
	} else {
		assert_true(strncmp(why, base, strlen(base)) == 0);
		snprintf(got, sizeof(got), "%s", why + strlen(base) + 1);
	}
	driver_close(set);
	assert_string_equal(got, want);
}

static void chooses_by_name_and_target(void **state)
{
	static const char *const both[] = { "disk", "NetKVM" },
				 *const again[] = { "DISK.inf" },
				 *const none[] = { "other" };

	(void)state;
	put_disc();
	choice_is("disc", &server2025, both, 2,
		  "disk=disk/2k25/amd64/disk.inf;net=NetKVM/2k25/amd64/net.inf;");
	choice_is("disc", &server2019, both, 2,
		  "disk=disk/2k19/amd64/disk.inf;net=NetKVM/2k19/amd64/net.inf;");
	choice_is("disc", &server2016, again, 1, "disk=disk/2k16/amd64/disk.inf;");
	choice_is("disc", &server2016, both, 2,
		  "disc/NetKVM/2k19/amd64/net.inf: is for amd64 from NT 10.0 build "
		  "16299, and "
		  "not for 2k16 amd64 (build 14393): take the driver of that system, or "
		  "another edition of the disc");
	choice_is("disc", &server2025, none, 1,
		  "disc: has no driver package 'other' (wimprep drivers index shows what "
		  "it "
		  "has)");
	choice_is("disc", &server2025, NULL, 0,
		  "disk=disk/2k25/amd64/disk.inf;net=NetKVM/2k25/amd64/net.inf;");
	choice_is("disc", &(struct driver_target){ 26100, DRIVER_ARM64, DRIVER_CLIENT },
		  NULL, 0, "disc: has no driver package for w11 arm64 (build 26100)");
}

static void packs_are_deduplicated(void **state)
{
	(void)state;
	put_package("pack/old", "e1d", "PCI\\E1", 16299, "12.9");
	put_package("pack/new", "e1d", "PCI\\E1", 16299, "12.10");
	put_package("pack/other", "e1d", "PCI\\E2", 16299, "1.0");
	choice_is("pack", &server2025, NULL, 0, "e1d=new/e1d.inf;e1d-2=other/e1d.inf;");
}

static void refuses_what_is_not_whole(void **state)
{
	static const char *const name[] = { "disk" };
	char full[512];

	(void)state;
	put_package("bad", "disk", "PCI\\D", 16299, "1.0");
	snprintf(full, sizeof(full), "%s/bad/SUB/helper.exe", base);
	assert_int_equal(unlink(full), 0);
	choice_is("bad", &server2025, name, 1,
		  "bad/disk.inf: its file 'Sub/Helper.EXE' is missing: get the whole "
		  "package "
		  "again");
	put("bad/sub/helper.ex_", "MSCF");
	choice_is("bad", &server2025, NULL, 0,
		  "bad/disk.inf: its file 'Sub/Helper.EXE' is packed ('Sub/Helper.EX_'): "
		  "unpack "
		  "it with cabextract or msexpand");
	put("bad/sub/helper.exe", "x");
	choice_is("bad", &server2025, name, 1, "disk=disk.inf;");
	snprintf(full, sizeof(full), "%s/bad/disk.CAT", base);
	assert_int_equal(unlink(full), 0);
	choice_is("bad", &server2025, name, 1,
		  "bad/disk.inf: its catalogue 'disk.cat' is missing: get the whole "
		  "package "
		  "again");
	put("bad/disk.inf", "[Version]\nSignature=\"$Windows NT$\"\n[Manufacturer]\n"
			    "m=M,NTamd64\n[M.NTamd64]\nd=I,X\n");
	choice_is("bad", &server2025, name, 1,
		  "bad/disk.inf: has no catalogue (CatalogFile), and Windows takes no "
		  "driver "
		  "that is not signed: get the signed package of its maker");
	put("bad/disk.inf", "[Version\n");
	choice_is("bad", &server2025, name, 1,
		  "bad/disk.inf:1: a section's name has no ']'");
	choice_is("bad", &server2025, NULL, 0,
		  "bad/disk.inf:1: a section's name has no ']'");
}

static void copyinf_pulls_in_its_neighbours(void **state)
{
	struct driver_set *set;
	struct driver_choice choice = { calloc(1, sizeof(*choice.chosen)), 1 };
	struct driver_chosen *chosen = choice.chosen;
	char why[DRIVER_WHY], got[256] = "";

	(void)state;
	put_package("pull", "two", "PCI\\2", 16299, "1.0");
	put("pull/one.cat", "");
	put("pull/one.inf", "[Version]\nSignature=\"$Windows NT$\"\nCatalogFile=one.cat\n"
			    "[Manufacturer]\nm=M,NTamd64\n[M.NTamd64]\nd=I,PCI\\1\n[I]\n"
			    "CopyINF=two.inf,ONE.inf\n");
	set = open_one("pull");
	assert_true(driver_take(set, driver_at(set, 0), &server2025, chosen, why));
	for (size_t i = 0; i < chosen->pieces; i++)
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s;",
			 chosen->piece[i].to);
	assert_string_equal(got,
			    "one.inf;one.cat;two.inf;two.cat;two.sys;Sub/Helper.EXE;");
	driver_choice_free(&choice);
	driver_close(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chooses_by_name_and_target),
		cmocka_unit_test(packs_are_deduplicated),
		cmocka_unit_test(refuses_what_is_not_whole),
		cmocka_unit_test(copyinf_pulls_in_its_neighbours),
	};

	return cmocka_run_group_tests_name("driver", tests, driver_site_begin,
					   driver_site_end);
}
