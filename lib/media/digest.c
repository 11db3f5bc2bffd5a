#include "config.h"

#include "lib/media/digest.h"

#include <errno.h>
#include <nettle/sha2.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define BUFFERS 8
#define LANES 2 /* a file's sum and its disc's are made side by side */

struct digest_sum {
	struct sha256_ctx ctx;
	struct digest_sum *next;
};

struct digest {
	pthread_mutex_t lock;
	pthread_cond_t change;
	pthread_t thread[LANES];
	unsigned threads;
	bool over;
	uint64_t fed, done[LANES];
	struct {
		uint8_t *octets;
		size_t len;
		struct digest_sum *sum[LANES];
	} slot[BUFFERS];
	struct digest_sum *sums;
	unsigned starting; /* the lane that the next thread takes */
};

static void *run_lane(void *what)
{
	struct digest *d = what;
	unsigned lane;

	pthread_mutex_lock(&d->lock);
	lane = d->starting++;
	for (;;) {
		while (d->done[lane] == d->fed && !d->over)
			pthread_cond_wait(&d->change, &d->lock);
		if (d->done[lane] == d->fed)
			break;
		while (d->done[lane] < d->fed) {
			size_t i = d->done[lane] % BUFFERS;

			pthread_mutex_unlock(&d->lock);
			if (d->slot[i].sum[lane])
				sha256_update(&d->slot[i].sum[lane]->ctx, d->slot[i].len,
					      d->slot[i].octets);
			pthread_mutex_lock(&d->lock);
			d->done[lane]++;
			pthread_cond_broadcast(&d->change);
		}
	}
	pthread_mutex_unlock(&d->lock);
	return NULL;
}

struct digest *digest_start(void)
{
	struct digest *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	pthread_mutex_init(&d->lock, NULL);
	pthread_cond_init(&d->change, NULL);
	for (size_t i = 0; i < BUFFERS; i++) {
		d->slot[i].octets = malloc(DIGEST_BUFFER);
		if (!d->slot[i].octets)
			goto failed;
	}
	for (; d->threads < LANES; d->threads++) {
		errno = pthread_create(&d->thread[d->threads], NULL, run_lane, d);
		if (errno)
			goto failed;
	}
	return d;
failed:
	digest_stop(d);
	return NULL;
}

void digest_stop(struct digest *d)
{
	struct digest_sum *next;
	int saved = errno;

	if (!d)
		return;
	pthread_mutex_lock(&d->lock);
	d->over = true;
	pthread_cond_broadcast(&d->change);
	pthread_mutex_unlock(&d->lock);
	for (unsigned i = 0; i < d->threads; i++)
		pthread_join(d->thread[i], NULL);
	for (size_t i = 0; i < BUFFERS; i++)
		free(d->slot[i].octets);
	for (struct digest_sum *s = d->sums; s; s = next) {
		next = s->next;
		free(s);
	}
	pthread_cond_destroy(&d->change);
	pthread_mutex_destroy(&d->lock);
	free(d);
	errno = saved;
}

struct digest_sum *digest_sum(struct digest *d)
{
	struct digest_sum *s = malloc(sizeof(*s));

	if (!s)
		return NULL;
	sha256_init(&s->ctx);
	s->next = d->sums;
	d->sums = s;
	return s;
}

/* All lanes have finished all but the last `pending` buffers. */
static void wait_for(struct digest *d, uint64_t pending)
{
	pthread_mutex_lock(&d->lock);
	for (unsigned lane = 0; lane < LANES; lane++)
		while (d->fed - d->done[lane] > pending)
			pthread_cond_wait(&d->change, &d->lock);
	pthread_mutex_unlock(&d->lock);
}

void *digest_buffer(struct digest *d)
{
	wait_for(d, BUFFERS - 1);
	return d->slot[d->fed % BUFFERS].octets;
}

void digest_feed(struct digest *d, size_t len, struct digest_sum *a, struct digest_sum *b)
{
	size_t i = d->fed % BUFFERS;

	d->slot[i].len = len;
	d->slot[i].sum[0] = a;
	d->slot[i].sum[1] = b;
	pthread_mutex_lock(&d->lock);
	d->fed++;
	pthread_cond_broadcast(&d->change);
	pthread_mutex_unlock(&d->lock);
}

void digest_text(struct digest *d, struct digest_sum *sum, char out[static IMAGE_SHA256])
{
	uint8_t octets[SHA256_DIGEST_SIZE];

	wait_for(d, 0);
	sha256_digest(&sum->ctx, sizeof(octets), octets);
	for (size_t i = 0; i < sizeof(octets); i++)
		snprintf(out + 2 * i, 3, "%02x", octets[i]);
}
