#include "config.h"

#include "tools/tftpd-lite/transfers.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS 4096

int transfers_begin(struct transfers *all, size_t max, size_t max_unheard)
{
	*all = (struct transfers){ .max = max, .max_unheard = max_unheard };
	TAILQ_INIT(&all->pool);
	all->bucket = calloc(BUCKETS, sizeof(*all->bucket));
	all->heap = calloc(max, sizeof(struct transfer *));
	if (all->bucket && all->heap)
		return 0;
	transfers_free(all);
	return -1;
}

void transfers_free(struct transfers *all)
{
	free(all->bucket);
	free(all->heap);
	*all = (struct transfers){ 0 };
}

static struct transfers_bucket *bucket_of(const struct transfers *all,
					  const struct peer *peer)
{
	return &all->bucket[peer_hash(peer) % BUCKETS];
}

struct transfer *transfers_find(const struct transfers *all, int fd,
				const struct peer *peer)
{
	struct transfer *t;

	LIST_FOREACH(t, bucket_of(all, peer), same_bucket)
	if (t->fd == fd && peer_equal(&t->peer, peer))
		return t;
	return NULL;
}

bool transfers_knows(const struct transfers *all, const struct peer *peer)
{
	const struct transfer *t;

	LIST_FOREACH(t, bucket_of(all, peer), same_bucket)
	if (peer_equal(&t->peer, peer))
		return true;
	return false;
}

/* The heap: each is looked at no later than its children. */

static void place(struct transfers *all, size_t i, struct transfer *t)
{
	all->heap[i] = t;
	t->timer = i;
}

static void sift_up(struct transfers *all, struct transfer *t)
{
	size_t i = t->timer;

	while (i > 0 && all->heap[(i - 1) / 2]->wake_us > t->wake_us) {
		place(all, i, all->heap[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
	place(all, i, t);
}

static void sift_down(struct transfers *all, struct transfer *t)
{
	size_t i = t->timer, child;

	while ((child = 2 * i + 1) < all->count) {
		if (child + 1 < all->count &&
		    all->heap[child + 1]->wake_us < all->heap[child]->wake_us)
			child++;
		if (all->heap[child]->wake_us >= t->wake_us)
			break;
		place(all, i, all->heap[child]);
		i = child;
	}
	place(all, i, t);
}

static void heap_remove(struct transfers *all, struct transfer *t)
{
	struct transfer *last = all->heap[--all->count];

	if (last == t)
		return;
	place(all, t->timer, last);
	sift_up(all, last);
	sift_down(all, last);
}

void transfers_wake(struct transfers *all, struct transfer *t, int64_t due_us)
{
	int64_t before = t->wake_us;

	t->wake_us = due_us;
	if (due_us < before)
		sift_up(all, t);
	else
		sift_down(all, t);
}

struct transfer *transfers_next(const struct transfers *all)
{
	return all->count ? all->heap[0] : NULL;
}

void transfers_pool(struct transfers *all, struct transfer *t)
{
	if (t->pooled)
		return;
	TAILQ_INSERT_TAIL(&all->pool, t, in_pool);
	t->pooled = true;
	all->pooled++;
}

void transfers_unpool(struct transfers *all, struct transfer *t)
{
	if (!t->pooled)
		return;
	TAILQ_REMOVE(&all->pool, t, in_pool);
	t->pooled = false;
	all->pooled--;
}

struct transfer *transfers_surplus(const struct transfers *all)
{
	if (all->pooled < all->max_unheard && all->count < all->max)
		return NULL;
	return TAILQ_FIRST(&all->pool);
}

struct transfer *transfers_add(struct transfers *all, int fd, const struct peer *peer,
			       const char *name)
{
	size_t size = strlen(name) + 1;
	struct transfer *t;

	if (all->count >= all->max)
		return NULL;
	t = calloc(1, sizeof(*t) + size);
	if (!t)
		return NULL;
	memcpy(t->name, name, size);
	t->fd = fd;
	t->peer = *peer;
	t->place = t->place_next = NETASCII_START;
	t->wake_us = INT64_MAX;
	t->turn = UINT64_MAX;
	LIST_INSERT_HEAD(bucket_of(all, peer), t, same_bucket);
	place(all, all->count++, t);
	transfers_pool(all, t);
	return t;
}

void transfers_remove(struct transfers *all, struct transfer *t)
{
	LIST_REMOVE(t, same_bucket);
	transfers_unpool(all, t);
	heap_remove(all, t);
	free(t->path);
	free(t);
}
