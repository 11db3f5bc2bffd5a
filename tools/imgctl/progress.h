/*
 * progress - how far a long copy has come: a bar on a terminal, else a line at
 * every tenth, on standard error; nothing for what takes less than a second.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Also makes SIGINT, SIGTERM and SIGHUP stop the copy. */
void progress_begin(void);

/* False if a signal asks to stop. */
bool progress_told(int64_t done, int64_t total);

/* Takes the bar away. */
void progress_end(void);
