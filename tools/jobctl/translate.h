/*
 * translate - lines of other programs' logs, as jobctl ingest takes them: read
 * by lib/core/foreign, named so that none counts twice, and with the job whose
 * token stands in them.  The token itself goes no further.
 *
 * Errors  store_result; lines that are no events are told by what is returned.
 */
#pragma once

#include "lib/core/foreign.h"
#include "tools/jobctl/jobctl.h"

struct translate {
	const struct jobctl *ctl;
	enum foreign_format format;
	struct foreign_state state;
};

/* STORE_NO: no event; *why says what is wrong with the line, or is NULL if nothing is. */
enum store_result translate_line(struct translate *t, const char *line, size_t len,
				 struct event *out, const char **why);
