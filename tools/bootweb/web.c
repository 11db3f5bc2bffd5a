#include "config.h"

#include "tools/bootweb/web.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "lib/sys/now.h"
#include "tools/bootweb/aside.h"
#include "tools/bootweb/conns.h"
#include "tools/bootweb/peer.h"

#define CONNECTIONS_MAX 16384
#define CONNECTIONS_MIN 16
#define DESCRIPTORS_OURS 64           /* the database, the events, the sockets ... */
#define CONNECTION_OCTETS (16 * 1024) /* a request's line and fields, and an answer's */
#define STALLED_S 120                 /* a reader may have a slow disk to write to */
#define BODY_FIRST 1024
#define LARGE_MOST 4 /* large bodies at once */
#define THREADS_MIN 2
#define THREADS_MAX 8

struct web {
	const struct face *face;
	struct site *site;
	struct conns conns;
	bool sealed;       /* by TLS */
	atomic_uint large; /* bodies, of those under way */
	atomic_int busy;   /* requests begun and not yet answered to the end */
	size_t count;
	struct MHD_Daemon *daemon[];
};

static struct conn *conn_of(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

/* ---- finding the route ---- */

/* Whether the segment that *pattern begins with is this one; moves past it. */
static bool segment_matches(const char **pattern, const char *segment)
{
	const char *want = *pattern + 1;
	size_t len = strcspn(want, "/");

	*pattern = want + len;
	if ((len == 1 && *want == '*') || *want == '{')
		return true;
	return strlen(segment) == len && memcmp(segment, want, len) == 0;
}

static bool path_matches(const char *pattern, const struct url_path *path)
{
	for (size_t i = 0; i < path->count; i++) {
		if (strcmp(pattern, "/**") == 0)
			return true;
		if (*pattern == '\0' || !segment_matches(&pattern, path->segment[i]))
			return false;
	}
	return *pattern == '\0';
}

static unsigned method_bits(const char *method)
{
	static const struct {
		const char *name;
		unsigned method;
	} plain[] = {
		{ MHD_HTTP_METHOD_POST, WEB_POST },
		{ MHD_HTTP_METHOD_PATCH, WEB_PATCH },
		{ MHD_HTTP_METHOD_DELETE, WEB_DELETE },
	};

	if (strcmp(method, MHD_HTTP_METHOD_GET) == 0)
		return WEB_GET | WEB_ONLY_GET;
	if (strcmp(method, MHD_HTTP_METHOD_HEAD) == 0)
		return WEB_GET;
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (strcmp(method, plain[i].name) == 0)
			return plain[i].method;
	return 0;
}

static const struct route *nth_route(const struct face *face, size_t i)
{
	if (i < face->routes)
		return &face->route[i];
	return face->more ? face->more(i - face->routes) : NULL;
}

/* Sets r->route, or says with what status there is none. */
static unsigned find_route(struct web_request *r, const struct face *face,
			   const char *method)
{
	unsigned bits = method_bits(method), status = MHD_HTTP_NOT_FOUND;

	const struct route *route;

	for (size_t i = 0; (route = nth_route(face, i)); i++) {
		if (!path_matches(route->pattern, &r->path))
			continue;
		if (route->methods & bits) {
			r->route = route;
			r->method = bits & WEB_GET ? WEB_GET : bits;
			return MHD_HTTP_OK;
		}
		r->allow |= route->methods;
		status = MHD_HTTP_METHOD_NOT_ALLOWED;
	}
	return status;
}

/* ---- one request ---- */

static void *on_target(void *cls, const char *target, struct MHD_Connection *c)
{
	struct web *web = cls;
	struct web_request *r = calloc(1, sizeof(*r));

	conns_expect(&web->conns, conn_of(c));
	atomic_fetch_add(&web->busy, 1);
	if (!r)
		return NULL;
	r->connection = c;
	r->site = web->site;
	r->face = web->face;
	r->sealed = web->sealed;
	r->started_ms = now_monotonic_ms();
	r->transfer.octets = -1;
	r->target = strdup(target);
	if (!r->target) {
		free(r);
		return NULL;
	}
	peer_read(r);
	return r;
}

static enum MHD_Result refuse(struct web_request *r, unsigned status, const char *why)
{
	if (r->face->refuse)
		return r->face->refuse(r, status, why);
	return web_say(r, status,
		       status == MHD_HTTP_BAD_REQUEST ? "bad request: %s" : "%s", why);
}

/* What is asked for; refused where it is nothing once all of the request is read. */
static void read_target(struct web_request *r, const struct face *face,
			const char *method)
{
	char *path, *query;

	r->head = strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
	r->found = MHD_HTTP_BAD_REQUEST;
	peer_read_front(r);
	if (!url_target(r->target, &path, &query, &r->found_why) ||
	    !url_path(path, &r->path, &r->found_why) ||
	    !url_form(query, strlen(query), &r->form, &r->found_why))
		return;
	r->found = find_route(r, face, method);
	r->found_why = MHD_get_reason_phrase_for(r->found);
}

static enum MHD_Result answer(struct web_request *r)
{
	if (r->found != MHD_HTTP_OK)
		return refuse(r, r->found, r->found_why);
	if (!(r->route->methods & WEB_ASIDE))
		return r->route->answer(r);
	if (aside_begin(r))
		return MHD_YES;
	return refuse(r, MHD_HTTP_SERVICE_UNAVAILABLE,
		      "too much of this kind is under way: ask again");
}

/* ---- its body ---- */

static bool body_take(struct web_request *r, const char *octets, size_t len)
{
	size_t room = r->body_room ? r->body_room : BODY_FIRST;
	char *grown;

	if (len > r->body_most - r->body_len)
		return false;
	while (room < r->body_len + len + 1)
		room *= 2;
	if (room != r->body_room) {
		grown = realloc(r->body, room);
		if (!grown)
			return false;
		r->body = grown;
		r->body_room = room;
	}
	memcpy(r->body + r->body_len, octets, len);
	r->body_len += len;
	r->body[r->body_len] = '\0';
	return true;
}

/* They are held in memory, where their secrets are never written; so they are few. */
static bool take_place(struct web_request *r, struct web *web)
{
	if (atomic_fetch_add(&web->large, 1) < LARGE_MOST) {
		r->large = true;
		r->body_most = WEB_BODY_LARGE;
		conns_expect_large(&web->conns, conn_of(r->connection));
		return true;
	}
	atomic_fetch_sub(&web->large, 1);
	return false;
}

/*
 * Before a body is read that is, or may become, larger than most: false if the request is
 * answered instead.
 */
static bool body_may_come(struct web_request *r, struct web *web, enum MHD_Result *result)
{
	const char *length = web_header(r, MHD_HTTP_HEADER_CONTENT_LENGTH);
	bool chunked = web_header(r, MHD_HTTP_HEADER_TRANSFER_ENCODING);
	unsigned long long octets = length ? strtoull(length, NULL, 10) : 0;
	bool large = r->found == MHD_HTTP_OK && r->route->methods & WEB_LARGE &&
		     web->face->admit;

	r->body_most = WEB_BODY;
	if (octets > (large ? WEB_BODY_LARGE : WEB_BODY)) {
		*result = refuse(r, MHD_HTTP_CONTENT_TOO_LARGE, "too large");
		return false;
	}
	if (!large || (octets <= WEB_BODY && !chunked))
		return true;
	if (!web->face->admit(r, result))
		return false;
	if (take_place(r, web))
		return true;
	*result = refuse(r, MHD_HTTP_SERVICE_UNAVAILABLE,
			 "too many large bodies are under way: ask again");
	return false;
}

/*
 * Called once when the header is complete, once for each piece of a body, and
 * once at the end; only then all of the request has been read, and the
 * connection can carry another one.  And once more after an answer was made aside.
 */
static enum MHD_Result on_request(void *cls, struct MHD_Connection *c, const char *url,
				  const char *method, const char *version,
				  const char *octets, size_t *len, void **context)
{
	struct web *web = cls;
	struct web_request *r = *context;
	enum MHD_Result result = MHD_YES;

	(void)url;
	(void)version;
	if (!r)
		return MHD_NO;
	if (!r->begun) {
		r->begun = true;
		read_target(r, web->face, method);
		body_may_come(r, web, &result);
		return result;
	}
	if (*len > 0) {
		if (!body_take(r, octets, *len))
			return MHD_NO;
		*len = 0;
		return MHD_YES;
	}
	if (r->aside == WEB_ASIDE_WORKS)
		return aside_end(r);
	conns_answering(&web->conns, conn_of(c));
	return answer(r);
}

static void on_done(void *cls, struct MHD_Connection *c, void **context,
		    enum MHD_RequestTerminationCode how)
{
	struct web *web = cls;
	struct web_request *r = *context;

	*context = NULL;
	atomic_fetch_sub(&web->busy, 1);
	conns_expect(&web->conns, conn_of(c));
	if (!r)
		return;
	if (web->face->done)
		web->face->done(r, how == MHD_REQUEST_TERMINATED_COMPLETED_OK);
	if (r->large)
		atomic_fetch_sub(&web->large, 1);
	if (r->body)
		explicit_bzero(r->body, r->body_len);
	free(r->body);
	free(r->target);
	free(r);
}

static void on_connection(void *cls, struct MHD_Connection *c, void **context,
			  enum MHD_ConnectionNotificationCode what)
{
	struct web *web = cls;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		*context = conns_open(
			&web->conns,
			MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD)
				->connect_fd);
	} else {
		conns_close(&web->conns, *context);
		*context = NULL;
	}
}

/* Targets are decoded by lib/wire/url, which knows what must not be in them. */
static size_t leave_escaped(void *cls, struct MHD_Connection *c, char *text)
{
	(void)cls;
	(void)c;
	return strlen(text);
}

/* ---- the server ---- */

static unsigned threads(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	if (n < THREADS_MIN)
		return THREADS_MIN;
	return n > THREADS_MAX ? THREADS_MAX : (unsigned)n;
}

/* A connection is a descriptor, and another one while it gets a file. */
static unsigned connections(size_t sockets)
{
	struct rlimit limit;
	rlim_t n = CONNECTIONS_MAX;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
	    limit.rlim_cur < 2 * n + DESCRIPTORS_OURS)
		n = limit.rlim_cur > DESCRIPTORS_OURS
			    ? (limit.rlim_cur - DESCRIPTORS_OURS) / 2
			    : 0;
	n /= sockets;
	return n < CONNECTIONS_MIN ? CONNECTIONS_MIN : (unsigned)n;
}

static struct MHD_Daemon *start_one(struct web *web, int fd, unsigned most,
				    const struct web_tls *tls)
{
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD;
	struct MHD_OptionItem sealing[] = {
		{ MHD_OPTION_HTTPS_MEM_CERT, 0, tls->certificate },
		{ MHD_OPTION_HTTPS_MEM_KEY, 0, tls->key },
		{ MHD_OPTION_END, 0, NULL },
	};

	if (web->face->tick)
		flags |= MHD_ALLOW_SUSPEND_RESUME;
	if (web->sealed)
		flags |= MHD_USE_TLS;
	else
		sealing[0] = sealing[2];
	return MHD_start_daemon(
		flags, 0, NULL, NULL, on_request, web, MHD_OPTION_ARRAY, sealing,
		MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE, threads(),
		MHD_OPTION_CONNECTION_LIMIT, most, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)CONNECTION_OCTETS, MHD_OPTION_CONNECTION_TIMEOUT,
		(unsigned)STALLED_S, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
		MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_UNESCAPE_CALLBACK,
		leave_escaped, NULL, MHD_OPTION_URI_LOG_CALLBACK, on_target, web,
		MHD_OPTION_NOTIFY_COMPLETED, on_done, web, MHD_OPTION_NOTIFY_CONNECTION,
		on_connection, web, MHD_OPTION_END);
}

struct web *web_start(const int fds[], size_t count, const struct face *face,
		      struct site *site, const struct web_tls *tls)
{
	struct web *web = calloc(1, sizeof(*web) + count * sizeof(struct MHD_Daemon *));

	if (!web)
		return NULL;
	web->face = face;
	web->site = site;
	web->sealed = tls->certificate;
	pthread_mutex_init(&web->conns.lock, NULL);
	for (; web->count < count; web->count++) {
		errno = 0;
		web->daemon[web->count] =
			start_one(web, fds[web->count], connections(count), tls);
		if (!web->daemon[web->count]) {
			int saved = errno ? errno : EINVAL;

			web_stop(web, 0);
			errno = saved;
			return NULL;
		}
	}
	return web;
}

void web_tick(struct web *web)
{
	conns_expire(&web->conns, now_monotonic_ms());
}

void web_stop(struct web *web, int64_t grace_ms)
{
	const struct timespec nap = { .tv_nsec = 20000000 };
	int64_t end = now_monotonic_ms() + grace_ms;

	for (size_t i = 0; i < web->count; i++) {
		MHD_socket fd = MHD_quiesce_daemon(web->daemon[i]);

		if (fd >= 0)
			close(fd);
	}
	while (atomic_load(&web->busy) > 0 && now_monotonic_ms() < end)
		nanosleep(&nap, NULL);
	aside_wait();
	for (size_t i = 0; i < web->count; i++)
		MHD_stop_daemon(web->daemon[i]);
	pthread_mutex_destroy(&web->conns.lock);
	free(web);
}
