/*
 * foreign - lines that other programs log, read as the events that ours would
 * have printed: nginx in the place of bootweb, dnsmasq in that of pxeproxy and
 * tftpd-lite.
 *
 * Of nginx two forms are read: its own "combined", and the JSON of
 * examples/nginx.conf, which also has the milliseconds, an id, and what was
 * posted.  Of dnsmasq, what it says with log-dhcp.
 *
 * Units   milliseconds since 1970 UTC.
 * Errors  FOREIGN_BAD, and *why is a constant text.
 * Memory  everything is copied.
 * Source  ngx_http_log_module's documentation; what dnsmasq 2.90 was seen to
 *         print.  pxekit-events(5) says what becomes of which line.
 */
#pragma once

#include "lib/core/event.h"
#include "lib/core/token.h"

enum foreign_format {
	FOREIGN_NGINX,
	FOREIGN_DNSMASQ,
	FOREIGN_FORMATS,
};

bool foreign_parse(const char *name, enum foreign_format *out);

enum foreign_result {
	FOREIGN_EVENT,   /* seen is filled in */
	FOREIGN_NOTHING, /* well formed, and of no interest */
	FOREIGN_BAD,
};

struct foreign {
	struct event ev;
	bool timed;             /* the line says when; else ev.time_ms is now */
	char token[TOKEN_TEXT]; /* whose job it is about; "" if it says none */
};

/* What lines before have said of the packet that the next ones are about. */
struct foreign_state {
	char packet[16], vendor_class[JOB_NAME], user_class[JOB_NAME];
};

/* One line without its newline; now_ms stands for the time, or the year, it lacks. */
enum foreign_result foreign_read(enum foreign_format format, const char *line, size_t len,
				 int64_t now_ms, struct foreign_state *state,
				 struct foreign *out, const char **why);

/* The same for one format: foreign_nginx.c, foreign_dnsmasq.c. */
enum foreign_result foreign_nginx(char *line, int64_t now_ms, struct foreign *out,
				  const char **why);
enum foreign_result foreign_dnsmasq(char *line, int64_t now_ms,
				    struct foreign_state *state, struct foreign *out,
				    const char **why);
