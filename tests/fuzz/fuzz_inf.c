/*
 * libFuzzer entry: an INF, read into a record, and the record into a package; and the
 * same octets as a record, as a damaged cache may hold them.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/media/driver_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* No path leads out of the package's folder. */
static void check_path(const char *path)
{
	size_t part;

	must(*path && *path != '/' && !strpbrk(path, "\\:"));
	for (; *path; path += part + (path[part] == '/')) {
		part = strcspn(path, "/");
		must(part > 0 && !(part == 2 && memcmp(path, "..", 2) == 0));
	}
}

static void check_package(const struct driver_package *package)
{
	static const struct driver_target target = { 26100, DRIVER_AMD64, DRIVER_SERVER };
	bool counts = false;

	for (size_t i = 0; i < package->installs; i++)
		for (size_t f = 0; f < package->install[i].files; f++)
			check_path(package->install[i].file[f].path);
	for (size_t s = 0; s < package->sections; s++) {
		counts |= driver_section_counts(package, s, &target);
		for (size_t m = 0; m < package->section[s].models; m++)
			must(package->section[s].model[m].install < package->installs);
	}
	must(counts || !driver_suits(package, &target));
	for (size_t i = 0; i < DRIVER_ARCHES; i++)
		must(!strpbrk(package->catalogue[i], "/\\"));
	for (size_t i = 0; i < package->copyinfs; i++)
		must(!strpbrk(package->copyinf[i], "/\\"));
}

static void load_what_was_written(const uint8_t *octets, size_t len)
{
	struct driver_package package;
	void *memory = NULL;
	size_t record_len;
	char *record = driver_record("x.inf", octets, len, &record_len);

	must(record && record_len == strlen(record));
	must(driver_record_load(record, &package, &memory));
	check_package(&package);
	free(memory);
	free(record);
}

static void load_anything(const uint8_t *octets, size_t len)
{
	struct driver_package package;
	void *memory = NULL;
	char *record = malloc(len + 1);

	must(record);
	memcpy(record, octets, len);
	record[len] = '\0';
	if (driver_record_load(record, &package, &memory))
		for (size_t s = 0; s < package.sections; s++)
			for (size_t m = 0; m < package.section[s].models; m++)
				must(package.section[s].model[m].install <
				     package.installs);
	free(memory);
	free(record);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	load_what_was_written(octets, len);
	load_anything(octets, len);
	return 0;
}
