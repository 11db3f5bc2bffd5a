#include "config.h"

#include "lib/core/platform.h"

#include <stdio.h>
#include <string.h>

#define WINDOWS_8 9200 /* and Server 2012: the first for generation 2 */
#define WINDOWS_11 22000

const struct platform platforms[] = {
	{ "kvm",
	  PLATFORM_EITHER,
	  "virtio scsi sata nvme usb",
	  "ipxe-efi64, ipxe-bios",
	  { { "vioscsi", "scsi" }, { "viostor", "virtio" }, { "netkvm", "" } },
	  false },
	{ "vmware",
	  PLATFORM_EITHER,
	  "scsi sata nvme",
	  "ipxe-efi64, ipxe-bios",
	  { { "pvscsi", "scsi" }, { "vmxnet3", "" } },
	  true },
	{ "hyperv-gen1", PLATFORM_BIOS, "scsi sata", "ipxe-bios", { { 0 } }, true },
	{ "hyperv-gen2", PLATFORM_UEFI, "scsi", "ipxe-efi64", { { 0 } }, true },
	{ "baremetal-uefi",
	  PLATFORM_UEFI,
	  "scsi sata nvme mmc usb",
	  "ipxe-efi64, ipxe-arm64",
	  { { 0 } },
	  true },
	{ "baremetal-bios",
	  PLATFORM_BIOS,
	  "scsi sata nvme mmc usb",
	  "ipxe-bios",
	  { { 0 } },
	  true },
};

const unsigned platform_count = sizeof(platforms) / sizeof(platforms[0]);

const struct platform *platform_find(const char *name)
{
	for (unsigned i = 0; i < platform_count; i++)
		if (strcmp(platforms[i].name, name) == 0)
			return &platforms[i];
	return NULL;
}

/* ---- what can never work ---- */

static bool is_arch(const struct platform_case *c, const char *one, const char *other)
{
	const char *arch = c->edition ? c->edition->arch : c->image->arch;

	return strcmp(arch, one) == 0 || strcmp(arch, other) == 0;
}

bool platform_possible(const struct platform_case *c, char why[static PLATFORM_WHY])
{
	const struct platform *p = c->platform;

	if (p->firmware == PLATFORM_BIOS && is_arch(c, "arm64", "aarch64"))
		snprintf(why, PLATFORM_WHY, "platform %s: no BIOS starts an arm64 system",
			 p->name);
	else if (p->firmware == PLATFORM_BIOS && c->route == ROUTE_HTTP)
		snprintf(why, PLATFORM_WHY,
			 "platform %s: HTTP Boot is UEFI's, and it has a BIOS", p->name);
	else if (strcmp(p->name, "hyperv-gen2") == 0 && is_arch(c, "x86", "i386"))
		snprintf(why, PLATFORM_WHY,
			 "platform %s: its firmware is of 64 bits and starts no "
			 "system of 32",
			 p->name);
	else if (c->route == ROUTE_BOOTMGFW && c->image->kind != IMAGE_WIM)
		snprintf(why, PLATFORM_WHY,
			 "route bootmgfw: Microsoft's boot manager starts Windows PE and "
			 "no image of kind %s",
			 image_kind_name(c->image->kind));
	else
		return true;
	return false;
}

/* ---- what will most likely fail ---- */

static bool has_word(const char *list, const char *word, size_t len)
{
	for (; *list; list += strcspn(list, " "), list += strspn(list, " "))
		if (strcspn(list, " ") == len && strncmp(list, word, len) == 0)
			return true;
	return false;
}

/* The bus that the disk rule names; its length, 0 if it names none. */
static size_t bus_of(const struct platform_case *c, const char **bus)
{
	const char *rule = c->disk, *found;

	found = strstr(rule, "bus=");
	if (!found || (found != rule && found[-1] != ' '))
		return 0;
	*bus = found + 4;
	return strcspn(*bus, " ");
}

struct teller {
	void (*say)(void *arg, const char *sentence);
	void *arg;
};

static void warn_bus(const struct platform_case *c, const struct teller *t)
{
	char text[PLATFORM_WHY];
	const char *bus;
	size_t len = bus_of(c, &bus);

	if (!len || has_word(c->platform->buses, bus, len))
		return;
	snprintf(text, sizeof(text),
		 "platform %s has disks of %s, so the disk rule bus=%.*s leaves none",
		 c->platform->name, c->platform->buses, (int)len, bus);
	t->say(t->arg, text);
}

/* Whether a machine of this kind needs it, as far as the disk rule tells. */
static bool is_wanted(const struct platform_case *c, const struct platform_driver *d)
{
	const char *bus;
	size_t len = bus_of(c, &bus);

	if (!*d->bus || !len)
		return true;
	return strlen(d->bus) == len && strncmp(d->bus, bus, len) == 0;
}

static void warn_drivers(const struct platform_case *c, const struct teller *t)
{
	char missing[128] = "", text[PLATFORM_WHY];
	const struct platform_driver *d = c->platform->driver;

	for (; d->name; d++) {
		size_t len = strlen(missing);

		if (is_wanted(c, d) && !image_has_driver(c->image, d->name))
			snprintf(missing + len, sizeof(missing) - len, "%s%s",
				 len ? ", " : "", d->name);
	}
	if (!*missing)
		return;
	snprintf(
		text, sizeof(text),
		"platform %s: the boot.wim of %s@%s is not known to have the drivers %s, "
		"so Windows PE %s; wimprep build --drivers puts them in",
		c->platform->name, c->image->name, c->image->version, missing,
		c->platform->inbox ? "sees only other disks and network cards"
				   : "may find no disk or no network");
	t->say(t->arg, text);
}

static bool bypasses(const struct platform_case *c, const char *what)
{
	const char *list = settings_get(c->settings, "bypass");

	return strstr(list, what) != NULL;
}

static void warn_system(const struct platform_case *c, const struct teller *t)
{
	const struct image_edition *e = c->edition;
	const char *name = c->platform->name;
	char text[PLATFORM_WHY];

	if (!e)
		return;
	if (e->build && e->build < WINDOWS_8 && strcmp(name, "hyperv-gen2") == 0) {
		snprintf(text, sizeof(text),
			 "platform %s starts no Windows before 8 and Server 2012 "
			 "(build %d), and this is build %d",
			 name, WINDOWS_8, e->build);
		t->say(t->arg, text);
	}
	if (e->build >= WINDOWS_11 && strcmp(e->type, "Client") == 0 &&
	    c->platform->firmware == PLATFORM_BIOS &&
	    !(bypasses(c, "tpm") && bypasses(c, "secureboot"))) {
		snprintf(text, sizeof(text),
			 "platform %s: Windows 11 wants UEFI, Secure Boot and a TPM; "
			 "--bypass tpm --bypass secureboot goes on without",
			 name);
		t->say(t->arg, text);
	}
}

/* What wimprep netboot lays out is for UEFI. */
static void warn_route(const struct platform_case *c, const struct teller *t)
{
	char text[PLATFORM_WHY];

	if (c->route != ROUTE_BOOTMGFW || c->platform->firmware != PLATFORM_BIOS)
		return;
	snprintf(text, sizeof(text),
		 "platform %s has a BIOS, and the files of route bootmgfw are for UEFI",
		 c->platform->name);
	t->say(t->arg, text);
}

void platform_warn(const struct platform_case *c,
		   void (*say)(void *arg, const char *sentence), void *arg)
{
	const struct teller teller = { say, arg };

	warn_bus(c, &teller);
	if (c->image->kind != IMAGE_WIM)
		return;
	warn_route(c, &teller);
	warn_drivers(c, &teller);
	warn_system(c, &teller);
}
