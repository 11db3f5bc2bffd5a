#include "config.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "lib/sys/exits.h"
#include "tools/wimprep/inspect.h"
#include "tools/wimprep/verify.h"

#define WIMBOOT_LARGEST (1ULL << 32) /* its disk is FAT32 */
#define WIMBOOT_NAME 31
#define NEW_BOOTMGFW "/Windows/Boot/EFI_EX/bootmgfw_EX.efi"

bool verify_container(struct verify *v, unsigned index)
{
	const struct wim_facts *f = wim_facts(v->wim);
	char why[WIM_WHY];

	if (inspect_readable(f, why))
		verify_say(v, "container", VERIFY_OK, "%s, %u image%s",
			   wim_pack_name(f->pack), f->images, f->images == 1 ? "" : "s");
	else
		verify_say(v, "container", VERIFY_FAILED, "%s", why);
	if (!inspect_image(f, index, &v->image, why)) {
		verify_say(v, "boot-index", VERIFY_FAILED, "%s", why);
		return false;
	}
	if (f->boot_index != v->image)
		verify_say(v, "boot-index", VERIFY_FAILED,
			   "is %u, so image %u does not boot; wimprep build --index=%u "
			   "sets it",
			   f->boot_index, v->image, v->image);
	else
		verify_say(v, "boot-index", VERIFY_OK, "%u: %s", v->image,
			   wim_text(v->wim, v->image, "NAME"));
	return true;
}

void verify_windows(struct verify *v)
{
	const char *type = wim_text(v->wim, v->image, "WINDOWS/INSTALLATIONTYPE");
	const char *revision = wim_text(v->wim, v->image, "WINDOWS/VERSION/SPBUILD");

	v->target = inspect_target(v->wim, v->image);
	if (*type && strcmp(type, "WindowsPE") != 0)
		verify_say(v, "windows", VERIFY_FAILED,
			   "a Windows %s, not Windows PE: is it an install.wim?", type);
	else if (!v->target.build || v->target.arch == DRIVER_ANY_ARCH)
		verify_say(v, "windows", VERIFY_WARNING,
			   "the WIM does not say its build and architecture");
	else
		verify_say(v, "windows", VERIFY_OK, "build %u%s%s, %s, drivers of %s",
			   v->target.build, *revision ? "." : "", revision,
			   driver_arch_name(v->target.arch), driver_os(&v->target));
}

/* ---- what wimboot takes out of it ---- */

static void add_name(char *list, size_t size, const char *name)
{
	size_t len = strlen(list);

	snprintf(list + len, size - len, "%s%s", len ? ", " : "", name);
}

static void check_firmware(struct verify *v, const char *firmware, const char *check)
{
	char missing[VERIFY_DETAIL / 2] = "", streams[VERIFY_DETAIL / 2] = "";
	struct wim_entry e;

	for (const struct inspect_file *f = inspect_files; f->path; f++) {
		if (strcmp(f->firmware, firmware) != 0 || v->target.build < f->since)
			continue;
		if (!wim_find(v->wim, v->image, f->path, &e) || e.folder)
			add_name(missing, sizeof(missing), f->path);
		else if (e.streams)
			add_name(streams, sizeof(streams), f->path);
	}
	if (*missing)
		verify_say(v, check, VERIFY_FAILED,
			   "missing: %s; wimboot must be given them beside it", missing);
	else if (*streams)
		verify_say(v, check, VERIFY_FAILED,
			   "have alternate streams, in which wimboot loses its way: %s",
			   streams);
	else
		verify_say(v, check, VERIFY_OK, "boot manager, BCD, boot.sdi, loader");
}

void verify_boot_files(struct verify *v)
{
	if (v->target.arch != DRIVER_ARM64 && v->target.arch != DRIVER_ARM)
		check_firmware(v, "BIOS", "bios");
	if (v->target.arch != DRIVER_X86)
		check_firmware(v, "UEFI", "uefi");
	if (wim_find(v->wim, v->image, NEW_BOOTMGFW, NULL))
		verify_say(v, "secure-boot", VERIFY_OK,
			   "boot managers of Microsoft's CAs of 2011 and of 2023");
	else
		verify_say(v, "secure-boot", VERIFY_WARNING,
			   "no boot manager of the CA of 2023: firmware that trusts only "
			   "that one will refuse it");
}

/* ---- names that differ in case only ---- */

struct names {
	char **path;
	size_t n, room;
};

static bool take_name(const struct wim_entry *e, void *arg)
{
	struct names *names = arg;

	if (names->n == names->room) {
		names->room = names->room ? 2 * names->room : 4096;
		names->path = realloc(names->path, names->room * sizeof(*names->path));
	}
	if (!names->path || !(names->path[names->n++] = strdup(e->path)))
		err(EXIT_FAILED, "list of names");
	return true;
}

static int by_path(const void *a, const void *b)
{
	return strcasecmp(*(char *const *)a, *(char *const *)b);
}

void verify_names(struct verify *v)
{
	struct names names = { 0 };
	const char *twice = NULL;
	char why[WIM_WHY];

	if (!wim_walk(v->wim, v->image, "/", take_name, &names, why)) {
		verify_say(v, "names", VERIFY_FAILED, "%s", why);
		return;
	}
	if (names.n)
		qsort(names.path, names.n, sizeof(*names.path), by_path);
	for (size_t i = 1; i < names.n && !twice; i++)
		if (strcasecmp(names.path[i - 1], names.path[i]) == 0)
			twice = names.path[i];
	if (twice)
		verify_say(v, "names", VERIFY_FAILED,
			   "%s is there twice, in other letters: Windows finds one of "
			   "them only",
			   twice);
	else
		verify_say(v, "names", VERIFY_OK, "%zu, each once", names.n);
	for (size_t i = 0; i < names.n; i++)
		free(names.path[i]);
	free(names.path);
}

/* ---- the file itself ---- */

void verify_size(struct verify *v)
{
	const char *slash = strrchr(v->path, '/'), *name = slash ? slash + 1 : v->path;
	size_t len = strlen(name);
	struct stat st;

	if (stat(v->path, &st) < 0)
		verify_say(v, "file", VERIFY_FAILED, "cannot be asked for its size");
	else if ((unsigned long long)st.st_size >= WIMBOOT_LARGEST)
		verify_say(v, "file", VERIFY_FAILED,
			   "has 4 GiB or more, which wimboot's disk cannot hold");
	else if (len > WIMBOOT_NAME)
		verify_say(v, "file", VERIFY_WARNING,
			   "the name is longer than 31 characters: iPXE must call it "
			   "otherwise");
	else if (len < 5 || strcasecmp(name + len - 4, ".wim") != 0)
		verify_say(v, "file", VERIFY_WARNING,
			   "the name does not end in .wim: iPXE must call it boot.wim");
	else
		verify_say(v, "file", VERIFY_OK, "%lld MiB",
			   (long long)(st.st_size >> 20) + 1);
}

void verify_data(struct verify *v)
{
	char why[WIM_WHY];

	if (wim_verify(v->wim, NULL, NULL, why))
		verify_say(v, "data", VERIFY_OK, "every octet is what its hash says");
	else
		verify_say(v, "data", VERIFY_FAILED, "%s", why);
}
