/*
 * intake - standard input, looked at before it is taken.
 *
 * What stands in a pipe stays there until it is taken: intake_look() copies it
 * by tee(2) through a pipe of our own, and intake_take() reads it away.  So
 * whoever is killed in between has lost nothing, and the next one sees the
 * same octets.  Only one may look at a pipe at a time; the others wait.
 * Anything else (a file, a socket, a terminal) is read and kept in memory.
 *
 * Units   octets.
 * Errors  -1 or INTAKE_FAILED, with errno set.
 * Memory  intake_close() frees all; the octets are the intake's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct intake {
	int fd, lock, copy[2];
	bool pipe, full; /* full: no more can be seen before some is taken */
	char *octets;    /* what was seen and not taken */
	size_t seen, size;
};

enum intake_result {
	INTAKE_MORE,    /* there is more to see than before */
	INTAKE_END,     /* there is not, and never will be */
	INTAKE_IDLE,    /* nothing came for ALIVE_MS */
	INTAKE_STOPPED, /* service_stop was set meanwhile */
	INTAKE_FAILED,
};

int intake_open(struct intake *in, int fd);
void intake_close(struct intake *in);

/* True if another process looks at this pipe; intake_lock() waits for its end. */
bool intake_locked(struct intake *in);
int intake_lock(struct intake *in);

/*
 * Waits until there are more than in->seen octets, or the end, or a signal, and at most
 * ALIVE_MS.
 * SIGTERM and SIGINT are to be blocked, so that none is missed.
 */
enum intake_result intake_look(struct intake *in);

/* Lets in what signals have come meanwhile; true if one of them says stop. */
bool intake_stopped(void);

/* Takes the first `octets` of what was seen. */
int intake_take(struct intake *in, size_t octets);
