/*
 * peer - the other end of a connection: its address, and what has reached it.
 */
#pragma once

#include "tools/bootweb/web.h"

/* Fills in address and ipv4. */
void peer_read(struct web_request *request);

/* Octets that the client's kernel has acknowledged on this connection; 0 if not TCP. */
uint64_t peer_acked(const struct web_request *request);
