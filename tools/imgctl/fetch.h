/*
 * fetch - files of another site, by HTTP and HTTPS, from a server that is not trusted.
 *
 * Only http and https are spoken, also after a redirect, and nothing but https after
 * https.  A body is bounded before it is read, and given up if it only trickles.
 *
 * Units   octets, seconds.
 * Errors  false, and one sentence in why that names the URL.
 * Memory  fetch_close() frees what fetch_open() made; fetch_text() allocates.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/media/catalogue.h"

#define FETCH_ETAG 200

struct fetch_options {
	const char *cacert; /* NULL: the system's */
	uint64_t rate;      /* octets a second; 0: as fast as it goes */
	long patience;      /* seconds in which hardly anything may come */
	/* Called now and then with what has come of this body; false stops it. */
	bool (*told)(void *context, int64_t octets);
	void *context;
};

struct fetch;

/* NULL without memory, or if curl cannot take the options. */
struct fetch *fetch_open(const struct fetch_options *options);
void fetch_close(struct fetch *fetch);

/* A small file, with a NUL behind it; *status is HTTP's, 0 if it came to none. */
bool fetch_text(struct fetch *fetch, const char *url, size_t most, char **text,
		size_t *len, long *status, char why[static CATALOGUE_WHY]);

/* A file, or the rest of it. */
struct fetch_file {
	int fd;
	int64_t have;          /* so many octets are there; behind them it goes on */
	int64_t size;          /* of the whole; -1: what the server says */
	char etag[FETCH_ETAG]; /* what they came from: "" if that is not known */
	/* Called before the first octet is written, when have and etag are what they
	 * will be: 0 and the new one if the server begins anew.  False stops it. */
	bool (*begins)(void *context, const struct fetch_file *file);
	void *context;
	int64_t came;  /* octets of this call */
	bool hopeless; /* the server's answer is wrong: it is no use to ask again */
	int error;     /* errno of what failed here: ENOSPC, EINTR if told() stopped it */
};

/* have grows by what has come, also if it fails. */
bool fetch_file(struct fetch *fetch, const char *url, struct fetch_file *file,
		char why[static CATALOGUE_WHY]);

/* The URL of a path below base, each segment escaped; false without memory. */
bool fetch_url(const char *base, const char *path, char **url);
