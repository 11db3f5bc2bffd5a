/*
 * logtail - the end of a log that a machine sends along with a report.
 *
 * The log is whatever a program printed: any octets, any length, and lines that
 * were drawn again and again with carriage returns to show progress.
 */
#pragma once

#include <stddef.h>

/*
 * As many of the last lines as fit into size, whole lines if one does; of what
 * carriage returns drew over the last state, blank lines left out.  Tabs
 * become blanks, and what else is not printable ASCII '?'.
 */
void logtail(const char *log, char *out, size_t size);

/* The whole part of the last figure like 37.5% in it, 0 to 100; -1: there is none. */
int logtail_percent(const char *log);
