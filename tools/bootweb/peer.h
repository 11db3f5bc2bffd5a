/*
 * peer - the other end of a connection: its address, and what has reached it.
 */
#pragma once

#include "tools/bootweb/web.h"

/* Fills in address, ipv4 and on_socket. */
void peer_read(struct web_request *request);

/*
 * Over a Unix socket the client is whom X-Real-IP names, once the headers are there:
 * who may open the socket is the front server.
 */
void peer_read_front(struct web_request *request);

/* Octets that the client's kernel has acknowledged on this connection; 0 if not TCP. */
uint64_t peer_acked(const struct web_request *request);
