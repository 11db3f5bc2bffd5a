/* A person at the prompt of iPXE adds the job of the machine that stands there. */
#include "config.h"

#include <ctype.h>
#include <inttypes.h>
#include <sodium.h>
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

static size_t write_images(FILE *out, const struct catalogue_list *list)
{
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++) {
		if (!list->entry[i].current)
			continue;
		fprintf(out, "item %s %s@%s\n", list->entry[i].name, list->entry[i].name,
			list->entry[i].version);
		count++;
	}
	return count;
}

/*
 * The menu that leads here has set pxekit-base; who came otherwise has the site's.  In
 * hexadecimal, because what :uristring leaves of a password iPXE would expand once more.
 */
static void write_script(FILE *out, const char *scheme, const char *host,
			 const char *base, const struct catalogue_list *list)
{
	fprintf(out,
		"#!ipxe\nisset ${pxekit-base} || set pxekit-base %s\n"
		":sign-in\nclear password ||\nlogin || goto boot\n"
		":name\nclear hostname ||\necho\necho -n Host name: ${}\n"
		"read hostname || goto boot\nmenu What shall ${mac} be?\n",
		base);
	if (!write_images(out, list))
		fputs("item --gap There is no image yet: imgctl import\n", out);
	fprintf(out,
		"item --gap\nitem :back Another host name\n"
		"choose image || goto name\niseq ${image} :back && goto name ||\n"
		"clear pxekit-then ||\n"
		"chain --autofree %s://${username:hexraw}:${password:hexraw}@%s"
		"/register?hex=yes&mac=${netX/mac:hexhyp}&image=${image}"
		"&hostname=${hostname:uristring} || goto failed\n"
		"goto ${pxekit-then} || goto failed\n"
		":failed\necho %s gave no answer that could be used.\n"
		"prompt Press any key to try again ||\ngoto sign-in\n"
		":boot\nclear password ||\n"
		"chain --autofree --replace ${pxekit-base}/boot.ipxe || exit 1\n",
		scheme, host, host);
}

static const char *base_of(const struct web_request *r, const struct conf *conf)
{
	const struct conf_network *network = conf_network_of(conf, r->ipv4);

	return network && network->url ? network->url : conf->url ? conf->url : "";
}

static enum MHD_Result script(struct web_request *r, const char *host,
			      const struct conf *conf)
{
	bool sealed = r->sealed || admin_is_sealed_before(r);
	struct catalogue_list list;
	char why[CATALOGUE_WHY], *text = NULL;
	size_t len = 0;
	FILE *out;

	if (!catalogue_list(conf->images, NULL, &list, why))
		return web_say(r, MHD_HTTP_SERVICE_UNAVAILABLE, "no images: %s", why);
	out = open_memstream(&text, &len);
	if (out)
		write_script(out, sealed ? "https" : "http", host, base_of(r, conf),
			     &list);
	catalogue_list_free(&list);
	if (!out || fclose(out) != 0) {
		free(text);
		return MHD_NO;
	}
	return web_give(r, MHD_HTTP_OK, PLAIN, text, len);
}

enum MHD_Result register_script(struct web_request *r)
{
	const char *host = host_of(r);
	enum MHD_Result result;
	struct site_visit visit;

	if (!host)
		return web_say(r, MHD_HTTP_BAD_REQUEST, "bad request: no Host");
	if (!site_enter_store(r->site, &visit))
		return web_say(r, MHD_HTTP_SERVICE_UNAVAILABLE, "not now");
	result = script(r, host, visit.conf);
	site_leave(&visit);
	return result;
}

/* ---- the answer, a script again ---- */

/* Where the script that asked goes on, and how long its person may read before. */
enum then { THEN_SIGN_IN, THEN_NAME, THEN_BOOT, THEN_BOOT_LATER };

static const struct {
	const char *label, *pause;
} thens[] = {
	[THEN_SIGN_IN] = { "sign-in", "prompt Press any key to try again ||" },
	[THEN_NAME] = { "name", "prompt Press any key to try again ||" },
	[THEN_BOOT] = { "boot", "sleep 3 ||" },
	[THEN_BOOT_LATER] = { "boot", "prompt Press any key once you have noted it ||" },
};

/* What iPXE prints: one line in which nothing means anything to it. */
static void make_plain(char *text)
{
	for (; *text; text++)
		if (!isprint((unsigned char)*text) || strchr("$\\'\"|&#", *text))
			*text = '?';
}

/* Behind a hyphen iPXE would look for an option of echo. */
static const char *words(const char *sentence)
{
	return sentence + strspn(sentence, "-");
}

/* iPXE shows what a script says, and of another status than 200 only a number. */
static enum MHD_Result answer(struct web_request *r, enum then then, char *sentence)
{
	char *text = NULL;
	int len;

	make_plain(sentence);
	len = asprintf(&text, "#!ipxe\necho %s\nset pxekit-then %s\n%s\n",
		       words(sentence), thens[then].label, thens[then].pause);
	if (len < 0)
		return MHD_NO;
	return web_give(r, MHD_HTTP_OK, PLAIN, text, (size_t)len);
}

static const char *reason(const struct order *o)
{
	for (size_t i = 0; i < o->notes; i++)
		if (!o->note[i].warning)
			return o->note[i].sentence;
	return "the database cannot be written now: try again";
}

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
	return answer(r,
		      !good      ? THEN_NAME
		      : *o->made ? THEN_BOOT_LATER
				 : THEN_BOOT,
		      text);
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
		return answer(r, THEN_SIGN_IN, (char[]){ "Not now: try again." });
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
	unsigned minutes;

	if (admin_password(r, user, password, &account, &minutes, why) != MHD_HTTP_OK)
		return answer(r, THEN_SIGN_IN, why);
	if (!may_queue(r, &account))
		return answer(r, THEN_SIGN_IN,
			      (char[]){ "This wants the right to queue." });
	return order(r, account.name);
}

/* Of hexadecimal, in its place. */
static bool decode(char *text)
{
	size_t len = 0, digits = strlen(text);

	if (sodium_hex2bin((unsigned char *)text, digits, text, digits, NULL, &len,
			   NULL) != 0)
		return false;
	text[len] = '\0';
	return strlen(text) == len;
}

static bool is_readable(const struct web_request *r, char *user, char *password)
{
	if (!user || !password)
		return false;
	if (url_field(&r->form, "hex") && (!decode(user) || !decode(password)))
		return false;
	return strlen(user) < JOB_NAME && strlen(password) <= 1024;
}

enum MHD_Result register_machine(struct web_request *r)
{
	char *password = NULL, *user;
	enum MHD_Result result;
	size_t len;

	if (!admin_is_same_site(r))
		return web_say(r, MHD_HTTP_FORBIDDEN, "another site sent you here");
	user = MHD_basic_auth_get_username_password(r->connection, &password);
	len = password ? strlen(password) : 0;
	result = is_readable(r, user, password) ? as(r, user, password) : challenge(r);
	if (password)
		explicit_bzero(password, len);
	MHD_free(password);
	MHD_free(user);
	return result;
}
