/*
 * Which package suits which Windows, what it consists of, and how its files come off a
 * folder and a disc.
 */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/media/driver.h"
#include "lib/media/driver_match.h"
#include "lib/sys/file.h"

static char base[] = "/tmp/test_driver.XXXXXX";

/* base/PATH, with its folders. */
static void put(const char *path, const char *text)
{
	char full[512];
	FILE *f;

	snprintf(full, sizeof(full), "%s/%s", base, path);
	for (char *slash = strchr(full + strlen(base) + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(full, 0755);
		*slash = '/';
	}
	f = fopen(full, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static void holds(const char *path, const char *text)
{
	char full[512];

	snprintf(full, sizeof(full), "%s/%s", base, path);
	if (!file_holds(full, text, strlen(text)))
		fail_msg("%s does not hold '%s'", path, text);
}

static struct driver_set *open_one(const char *path)
{
	char full[512], why[DRIVER_WHY];
	const char *const paths[] = { full };
	struct driver_set *set;

	snprintf(full, sizeof(full), "%s/%s", base, path);
	set = driver_open(paths, 1, NULL, why);
	if (!set)
		fail_msg("%s", why);
	return set;
}

#define HEAD                                                                             \
	"[Version]\nSignature=\"$Windows NT$\"\nClass=Net\nDriverVer=01/02/2025,1.0\n"   \
	"CatalogFile=a.cat\n"

static struct target_row {
	const char *name, *decorations; /* of [Manufacturer] */
	struct driver_target target;
	const char *want; /* the decoration that counts, or "" */
} targets[] = {
#define AMD64(build, product)                                                            \
	{                                                                                \
		build, DRIVER_AMD64, product                                             \
	}
	{ "the only one", "NTamd64", AMD64(26100, DRIVER_SERVER), "NTamd64" },
	{ "another architecture",
	  "NTamd64",
	  { 26100, DRIVER_ARM64, DRIVER_ANY_PRODUCT },
	  "" },
	{ "no architecture is x86",
	  "NT",
	  { 26100, DRIVER_X86, DRIVER_ANY_PRODUCT },
	  "NT" },
	{ "and not amd64", "NT", AMD64(26100, DRIVER_ANY_PRODUCT), "" },
	{ "the highest version", "NTamd64,NTamd64.6.1,NTamd64.10.0",
	  AMD64(20348, DRIVER_SERVER), "NTamd64.10.0" },
	{ "not above the target's", "NTamd64,NTamd64.6.1,NTamd64.10.0",
	  AMD64(9600, DRIVER_SERVER), "NTamd64.6.1" },
	{ "a build", "NTamd64.10.0...16299", AMD64(17763, DRIVER_SERVER),
	  "NTamd64.10.0...16299" },
	{ "a build that is too new", "NTamd64.10.0...16299", AMD64(14393, DRIVER_SERVER),
	  "" },
	{ "the highest build",
	  "NTamd64.10.0...14393,NTamd64.10.0...22000,NTamd64.10.0...26100",
	  AMD64(22631, DRIVER_CLIENT), "NTamd64.10.0...22000" },
	{ "a build of an older version counts always", "NTamd64.6.3...99999",
	  AMD64(14393, DRIVER_SERVER), "NTamd64.6.3...99999" },
	{ "the product of a server", "NTamd64.10.0.1,NTamd64.10.0.3",
	  AMD64(26100, DRIVER_SERVER), "NTamd64.10.0.3" },
	{ "the product of a client", "NTamd64.10.0.1,NTamd64.10.0.3",
	  AMD64(26100, DRIVER_CLIENT), "NTamd64.10.0.1" },
	{ "a client's only", "NTamd64.6.1.1", AMD64(26100, DRIVER_SERVER), "" },
	{ "the version before the product", "NTamd64.6.1.3,NTamd64.10.0",
	  AMD64(26100, DRIVER_SERVER), "NTamd64.10.0" },
	{ "the product before none", "NTamd64.10.0,NTamd64.10.0.3",
	  AMD64(26100, DRIVER_SERVER), "NTamd64.10.0.3" },
	{ "an edition is not ours", "NTamd64....0x80", AMD64(26100, DRIVER_SERVER), "" },
	{ "Vista", "NTamd64.6.0,NTamd64.6.1", AMD64(6002, DRIVER_SERVER), "NTamd64.6.0" },
};

/* Each section of models has one id, which is its decoration. */
static void chooses_the_section(void **state)
{
	const struct target_row *row = *state;
	char text[2048], list[256], *part, *rest = list;
	const char *got = "";
	const struct driver_package *package;
	struct driver_set *set;
	int n = snprintf(text, sizeof(text), HEAD "[Manufacturer]\nm=M,%s\n",
			 row->decorations);

	snprintf(list, sizeof(list), "%s", row->decorations);
	while ((part = strsep(&rest, ",")))
		n += snprintf(text + n, sizeof(text) - (size_t)n, "[M.%s]\nd=I,%s\n",
			      part, part);
	put("target/a.inf", text);
	set = open_one("target");
	assert_int_equal(driver_count(set), 1);
	package = driver_at(set, 0);
	assert_null(package->why);
	for (size_t i = 0; i < package->sections; i++)
		if (driver_section_counts(package, i, &row->target)) {
			assert_string_equal(got, "");
			got = package->section[i].model[0].id[0];
		}
	assert_string_equal(got, row->want);
	assert_int_equal(driver_suits(package, &row->target), *row->want != '\0');
	driver_close(set);
}

static void an_empty_section_forbids(void **state)
{
	const struct driver_target seven = { 7601, DRIVER_AMD64, DRIVER_SERVER };
	const struct driver_target ten = { 26100, DRIVER_AMD64, DRIVER_SERVER };
	struct driver_set *set;

	(void)state;
	put("target/a.inf", HEAD "[Manufacturer]\nm=M,NTamd64,NTamd64.10.0\n"
				 "[M.NTamd64]\nd=I,X\n[M.NTamd64.10.0]\n");
	set = open_one("target");
	assert_true(driver_suits(driver_at(set, 0), &seven));
	assert_false(driver_suits(driver_at(set, 0), &ten));
	driver_close(set);
}

static void systems_have_codes(void **state)
{
	static const struct {
		unsigned build;
		enum driver_product product;
		const char *code;
	} rows[] = {
		{ 26100, DRIVER_SERVER, "2k25" },
		{ 26100, DRIVER_CLIENT, "w11" },
		{ 26100, DRIVER_ANY_PRODUCT, "2k25" },
		{ 26200, DRIVER_CLIENT, "w11" },
		{ 22631, DRIVER_CLIENT, "w11" },
		{ 22621, DRIVER_ANY_PRODUCT, "w11" },
		{ 20348, DRIVER_SERVER, "2k22" },
		{ 19045, DRIVER_CLIENT, "w10" },
		{ 17763, DRIVER_SERVER, "2k19" },
		{ 17763, DRIVER_CLIENT, "w10" },
		{ 14393, DRIVER_SERVER, "2k16" },
		{ 9600, DRIVER_SERVER, "2k12R2" },
		{ 7601, DRIVER_CLIENT, "w7" },
		{ 0, DRIVER_SERVER, "" },
	};
	struct driver_target target = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		target.build = rows[i].build;
		target.product = rows[i].product;
		assert_string_equal(driver_os(&target), rows[i].code);
	}
	assert_true(driver_os_find("2K25", &target));
	assert_int_equal(target.build, 26100);
	assert_int_equal(target.product, DRIVER_SERVER);
	assert_true(driver_os_find("w10", &target));
	assert_int_equal(target.build, 19045);
	assert_false(driver_os_find("w12", &target));
}

/* An INF for amd64 from a build on, with one id and two files, one in a folder. */
static void put_package(const char *folder, const char *name, const char *id,
			unsigned build, const char *version)
{
	char path[256], text[1024];

	snprintf(text, sizeof(text),
		 "[Version]\nSignature=\"$Windows NT$\"\nCatalogFile=%s.cat\n"
		 "DriverVer=01/02/2025,%s\n[Manufacturer]\nm=M,NTamd64.10.0...%u\n"
		 "[M.NTamd64.10.0...%u]\nd=I,%s\n[I]\nCopyFiles=C\n[C]\n%s.sys\nHelper."
		 "EXE\n"
		 "[SourceDisksNames]\n1=d\n[SourceDisksFiles]\n%s.sys=1\nhelper.exe=1,"
		 "Sub\n",
		 name, version, build, build, id, name, name);
	snprintf(path, sizeof(path), "%s/%s.inf", folder, name);
	put(path, text);
	snprintf(path, sizeof(path), "%s/%s.CAT", folder, name);
	snprintf(text, sizeof(text), "catalogue %s %s", name, version);
	put(path, text);
	snprintf(path, sizeof(path), "%s/%s.Sys", folder, name);
	snprintf(text, sizeof(text), "driver %s %s", name, version);
	put(path, text);
	snprintf(path, sizeof(path), "%s/SUB/helper.exe", folder);
	put(path, "the same helper for all");
}

static const struct driver_target server2025 = { 26100, DRIVER_AMD64, DRIVER_SERVER };
static const struct driver_target server2019 = { 17763, DRIVER_AMD64, DRIVER_SERVER };
static const struct driver_target server2016 = { 14393, DRIVER_AMD64, DRIVER_SERVER };

static void put_disc(void)
{
	put_package("disc/disk/2k25/amd64", "disk", "PCI\\D", 16299, "3.0");
	put_package("disc/disk/2k19/amd64", "disk", "PCI\\D", 16299, "2.0");
	put_package("disc/disk/2k16/amd64", "disk", "PCI\\D", 14393, "1.0");
	put_package("disc/NetKVM/2k25/amd64", "net", "PCI\\N", 16299, "3.0");
	put_package("disc/NetKVM/2k19/amd64", "net", "PCI\\N", 16299, "2.0");
	put("disc/NetKVM/2k25/amd64/net.pdb", "symbols");
	put("disc/autorun.inf", "[autorun]\nopen=x\n");
}

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

static int begin(void **state)
{
	(void)state;
	return mkdtemp(base) ? 0 : -1;
}

static int end(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", base);
	return system(command); /* NOLINT(cert-env33-c) */
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(an_empty_section_forbids),
		cmocka_unit_test(systems_have_codes),
		cmocka_unit_test(chooses_by_name_and_target),
		cmocka_unit_test(packs_are_deduplicated),
		cmocka_unit_test(refuses_what_is_not_whole),
		cmocka_unit_test(copyinf_pulls_in_its_neighbours),
		cmocka_unit_test(files_come_off_a_folder),
		cmocka_unit_test(files_come_off_a_disc),
		cmocka_unit_test(a_short_disc_is_refused),
		cmocka_unit_test(a_udf_disc_without_its_volume_is_refused),
		cmocka_unit_test(long_ids_have_shorter_ones),
	};
	struct CMUnitTest
		tests[ARRAY_LEN(plain) + ARRAY_LEN(targets) + ARRAY_LEN(matches)];
	struct CMUnitTest *next = tests;

	memcpy(tests, plain, sizeof(plain));
	next += ARRAY_LEN(plain);
	for (size_t i = 0; i < ARRAY_LEN(targets); i++)
		*next++ = (struct CMUnitTest){ .name = targets[i].name,
					       .test_func = chooses_the_section,
					       .initial_state = &targets[i] };
	for (size_t i = 0; i < ARRAY_LEN(matches); i++)
		*next++ = (struct CMUnitTest){ .name = matches[i].name,
					       .test_func = ranks_as_windows,
					       .initial_state = &matches[i] };
	return cmocka_run_group_tests_name("driver", tests, begin, end);
}
