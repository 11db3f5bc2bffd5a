/* Signing in and out, where no front server says who people are. */
#include "config.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/store/accounts.h"
#include "lib/sys/now.h"
#include "tools/bootweb/admin_face.h"
#include "tools/bootweb/admin_throttle.h"
#include "tools/bootweb/events.h"
#include "tools/bootweb/page.h"
#include "tools/bootweb/proof.h"

/* Hashing takes memory and time: one at a time, and the others ask again. */
static pthread_mutex_t hashing = PTHREAD_MUTEX_INITIALIZER;

/* A token's hash takes little: the others wait, and all of them take one processor. */
static pthread_mutex_t proving = PTHREAD_MUTEX_INITIALIZER;

enum MHD_Result admin_sign_in_page(struct web_request *r)
{
	return page_sign_in(r, MHD_HTTP_OK, "");
}

/* ---- the cookie ---- */

static enum MHD_Result go(struct web_request *r, const char *where, const char *cookie,
			  unsigned seconds)
{
	struct MHD_Response *response =
		MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	char set[256];

	if (!response)
		return MHD_NO;
	snprintf(set, sizeof(set),
		 "%s=%s; Path=/; Max-Age=%u; HttpOnly; SameSite=Strict%s",
		 admin_cookie_name(r), cookie, seconds,
		 r->sealed || admin_is_sealed_before(r) ? "; Secure" : "");
	MHD_add_response_header(response, MHD_HTTP_HEADER_SET_COOKIE, set);
	MHD_add_response_header(response, MHD_HTTP_HEADER_LOCATION, where);
	MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	return web_queue(r, MHD_HTTP_SEE_OTHER, response);
}

/* ---- signing in ---- */

static void refusal(const struct web_request *r, const char *user, const char *what)
{
	struct event ev = events_about(r, EVENT_REFUSED);

	snprintf(ev.actor, sizeof(ev.actor), "%s", user);
	snprintf(ev.text, sizeof(ev.text), "sign-in: %s", what);
	events_send_limited(&ev, EVENTS_REFUSALS);
}

static unsigned wait(struct web_request *r, const char *user, int64_t ms,
		     char why[static ADMIN_WHY])
{
	refusal(r, user, "too many failures");
	ms = ms / 1000 + 1;
	snprintf(why, ADMIN_WHY, "Too many failures: wait for %" PRId64 " seconds.", ms);
	return MHD_HTTP_TOO_MANY_REQUESTS;
}

static bool find_account(struct web_request *r, const char *user, struct account *out,
			 unsigned *minutes)
{
	struct site_visit visit;

	*out = (struct account){ 0 };
	if (!site_enter_store(r->site, &visit))
		return false;
	store_account(visit.serve.store, user, out);
	admin_take_address(r, &visit.conf->admin);
	*minutes = visit.conf->admin.session_min;
	site_leave(&visit);
	return true;
}

/* That of the cookie, whosever it was. */
static enum store_result end_session(const struct web_request *r, struct store *store)
{
	const char *cookie = admin_cookie(r);
	char digest[CREDENTIAL_DIGEST];

	if (!cookie || !credential_digest(cookie, digest))
		return STORE_DONE;
	return store_session_remove(store, digest);
}

static enum MHD_Result begin_session(struct web_request *r, const char *user,
				     unsigned minutes)
{
	char text[CREDENTIAL_SECRET], digest[CREDENTIAL_DIGEST];
	enum store_result result;
	struct site_visit visit;

	if (!credential_draw(text) || !credential_digest(text, digest) ||
	    !site_enter_writer(r->site, &visit))
		return page_sign_in(r, MHD_HTTP_SERVICE_UNAVAILABLE,
				    "Not now: try again.");
	result = end_session(r, visit.serve.store);
	if (result == STORE_DONE)
		result = store_session_add(visit.serve.store, digest, user,
					   now_ms() + (int64_t)minutes * 60000);
	if (result == STORE_DONE)
		result = site_keep(&visit);
	site_leave(&visit);
	if (result != STORE_DONE)
		return page_sign_in(r, MHD_HTTP_SERVICE_UNAVAILABLE,
				    "Not now: try again.");
	return go(r, "/", text, minutes * 60);
}

static unsigned not_now(const char *sentence, char why[static ADMIN_WHY])
{
	snprintf(why, ADMIN_WHY, "%s", sentence);
	return MHD_HTTP_SERVICE_UNAVAILABLE;
}

unsigned admin_password(struct web_request *r, const char *user, const char *password,
			struct account *out, unsigned *minutes,
			char why[static ADMIN_WHY])
{
	int64_t ms, more;
	bool holds;

	if (!find_account(r, user, out, minutes))
		return not_now("Not now: try again.", why);
	ms = throttle_wait_ms(THROTTLE_ADDRESS, r->address);
	more = throttle_wait_ms(THROTTLE_ACCOUNT, user);
	if (ms || more)
		return wait(r, user, ms > more ? ms : more, why);
	if (pthread_mutex_trylock(&hashing) != 0)
		return not_now("Others sign in just now: try again.", why);
	holds = credential_password_holds(out->password, password);
	pthread_mutex_unlock(&hashing);
	if (holds) {
		throttle_succeeded(THROTTLE_ADDRESS, r->address);
		throttle_succeeded(THROTTLE_ACCOUNT, user);
		return MHD_HTTP_OK;
	}
	throttle_failed(THROTTLE_ADDRESS, r->address);
	throttle_failed(THROTTLE_ACCOUNT, user);
	refusal(r, user, "wrong user or password");
	snprintf(why, ADMIN_WHY, "Wrong user or password.");
	return MHD_HTTP_UNAUTHORIZED;
}

/* ---- tokens of programs ---- */

/* No count for each token: who guesses at one must not shut it out. */
static unsigned prove(struct web_request *r, const struct access_token *token,
		      const char *text, const char *secret, char why[static ADMIN_WHY])
{
	int64_t now = now_monotonic_ms(), ms;
	char name[32];
	bool holds;

	if (proof_holds(token->secret, text, now))
		return MHD_HTTP_OK;
	snprintf(name, sizeof(name), "token %" PRId64, token->id);
	ms = throttle_wait_ms(THROTTLE_ADDRESS, r->address);
	if (ms)
		return wait(r, name, ms, why);
	pthread_mutex_lock(&proving);
	holds = credential_secret_holds(token->secret, secret);
	pthread_mutex_unlock(&proving);
	if (holds) {
		proof_keep(token->secret, text, now);
		return MHD_HTTP_OK;
	}
	throttle_failed(THROTTLE_ADDRESS, r->address);
	refusal(r, name, "wrong token");
	return MHD_HTTP_UNAUTHORIZED;
}

unsigned admin_token(struct web_request *r, struct store *store, struct access_token *out,
		     char why[static ADMIN_WHY])
{
	const char *said = web_header(r, MHD_HTTP_HEADER_AUTHORIZATION), *secret;
	int64_t id;

	if (!said || strncasecmp(said, "Bearer ", 7) != 0)
		return MHD_HTTP_UNAUTHORIZED;
	secret = credential_token_parse(said + 7, &id);
	if (!secret || store_token(store, id, out) != STORE_DONE ||
	    (out->expires_ms && out->expires_ms <= now_ms()))
		return MHD_HTTP_UNAUTHORIZED;
	return prove(r, out, said + 7, secret, why);
}

/* ---- the form ---- */

static enum MHD_Result sign_in(struct web_request *r, const char *user,
			       const char *password)
{
	struct account account;
	unsigned minutes, status;
	char why[ADMIN_WHY];

	status = admin_password(r, user, password, &account, &minutes, why);
	if (status != MHD_HTTP_OK)
		return page_sign_in(r, status, why);
	return begin_session(r, account.name, minutes);
}

enum MHD_Result admin_sign_in(struct web_request *r)
{
	const char *user, *password;

	if (url_field(&r->form, "password"))
		return page_sign_in(
			r, MHD_HTTP_BAD_REQUEST,
			"A password in an address would be in logs: change it.");
	if (!admin_read_form(r))
		return page_sign_in(r, MHD_HTTP_BAD_REQUEST, "The form cannot be read.");
	if (!admin_is_own_form(r))
		return page_sign_in(r, MHD_HTTP_FORBIDDEN,
				    "This form came from another site.");
	user = url_field(&r->form, "user");
	password = url_field(&r->form, "password");
	if (!user || !password || strlen(user) >= JOB_NAME || strlen(password) > 1024)
		return page_sign_in(r, MHD_HTTP_BAD_REQUEST,
				    "A user and a password are wanted.");
	return sign_in(r, user, password);
}

enum MHD_Result admin_sign_out(struct web_request *r)
{
	struct admin_visit v;

	if (!admin_enter_writer(r, &v))
		return v.result;
	if (end_session(r, v.store) == STORE_DONE)
		admin_keep(&v);
	admin_leave(&v);
	return go(r, "/sign-in", "", 0);
}
