#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tools/imgctl/prune.h"

/* What is needed first, then what was used last. */
static int by_use(const void *a, const void *b)
{
	const struct prune_row *x = a, *y = b;

	if (x->needed != y->needed)
		return x->needed ? -1 : 1;
	if (x->used_ms != y->used_ms)
		return x->used_ms > y->used_ms ? -1 : 1;
	return -strverscmp(x->reference, y->reference);
}

void prune_choose(struct prune_row *rows, size_t count, size_t keep)
{
	if (count)
		qsort(rows, count, sizeof(*rows), by_use);
	for (size_t i = 0; i < count; i++)
		rows[i].goes = i >= keep && !rows[i].needed;
}

static int64_t ms_of(const struct timespec *t)
{
	return (int64_t)t->tv_sec * 1000 + t->tv_nsec / 1000000;
}

int64_t prune_used(const char *images, const struct image *image)
{
	char path[PATH_MAX];
	int64_t used_ms = 0;
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s/%s/MANIFEST", images, image->name,
		 image->version);
	if (stat(path, &st) == 0)
		used_ms = ms_of(&st.st_mtim);
	for (size_t i = 0; i < image->files; i++) {
		if (snprintf(path, sizeof(path), "%s/%s/%s/%s", images, image->name,
			     image->version, image->file[i].name) >= PATH_MAX ||
		    stat(path, &st) < 0)
			continue;
		if (ms_of(&st.st_atim) > used_ms)
			used_ms = ms_of(&st.st_atim);
	}
	return used_ms;
}
