/* Files as they lie on the disk: images, the deployment environment, loaders. */
#include "config.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "lib/sys/now.h"
#include "lib/wire/range.h"
#include "tools/bootweb/admin_face.h"
#include "tools/bootweb/boot_face.h"
#include "tools/bootweb/events.h"

#define ETAG_TEXT 64
#define DATE_TEXT 32

struct file {
	int fd;
	int64_t size, first, last; /* the part that is asked for */
	char etag[ETAG_TEXT], date[DATE_TEXT];
	const char *type;
};

/* ---- opening ---- */

/* Nothing leads out of the folder: no "..", no absolute link, no /proc link. */
static int open_beneath(const char *folder, const char *name)
{
	struct open_how how = { .flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
				.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS };
	int dir = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC), saved;
	long fd;

	if (dir < 0) {
		warn("%s", folder);
		return -1;
	}
	do
		fd = syscall(SYS_openat2, dir, name, &how, sizeof(how));
	while (fd < 0 && errno == EAGAIN);
	saved = errno;
	close(dir);
	errno = saved;
	return (int)fd;
}

/* The path below the folder, without what begins with a dot: those are not ours to show.
 */
static bool join(const struct url_path *path, char *out, size_t size)
{
	size_t len = 0;

	for (size_t i = 1; i < path->count; i++) {
		int n = snprintf(out + len, size - len, "%s%s", i > 1 ? "/" : "",
				 path->segment[i]);

		if (path->segment[i][0] == '.' || n < 0 || (size_t)n >= size - len)
			return false;
		len += (size_t)n;
	}
	return true;
}

static const char *type_of(const char *name)
{
	static const char *const texts[] = { ".ipxe", ".txt",     ".cfg", ".conf",
					     ".json", "MANIFEST", "INDEX" };
	size_t len = strlen(name);

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (len >= strlen(texts[i]) &&
		    strcmp(name + len - strlen(texts[i]), texts[i]) == 0)
			return "text/plain; charset=utf-8";
	return "application/octet-stream";
}

static const char *type_of_www(const char *name)
{
	static const struct {
		const char *suffix, *type;
	} types[] = {
		{ ".html", "text/html; charset=utf-8" },
		{ ".css", "text/css; charset=utf-8" },
		{ ".js", "text/javascript; charset=utf-8" },
		{ ".json", "application/json" },
		{ ".svg", "image/svg+xml" },
		{ ".png", "image/png" },
	};
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot && i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(dot, types[i].suffix) == 0)
			return types[i].type;
	return "application/octet-stream";
}

static bool open_file(const char *folder, const char *name, struct file *out)
{
	struct stat st;
	struct tm tm;

	out->fd = open_beneath(folder, name);
	if (out->fd < 0)
		return false;
	if (fstat(out->fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(out->fd);
		return false;
	}
	out->size = st.st_size;
	out->type = type_of(name);
	snprintf(out->etag, sizeof(out->etag), "\"%llx.%lx-%llx-%llx\"",
		 (unsigned long long)st.st_mtim.tv_sec, (unsigned long)st.st_mtim.tv_nsec,
		 (unsigned long long)st.st_size, (unsigned long long)st.st_ino);
	gmtime_r(&st.st_mtim.tv_sec, &tm);
	strftime(out->date, sizeof(out->date), "%a, %d %b %Y %H:%M:%S GMT", &tm);
	return true;
}

/* ---- what part of it ---- */

/* RFC 9110 section 13.1.5: a part only of the very file that the first parts came from.
 */
static bool is_same(const char *if_range, const struct file *f)
{
	return !if_range || strcmp(if_range, f->etag) == 0 ||
	       strcmp(if_range, f->date) == 0;
}

static bool not_modified(const struct web_request *r, const struct file *f)
{
	const char *etags = web_header(r, MHD_HTTP_HEADER_IF_NONE_MATCH);
	const char *since = web_header(r, MHD_HTTP_HEADER_IF_MODIFIED_SINCE);

	if (etags)
		return range_etag_listed(etags, f->etag);
	return since && strcmp(since, f->date) == 0;
}

static unsigned choose(const struct web_request *r, struct file *f)
{
	f->first = 0;
	f->last = f->size - 1;
	if (not_modified(r, f))
		return MHD_HTTP_NOT_MODIFIED;
	if (r->head || !is_same(web_header(r, MHD_HTTP_HEADER_IF_RANGE), f))
		return MHD_HTTP_OK;
	switch (range_parse(web_header(r, MHD_HTTP_HEADER_RANGE), f->size, &f->first,
			    &f->last)) {
	case RANGE_PART:
		return MHD_HTTP_PARTIAL_CONTENT;
	case RANGE_UNSATISFIABLE:
		return MHD_HTTP_RANGE_NOT_SATISFIABLE;
	default:
		return MHD_HTTP_OK;
	}
}

/* ---- the answer ---- */

static void add_headers(struct MHD_Response *response, const struct file *f,
			unsigned status)
{
	char range[80];

	MHD_add_response_header(response, MHD_HTTP_HEADER_ACCEPT_RANGES, "bytes");
	MHD_add_response_header(response, MHD_HTTP_HEADER_ETAG, f->etag);
	MHD_add_response_header(response, MHD_HTTP_HEADER_LAST_MODIFIED, f->date);
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, f->type);
	if (status == MHD_HTTP_PARTIAL_CONTENT)
		snprintf(range, sizeof(range), "bytes %" PRId64 "-%" PRId64 "/%" PRId64,
			 f->first, f->last, f->size);
	else if (status == MHD_HTTP_RANGE_NOT_SATISFIABLE)
		snprintf(range, sizeof(range), "bytes */%" PRId64, f->size);
	else
		return;
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_RANGE, range);
}

/* Takes over f->fd; sendfile(2) does the rest. */
static enum MHD_Result give_file(struct web_request *r, const struct file *f,
				 unsigned status)
{
	bool body = status == MHD_HTTP_OK || status == MHD_HTTP_PARTIAL_CONTENT;
	uint64_t len = body ? (uint64_t)(f->last - f->first + 1) : 0;
	struct MHD_Response *response;

	if (len > 0) {
		response = MHD_create_response_from_fd_at_offset64(len, f->fd,
								   (uint64_t)f->first);
	} else {
		close(f->fd);
		response =
			MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	}
	if (!response) {
		if (len > 0)
			close(f->fd);
		return MHD_NO;
	}
	add_headers(response, f, status);
	if (body && !r->head)
		r->transfer.octets = (int64_t)len;
	return web_queue(r, status, response);
}

/* The dashboard's files change with the program: a browser asks each time. */
static enum MHD_Result give_www(struct web_request *r, struct file *f, const char *name)
{
	f->type = type_of_www(name);
	return give_file(r, f, choose(r, f));
}

static enum MHD_Result not_found(struct web_request *r)
{
	struct event ev = events_about(r, EVENT_FETCH);

	snprintf(ev.file, sizeof(ev.file), "%s", r->transfer.file);
	r->transfer.file[0] = '\0';
	ev.status = MHD_HTTP_NOT_FOUND;
	if (!r->head)
		events_send_limited(&ev, EVENTS_REFUSALS);
	return web_say(r, MHD_HTTP_NOT_FOUND, "not found");
}

static enum MHD_Result serve_file(struct web_request *r, const char *folder)
{
	struct file f;
	char name[sizeof(r->transfer.file)];
	char *shown = r->transfer.file;

	if (!join(&r->path, name, sizeof(name)))
		return web_say(r, MHD_HTTP_NOT_FOUND, "not found");
	snprintf(shown, sizeof(r->transfer.file), "%s/%.200s", r->path.segment[0], name);
	if (!open_file(folder, name, &f))
		return not_found(r);
	return give_file(r, &f, choose(r, &f));
}

enum MHD_Result files_images(struct web_request *r)
{
	struct site_visit visit;
	enum MHD_Result result;

	site_enter(r->site, &visit);
	result = serve_file(r, visit.conf->images);
	site_leave(&visit);
	return result;
}

enum MHD_Result files_deploy(struct web_request *r)
{
	struct site_visit visit;
	enum MHD_Result result;

	site_enter(r->site, &visit);
	result = serve_file(r, visit.conf->deploy);
	site_leave(&visit);
	return result;
}

enum MHD_Result files_loader(struct web_request *r)
{
	struct site_visit visit;
	enum MHD_Result result;

	site_enter(r->site, &visit);
	result = serve_file(r, visit.conf->tftp);
	site_leave(&visit);
	return result;
}

enum MHD_Result files_www(struct web_request *r)
{
	char name[sizeof(r->transfer.file)];
	enum MHD_Result result;
	struct site_visit visit;
	struct file f;

	if (!join(&r->path, name, sizeof(name)))
		return web_say(r, MHD_HTTP_NOT_FOUND, "not found");
	site_enter(r->site, &visit);
	if (open_file(visit.conf->admin.www, name, &f))
		result = give_www(r, &f, name);
	else
		result = web_say(r, MHD_HTTP_NOT_FOUND, "not found");
	site_leave(&visit);
	return result;
}

/* One event for each body that was sent, or was to be. */
void files_done(struct web_request *r, bool whole)
{
	struct event ev = events_about(r, EVENT_FETCH);

	if (r->transfer.octets < 0 || r->transfer.file[0] == '\0')
		return;
	snprintf(ev.file, sizeof(ev.file), "%s", r->transfer.file);
	ev.octets = whole ? r->transfer.octets : web_delivered(r);
	ev.ms = now_monotonic_ms() - r->started_ms;
	ev.status = r->transfer.status;
	if (!whole)
		snprintf(ev.text, sizeof(ev.text), "cut: of %" PRId64 " octets",
			 r->transfer.octets);
	events_send(&ev);
}
