/* From INF texts to packages: each row is what an INF says, as its record has it. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media/driver_record.h"

/* Line numbers of complaints count from here: the text of a row begins with line 5. */
#define HEAD                                                                             \
	"[Version]\nSignature=\"$Windows NT$\"\nDriverVer=07/09/2025,1.2\n"              \
	"CatalogFile=a.cat\n"
#define VERSION "V\t\t\t\t2025-07-09\t1.2\nC\t0\ta.cat\n"
#define ONE "[Manufacturer]\n%m%=M,NTamd64\n[M.NTamd64]\nd=I,X\\1\n"
#define S_ONE "S\t0\t2\t0\t0\t0\t0\t0\n"
#define M_ONE "M\t0\td\tX\\1\n"
#define I_ONE "I\t2\t255\tI\n"

static struct row {
	const char *name, *text, *want;
} rows[] = {
	{ "one driver",
	  ONE "[I]\nCopyFiles=C\n[C]\na.sys\n[SourceDisksFiles]\na.sys=1\n"
	      "[SourceDisksNames]\n1=d\n[DestinationDirs]\nC=13\n",
	  S_ONE I_ONE "F\ta.sys\t13\n" M_ONE },
	{ "@file, and the default folder",
	  ONE "[I]\nCopyFiles=@a.sys,@b.sys\n[DestinationDirs]\nDefaultDestDir=11,x\n",
	  S_ONE I_ONE "F\ta.sys\t11,x\nF\tb.sys\t11,x\n" M_ONE },
	{ "several CopyFiles, and sections of one name",
	  ONE "[I]\nCopyFiles=C,D\nCopyFiles=E\n[C]\na\n[D]\nb\n[E]\nc\n[C]\nd\n",
	  S_ONE I_ONE "F\ta\t\nF\td\t\nF\tb\t\nF\tc\t\n" M_ONE },
	{ "renamed: the source counts",
	  ONE "[I]\nCopyFiles=C\n[C]\na.sys,b.sys,,0x2\n\"c d.sys\"\n",
	  S_ONE I_ONE "F\tb.sys\t\nF\tc d.sys\t\n" M_ONE },
	{ "the same file twice", ONE "[I]\nCopyFiles=C,D\n[C]\na.sys\n[D]\nA.SYS\n",
	  S_ONE I_ONE "F\ta.sys\t\n" M_ONE },
	{ "folders of the disc and of the file",
	  ONE "[I]\nCopyFiles=@a\n[SourceDisksNames]\n7=d,,,\\x\\y\n"
	      "[SourceDisksFiles]\na=7,\\z\\\n",
	  S_ONE I_ONE "F\tx/y/z/a\t\n" M_ONE },
	{ "a list of discs of the architecture",
	  ONE "[I]\nCopyFiles=@a,@b\n[SourceDisksNames.amd64]\n1=d,,,x64\n"
	      "[SourceDisksNames]\n1=d,,,x86\n[SourceDisksFiles.amd64]\na=1\n"
	      "[SourceDisksFiles]\na=1,never\nb=1,c\n",
	  S_ONE I_ONE "F\tx64/a\t\nF\tx64/c/b\t\n" M_ONE },
	{ "the section of the architecture before the others",
	  ONE "[I]\nCopyFiles=@a\n[I.NT]\nCopyFiles=@b\n[I.NTamd64]\nCopyFiles=@c\n",
	  S_ONE I_ONE "F\tc\t\n" M_ONE },
	{ "that of NT before the plain one",
	  ONE "[I]\nCopyFiles=@a\n[I.NT]\nCopyFiles=@b\n", S_ONE I_ONE "F\tb\t\n" M_ONE },
	{ "co-installers", ONE "[I.NT]\n[I.NT.CoInstallers]\nCopyFiles=@w.dll\n",
	  S_ONE I_ONE "F\tw.dll\t\n" M_ONE },
	{ "interfaces",
	  ONE "[I]\n[I.Interfaces]\nAddInterface={1},,F\n[F]\nCopyFiles=@a\n",
	  S_ONE I_ONE "F\ta\t\n" M_ONE },
	{ "what it needs of itself and of Windows",
	  ONE "[I]\nInclude=usb.inf\nNeeds=Usb.NT,B\n[B]\nCopyFiles=@b\nNeeds=C\n[C]\n"
	      "CopyFiles=@c\n",
	  S_ONE I_ONE "F\tb\t\nF\tc\t\n" M_ONE },
	{ "a circle of needs", ONE "[I]\nNeeds=I\n",
	  "x.inf:10: Needs goes round in circles" },
	{ "a service whose driver no CopyFiles brings",
	  ONE "[I]\n[I.Services]\nAddService=s,2,S\n[S]\nServiceBinary=%13%\\a.sys\n",
	  S_ONE I_ONE "F\ta.sys\t13\n" M_ONE },
	{ "one that it brings from a folder",
	  ONE "[I]\nCopyFiles=@a.sys\n[I.Services]\nAddService=s,2,S\n[S]\n"
	      "ServiceBinary=%13%\\A.sys\n[SourceDisksFiles]\na.sys=1,x\n",
	  S_ONE I_ONE "F\tx/a.sys\t\n" M_ONE },
	{ "one that Windows has",
	  ONE "[I]\n[I.Services]\nAddService=s,2,S\n[S]\n"
	      "ServiceBinary=%12%\\a.sys\n",
	  S_ONE I_ONE M_ONE },
	{ "software beside it",
	  ONE "[I]\n[I.Software]\nAddSoftware=s,,S\n[S]\nSoftwareBinary=%13%\\a.exe\n",
	  S_ONE I_ONE "F\ta.exe\t13\n" M_ONE },
	{ "other INFs", ONE "[I]\nCopyINF=b.inf,c.inf\n",
	  S_ONE "Y\tb.inf\nY\tc.inf\n" I_ONE M_ONE },
	{ "a feature score", ONE "[I]\nFeatureScore=FB\n", S_ONE "I\t2\t251\tI\n" M_ONE },
	{ "no install section", ONE, S_ONE I_ONE M_ONE },
	{ "an INF without files", ONE "[I]\nAddReg=R\n[R]\nHKR,,a,,b\n",
	  S_ONE I_ONE M_ONE },
	{ "several identifiers",
	  "[Manufacturer]\nm=M,NTamd64\n[M.NTamd64]\n%d%=I,A,,B\ne=I,,C\nf=I\ng\n"
	  "[Strings]\nd=\"D, e\"\n",
	  S_ONE I_ONE "M\t0\tD, e\tA\tB\nM\t0\te\t\tC\nM\t0\tf\n" },
	{ "two architectures share a section",
	  "[Manufacturer]\nm=M,NTamd64,NTarm64\n[M.NTamd64]\nd=I,A\n[M.NTarm64]\nd=i,A\n"
	  "[I.NTamd64]\nCopyFiles=@a\n[I.NTarm64]\nCopyFiles=@b\n",
	  S_ONE I_ONE "F\ta\t\nM\t0\td\tA\n"
		      "S\t0\t3\t0\t0\t0\t0\t0\nI\t3\t255\ti\nF\tb\t\nM\t1\td\tA\n" },
	{ "decorations",
	  "[Manufacturer]\nm=M,NT.5,NTx86.6.1.1,NTamd64.10.0.3.0x80.17763,"
	  "NTamd64.10.0...16299,NTmips,NTamd64.x,amd64,NTamd64.1.2.3.4.5.6\n"
	  "n=N\n[N]\nd=I,A\n",
	  "S\t0\t0\t5\t0\t0\t0\t0\nS\t0\t1\t6\t1\t1\t0\t0\n"
	  "S\t0\t2\t10\t0\t3\t128\t17763\nS\t0\t2\t10\t0\t0\t0\t16299\n"
	  "S\t1\t0\t0\t0\t0\t0\t0\nI\t0\t255\tI\nM\t0\td\tA\n" },
	{ "a maker whose name is its section", "[Manufacturer]\nM\n[M]\nd=I,A\n",
	  "S\t0\t0\t0\t0\t0\t0\t0\nI\t0\t255\tI\nM\t0\td\tA\n" },
	{ "plain models beside decorated ones",
	  "[Manufacturer]\nm=M,NTamd64\n[M]\nd=I,A\n[M.NTamd64]\nd=I,X\\1\n",
	  "S\t0\t0\t0\t0\t0\t0\t0\nI\t0\t255\tI\nM\t0\td\tA\n" S_ONE
	  "I\t2\t255\tI\nM\t1\td\tX\\1\n" },
	{ "a path that climbs", ONE "[I]\nCopyFiles=@..\\a\n",
	  "x.inf:10: the path of a file leaves the package's folder" },
	{ "a folder that climbs",
	  ONE "[I]\nCopyFiles=@a\n[SourceDisksFiles]\na=1,x\\..\\..\n",
	  "x.inf:10: the path of a file leaves the package's folder" },
	{ "a disc that climbs",
	  ONE
	  "[I]\nCopyFiles=@a\n[SourceDisksFiles]\na=1\n[SourceDisksNames]\n1=d,,,..\n",
	  "x.inf:14: the path leaves the package's folder" },
	{ "a path with a drive", ONE "[I]\nCopyFiles=@c:\\a\n",
	  "x.inf:10: the path of a file leaves the package's folder" },
	{ "CopyINF with a folder", ONE "[I]\nCopyINF=..\\b.inf\n",
	  "x.inf:10: CopyINF names a folder" },
	{ "control characters become blanks",
	  "[Manufacturer]\nm=M,NTamd64\n"
	  "[M.NTamd64]\n\"d\te\x1b[m\"=I,X\\1\n",
	  S_ONE I_ONE "M\t0\td e [m\tX\\1\n" },
};

static void record_or_reason(void **state)
{
	const struct row *row = *state;
	char text[4096], want[4096];
	size_t len;
	int n = snprintf(text, sizeof(text), "%s%s", HEAD, row->text);
	char *record = driver_record("x.inf", text, (size_t)n, &len);

	assert_non_null(record);
	if (strncmp(row->want, "x.inf:", 6) == 0)
		snprintf(want, sizeof(want), "E\t%s\n", row->want);
	else
		snprintf(want, sizeof(want), "%s%s", VERSION, row->want);
	assert_int_equal(strlen(record), len);
	assert_string_equal(record, want);
	free(record);
}

static void record_is(const char *text, const char *want)
{
	size_t len;
	char *record = driver_record("x.inf", text, strlen(text), &len);

	assert_non_null(record);
	assert_string_equal(record, want);
	free(record);
}

static void version_and_catalogues(void **state)
{
	(void)state;
	record_is(
		"[version]\nsignature=$Chicago$\nClass=Net\nClassGuid={1}\nProvider=%p%\n"
		"DriverVer=1/2/2024\nCatalogFile=a.cat\nCatalogFile.NTarm64=b.cat\n"
		"[Manufacturer]\n[Strings]\np=Me\n",
		"V\tNet\t{1}\tMe\t2024-01-02\t\nC\t0\ta.cat\nC\t3\tb.cat\n");
	record_is("[Version]\nSignature=\"$Windows NT$\"\nDriverVer=soon,x\n"
		  "CatalogFile=a.cat\nCatalogFile.NT=b.cat\n[Manufacturer]\n",
		  "V\t\t\t\t\tx\nC\t0\tb.cat\n");
	record_is("[Version]\nSignature=\"$Windows NT$\"\n[Manufacturer]\n",
		  "V\t\t\t\t\t\n");
	record_is("[Version]\nSignature=\"$Windows NT$\"\nCatalogFile=..\\a.cat\n"
		  "[Manufacturer]\n",
		  "E\tx.inf:3: CatalogFile has a folder in it\n");
}

static void no_drivers(void **state)
{
	(void)state;
	record_is("[autorun]\nopen=setup.exe\n", "N\n");
	record_is("[Version]\nSignature=\"$Windows NT$\"\n[DefaultInstall]\n", "N\n");
	record_is("[Version]\nSignature=other\n[Manufacturer]\nm=M\n", "N\n");
	record_is("", "N\n");
	record_is("text\n", "E\tx.inf:1: stands before the first section\n");
}

static bool loads(const char *text)
{
	char *record = strdup(text);
	struct driver_package package;
	void *memory = NULL;
	bool good = driver_record_load(record, &package, &memory);

	free(memory);
	free(record);
	return good;
}

/* A damaged cache may hold anything. */
static void damaged_records(void **state)
{
	(void)state;
	assert_true(loads("N\n"));
	assert_true(loads(VERSION S_ONE I_ONE "F\ta\t13\n" M_ONE));
	assert_false(loads(""));
	assert_false(loads("N"));
	assert_false(loads("X\n"));
	assert_false(loads("V\ta\tb\n"));
	assert_false(loads("C\t6\ta.cat\n"));
	assert_false(loads("C\t\ta.cat\n"));
	assert_false(loads("F\ta\t13\n"));
	assert_false(loads("M\t0\td\tA\n"));
	assert_false(loads(S_ONE M_ONE));
	assert_false(loads(S_ONE I_ONE "M\t1\td\tA\n"));
	assert_false(loads(S_ONE "I\t2\t256\tI\n"));
	assert_false(loads("S\t0\t2\t0\t0\t0\t0\n"));
	assert_false(loads("I\t-1\t255\tI\n"));
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 3] = {
		cmocka_unit_test(version_and_catalogues),
		cmocka_unit_test(no_drivers),
		cmocka_unit_test(damaged_records),
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i + 3] = (struct CMUnitTest){ .name = rows[i].name,
						    .test_func = record_or_reason,
						    .initial_state = &rows[i] };
	return cmocka_run_group_tests_name("driver_inf", tests, NULL, NULL);
}
