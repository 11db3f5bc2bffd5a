/*
 * web - HTTP as the faces of bootweb see it: a request that is all there, and
 * an answer to queue.  The only file that knows how libmicrohttpd is driven is
 * web.c; handlers run on its threads, several at once, and never wait for a
 * client.
 *
 * Units   milliseconds, octets.
 * Errors  web_listen() returns -1 with errno set; handlers return what the
 *         web_... functions return.
 * Memory  a request and all it points to live until its answer is sent.
 */
#pragma once

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/wire/url.h"

#define WEB_BODY (64 * 1024)              /* the most that a request may carry */
#define WEB_BODY_LARGE (32 * 1024 * 1024) /* where its route is WEB_LARGE */

struct route;
struct site;

/* A file on its way, for EVENT_FETCH. */
struct web_transfer {
	char file[256]; /* as the client named it; "" for none */
	int64_t octets; /* of the body; -1 until it is known */
	unsigned status;
	uint64_t acked; /* what the connection had delivered before */
};

struct web_request {
	struct MHD_Connection *connection;
	struct site *site;
	const struct route *route;
	char *target; /* decoded in place by path and form */
	const struct face *face;
	unsigned method; /* one of enum web_method; WEB_GET for HEAD as well */
	unsigned allow;  /* what routes of this path know, when none fits */
	bool head, begun;
	bool on_socket; /* the client came by a Unix socket */
	bool sealed;    /* by TLS */
	int64_t started_ms;
	struct url_path path;
	struct url_form form; /* of the query, then of the body where a route says so */
	char *body;           /* NULL if there is none; a NUL follows it */
	size_t body_len, body_room, body_most;
	bool large;       /* it has one of the few places for a large body */
	char address[46]; /* the client's; "" on a Unix socket */
	uint32_t ipv4;    /* the same in host byte order; 0 if it is none */
	struct web_transfer transfer;
	/* For web.c: what became of route and target, and of an answer made aside. */
	unsigned found;
	const char *found_why;
	enum { WEB_ASIDE_NOT, WEB_ASIDE_WORKS, WEB_ASIDE_ENDED } aside;
	unsigned kept_status;
	struct MHD_Response *kept;
};

enum web_method {
	WEB_GET = 1, /* and HEAD */
	WEB_ONLY_GET = 2,
	WEB_POST = 4,
	WEB_PATCH = 8,
	WEB_DELETE = 16,

	/* Beside the method of a route: */
	WEB_ASIDE =
		256, /* it takes its time, on a thread of its own (face with a tick) */
	WEB_LARGE = 512, /* its body may be WEB_BODY_LARGE, if the face admits it */
};

/*
 * A pattern is segments: "*" or "{name}" stands for any one, a last "**" for one or more.
 * The first route that matches path and method answers.
 */
struct route {
	unsigned methods;
	const char *pattern;
	enum MHD_Result (*answer)(struct web_request *request);
	unsigned need; /* a right, where the face asks for one (lib/core/role.h) */
};

struct face {
	const char *name, *service; /* what it is called where services are listed */
	const struct route *route;
	size_t routes;
	const struct route *(*more)(size_t i); /* behind those; NULL at the end */
	bool writes;                           /* its handlers change the database */
	bool private; /* not to be heard beyond this host without TLS */
	/* after the last octet; may be NULL, like the rest */
	void (*done)(struct web_request *request, bool whole);
	/* whether who sends a large body may, before it is read; false: it is answered */
	bool (*admit)(struct web_request *request, enum MHD_Result *result);
	/* adds to every answer what this face wants there */
	void (*dress)(struct web_request *request, struct MHD_Response *response);
	/* words what no route answers; status is 400, 404, 405 or 413 */
	enum MHD_Result (*refuse)(struct web_request *request, unsigned status,
				  const char *why);
	/* about four times a second, and once when it ends */
	void (*tick)(struct site *site, bool ends);
};

/* PEM texts; certificate NULL: no TLS. */
struct web_tls {
	char *certificate, *key;
};

struct web; /* the running server */

/*
 * A bound stream socket for ADDR:PORT, [ADDR]:PORT, :PORT or PORT, or for the
 * path of a Unix socket, whose owner and group may use it.
 */
int web_listen(const char *where);

/* Where a socket listens: ADDR:PORT, or "unix". */
#define WEB_WHERE 128
void web_where(int fd, char out[static WEB_WHERE]);

/* Whether only this host can reach the socket. */
bool web_is_local(int fd);

/* Serves face on the count listening sockets; NULL with errno set. */
struct web *web_start(const int fds[], size_t count, const struct face *face,
		      struct site *site, const struct web_tls *tls);

/* To be called about once a second: ends connections that dribble. */
void web_tick(struct web *web);

/* Stops to accept, gives what is under way grace_ms, and ends. */
void web_stop(struct web *web, int64_t grace_ms);

/* ---- what a handler may ask and say ---- */

/* The names of methods, as in "GET, HEAD, POST". */
#define WEB_METHODS 48
void web_methods(unsigned methods, char out[static WEB_METHODS]);

const char *web_header(const struct web_request *request, const char *name);

/* Whether there is more than one of them. */
bool web_header_twice(const struct web_request *request, const char *name);

/* A line of text; the newline is added. */
enum MHD_Result web_say(struct web_request *request, unsigned status, const char *format,
			...) __attribute__((format(printf, 3, 4)));

/* Takes octets over and frees them. */
enum MHD_Result web_give(struct web_request *request, unsigned status, const char *type,
			 char *octets, size_t len);

/* An ETag of octets: a hash of them, in quotes. */
#define WEB_ETAG 36
void web_etag(const char *octets, size_t len, char out[static WEB_ETAG]);

/* Whether a GET says that it has what etag is of; then 304 is its answer. */
bool web_has(const struct web_request *request, const char *etag);
enum MHD_Result web_not_modified(struct web_request *request, const char *etag);

/* The same as web_give() with 200, for a browser that asks again: with an ETag, or 304.
 */
enum MHD_Result web_give_again(struct web_request *request, const char *type,
			       char *octets, size_t len);

/* Queues an answer of the caller's and drops the caller's hold of it; NULL is refused. */
enum MHD_Result web_queue(struct web_request *request, unsigned status,
			  struct MHD_Response *response);

/* How much of the answer is known to have arrived, when its connection was cut. */
int64_t web_delivered(const struct web_request *request);
