/* What the routes of pxekit.conf want, and what Debian's packages have of it. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tools/imgctl/loaders.h"

static const unsigned archs[] = { 0, 7, 11 };

/* Debian's names of what the routes call otherwise. */
static const struct {
	enum boot_route route; /* ROUTE_UNSAID: any without Secure Boot */
	const char *file, *path;
} sources[] = {
	{ ROUTE_UNSAID, "undionly.kpxe", "/usr/lib/ipxe/undionly.kpxe" },
	{ ROUTE_UNSAID, "snponly.efi", "/usr/lib/ipxe/snponly.efi" },
	{ ROUTE_UNSAID, "ipxe.efi", "/usr/lib/ipxe/ipxe.efi" },
	{ ROUTE_UNSAID, "ipxe-arm64.efi", "/usr/lib/ipxe/ipxe-arm64.efi" },
	{ ROUTE_UNSAID, "ipxe-arm64.efi", "/usr/lib/ipxe/snponly-arm64.efi" },
	{ ROUTE_SHIM_GRUB, "shimx64.efi", "/usr/lib/shim/shimx64.efi.signed" },
	{ ROUTE_SHIM_GRUB, "grubx64.efi",
	  "/usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed" },
	{ ROUTE_SHIM_GRUB, "shimaa64.efi", "/usr/lib/shim/shimaa64.efi.signed" },
	{ ROUTE_SHIM_GRUB, "grubaa64.efi",
	  "/usr/lib/grub/arm64-efi-signed/grubnetaa64.efi.signed" },
};

static const char *base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool is_secure(enum boot_route route)
{
	return route == ROUTE_IPXE_SHIM || route == ROUTE_SHIM_GRUB ||
	       route == ROUTE_BOOTMGFW;
}

static const char *source_of(const struct want *w)
{
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		if (strcmp(sources[i].file, base(w->file)) != 0 ||
		    (sources[i].route ? sources[i].route != w->route : w->secure))
			continue;
		if (access(sources[i].path, R_OK) == 0)
			return sources[i].path;
	}
	return NULL;
}

static bool is_used(const struct conf *conf, enum boot_route route)
{
	for (size_t i = 0; i < conf->networks; i++)
		if (conf->network[i].route == route ||
		    (!conf->network[i].route && route == ROUTE_IPXE))
			return true;
	for (size_t i = 0; i < conf->platforms; i++)
		if (conf->platform[i].route == route)
			return true;
	for (size_t i = 0; i < conf->machines; i++)
		if (conf->machine[i].route == route)
			return true;
	return false;
}

/* A URL is served by somebody else; a BCD is nothing that firmware starts. */
static size_t add(struct want *out, const struct want *like, const char *file,
		  bool second)
{
	if (!*file || strstr(file, "://"))
		return 0;
	*out = *like;
	out->file = file;
	out->second = second;
	out->secure = is_secure(like->route) && like->arch != 0 &&
		      strcmp(base(file), "BCD") != 0;
	out->source = source_of(out);
	return 1;
}

size_t wants(const struct conf *conf, struct want out[static WANTS_MAX])
{
	size_t n = 0;

	for (enum boot_route route = ROUTE_UNSAID + 1; route < ROUTES; route++)
		for (size_t i = 0; i < sizeof(archs) / sizeof(archs[0]); i++) {
			const struct conf_loader *l =
				conf_loader_on(conf, route, archs[i]);
			struct want like = { .route = route,
					     .arch = archs[i],
					     .used = is_used(conf, route) };

			if (!l)
				continue;
			n += add(&out[n], &like, l->file, false);
			n += add(&out[n], &like, l->second, true);
		}
	return n;
}

const char *want_firmware(unsigned arch)
{
	return arch == 0 ? "BIOS" : arch == 7 ? "UEFI x86-64" : "UEFI ARM64";
}

bool want_suits(const struct want *want, const struct loader *loader)
{
	uint16_t machine = want->arch == 7 ? PE_X86_64 : PE_ARM64;

	if (loader->is_hive || strcmp(base(want->file), "BCD") == 0)
		return loader->is_hive && strcmp(base(want->file), "BCD") == 0;
	if (want->arch == 0)
		return !loader->is_pe || !loader->program.efi || loader->is_linux;
	return loader->is_pe && loader->program.efi && loader->program.machine == machine;
}

/* The name that routes use: without .signed, and GRUB's for the network is GRUB. */
static void usual_name(const char *path, char out[static 256])
{
	size_t len = (size_t)snprintf(out, 256, "%s", base(path));

	if (len > 7 && len < 256 && strcmp(out + len - 7, ".signed") == 0)
		out[len - 7] = '\0';
	if (strcmp(out, "grubnetx64.efi") == 0)
		snprintf(out, 256, "grubx64.efi");
	if (strcmp(out, "grubnetaa64.efi") == 0)
		snprintf(out, 256, "grubaa64.efi");
}

void want_place(const struct conf *conf, const char *path, const struct loader *loader,
		char out[static 256])
{
	struct want list[WANTS_MAX];
	size_t n = wants(conf, list);

	usual_name(path, out);
	for (size_t i = 0; i < n; i++)
		if (strcmp(base(list[i].file), out) == 0 &&
		    want_suits(&list[i], loader) &&
		    (!list[i].secure || loader->program.signatures)) {
			snprintf(out, 256, "%s", list[i].file);
			return;
		}
}
