#include "config.h"

#include "tools/bootweb/admin_face.h"

#include <stdio.h>
#include <string.h>

#include "tools/bootweb/admin_json.h"
#include "tools/bootweb/api.h"
#include "tools/bootweb/page.h"

static const struct route routes[] = {
	{ WEB_GET, "/static/*", files_www, 0 },
	{ WEB_GET, "", page_jobs, ROLE_VIEW },
	{ WEB_GET, "/jobs/new", page_job_new, ROLE_QUEUE },
	{ WEB_POST, "/jobs", page_job_post, ROLE_QUEUE },
	{ WEB_GET, "/jobs/*", page_job, ROLE_VIEW },
	{ WEB_GET, "/jobs/*/edit", page_job_edit, ROLE_QUEUE },
	{ WEB_POST, "/jobs/*/edit", page_job_change, ROLE_QUEUE },
	{ WEB_POST, "/jobs/*/*", page_job_move, ROLE_QUEUE },
	{ WEB_GET, "/jobs/*/files/*", page_job_file, ROLE_VIEW },
	{ WEB_GET, "/new", page_devices, ROLE_VIEW },
	{ WEB_GET, "/machines", page_machines, ROLE_VIEW },
	{ WEB_GET, "/machines/*", page_machine, ROLE_VIEW },
	{ WEB_POST, "/machines/*/again", page_machine_again, ROLE_QUEUE },
	{ WEB_POST, "/machines/*/*", page_machine_move, ROLE_QUEUE },
	{ WEB_GET, "/images", page_images, ROLE_VIEW },
	{ WEB_POST, "/images/*/*/current", page_image_current, ROLE_EDIT },
	{ WEB_GET, "/networks", page_networks, ROLE_VIEW },
	{ WEB_GET, "/stats", page_stats, ROLE_VIEW },
	{ WEB_GET, "/audit", page_audit, ROLE_AUDIT },
	{ WEB_GET, "/sign-in", admin_sign_in_page, 0 },
	{ WEB_POST, "/sign-in", admin_sign_in, 0 },
	{ WEB_POST, "/sign-out", admin_sign_out, 0 },
	{ WEB_GET, "/register.ipxe", register_script, 0 },
	{ WEB_GET, "/register", register_machine, 0 },
};

/* What a browser is to keep to; nothing of ours needs more. */
static const struct {
	const char *name, *value;
} dress_of_all[] = {
	{ "Content-Security-Policy",
	  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
	  "connect-src 'self'; form-action 'self'; base-uri 'none'; "
	  "frame-ancestors 'none'" },
	{ "X-Content-Type-Options", "nosniff" },
	{ "X-Frame-Options", "DENY" },
	{ "Referrer-Policy", "same-origin" },
	{ "Cross-Origin-Opener-Policy", "same-origin" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
	{ "Permissions-Policy", "camera=(), geolocation=(), microphone=()" },
};

static void dress(struct web_request *r, struct MHD_Response *response)
{
	for (size_t i = 0; i < sizeof(dress_of_all) / sizeof(dress_of_all[0]); i++)
		MHD_add_response_header(response, dress_of_all[i].name,
					dress_of_all[i].value);
	if (r->sealed)
		MHD_add_response_header(response, "Strict-Transport-Security",
					"max-age=31536000");
}

/* The path may not have been read yet. */
static enum MHD_Result refuse(struct web_request *r, unsigned status, const char *why)
{
	if (strncmp(r->target, "/api/", 5) == 0 || admin_is_api(r))
		return admin_problem(r, status, "%s", why);
	return page_refuse(r, status, why);
}

const struct face admin_face = {
	.name = "admin",
	.service = "bootweb-admin",
	.route = routes,
	.routes = sizeof(routes) / sizeof(routes[0]),
	.more = api_more,
	.tick = api_stream_tick,
	.admit = admin_admit,
	.writes = true,
	.private = true,
	.dress = dress,
	.refuse = refuse,
};
