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
#define READS(which) (1u << IMAGE_##which)
#define INSTALLERS (READS(PRESEED) | READS(AUTOINSTALL) | READS(KICKSTART))
#define YAML "text/yaml; charset=utf-8"
#define XML "application/xml; charset=utf-8"
#define PLAIN "text/plain; charset=utf-8"

const struct artefact artefacts[] = {
	{ "boot.ipxe", "boot.ipxe", PLAIN, "what every machine runs first", 0, false, 0 },
	{ "local.ipxe", "local.ipxe", PLAIN, "boots from the machine's own disk", 0,
	  false, 0 },
	{ "menu.ipxe", "menu.ipxe", PLAIN, "the menu, with a time-out", 0, false, 0 },
	{ "medium.ipxe", "medium.ipxe", PLAIN, "what a boot medium runs", 0, false, 0 },
	{ "install.ipxe", "install.ipxe", PLAIN, "loads the deployment environment",
	  ROOTFS, false, 0 },
	{ "linux.ipxe", "linux.ipxe", PLAIN, "loads an image's own kernel", LINUX, false,
	  0 },
	{ "deploy.conf", "deploy.conf", PLAIN, "what the environment shall do", ROOTFS,
	  false, 0 },
	{ "account.conf", "account.conf", PLAIN, "the hash of the account's password",
	  ROOTFS, true, 0 },
	{ "windows.ipxe", "windows.ipxe", PLAIN, "starts Windows PE by wimboot", WINDOWS,
	  false, 0 },
	{ "efi.ipxe", "efi.ipxe", PLAIN, "starts a program for UEFI", EFI, false, 0 },
	{ "iso.ipxe", "iso.ipxe", PLAIN, "starts a disc from the network", ISO, false,
	  0 },
	{ "winpeshl.ini", "winpeshl.ini", PLAIN, "what Windows PE runs", WINDOWS, false,
	  0 },
	{ "winpe.cmd", "winpe.cmd", PLAIN, "fetches the job's files without wimboot",
	  WINDOWS, false, 0 },
	{ "install.cmd", "install.cmd", PLAIN, "installs Windows, in Windows PE", WINDOWS,
	  false, 0 },
	{ "disk-uefi.txt", "disk-uefi.diskpart", PLAIN, "partitions for UEFI", WINDOWS,
	  false, 0 },
	{ "disk-bios.txt", "disk-bios.diskpart", PLAIN, "partitions for BIOS", WINDOWS,
	  false, 0 },
	{ "unattend.xml", "unattend.xml", XML, "what Windows asks at its first boot",
	  WINDOWS, true, 0 },
	{ "SetupComplete.cmd", "SetupComplete.cmd", PLAIN,
	  "what is left to do at the first boot of Windows", WINDOWS, false, 0 },
	{ "ErrorHandler.cmd", "ErrorHandler.cmd", PLAIN,
	  "what tells that Windows Setup failed", WINDOWS, false, 0 },
	{ "agent.cmd", "agent.cmd", PLAIN, "where the agent is, and what it is given",
	  WINDOWS, true, 0 },
	{ "smb.cmd", "smb.cmd", PLAIN, "the share of the images, and its password",
	  WINDOWS, true, 0 },
	{ "preseed.cfg", "preseed.preseed", PLAIN, "answers for Debian's installer",
	  LINUX, false, READS(PRESEED) },
	{ "ks.cfg", "ks.kickstart", PLAIN, "answers for Anaconda", LINUX, false,
	  READS(KICKSTART) },
	{ "user-data", "user-data.yaml", YAML,
	  "answers for cloud-init and Ubuntu's installer", LINUX, false,
	  READS(AUTOINSTALL) | READS(CLOUD_INIT) },
	{ "meta-data", "meta-data.yaml", YAML, "which machine this is, for cloud-init",
	  LINUX, false, READS(AUTOINSTALL) | READS(CLOUD_INIT) },
	{ "vendor-data", "vendor-data.yaml", YAML, "nothing, as cloud-init asks for it",
	  LINUX, false, READS(AUTOINSTALL) | READS(CLOUD_INIT) },
	{ "installer.sh", "installer.sh", PLAIN, "what an installer runs for us", LINUX,
	  false, INSTALLERS },
	{ "list-disks.sh", "list-disks.sh", PLAIN, "how an installer lists its disks",
	  LINUX, false, INSTALLERS },
	{ "firstboot.sh", "firstboot.sh", PLAIN, "what reports from the first boot",
	  LINUX, false, INSTALLERS },
	{ "firstboot.unit", "firstboot.txt", PLAIN, "what starts that", LINUX, false,
	  INSTALLERS },
	{ "grub.cfg", "grub.cfg", PLAIN, "the menu for GRUB", 0, false, 0 },
	{ "pxelinux.cfg", "menu.pxelinux", PLAIN, "the menu for PXELINUX", 0, false, 0 },
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
