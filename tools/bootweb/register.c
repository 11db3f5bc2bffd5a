/* A person at the prompt of iPXE adds the job of the machine that stands there. */
#include "config.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media/catalogue.h"
#include "lib/order/order.h"
#include "lib/sys/conf_role.h"
#include "tools/bootweb/admin_face.h"

#define PLAIN "text/plain; charset=utf-8"

/* ---- the script that asks ---- */

/* As iPXE has it from the URL; what could end a line of a script is none. */
static const char *host_of(const struct web_request *r)
{
	const char *host = web_header(r, MHD_HTTP_HEADER_HOST);
	size_t len = host ? strspn(host, "abcdefghijklmnopqrstuvwxyz"
					 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]")
			  : 0;

	return len && !host[len] ? host : NULL;
}

static void write_images(FILE *out, const struct catalogue_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->entry[i].current)
			fprintf(out, "item %s %s@%s\n", list->entry[i].name,
				list->entry[i].name, list->entry[i].version);
}

static void write_script(FILE *out, const char *scheme, const char *host,
			 const struct catalogue_list *list)
{
	fputs("#!ipxe\nlogin || exit 1\n:name\necho\necho -n Host name: ${}\n"
	      "clear hostname\nread hostname || exit 1\nmenu What shall ${mac} be?\n",
	      out);
	write_images(out, list);
	fprintf(out,
		"choose image || exit 1\n"
		"chain --autofree %s://${username:uristring}:${password:uristring}@%s"
		"/register?mac=${mac:hexhyp}&image=${image}"
		"&hostname=${hostname:uristring} || goto failed\n"
		"goto name\n"
		":failed\necho That was refused: is the password right?\nprompt ||\n"
		"exit 1\n",
		scheme, host);
}

enum MHD_Result register_script(struct web_request *r)
{
	bool sealed = r->sealed || admin_is_sealed_before(r);
	const char *host = host_of(r);
	struct catalogue_list list;
	char why[CATALOGUE_WHY], *text = NULL;
	struct site_visit visit;
	size_t len = 0;
	bool listed;
	FILE *out;

	if (!host)
		return web_say(r, MHD_HTTP_BAD_REQUEST, "bad request: no Host");
	if (!site_enter_store(r->site, &visit))
		return web_say(r, MHD_HTTP_SERVICE_UNAVAILABLE, "not now");
	listed = catalogue_list(visit.conf->images, NULL, &list, why);
	site_leave(&visit);
	if (!listed)
		return web_say(r, MHD_HTTP_SERVICE_UNAVAILABLE, "no images: %s", why);
	out = open_memstream(&text, &len);
	if (out)
		write_script(out, sealed ? "https" : "http", host, &list);
	catalogue_list_free(&list);
	if (!out || fclose(out) != 0) {
		free(text);
		return MHD_NO;
	}
	return web_give(r, MHD_HTTP_OK, PLAIN, text, len);
}

/* ---- the answer, a script again ---- */

/* What iPXE prints: one line in which nothing means anything to it. */
static void make_plain(char *text)
{
	for (; *text; text++)
		if (!isprint((unsigned char)*text) || strchr("$\\'\"|&#", *text))
			*text = '?';
}

static enum MHD_Result answer(struct web_request *r, unsigned status, char *sentence,
			      bool good)
{
	char *text = NULL;
	int len;

	make_plain(sentence);
	len = asprintf(&text, "#!ipxe\necho %s\nsleep %d ||\n%s", sentence, good ? 3 : 10,
		       good ? "exit 0\n" : "");
	if (len < 0)
		return MHD_NO;
	return web_give(r, status, PLAIN, text, (size_t)len);
}

static const char *reason(const struct order *o)
{
	for (size_t i = 0; i < o->notes; i++)
		if (!o->note[i].warning)
			return o->note[i].sentence;
	return "the database cannot be written now: try again";
}

/* iPXE shows what a script says, and of another status only the number. */
static enum MHD_Result add(struct web_request *r, struct site_visit *visit,
			   struct order *o, const char *user)
{
	struct order_site site = { .conf = visit->conf,
				   .store = visit->serve.store,
				   .key = visit->serve.key,
				   .has_key = visit->has_key };
	char text[ORDER_SENTENCE + PASSWORD_MADE + 64];
	bool good;

	store_from(site.store, "bootweb", r->address);
	good = !o->refused && order_settle(o, &site) &&
	       order_queue(o, &site, user) == STORE_DONE &&
	       site_keep(visit) == STORE_DONE;
	order_site_end(&site);
	if (good)
		snprintf(text, sizeof(text), "job %" PRId64 ": %s%s%s", o->job.id,
			 o->job.image,
			 *o->made ? "; Administrator's password, shown only now: " : "",
			 o->made);
	else
		snprintf(text, sizeof(text), "%s", reason(o));
	return answer(r, MHD_HTTP_OK, text, good);
}

static void say(struct web_request *r, struct order *o, const char *name)
{
	const char *value = url_field(&r->form, name);

	if (value && *value)
		order_say(o, name, value);
}

static enum MHD_Result order(struct web_request *r, const char *user)
{
	struct site_visit visit;
	struct order o = { 0 };
	enum MHD_Result result;

	if (!site_enter_writer(r->site, &visit))
		return web_say(r, MHD_HTTP_SERVICE_UNAVAILABLE, "not now");
	say(r, &o, "mac");
	say(r, &o, "image");
	say(r, &o, "hostname");
	result = add(r, &visit, &o, user);
	order_free(&o);
	site_leave(&visit);
	return result;
}

/* ---- who asks ---- */

static enum MHD_Result challenge(struct web_request *r)
{
	static const char text[] = "sign in first\n";
	struct MHD_Response *response = MHD_create_response_from_buffer(
		sizeof(text) - 1, (void *)(uintptr_t)text, MHD_RESPMEM_PERSISTENT);

	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE,
				"Basic realm=\"pxekit\"");
	return web_queue(r, MHD_HTTP_UNAUTHORIZED, response);
}

static bool may_queue(struct web_request *r, const struct account *account)
{
	struct site_visit visit;
	bool may;

	if (!site_enter_store(r->site, &visit))
		return false;
	may = conf_role_rights(visit.conf, account->role) & ROLE_QUEUE;
	site_leave(&visit);
	return may;
}

static enum MHD_Result as(struct web_request *r, const char *user, const char *password)
{
	struct account account;
	char why[ADMIN_WHY];
	unsigned minutes, status;

	status = admin_password(r, user, password, &account, &minutes, why);
	if (status == MHD_HTTP_UNAUTHORIZED)
		return challenge(r);
	if (status != MHD_HTTP_OK)
		return web_say(r, status, "%s", why);
	if (!may_queue(r, &account))
		return web_say(r, MHD_HTTP_FORBIDDEN, "this wants the right to queue");
	return order(r, account.name);
}

enum MHD_Result register_machine(struct web_request *r)
{
	char *password = NULL, *user;
	enum MHD_Result result;

	if (!admin_is_same_site(r))
		return web_say(r, MHD_HTTP_FORBIDDEN, "another site sent you here");
	user = MHD_basic_auth_get_username_password(r->connection, &password);
	if (!user || !password || strlen(user) >= JOB_NAME || strlen(password) > 1024)
		result = challenge(r);
	else
		result = as(r, user, password);
	if (password)
		explicit_bzero(password, strlen(password));
	MHD_free(password);
	MHD_free(user);
	return result;
}
