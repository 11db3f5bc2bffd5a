/*
 * reading - a transfer whose octets are still on the disk waits for them aside, and
 * the server goes on with the others.
 *
 * Each part of a file is looked at before it is sent: preadv2(2) with RWF_NOWAIT says
 * whether it is in the page cache.  (mincore(2) tells only a file's owner.)  What was
 * seen there is believed for READING_BELIEVED_US, for all who fetch the file.
 */
#pragma once

#include "tools/tftpd-lite/server.h"

#define READING_BELIEVED_US (10 * SESSION_US)

/*
 * True if what t is to send next can be had at once.  Else it waits aside until
 * reading_done(), or has ended.
 */
bool reading_ready(struct server *sv, struct transfer *t);

/* What the readers have read. */
void reading_done(struct server *sv);

/* It waits no more. */
void reading_leave(struct server *sv, struct transfer *t);

/* Its time has come while it waits: it waits on, or has waited too long. */
void reading_due(struct server *sv, struct transfer *t);
