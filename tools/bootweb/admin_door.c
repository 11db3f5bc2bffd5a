/* The one door of the admin face: who asks, and whether that is enough. */
#include "config.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "lib/store/accounts.h"
#include "lib/sys/conf_role.h"
#include "lib/sys/conf_value.h"
#include "lib/sys/now.h"
#include "tools/bootweb/admin_face.h"
#include "tools/bootweb/admin_json.h"
#include "tools/bootweb/page.h"

#define GROUPS 512 /* of one user: directories put groups into groups */
#define GROUPS_TEXT 8192
#define MINUTE_MS 60000

bool admin_is_api(const struct web_request *r)
{
	return r->path.count > 0 && (strcmp(r->path.segment[0], "api") == 0 ||
				     strcmp(r->path.segment[0], "metrics") == 0);
}

enum MHD_Result admin_see_other(struct web_request *r, const char *where)
{
	struct MHD_Response *response =
		MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);

	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, MHD_HTTP_HEADER_LOCATION, where);
	MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	return web_queue(r, MHD_HTTP_SEE_OTHER, response);
}

/* ---- a front server's word ---- */

static bool is_front(const struct web_request *r, const struct conf_admin *conf)
{
	if (r->on_socket)
		return true;
	for (size_t i = 0; i < conf->fronts; i++)
		if (r->ipv4 && conf->front[i] == r->ipv4)
			return true;
	return false;
}

/* The client's address, for the records; the front server's own where it says none. */
void admin_take_address(struct web_request *r, const struct conf_admin *conf)
{
	const char *real = web_header(r, "X-Real-IP");
	unsigned char octets[sizeof(struct in6_addr)];

	if (is_front(r, conf) && real &&
	    (inet_pton(AF_INET, real, octets) == 1 ||
	     inet_pton(AF_INET6, real, octets) == 1))
		snprintf(r->address, sizeof(r->address), "%s", real);
}

/* Cuts "a, b;c" in place; false if there are too many. */
static bool cut_groups(char *text, const char *out[GROUPS], size_t *count)
{
	char *rest = text, *word;

	*count = 0;
	while ((word = strsep(&rest, ",;"))) {
		word += strspn(word, " ");
		for (size_t n = strlen(word); n > 0 && word[n - 1] == ' '; n--)
			word[n - 1] = '\0';
		if (*word && *count == GROUPS)
			return false;
		if (*word)
			out[(*count)++] = word;
	}
	return true;
}

/*
 * Nobody is half of what he is: rights that got lost would be looked for elsewhere.  And
 * a front server that adds its field to the client's own has let somebody forge it.
 */
static unsigned by_front(struct web_request *r, struct admin_visit *v,
			 char why[static ADMIN_WHY])
{
	const struct conf_admin *conf = &v->site.conf->admin;
	const char *user, *said, *groups[GROUPS];
	char text[GROUPS_TEXT] = "", reason[CONF_WHY];
	size_t count;

	if (!*conf->user_header || !is_front(r, conf))
		return MHD_HTTP_UNAUTHORIZED;
	user = web_header(r, conf->user_header);
	if (web_header_twice(r, conf->user_header) ||
	    (*conf->groups_header && web_header_twice(r, conf->groups_header))) {
		snprintf(why, ADMIN_WHY, "the front server says twice who you are");
		return MHD_HTTP_BAD_REQUEST;
	}
	if (!user || !conf_value_person(user, reason))
		return MHD_HTTP_UNAUTHORIZED;
	said = *conf->groups_header ? web_header(r, conf->groups_header) : NULL;
	if ((said && snprintf(text, sizeof(text), "%s", said) >= (int)sizeof(text)) ||
	    !cut_groups(text, groups, &count)) {
		snprintf(why, ADMIN_WHY,
			 "you are in more groups than are read: %d, in %d octets", GROUPS,
			 GROUPS_TEXT - 1);
		return MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE;
	}
	snprintf(v->user, sizeof(v->user), "%s", user);
	v->rights = conf_rights_of(v->site.conf, user, groups, count);
	v->by = ADMIN_BY_FRONT;
	return MHD_HTTP_OK;
}

bool admin_is_sealed_before(const struct web_request *r)
{
	const char *proto = web_header(r, "X-Forwarded-Proto");

	return r->on_socket && proto && strcmp(proto, "https") == 0;
}

/* ---- what somebody has from here ---- */

static unsigned by_token(struct web_request *r, struct admin_visit *v,
			 char why[static ADMIN_WHY])
{
	unsigned status = admin_token(r, v->store, &v->token, why);

	if (status != MHD_HTTP_OK)
		return status;
	snprintf(v->user, sizeof(v->user), "%s", v->token.name);
	v->rights = conf_role_rights(v->site.conf, v->token.role);
	v->by = ADMIN_BY_TOKEN;
	return status;
}

/* A page that renews itself says "1" if nobody moved over it or typed since. */
static bool is_by_itself(const struct web_request *r)
{
	const char *live = web_header(r, "X-Live"), *accept = web_header(r, "Accept");

	return (live && strcmp(live, "1") == 0) ||
	       (accept && strcmp(accept, "text/event-stream") == 0);
}

const char *admin_cookie_name(const struct web_request *r)
{
	return r->sealed || admin_is_sealed_before(r) ? "__Host-pxekit-session"
						      : "pxekit-session";
}

const char *admin_cookie(const struct web_request *r)
{
	return MHD_lookup_connection_value(r->connection, MHD_COOKIE_KIND,
					   admin_cookie_name(r));
}

/* The last use is on record to the minute, which is granted. */
static int64_t idle_since(const struct conf *conf, int64_t now)
{
	return now - ((int64_t)conf->admin.session_idle_min + 1) * MINUTE_MS;
}

static bool by_session(struct web_request *r, struct admin_visit *v)
{
	const char *cookie = admin_cookie(r);
	int64_t now = now_ms(), used;
	struct account account;

	if (!cookie || !credential_digest(cookie, v->session) ||
	    store_session(v->store, v->session, now, idle_since(v->site.conf, now),
			  &account, &used) != STORE_DONE) {
		*v->session = '\0';
		return false;
	}
	v->used = now - used >= MINUTE_MS && !is_by_itself(r);
	snprintf(v->user, sizeof(v->user), "%s", account.name);
	v->rights = conf_role_rights(v->site.conf, account.role);
	v->by = ADMIN_BY_SESSION;
	return true;
}

/* A program says itself who it is; a browser is told by its front server, or by us. */
static unsigned know(struct web_request *r, struct admin_visit *v,
		     char why[static ADMIN_WHY])
{
	unsigned status = by_token(r, v, why);

	if (status == MHD_HTTP_UNAUTHORIZED)
		status = by_front(r, v, why);
	return status == MHD_HTTP_UNAUTHORIZED && by_session(r, v) ? MHD_HTTP_OK : status;
}

/* A front server's word is not heard again before the stream begins anew. */
bool admin_holds_still(const struct admin_visit *was, const struct site_visit *now)
{
	int64_t ms = now_ms(), used;
	struct store *store = now->serve.store;
	struct access_token token;
	struct account account;

	if (was->by == ADMIN_BY_FRONT)
		return true;
	if (was->by == ADMIN_BY_SESSION)
		return store_session(store, was->session, ms, idle_since(now->conf, ms),
				     &account, &used) == STORE_DONE &&
		       conf_role_rights(now->conf, account.role) & ROLE_VIEW;
	return store_token(store, was->token.id, &token) == STORE_DONE &&
	       strcmp(token.secret, was->token.secret) == 0 &&
	       (!token.expires_ms || token.expires_ms > ms) &&
	       conf_role_rights(now->conf, token.role) & ROLE_VIEW;
}

/* ---- whether the request is meant ---- */

static void make_csrf(struct admin_visit *v, const char *what)
{
	unsigned char hash[(ADMIN_CSRF - 1) / 2];
	char message[192];
	int len =
		snprintf(message, sizeof(message), "csrf:%d:%s:%s", v->by, v->user, what);

	crypto_generichash(hash, sizeof(hash), (const unsigned char *)message,
			   (unsigned long long)len, v->site.serve.key.octet,
			   sizeof(v->site.serve.key.octet));
	sodium_bin2hex(v->csrf, sizeof(v->csrf), hash, sizeof(hash));
}

static bool holds(const struct admin_visit *v, const char *said)
{
	return said && strlen(said) == ADMIN_CSRF - 1 &&
	       sodium_memcmp(said, v->csrf, ADMIN_CSRF) == 0;
}

bool admin_is_same_site(const struct web_request *r)
{
	const char *site = web_header(r, "Sec-Fetch-Site");

	return !site || strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0;
}

/* "http://host:80" and "host:80"; front servers leave out the port. */
static bool is_host_of(const char *origin, const char *host)
{
	const char *at = strstr(origin, "://");
	size_t len;

	if (!at || !host)
		return false;
	at += 3;
	len = *at == '[' ? strcspn(at, "]") + 1 : strcspn(at, ":");
	return strncasecmp(at, host, len) == 0 && (!host[len] || host[len] == ':');
}

bool admin_is_own_form(const struct web_request *r)
{
	const char *origin = web_header(r, "Origin");

	if (web_header(r, "Sec-Fetch-Site") || !origin)
		return admin_is_same_site(r);
	return is_host_of(origin, web_header(r, MHD_HTTP_HEADER_HOST));
}

/* A browser sends cookies, and what a front server asks for, with any site's forms. */
static bool is_meant(struct web_request *r, const struct admin_visit *v)
{
	if (r->method == WEB_GET || v->by == ADMIN_BY_TOKEN)
		return true;
	if (!admin_is_same_site(r))
		return false;
	return holds(v, web_header(r, "X-CSRF-Token")) ||
	       holds(v, url_field(&r->form, "csrf"));
}

/* A page's form is read here, so that its token is found. */
bool admin_read_form(struct web_request *r)
{
	const char *type = web_header(r, MHD_HTTP_HEADER_CONTENT_TYPE);
	const char *why;

	if (!type || strncasecmp(type, "application/x-www-form-urlencoded", 33) != 0)
		return true;
	return !r->body || url_form(r->body, r->body_len, &r->form, &why);
}

/* ---- entering ---- */

static enum MHD_Result refuse(struct web_request *r, unsigned status, const char *why)
{
	if (admin_is_api(r))
		return admin_problem(r, status, "%s", why);
	return page_refuse(r, status, why);
}

static enum MHD_Result ask_who(struct web_request *r)
{
	if (!admin_is_api(r) && r->method == WEB_GET)
		return admin_see_other(r, "/sign-in");
	return refuse(r, MHD_HTTP_UNAUTHORIZED, "sign in first, or send a token");
}

static enum MHD_Result lacks(struct web_request *r, const struct admin_visit *v,
			     unsigned right)
{
	char has[ROLE_TEXT], why[256];

	role_rights_format(v->rights, has);
	snprintf(why, sizeof(why), "this wants the right to %s; %s may: %s",
		 role_right_name((enum role_right)right), v->user, has);
	return refuse(r, MHD_HTTP_FORBIDDEN, why);
}

static bool may(struct web_request *r, struct admin_visit *v)
{
	char why[ADMIN_WHY];
	unsigned status = know(r, v, why);

	if (status == MHD_HTTP_UNAUTHORIZED)
		v->result = ask_who(r);
	else if (status != MHD_HTTP_OK)
		v->result = refuse(r, status, why);
	else if (r->route->need && !(v->rights & r->route->need))
		v->result = lacks(r, v, r->route->need);
	else
		return true;
	return false;
}

static enum MHD_Result not_meant(struct web_request *r)
{
	return refuse(r, MHD_HTTP_FORBIDDEN,
		      "the form is too old, or of another site: open the page again");
}

static bool check(struct web_request *r, struct admin_visit *v)
{
	bool meant;

	if (!admin_read_form(r)) {
		v->result = refuse(r, MHD_HTTP_BAD_REQUEST, "the form cannot be read");
		return false;
	}
	if (!may(r, v))
		return false;
	make_csrf(v, v->session);
	meant = is_meant(r, v);
	if (!meant)
		v->result = not_meant(r);
	return meant;
}

bool admin_need(struct web_request *r, struct admin_visit *v, enum role_right right,
		enum MHD_Result *result)
{
	if (!admin_may(v, right))
		*result = lacks(r, v, right);
	return admin_may(v, right);
}

static void take_store(struct admin_visit *v)
{
	v->store = v->site.serve.store;
	store_bound(v->store, &v->site.conf->sweep);
}

static bool open_door(struct web_request *r, struct admin_visit *v)
{
	*v = (struct admin_visit){ 0 };
	if (!site_enter_store(r->site, &v->site)) {
		v->result =
			refuse(r, MHD_HTTP_SERVICE_UNAVAILABLE,
			       "the database cannot be read; the server's log says why");
		return false;
	}
	take_store(v);
	admin_take_address(r, &v->site.conf->admin);
	return true;
}

/* Its body may have the token that says it is meant: that is looked at when it is here.
 */
bool admin_admit(struct web_request *r, enum MHD_Result *result)
{
	struct admin_visit v;
	bool good;

	if (!open_door(r, &v)) {
		*result = v.result;
		return false;
	}
	good = may(r, &v);
	if (good && v.by != ADMIN_BY_TOKEN && !admin_is_same_site(r)) {
		v.result = not_meant(r);
		good = false;
	}
	*result = good ? MHD_YES : v.result;
	admin_leave(&v);
	return good;
}

bool admin_enter(struct web_request *r, struct admin_visit *v)
{
	if (!open_door(r, v))
		return false;
	if (check(r, v)) {
		snprintf(v->actor, sizeof(v->actor), "%s", v->user);
		return true;
	}
	site_leave(&v->site);
	return false;
}

/* Nobody whom we do not know may make the others wait: the right comes first. */
bool admin_enter_writer(struct web_request *r, struct admin_visit *v)
{
	if (!admin_enter(r, v))
		return false;
	site_leave(&v->site);
	if (!site_enter_writer(r->site, &v->site)) {
		v->result = refuse(r, MHD_HTTP_SERVICE_UNAVAILABLE,
				   "the database cannot be written now; ask again");
		return false;
	}
	take_store(v);
	store_from(v->store, "bootweb", r->address);
	return true;
}

enum store_result admin_keep(struct admin_visit *v)
{
	return site_keep(&v->site);
}

/* Nobody waits for it: the next request may do it as well. */
static void note_use(struct site *site, const char *session)
{
	struct site_visit visit;

	if (!site_enter_writer_at_once(site, &visit))
		return;
	if (store_session_use(visit.serve.store, session, now_ms()) == STORE_DONE)
		site_keep(&visit);
	site_leave(&visit);
}

void admin_leave(struct admin_visit *v)
{
	struct site *site = v->site.site;

	site_leave(&v->site);
	if (v->used)
		note_use(site, v->session);
}
