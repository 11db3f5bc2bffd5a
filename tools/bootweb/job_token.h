/*
 * job_token - the answers that every request under /j/TOKEN may get.
 */
#pragma once

#include "lib/serve/serve.h"
#include "tools/bootweb/events.h"
#include "tools/bootweb/web.h"

/* 403: not a token of ours. */
enum MHD_Result token_refuse(struct web_request *request, struct event *ev);

/* 409 "stop: job 7 is cancelled" */
enum MHD_Result token_stop(struct web_request *request, struct event *ev,
			   const struct serve_answer *answer);

/* 500, and why on standard error. */
enum MHD_Result token_failed(struct web_request *request,
			     const struct serve_answer *answer, const char *what,
			     const char *why);
