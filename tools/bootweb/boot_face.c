#include "config.h"

#include "tools/bootweb/boot_face.h"

static const struct route routes[] = {
	{ WEB_GET, "/boot.ipxe", boot_entry },
	{ WEB_GET, "/boot/*", boot_machine },
	{ WEB_ONLY_GET | WEB_POST, "/j/*/report", job_report },
	{ WEB_POST, "/j/*/disks", job_disks },
	{ WEB_GET, "/j/*/*", job_artefact },
	{ WEB_GET, "/images/**", files_images },
	{ WEB_GET, "/deploy/**", files_deploy },
	{ WEB_GET, "/loader/**", files_loader },
	{ WEB_GET, "/healthz", health },
};

const struct face boot_face = {
	.name = "boot",
	.route = routes,
	.routes = sizeof(routes) / sizeof(routes[0]),
	.done = files_done,
};

enum MHD_Result unavailable(struct web_request *r)
{
	return web_say(r, MHD_HTTP_SERVICE_UNAVAILABLE, "not now; ask again");
}
