/*
 * figures - how long each stage took for all machines, and its percentiles.
 *
 * Units   microseconds.
 * Memory  figures_init() allocates, figures_free() frees.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum stage {
	STAGE_OFFER,
	STAGE_4011,
	STAGE_LOADER,
	STAGE_SCRIPT,
	STAGE_WHOLE,
	STAGES,
};

struct figures {
	struct {
		int64_t *us;
		size_t count, failed;
	} stage[STAGES];
	size_t machines;
};

bool figures_init(struct figures *f, size_t machines);
void figures_free(struct figures *f);
void figures_add(struct figures *f, enum stage stage, int64_t us);
void figures_fail(struct figures *f, enum stage stage);

/* Once nothing more is added, before figures_at(). */
void figures_sort(struct figures *f);

/* The smallest time within which so many percent were done; 0 if nothing was. */
int64_t figures_at(const struct figures *f, enum stage stage, unsigned percent);

const char *stage_name(enum stage stage);
