/*
 * replay - what would have been answered to the requests of a capture.
 *
 * Prints one paragraph for each request that a boot server may answer: the
 * frame, the decision and its rule, and the reply field by field.  Needs no
 * network and no rights; asks the configuration and the database as the daemon.
 */
#pragma once

#include "lib/sys/conf.h"

/*
 * The exit status; path "-" is standard input.  The replies are written into the
 * capture write_path, if it is not NULL.
 */
int replay(const struct conf *conf, const char *path, const char *write_path);
