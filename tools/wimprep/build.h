/*
 * build - one run of "wimprep build".
 */
#pragma once

#include <stdbool.h>

#include "lib/sys/conf.h"
#include "tools/wimprep/pack.h"
#include "tools/wimprep/payload.h"
#include "tools/wimprep/place.h"

#define BUILD_ALSO 8

struct build {
	const char *ready; /* a folder, or NULL: see ready.h */
	char *ready_wim;   /* the boot.wim in it, of a file */
	const char *file, *image, *output, *os, *install, *config;
	unsigned index;                   /* 0: the one that boots */
	unsigned also[BUILD_ALSO], alsos; /* are prepared as well */
	unsigned wait_s;
	bool dry, current;
	struct payload_wish wish;
	struct pack_wish pack;
	struct conf *conf;
	struct place place;
};

int build_run(struct build *b);
