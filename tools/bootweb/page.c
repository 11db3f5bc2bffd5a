#include "config.h"

#include "tools/bootweb/page.h"

#include <err.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/store/overview.h"
#include "lib/sys/file.h"
#include "lib/sys/now.h"
#include "lib/sys/print.h"

#define TEMPLATE_MAX (256 * 1024)
#define HTML "text/html; charset=utf-8"

/* ---- entering ---- */

static bool begin(struct page *page)
{
	page->store = page->visit.store;
	page->conf = page->visit.site.conf;
	page->view = view_new();
	if (page->view)
		return true;
	admin_leave(&page->visit);
	page->visit.result = MHD_NO;
	return false;
}

bool page_enter(struct page *page, struct web_request *r)
{
	*page = (struct page){ .request = r, .here = "" };
	return admin_enter(r, &page->visit) && begin(page);
}

bool page_enter_writer(struct page *page, struct web_request *r)
{
	*page = (struct page){ .request = r, .here = "" };
	return admin_enter_writer(r, &page->visit) && begin(page);
}

static enum MHD_Result leave(struct page *page, enum MHD_Result result)
{
	view_free(page->view);
	admin_leave(&page->visit);
	return result;
}

/* ---- the frame ---- */

/* What a page says once after the form that led to it. */
static const struct {
	const char *said, *sentence;
} notices[] = {
	{ "added", "The job waits for its machine: let it boot from the network." },
	{ "changed", "The job was changed." },
	{ "retry", "The job is queued again." },
	{ "cancel", "The job is cancelled." },
	{ "wake",
	  "The machine was sent a magic packet: it starts if its firmware lets it." },
	{ "current", "New jobs install that version from now on." },
	{ "retire", "The machine is retired: it gets no job, and its history stays." },
	{ "unretire", "The machine is in use again." },
	{ "next-menu", "The machine boots into the menu, once." },
	{ "next-local", "The machine boots from its own disk, once." },
	{ "next-clear", "The machine boots as it should." },
	{ "hold", "The job is held: its machine is not installed until it is released." },
	{ "release", "The job is released." },
	{ "ignore", "The device is not listed any more." },
	{ "block", "The device is blocked: it gets no answer." },
	{ "allow", "The device is a known machine now." },
	{ "forget", "The device is new again." },
};

static const char *notice(const struct page *page)
{
	const char *said = page_field(page, "said");

	for (size_t i = 0; i < sizeof(notices) / sizeof(notices[0]); i++)
		if (strcmp(notices[i].said, said) == 0)
			return notices[i].sentence;
	return "";
}

static void put_navigation(const struct page *page)
{
	static const char *const fields[] = { "path", "here", "label", "count", NULL };
	static const struct {
		const char *path, *label;
		enum role_right need;
	} all[] = {
		{ "", "Queue", ROLE_VIEW },
		{ "new", "New devices", ROLE_VIEW },
		{ "machines", "Machines", ROLE_VIEW },
		{ "images", "Images", ROLE_VIEW },
		{ "networks", "Networks", ROLE_VIEW },
		{ "stats", "Figures", ROLE_VIEW },
		{ "audit", "Audit", ROLE_AUDIT },
	};
	int64_t unknown = 0;

	view_list(page->view, "pages", fields);
	store_count_new(page->store, &unknown);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct view *item;

		if (!admin_may(&page->visit, all[i].need))
			continue;
		item = view_item(page->view, "pages");
		view_text(item, "path", all[i].path);
		view_text(item, "label", all[i].label);
		view_flag(item, "here", strcmp(all[i].path, page->here) == 0);
		if (strcmp(all[i].path, "new") == 0 && unknown > 0)
			view_int(item, "count", unknown);
		else
			view_text(item, "count", "");
	}
}

static void put_rights(struct view *view, unsigned rights)
{
	view_flag(view, "may_queue", rights & ROLE_QUEUE);
	view_flag(view, "may_edit", rights & ROLE_EDIT);
	view_flag(view, "may_audit", rights & ROLE_AUDIT);
}

static void put_frame(const struct page *page)
{
	char rights[ROLE_TEXT], text[ROLE_TEXT + 8];

	view_text(page->view, "title", page->title);
	view_text(page->view, "site", *page->conf->site ? page->conf->site : "pxekit");
	view_text(page->view, "user", page->visit.user);
	role_rights_format(page->visit.rights, rights);
	snprintf(text, sizeof(text), "may: %s", rights);
	view_text(page->view, "rights", text);
	view_text(page->view, "csrf", page->visit.csrf);
	view_flag(page->view, "session", page->visit.by == ADMIN_BY_SESSION);
	view_flag(page->view, "live", page->live);
	view_text(page->view, "notice", notice(page));
	view_text(page->view, "version", PACKAGE_VERSION);
	put_rights(page->view, page->visit.rights);
	put_navigation(page);
}

/* ---- rendering ---- */

static bool render_file(struct view *view, const char *folder, const char *file,
			struct text *out)
{
	char path[4096], why[TEMPLATE_WHY];
	size_t len;
	char *text;
	bool ok;

	if (snprintf(path, sizeof(path), "%s/%s", folder, file) >= (int)sizeof(path))
		return false;
	text = file_read(path, TEMPLATE_MAX, &len);
	if (!text) {
		warn("%s", path);
		return false;
	}
	ok = view_render(view, file, text, len, out, why);
	if (!ok)
		warnx("%s", why);
	free(text);
	return ok;
}

static bool render(struct view *view, const char *folder, const char *file,
		   struct text *out)
{
	return render_file(view, folder, "head.html", out) &&
	       render_file(view, folder, file, out) &&
	       render_file(view, folder, "foot.html", out) && !out->full;
}

static enum MHD_Result give(struct web_request *r, unsigned status, struct view *view,
			    const char *folder, const char *file)
{
	struct text out = { 0 };

	if (render(view, folder, file, &out))
		return status == MHD_HTTP_OK && r->method == WEB_GET
			       ? web_give_again(r, HTML, out.start, out.len)
			       : web_give(r, status, HTML, out.start, out.len);
	text_free(&out);
	return web_say(r, MHD_HTTP_INTERNAL_SERVER_ERROR,
		       "the page cannot be made; the server's log says why");
}

enum MHD_Result page_give(struct page *page, unsigned status, const char *file)
{
	put_frame(page);
	return leave(page, give(page->request, status, page->view, page->conf->admin.www,
				file));
}

enum MHD_Result page_go(struct page *page, const char *where)
{
	enum store_result result = STORE_DONE;

	if (page->visit.site.writes)
		result = admin_keep(&page->visit);
	if (result != STORE_DONE)
		return page_store_failed(page, result);
	return leave(page, admin_see_other(page->request, where));
}

enum MHD_Result page_message(struct page *page, unsigned status, const char *heading,
			     const char *format, ...)
{
	char sentence[2048];
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof(sentence), format, args);
	va_end(args);
	snprintf(page->title, sizeof(page->title), "%s", heading);
	page->live = false;
	view_text(page->view, "heading", heading);
	view_text(page->view, "sentence", sentence);
	return page_give(page, status, "message.html");
}

enum MHD_Result page_store_failed(struct page *page, enum store_result result)
{
	const char *why = store_why(page->store);

	if (result == STORE_NO)
		return page_message(page, MHD_HTTP_CONFLICT, "That cannot be done now",
				    "%s.", why);
	if (result == STORE_BUSY)
		return page_message(page, MHD_HTTP_SERVICE_UNAVAILABLE,
				    "The database is busy",
				    "Nothing was changed; try again.");
	warnx("database: %s", why);
	return page_message(page, MHD_HTTP_INTERNAL_SERVER_ERROR,
			    "The database cannot do it",
			    "Nothing was changed; the server's log says why.");
}

/* Names that head.html knows, for a page without anybody. */
static void put_nobody(struct view *view, const struct conf *conf)
{
	static const char *const texts[] = { "user",     "rights",    "csrf",
					     "session",  "live",      "notice",
					     "may_edit", "may_queue", "may_audit" };
	static const char *const fields[] = { "path", "here", "label", "count", NULL };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		view_text(view, texts[i], "");
	view_text(view, "site", *conf->site ? conf->site : "pxekit");
	view_text(view, "version", PACKAGE_VERSION);
	view_list(view, "pages", fields);
}

static const char *heading_for(unsigned status)
{
	switch (status) {
	case MHD_HTTP_NOT_FOUND:
		return "There is no such page";
	case MHD_HTTP_FORBIDDEN:
		return "That is not yours to do";
	case MHD_HTTP_SERVICE_UNAVAILABLE:
		return "Not now";
	default:
		return "That did not work";
	}
}

/* Takes the view over. */
static enum MHD_Result give_nobody(struct web_request *r, unsigned status,
				   struct view *view, const char *title, const char *file)
{
	enum MHD_Result result;
	struct site_visit visit;

	site_enter(r->site, &visit);
	put_nobody(view, visit.conf);
	view_text(view, "title", title);
	result = give(r, status, view, visit.conf->admin.www, file);
	site_leave(&visit);
	view_free(view);
	return result;
}

enum MHD_Result page_refuse(struct web_request *r, unsigned status, const char *why)
{
	struct view *view = view_new();

	if (!view)
		return MHD_NO;
	view_text(view, "heading", heading_for(status));
	view_text(view, "sentence", why);
	return give_nobody(r, status, view, heading_for(status), "message.html");
}

enum MHD_Result page_sign_in(struct web_request *r, unsigned status,
			     const char *complaint)
{
	const char *user = url_field(&r->form, "user");
	struct view *view = view_new();

	if (!view)
		return MHD_NO;
	view_text(view, "wrong", complaint);
	view_text(view, "name", user ? user : "");
	return give_nobody(r, status, view, "Sign in", "sign-in.html");
}

/* ---- what a request says ---- */

int64_t page_number(const struct page *page, size_t n)
{
	const char *text =
		n < page->request->path.count ? page->request->path.segment[n] : "";
	char *end;
	long long number = strtoll(text, &end, 10);

	return *text >= '1' && *text <= '9' && !*end ? number : 0;
}

const char *page_field(const struct page *page, const char *name)
{
	const char *value = url_field(&page->request->form, name);

	return value ? value : "";
}

/* ---- values as people read them ---- */

char *page_age(int64_t time_ms, char out[static PAGE_AGE])
{
	static const struct {
		int64_t up_to_s, s;
		const char *unit;
	} units[] = {
		{ 120, 1, "s" },
		{ 7200, 60, "min" },
		{ 172800, 3600, "h" },
		{ INT64_MAX, 86400, "days" },
	};
	int64_t age = (now_ms() - time_ms) / 1000;
	size_t i = 0;

	while (age >= units[i].up_to_s)
		i++;
	if (time_ms == 0)
		snprintf(out, PAGE_AGE, "never");
	else if (age < 2)
		snprintf(out, PAGE_AGE, "now");
	else
		snprintf(out, PAGE_AGE, "%" PRId64 " %s ago", age / units[i].s,
			 units[i].unit);
	return out;
}
