/*
 * aside - answers that take their time, made on threads of their own: the connection
 * sleeps meanwhile, and those that share its thread are served.
 *
 * Errors  aside_begin() returns false if too many are under way.
 */
#pragma once

#include "tools/bootweb/web.h"

/* Calls request->route->answer; then the request comes again, and aside_end() is it. */
bool aside_begin(struct web_request *request);
enum MHD_Result aside_end(struct web_request *request);

/* Keeps an answer for aside_end(). */
enum MHD_Result aside_keep(struct web_request *request, unsigned status,
			   struct MHD_Response *response);

/* Until the last of them is done. */
void aside_wait(void);
