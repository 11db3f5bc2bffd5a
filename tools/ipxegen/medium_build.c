/*
 * The programs that build the medium, in a folder of their own that goes away whatever
 * happens.  They get no more than a time that is always the same.
 */
#include "config.h"

#include "tools/ipxegen/medium_build.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/sys/file.h"

#define MEDIUM_MAX (8u << 20)
#define SECTOR 512
#define SPARE (128u << 10) /* of the FAT: its tables, folders and clusters */
#define EPOCH 315532800    /* 1980-01-01, the first day of FAT */

struct shop {
	char folder[PATH_MAX], epoch[48];
	const char *environment[8];
	const struct child_guard *guard;
	const struct medium_parts *parts;
	char *why; /* MEDIUM_WHY */
};

/* ---- files ---- */

static bool complain(struct shop *shop, const char *what)
{
	snprintf(shop->why, MEDIUM_WHY, "%.300s/%s: %s", shop->folder, what,
		 strerror(errno));
	return false;
}

/* xorriso records when things were written. */
static bool date(struct shop *shop, const char *name)
{
	const long seconds = strtol(strchr(shop->epoch, '=') + 1, NULL, 10);
	const struct timespec times[2] = { { .tv_sec = seconds }, { .tv_sec = seconds } };
	char path[PATH_MAX + 64];

	snprintf(path, sizeof(path), "%s/%s", shop->folder, name);
	return utimensat(AT_FDCWD, path, times, 0) == 0 || complain(shop, name);
}

static bool put(struct shop *shop, const char *name, const void *octets, size_t len)
{
	char path[PATH_MAX + 64];

	snprintf(path, sizeof(path), "%s/%s", shop->folder, name);
	if (file_replace(path, octets, len, 0644) < 0)
		return complain(shop, name);
	return date(shop, name);
}

static bool put_part(struct shop *shop, int which, const char *name)
{
	const struct medium_part *part = &shop->parts->part[which];

	return put(shop, name, part->octets, part->len);
}

static bool run(struct shop *shop, const char *const argv[])
{
	char why[CHILD_WHY];

	if (child_run(shop->guard, argv, shop->environment, shop->folder, why))
		return true;
	snprintf(shop->why, MEDIUM_WHY, "%s%s%s%s", why,
		 errno == ENOENT ? " (of Debian's package " : "",
		 errno == ENOENT ? (*argv[0] == 'm' ? "mtools" : argv[0]) : "",
		 errno == ENOENT ? ")" : "");
	return false;
}

/* ---- the two halves ---- */

static bool fill_disc(struct shop *shop, const char *room)
{
	static const char config[] = "DEFAULT ipxe\n"
				     "LABEL ipxe\n"
				     " LINUX ipxe.lkrn\n"
				     " INITRD autoexec.ipxe\n";

	return put_part(shop, MEDIUM_ISOLINUX, "disc/isolinux.bin") &&
	       put_part(shop, MEDIUM_LDLINUX, "disc/ldlinux.c32") &&
	       put_part(shop, MEDIUM_LKRN, "disc/ipxe.lkrn") &&
	       put_part(shop, MEDIUM_MBR, "isohdpfx.bin") &&
	       put(shop, "disc/autoexec.ipxe", room, MEDIUM_SCRIPT) &&
	       put(shop, "disc/isolinux.cfg", config, sizeof(config) - 1);
}

/* The file system that UEFI starts from, with its own copy of the script. */
static bool fill_efi(struct shop *shop, const char *room)
{
	size_t octets = shop->parts->part[MEDIUM_EFI].len + MEDIUM_SCRIPT + SPARE;
	char sectors[24];
	const char *const format[] = { "mformat", "-C",       "-i", "efi.img",
				       "-N",      "70786b69", "-v", "PXEKIT",
				       "-T",      sectors,    "-h", "64",
				       "-s",      "32",       "::", NULL };
	const char *const folders[] = { "mmd",   "-i",         "efi.img",
					"::EFI", "::EFI/BOOT", NULL };
	const char *const loader[] = {
		"mcopy", "-i", "efi.img", "bootx64.efi", "::EFI/BOOT/BOOTX64.EFI", NULL
	};
	const char *const script[] = { "mcopy",           "-i",
				       "efi.img",         "autoexec.ipxe",
				       "::autoexec.ipxe", NULL };

	snprintf(sectors, sizeof(sectors), "%zu", octets / SECTOR / 64 * 64 + 64);
	return put_part(shop, MEDIUM_EFI, "bootx64.efi") &&
	       put(shop, "autoexec.ipxe", room, MEDIUM_SCRIPT) && run(shop, format) &&
	       run(shop, folders) && run(shop, loader) && run(shop, script);
}

/* A stick is started by the MBR of isolinux, or by the partition that UEFI sees. */
static bool master(struct shop *shop)
{
	static const char *const all[] = { "xorriso",    "-no_rc", "-as",
					   "mkisofs",    "-quiet", "-o",
					   "medium.iso", "-V",     "PXEKIT",
					   "-iso-level", "2",      "-rational-rock",
					   NULL };
	static const char *const bios[] = { "-b",
					    "isolinux.bin",
					    "-c",
					    "boot.cat",
					    "-no-emul-boot",
					    "-boot-load-size",
					    "4",
					    "-boot-info-table",
					    "-isohybrid-mbr",
					    "isohdpfx.bin",
					    NULL };
	static const char *const both[] = { "-eltorito-alt-boot", NULL };
	static const char *const uefi[] = {
		"-append_partition", "2", "0xef", "efi.img", "-appended_part_as_gpt", NULL
	};
	static const char *const start[] = {
		"-e", "--interval:appended_partition_2:all::", "-no-emul-boot", NULL
	};
	static const char *const disc[] = { "disc", NULL };
	const bool b = shop->parts->bios, u = shop->parts->uefi;
	const char *const *const wanted[] = { all,
					      b ? bios : NULL,
					      u ? uefi : NULL,
					      b && u ? both : NULL,
					      u ? start : NULL,
					      disc };
	const char *argv[CHILD_WORDS] = { NULL };
	size_t n = 0;

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		for (const char *const *p = wanted[i]; p && *p && n < CHILD_WORDS - 1;
		     p++)
			argv[n++] = *p;
	return run(shop, argv);
}

/* ---- the folder ---- */

static bool open_shop(struct shop *shop)
{
	const char *place = getenv("TMPDIR"), *epoch = getenv("SOURCE_DATE_EPOCH");
	char disc[PATH_MAX + 8];
	long seconds = epoch ? strtol(epoch, NULL, 10) : EPOCH;

	snprintf(shop->epoch, sizeof(shop->epoch), "SOURCE_DATE_EPOCH=%ld",
		 seconds > EPOCH ? seconds : EPOCH);
	snprintf(shop->folder, sizeof(shop->folder) - 8, "%s/ipxegen.XXXXXX",
		 place && *place ? place : "/tmp");
	if (!mkdtemp(shop->folder)) {
		snprintf(shop->why, MEDIUM_WHY, "%.900s: %s", shop->folder,
			 strerror(errno));
		*shop->folder = '\0';
		return false;
	}
	snprintf(disc, sizeof(disc), "%s/disc", shop->folder);
	if (mkdir(disc, 0755) < 0)
		return complain(shop, "disc");
	return true;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	remove(path);
	return 0;
}

static void close_shop(const struct shop *shop)
{
	if (*shop->folder)
		nftw(shop->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static bool build(struct medium *medium, struct shop *shop)
{
	char room[MEDIUM_SCRIPT], path[PATH_MAX + 16];

	medium_fill_room(room);
	if (!open_shop(shop) || (shop->parts->bios && !fill_disc(shop, room)) ||
	    (shop->parts->uefi && !fill_efi(shop, room)) || !date(shop, "disc") ||
	    !master(shop))
		return false;
	snprintf(path, sizeof(path), "%s/medium.iso", shop->folder);
	medium->octets = file_read(path, MEDIUM_MAX, &medium->len);
	if (!medium->octets)
		return complain(shop, "medium.iso");
	return medium_find_rooms(medium, (size_t)shop->parts->bios + shop->parts->uefi,
				 shop->why);
}

bool medium_build(struct medium *medium, const struct medium_parts *parts,
		  const struct child_guard *guard, char why[static MEDIUM_WHY])
{
	struct shop shop = { .guard = guard, .parts = parts, .why = why };
	bool good;

	shop.environment[0] = shop.epoch;
	shop.environment[1] = "TZ=UTC";
	shop.environment[2] = "LC_ALL=C";
	shop.environment[3] = "MTOOLSRC=/dev/null";
	shop.environment[4] = "MTOOLS_SKIP_CHECK=1";
	good = build(medium, &shop);
	close_shop(&shop);
	return good;
}
