#include "config.h"

#include "tools/bootweb/boot_face.h"

static const struct route routes[] = {
	{ WEB_GET, "/boot.ipxe", boot_entry, 0 },
	{ WEB_GET, "/boot/*", boot_machine, 0 },
	{ WEB_ONLY_GET | WEB_POST, "/j/*/report", job_report, 0 },
	{ WEB_POST, "/j/*/disks", job_disks, 0 },
	{ WEB_GET, "/j/*/*", job_artefact, 0 },
	{ WEB_GET, "/images/**", files_images, 0 },
	{ WEB_GET, "/deploy/**", files_deploy, 0 },
	{ WEB_GET, "/loader/**", files_loader, 0 },
	{ WEB_GET, "/healthz", health, 0 },
};

const struct face boot_face = {
	.name = "boot",
	.service = "bootweb",
	.route = routes,
	.routes = sizeof(routes) / sizeof(routes[0]),
	.done = files_done,
};

enum MHD_Result unavailable(struct web_request *r)
{
	return web_say(r, MHD_HTTP_SERVICE_UNAVAILABLE, "not now; ask again");
}
