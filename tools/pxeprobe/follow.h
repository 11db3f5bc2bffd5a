/*
 * follow - fetches the script of an iPXE client and what it leads to.
 */
#pragma once

#include "tools/pxeprobe/play.h"

void follow(const struct play *p, struct facts *f, size_t client);
