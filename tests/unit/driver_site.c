#include "tests/unit/driver_site.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/sys/file.h"

char base[] = "/tmp/test_driver.XXXXXX";

int driver_site_begin(void **state)
{
	(void)state;
	return mkdtemp(base) ? 0 : -1;
}

int driver_site_end(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", base);
	return system(command); /* NOLINT(cert-env33-c) */
}

void put(const char *path, const char *text)
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

void holds(const char *path, const char *text)
{
	char full[512];

	snprintf(full, sizeof(full), "%s/%s", base, path);
	if (!file_holds(full, text, strlen(text)))
		fail_msg("%s does not hold '%s'", path, text);
}

struct driver_set *open_one(const char *path)
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

void put_package(const char *folder, const char *name, const char *id, unsigned build,
		 const char *version)
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

void put_disc(void)
{
	put_package("disc/disk/2k25/amd64", "disk", "PCI\\D", 16299, "3.0");
	put_package("disc/disk/2k19/amd64", "disk", "PCI\\D", 16299, "2.0");
	put_package("disc/disk/2k16/amd64", "disk", "PCI\\D", 14393, "1.0");
	put_package("disc/NetKVM/2k25/amd64", "net", "PCI\\N", 16299, "3.0");
	put_package("disc/NetKVM/2k19/amd64", "net", "PCI\\N", 16299, "2.0");
	put("disc/NetKVM/2k25/amd64/net.pdb", "symbols");
	put("disc/autorun.inf", "[autorun]\nopen=x\n");
}
