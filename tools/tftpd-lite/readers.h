/*
 * readers - threads that wait for the disk, so that the server need not.
 *
 * A job reads a part of a file, which then is in the page cache, and tells an eventfd.
 * There are at most READERS_MAX threads, begun as they are needed; READERS_DEVICE of
 * them may wait for one device, so that one that stalls leaves the others to the rest.
 *
 * Units   octets.
 * Memory  readers_ask() allocates, readers_done() frees.  A job borrows the descriptor;
 *         tag is the user's own.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define READERS_MAX 16
#define READERS_DEVICE 8

/* The descriptor that is readable when a job is done, made once; -1 with errno set. */
int readers_begin(void);

/* False if there is no thread and none can be had. */
bool readers_ask(int fd, dev_t device, uint64_t offset, uint64_t len, void *tag);

/* The next job that is done: its tag, and 0 or an errno; NULL if there is none. */
void *readers_done(int *error);
