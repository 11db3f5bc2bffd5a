/*
 * keyfile - the site's key, on disk as 64 hex digits, readable by the service alone.
 *
 * Errors  -1 with errno set; EPERM if others may read the file, EINVAL if it
 *         does not hold a key.
 *
 * A process that has read it writes no core dump from then on.
 */
#pragma once

#include "lib/core/token.h"

int keyfile_read(const char *path, struct token_key *out);

/* Reads it, or draws a new key and writes it (mode 0640) if there is none. */
int keyfile_ensure(const char *path, struct token_key *out);
