#include "config.h"

#include "tools/wimprep/inspect.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WIMBOOT_CHUNK 32768

const struct inspect_file inspect_files[] = {
	{ "/Windows/Boot/PXE/bootmgr.exe", 0, "BIOS" },
	{ "/Windows/Boot/DVD/PCAT/BCD", 0, "BIOS" },
	{ "/Windows/Boot/DVD/PCAT/boot.sdi", 0, "BIOS" },
	{ "/Windows/System32/winload.exe", 0, "BIOS" },
	{ "/Windows/Boot/EFI/bootmgfw.efi", 0, "UEFI" },
	{ "/Windows/Boot/DVD/EFI/BCD", 0, "UEFI" },
	{ "/Windows/Boot/DVD/EFI/boot.sdi", 0, "UEFI" },
	{ "/Windows/System32/winload.efi", 0, "UEFI" },
	{ "/Windows/Boot/EFI/boot.stl", 26100, "UEFI" },
	{ 0 },
};

__attribute__((format(printf, 2, 3))) static bool refuse(char why[static WIM_WHY],
							 const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(why, WIM_WHY, format, ap);
	va_end(ap);
	return false;
}

bool inspect_readable(const struct wim_facts *f, char why[static WIM_WHY])
{
	if (f->parts > 1)
		return refuse(why,
			      "is part %u of %u, and wimboot reads one file; join them: "
			      "wimlib-imagex join NEW.wim *.swm",
			      f->part, f->parts);
	if (f->unfinished)
		return refuse(why, "was left half written; take it from the media again");
	if (f->solid)
		return refuse(why,
			      "is solid (an ESD), which wimboot cannot read; export it: "
			      "wimlib-imagex export FILE all NEW.wim --compress=LZX "
			      "--chunk-size=32K");
	if (f->pack == WIM_LZMS)
		return refuse(why,
			      "is compressed by LZMS, which wimboot cannot read; export "
			      "it: wimlib-imagex export FILE all NEW.wim --compress=LZX "
			      "--chunk-size=32K");
	if (f->pipable)
		return refuse(why, "is pipable, which wimboot cannot read; rebuild it: "
				   "wimlib-imagex optimize FILE --not-pipable");
	if (f->pack != WIM_PLAIN && f->chunk_octets != WIMBOOT_CHUNK)
		return refuse(why,
			      "is compressed in chunks of %u KiB, and wimboot reads 32; "
			      "compress it anew: wimlib-imagex optimize FILE "
			      "--recompress --chunk-size=32K",
			      f->chunk_octets / 1024);
	return true;
}

bool inspect_image(const struct wim_facts *f, unsigned asked, unsigned *image,
		   char why[static WIM_WHY])
{
	if (!f->images)
		return refuse(why, "holds no image");
	if (asked > f->images)
		return refuse(why, "has no image %u, the last is %u", asked, f->images);
	*image = asked ? asked : f->boot_index ? f->boot_index : f->images == 1 ? 1 : 0;
	if (*image)
		return true;
	return refuse(why,
		      "has no boot index, and %u images; say which shall boot: --index=N "
		      "(of Windows media 2 is Setup, 1 is plain Windows PE)",
		      f->images);
}

static enum driver_arch arch_of(const char *text)
{
	static const struct {
		const char *number;
		enum driver_arch arch;
	} arches[] = {
		{ "0", DRIVER_X86 },
		{ "5", DRIVER_ARM },
		{ "9", DRIVER_AMD64 },
		{ "12", DRIVER_ARM64 },
	};

	for (size_t i = 0; i < sizeof(arches) / sizeof(arches[0]); i++)
		if (strcmp(text, arches[i].number) == 0)
			return arches[i].arch;
	return DRIVER_ANY_ARCH;
}

struct driver_target inspect_target(const struct wim *w, unsigned image)
{
	const char *build = wim_text(w, image, "WINDOWS/VERSION/BUILD");

	return (struct driver_target){
		.build = (unsigned)strtoul(build, NULL, 10),
		.arch = arch_of(wim_text(w, image, "WINDOWS/ARCH")),
	};
}

enum driver_product inspect_product(const struct wim *w)
{
	unsigned server = 0, client = 0;

	for (unsigned i = 1; i <= wim_facts(w)->images; i++) {
		const char *type = wim_text(w, i, "WINDOWS/INSTALLATIONTYPE");

		server += strncmp(type, "Server", 6) == 0;
		client += strcmp(type, "Client") == 0;
	}
	return server && !client   ? DRIVER_SERVER
	       : client && !server ? DRIVER_CLIENT
				   : DRIVER_ANY_PRODUCT;
}
