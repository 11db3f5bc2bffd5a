#include "tools/pxeprobe/figures.h"

#include <stdlib.h>

static const char *const names[STAGES] = {
	[STAGE_OFFER] = "offer",   [STAGE_4011] = "4011",   [STAGE_LOADER] = "loader",
	[STAGE_SCRIPT] = "script", [STAGE_WHOLE] = "whole",
};

bool figures_init(struct figures *f, size_t machines)
{
	*f = (struct figures){ .machines = machines };
	for (size_t i = 0; i < STAGES; i++) {
		f->stage[i].us = calloc(machines, sizeof(int64_t));
		if (!f->stage[i].us) {
			figures_free(f);
			return false;
		}
	}
	return true;
}

void figures_free(struct figures *f)
{
	for (size_t i = 0; i < STAGES; i++)
		free(f->stage[i].us);
	*f = (struct figures){ 0 };
}

void figures_add(struct figures *f, enum stage stage, int64_t us)
{
	if (f->stage[stage].count < f->machines)
		f->stage[stage].us[f->stage[stage].count++] = us;
}

void figures_fail(struct figures *f, enum stage stage)
{
	f->stage[stage].failed++;
}

static int compare(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

void figures_sort(struct figures *f)
{
	for (size_t i = 0; i < STAGES; i++)
		qsort(f->stage[i].us, f->stage[i].count, sizeof(int64_t), compare);
}

int64_t figures_at(const struct figures *f, enum stage stage, unsigned percent)
{
	size_t count = f->stage[stage].count, rank = (count * percent + 99) / 100;

	if (!count)
		return 0;
	return f->stage[stage].us[rank ? rank - 1 : 0];
}

const char *stage_name(enum stage stage)
{
	return names[stage];
}
