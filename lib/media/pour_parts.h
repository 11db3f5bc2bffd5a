/* What pour.c and pour_tarball.c share. */
#pragma once

#include <sys/types.h>

#include "lib/media/digest.h"
#include "lib/media/pour.h"

/* A file on its way. */
struct target {
	const struct recipe_file *file;
	int64_t size;
	int fd;
	struct digest_sum *sum;
	int64_t next;  /* where the sum has come to */
	bool disorder; /* it did not come from its beginning to its end */
};

struct work {
	struct recipe *recipe;
	struct publish *publish;
	const struct pour_order *order;
	struct digest *digest;
	struct target *target; /* one for each of recipe->file */
	struct digest_sum *whole;
	int64_t done, total;
	char *why;
};

/* The last buffer of the digest goes into the file, if one is given, and the sums. */
bool pour_put(struct work *w, const char *p, size_t len, struct target *t, int64_t to,
	      struct digest_sum *whole);

/* As many octets as there are, up to len; -1 with errno. */
ssize_t pour_read(int fd, char *p, size_t len, int64_t at);

/* Copies a tarball while its members are looked at. */
bool pour_tarball(struct work *w, struct target *t);
