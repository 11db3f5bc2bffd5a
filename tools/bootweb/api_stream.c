/*
 * The events as they come, by the protocol of server-sent events: a browser that
 * lost its connection says the last it had, and goes on behind it.
 *
 * A stream that has nothing to tell is suspended and costs no thread; the main
 * thread looks at the database and wakes those that have.
 * Source  the HTML standard, "Server-sent events".
 */
#include "config.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/sys/now.h"
#include "tools/bootweb/api.h"
#include "tools/bootweb/api_event.h"

#define STREAMS_MOST 64
#define STREAMS_EACH 16   /* of one user */
#define ALIVE_MS 15000    /* something is said at least so often */
#define LONGEST_MS 900000 /* then the browser comes again, and passes the door again */
#define BUFFER 65536
#define FILL_MOST 200 /* events, at one go */

struct stream {
	struct stream *next;
	struct site *site;
	struct MHD_Connection *connection;
	char user[JOB_NAME];
	int64_t seq, said_ms, began_ms;
	uint64_t seen;          /* the turn of the database that it has told up to */
	bool asleep, over;      /* who it is for is not let in any more */
	struct admin_visit was; /* what let him in; nothing of it is open */
	size_t len, sent;
	char text[BUFFER];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Guarded by lock. */
static struct stream *streams;
static uint64_t turn = 1;
static bool ending;

/* ---- what is told ---- */

static bool add_event(struct stream *s, const struct store_event *e)
{
	char item[2 * EVENT_LINE + JOB_TEXT];
	struct jsonout j = jsonout_begin(item, sizeof(item));
	size_t len, room = sizeof(s->text) - s->len;
	int n;

	api_event_build(&j, e);
	if (!jsonout_end(&j, &len))
		return true; /* too long to be told: never, by its bounds */
	n = snprintf(s->text + s->len, room, "id: %lld\nevent: %s\ndata: %s\n\n",
		     (long long)e->seq, event_kind_name(e->event.kind), item);
	if (n < 0 || (size_t)n >= room)
		return false;
	s->len += (size_t)n;
	s->seq = e->seq;
	return true;
}

/* True: there may be more at once. */
static bool fill(struct stream *s)
{
	struct event_filter filter = { .after_seq = s->seq, .first = FILL_MOST };
	struct site_visit visit;
	struct store_list *list;
	struct store_event e;
	bool more = false;

	if (!site_enter_store(s->site, &visit))
		return false;
	s->over = !admin_holds_still(&s->was, &visit);
	list = s->over ? NULL : store_events(visit.serve.store, &filter);
	for (size_t n = 0; list && !more && store_next_event(list, &e); n++)
		more = !add_event(s, &e) || n + 1 == FILL_MOST;
	store_list_end(list);
	site_leave(&visit);
	return more;
}

static void refill(struct stream *s, int64_t now)
{
	uint64_t is;

	s->len = s->sent = 0;
	pthread_mutex_lock(&lock);
	is = turn;
	pthread_mutex_unlock(&lock);
	if (is != s->seen && !fill(s))
		s->seen = is;
	if (s->len == 0 && now - s->said_ms >= ALIVE_MS)
		s->len = (size_t)snprintf(s->text, sizeof(s->text), ": alive\n\n");
	if (s->len > 0)
		s->said_ms = now;
}

/* Unless something has come just now. */
static void sleep_if_idle(struct stream *s)
{
	pthread_mutex_lock(&lock);
	if (turn == s->seen && !ending) {
		s->asleep = true;
		MHD_suspend_connection(s->connection);
	}
	pthread_mutex_unlock(&lock);
}

static bool is_over(const struct stream *s, int64_t now)
{
	bool over;

	pthread_mutex_lock(&lock);
	over = ending;
	pthread_mutex_unlock(&lock);
	return over || now - s->began_ms >= LONGEST_MS;
}

static ssize_t on_read(void *cls, uint64_t pos, char *out, size_t max)
{
	struct stream *s = cls;
	int64_t now = now_monotonic_ms();
	size_t len;

	(void)pos;
	if (is_over(s, now))
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (s->sent == s->len)
		refill(s, now);
	if (s->over)
		return MHD_CONTENT_READER_END_OF_STREAM;
	len = s->len - s->sent;
	if (len == 0) {
		sleep_if_idle(s);
		return 0;
	}
	len = len < max ? len : max;
	memcpy(out, s->text + s->sent, len);
	s->sent += len;
	return (ssize_t)len;
}

static void on_end(void *cls)
{
	struct stream *s = cls;

	pthread_mutex_lock(&lock);
	for (struct stream **at = &streams; *at; at = &(*at)->next) {
		if (*at != s)
			continue;
		*at = s->next;
		break;
	}
	pthread_mutex_unlock(&lock);
	free(s);
}

/* ---- waking ---- */

/* A handle of its own: only one that stays open sees that others wrote. */
static bool has_changed(struct site *site)
{
	static struct store *store;
	static int64_t version;
	int64_t now = 0;

	if (!store &&
	    store_open(site->conf->database, STORE_READ, &store) != STORE_DONE) {
		store_close(store);
		store = NULL;
		return false;
	}
	if (store_version(store, &now) != STORE_DONE) {
		store_close(store);
		store = NULL;
		return true;
	}
	if (now == version)
		return false;
	version = now;
	return true;
}

void api_stream_tick(struct site *site, bool ends)
{
	int64_t now = now_monotonic_ms();
	bool changed = has_changed(site);

	pthread_mutex_lock(&lock);
	ending = ends;
	if (changed)
		turn++;
	for (struct stream *s = streams; s; s = s->next) {
		if (!s->asleep ||
		    (s->seen == turn && !ending && now - s->said_ms < ALIVE_MS))
			continue;
		s->asleep = false;
		MHD_resume_connection(s->connection);
	}
	pthread_mutex_unlock(&lock);
}

/* ---- beginning ---- */

static bool join(struct stream *s)
{
	size_t all = 0, own = 0;

	pthread_mutex_lock(&lock);
	for (const struct stream *o = streams; o; o = o->next, all++)
		own += strcmp(o->user, s->user) == 0;
	if (all < STREAMS_MOST && own < STREAMS_EACH && !ending) {
		s->next = streams;
		streams = s;
		all = 0;
	} else {
		all = STREAMS_MOST;
	}
	pthread_mutex_unlock(&lock);
	return all == 0;
}

/* Without Last-Event-ID, or "after": from now on. */
static int64_t first_seq(struct web_request *r, struct store *store)
{
	const struct event_filter newest = { .last = 1 };
	const char *last = web_header(r, "Last-Event-ID");
	const char *after = url_field(&r->form, "after");
	struct store_event e = { 0 };
	struct store_list *list;

	if (last || after)
		return strtoll(last ? last : after, NULL, 10);
	list = store_events(store, &newest);
	if (list)
		store_next_event(list, &e);
	store_list_end(list);
	return e.seq;
}

static enum MHD_Result begin(struct web_request *r, struct stream *s)
{
	struct MHD_Response *response = MHD_create_response_from_callback(
		MHD_SIZE_UNKNOWN, BUFFER, on_read, s, on_end);

	if (!response) {
		on_end(s);
		return MHD_NO;
	}
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
				"text/event-stream");
	MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	MHD_add_response_header(response, "X-Accel-Buffering", "no");
	return web_queue(r, MHD_HTTP_OK, response);
}

enum MHD_Result api_stream(struct web_request *r)
{
	struct stream *s = calloc(1, sizeof(*s));
	struct admin_visit v;

	if (!s)
		return MHD_NO;
	if (!admin_enter(r, &v)) {
		free(s);
		return v.result;
	}
	s->site = r->site;
	s->connection = r->connection;
	s->began_ms = s->said_ms = now_monotonic_ms();
	s->seq = first_seq(r, v.store);
	snprintf(s->user, sizeof(s->user), "%s", v.user);
	s->was = v;
	admin_leave(&v);
	s->len = (size_t)snprintf(s->text, sizeof(s->text), "retry: 2000\n\n");
	if (join(s))
		return begin(r, s);
	free(s);
	return admin_problem(r, MHD_HTTP_SERVICE_UNAVAILABLE,
			     "there are too many streams already");
}
