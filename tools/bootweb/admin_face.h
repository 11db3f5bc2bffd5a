/*
 * admin_face - what people and their programs may ask: the dashboard, the JSON
 * API under /api/v1, metrics.  The routes are one table, admin_routes[]: the
 * door, the OpenAPI document and the test of roles are made from it.
 *
 * A handler begins with admin_enter() or admin_enter_writer() and ends with
 * admin_leave(); what it wrote stays after admin_keep() alone.
 */
#pragma once

#include "lib/core/role.h"
#include "tools/bootweb/site.h"
#include "tools/bootweb/web.h"

extern const struct face admin_face;

#define ADMIN_CSRF 65 /* 64 hex digits and a NUL */
#define ADMIN_ACTOR 128

enum admin_by {
	ADMIN_BY_FRONT,   /* a front server says who */
	ADMIN_BY_SESSION, /* the cookie of somebody who signed in here */
	ADMIN_BY_TOKEN,   /* a program's token */
};

/* Who asks, and the open database. */
struct admin_visit {
	struct site_visit site; /* site.conf, site.serve */
	struct store *store;    /* site.serve.store */
	enum admin_by by;
	char user[JOB_NAME];
	char actor[ADMIN_ACTOR]; /* what goes into the database: the user */
	unsigned rights;         /* of enum role_right */
	char csrf[ADMIN_CSRF];   /* for the field "csrf" of a form, or X-CSRF-Token */
	enum MHD_Result result;  /* of the answer, where entering is refused */
};

/*
 * Finds out who asks, whether that is enough for route->need, and for methods
 * that change something whether the request is meant; false: it is answered
 * already (401, 403, 503, or on pages a way to the sign-in), return
 * visit->result.
 */
bool admin_enter(struct web_request *request, struct admin_visit *visit);
bool admin_enter_writer(struct web_request *request, struct admin_visit *visit);
void admin_leave(struct admin_visit *visit);

/* Not STORE_DONE: nothing of it stays. */
enum store_result admin_keep(struct admin_visit *visit);

static inline bool admin_may(const struct admin_visit *visit, enum role_right right)
{
	return visit->rights & right;
}

/* Whether a program asks, which wants JSON for an answer, and not a page. */
bool admin_is_api(const struct web_request *request);

/* To another page, by GET. */
enum MHD_Result admin_see_other(struct web_request *request, const char *where);

/* files.c */
enum MHD_Result files_www(struct web_request *request);

/* api_*.c */
enum MHD_Result api_me(struct web_request *request);
