/*
 * confine - a daemon that only reads gives up writing, as whatever user it runs.
 *
 * From then on this thread, and those it starts, open no file for writing, make,
 * rename or remove none, and execute none; what is open already stays open, and
 * the file behind standard output may be opened once more (see emit).
 *
 * Errors  -1 with errno set; ENOSYS or EOPNOTSUPP if the kernel cannot do it.
 * Source  landlock(7).
 */
#pragma once

#include <stddef.h>

int confine_writes(void);

/* The same, but in the folders of these files all may still be made and written. */
int confine_writes_beside(const char *const files[], size_t count);

/*
 * And makes no call that no daemon of ours needs: none that execs, mounts, traces,
 * changes who we are or what the kernel runs, and no packet socket.  EPERM is what
 * such a call gets.  Source: seccomp(2).
 */
int confine_calls(void);
