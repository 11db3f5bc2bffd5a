#include "config.h"

#include "lib/render/artefact.h"

#include <stdio.h>
#include <string.h>

#include "lib/render/artefact_find.h"
#include "lib/render/context.h"

#define ROOTFS (1u << IMAGE_ROOTFS)
#define LINUX (1u << IMAGE_LINUX)
#define WINDOWS (1u << IMAGE_WIM)
#define EFI (1u << IMAGE_EFI)
#define ISO (1u << IMAGE_ISO)
#define XML "application/xml; charset=utf-8"
#define PLAIN "text/plain; charset=utf-8"

const struct artefact artefacts[] = {
	{ "boot.ipxe", "boot.ipxe", PLAIN, "what every machine runs first", 0, false },
	{ "local.ipxe", "local.ipxe", PLAIN, "boots from the machine's own disk", 0,
	  false },
	{ "menu.ipxe", "menu.ipxe", PLAIN, "the menu, with a time-out", 0, false },
	{ "medium.ipxe", "medium.ipxe", PLAIN, "what a boot medium runs", 0, false },
	{ "install.ipxe", "install.ipxe", PLAIN, "loads the deployment environment",
	  ROOTFS, false },
	{ "linux.ipxe", "linux.ipxe", PLAIN, "loads an image's own kernel", LINUX,
	  false },
	{ "deploy.conf", "deploy.conf", PLAIN, "what the environment shall do", ROOTFS,
	  false },
	{ "account.conf", "account.conf", PLAIN, "the hash of the account's password",
	  ROOTFS, true },
	{ "windows.ipxe", "windows.ipxe", PLAIN, "starts Windows PE by wimboot", WINDOWS,
	  false },
	{ "efi.ipxe", "efi.ipxe", PLAIN, "starts a program for UEFI", EFI, false },
	{ "iso.ipxe", "iso.ipxe", PLAIN, "starts a disc from the network", ISO, false },
	{ "winpeshl.ini", "winpeshl.ini", PLAIN, "what Windows PE runs", WINDOWS, false },
	{ "winpe.cmd", "winpe.cmd", PLAIN, "fetches the job's files without wimboot",
	  WINDOWS, false },
	{ "install.cmd", "install.cmd", PLAIN, "installs Windows, in Windows PE", WINDOWS,
	  false },
	{ "disk-uefi.txt", "disk-uefi.diskpart", PLAIN, "partitions for UEFI", WINDOWS,
	  false },
	{ "disk-bios.txt", "disk-bios.diskpart", PLAIN, "partitions for BIOS", WINDOWS,
	  false },
	{ "unattend.xml", "unattend.xml", XML, "what Windows asks at its first boot",
	  WINDOWS, true },
	{ "SetupComplete.cmd", "SetupComplete.cmd", PLAIN,
	  "what is left to do at the first boot of Windows", WINDOWS, false },
	{ "ErrorHandler.cmd", "ErrorHandler.cmd", PLAIN,
	  "what tells that Windows Setup failed", WINDOWS, false },
	{ "agent.cmd", "agent.cmd", PLAIN, "where the agent is, and what it is given",
	  WINDOWS, true },
	{ "smb.cmd", "smb.cmd", PLAIN, "the share of the images, and its password",
	  WINDOWS, true },
	{ "grub.cfg", "grub.cfg", PLAIN, "the menu for GRUB", 0, false },
	{ "pxelinux.cfg", "menu.pxelinux", PLAIN, "the menu for PXELINUX", 0, false },
};

const size_t artefact_count = sizeof(artefacts) / sizeof(artefacts[0]);

const struct artefact *artefact_find(const char *name)
{
	for (size_t i = 0; i < artefact_count; i++)
		if (strcmp(artefacts[i].name, name) == 0)
			return &artefacts[i];
	return NULL;
}

bool artefact_has_menu(const struct artefact *which)
{
	static const char *const menus[] = { "menu.ipxe", "grub.cfg", "pxelinux.cfg" };

	for (size_t i = 0; i < sizeof(menus) / sizeof(menus[0]); i++)
		if (strcmp(menus[i], which->name) == 0)
			return true;
	return false;
}

const struct artefact *artefact_for(const struct plan *plan, const struct image *image)
{
	static const char *const scripts[PLAN_ACTIONS] = {
		[PLAN_LOCAL] = "local.ipxe",
		[PLAN_MENU] = "menu.ipxe",
	};
	static const char *const installers[IMAGE_KINDS] = {
		[IMAGE_ROOTFS] = "install.ipxe", [IMAGE_LINUX] = "linux.ipxe",
		[IMAGE_WIM] = "windows.ipxe",    [IMAGE_EFI] = "efi.ipxe",
		[IMAGE_ISO] = "iso.ipxe",
	};
	const char *name = scripts[plan->action];

	if (plan->action == PLAN_INSTALL)
		name = image ? installers[image->kind] : NULL;
	return name ? artefact_find(name) : NULL;
}

bool artefact_render(const struct artefact_facts *facts, const struct artefact *which,
		     char **out, size_t *len, bool *secret, char why[static ARTEFACT_WHY])
{
	struct artefact_found found;
	struct context context;
	bool ok;

	if (!artefact_find_template(facts, which, &found, why))
		return false;
	ok = context_fill(&context, facts, found.parts, why) &&
	     template_fill(found.template, &context.scope, out, len, why);
	*secret = which->secret || context.secret;
	context_free(&context);
	artefact_found_free(&found);
	return ok;
}
