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
#include "lib/store/accounts.h"
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
	char actor[ADMIN_ACTOR];   /* what goes into the database: the user */
	unsigned rights;           /* of enum role_right */
	char session[65];          /* the digest of its cookie, or "" */
	bool used;                 /* which is to be put on record */
	struct access_token token; /* by ADMIN_BY_TOKEN */
	char csrf[ADMIN_CSRF];     /* for the field "csrf" of a form, or X-CSRF-Token */
	enum MHD_Result result;    /* of the answer, where entering is refused */
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

/* Whether a session or token that was let in still would be, for ROLE_VIEW. */
bool admin_holds_still(const struct admin_visit *was, const struct site_visit *now);

static inline bool admin_may(const struct admin_visit *visit, enum role_right right)
{
	return visit->rights & right;
}

/* Whether a program asks, which wants JSON for an answer, and not a page. */
bool admin_is_api(const struct web_request *request);

/* The same before the body is there: who asks, and whether that is enough. */
bool admin_admit(struct web_request *request, enum MHD_Result *result);

/* Whether the visitor has a right besides the route's; false: it is answered, by 403. */
bool admin_need(struct web_request *request, struct admin_visit *visit,
		enum role_right right, enum MHD_Result *result);

/* To another page, by GET. */
enum MHD_Result admin_see_other(struct web_request *request, const char *where);

/* The fields of a form that was posted; false if it cannot be read. */
bool admin_read_form(struct web_request *request);

/* Whether the browser says that a page of ours sent this. */
bool admin_is_same_site(const struct web_request *request);

/*
 * The same of a form that nothing else vouches for: over plain HTTP a browser does not
 * say so, but where the page was.
 */
bool admin_is_own_form(const struct web_request *request);

/* The cookie of this browser's session, or NULL. */
const char *admin_cookie(const struct web_request *request);

/* By TLS no other host of the domain, and no plain connection, can set this one. */
const char *admin_cookie_name(const struct web_request *request);

/* The client's, where a front server that we believe says it. */
void admin_take_address(struct web_request *request, const struct conf_admin *conf);

/* Whether a front server that we believe got it by TLS. */
bool admin_is_sealed_before(const struct web_request *request);

/* admin_login.c */
enum MHD_Result admin_sign_in_page(struct web_request *request);
enum MHD_Result admin_sign_in(struct web_request *request);
enum MHD_Result admin_sign_out(struct web_request *request);

/*
 * Whether the password is that of the account, which is read; the status of the answer,
 * 200 if it is, with a sentence for all others.
 */
#define ADMIN_WHY 128
unsigned admin_password(struct web_request *request, const char *user,
			const char *password, struct account *out, unsigned *minutes,
			char why[static ADMIN_WHY]);

/* The same for the token that comes with it, without an account: 200, 401 or 429. */
unsigned admin_token(struct web_request *request, struct store *store,
		     struct access_token *out, char why[static ADMIN_WHY]);

/* register.c */
enum MHD_Result register_script(struct web_request *request);
enum MHD_Result register_machine(struct web_request *request);

/* files.c */
enum MHD_Result files_www(struct web_request *request);
