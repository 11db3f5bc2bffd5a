/*
 * release - files with a secret, given once for each attempt of a job, and on
 * record before they are given.
 *
 * The record is the event "release" as jobctl ingest has applied it: the
 * database then knows which event of whose it was, and only the server that
 * sent that one gives the file.  If it dies in between, the file is lost to
 * that attempt and to nobody else.
 *
 * Errors  RELEASE_LATER: not on record within RELEASE_WAIT_MS; asked again, the
 *         same event is waited for.
 */
#pragma once

#include "tools/bootweb/web.h"

#define RELEASE_WAIT_MS 5000
#define RELEASE_PENDING 1024 /* files that wait at the same time */

struct serve_answer;

enum release {
	RELEASE_GIVE,
	RELEASE_GONE, /* it was given before */
	RELEASE_LATER,
};

enum release release_take(struct web_request *r, const struct serve_answer *answer);
