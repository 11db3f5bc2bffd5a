/*
 * serve - receive, decode, plan, encode, send; for as long as nobody says stop.
 *
 * Errors  what goes wrong with one packet is said once a second at most and
 *         never ends the loop.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/sys/conf.h"
#include "tools/pxeproxy/outbox.h"
#include "tools/pxeproxy/port.h"
#include "tools/pxeproxy/tell.h"

struct server {
	struct conf *conf;
	const char *conf_path;        /* as conf_load() wants it */
	const char *const *interface; /* only these; all if there is none */
	size_t interfaces;
	bool dry_run;

	struct ports ports;
	struct outbox outbox;
	struct ifaces ifaces;
	struct database database;
	struct turns turns;
	struct watch watch;
	struct tell tell;
	struct tell_malformed malformed;
	int64_t send_failed_ms;
	int64_t told_ms;             /* when events were written last */
	int64_t watchdog_ms, fed_ms; /* 0: nobody watches */
};

/* Which site and which networks its events say it is of. */
void serve_tell(const struct conf *conf);

/* Returns after SIGTERM or SIGINT. */
void serve(struct server *server);
