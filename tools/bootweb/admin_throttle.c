#include "config.h"

#include "tools/bootweb/admin_throttle.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "lib/sys/now.h"

#define KEPT 1024
#define FORGET_MS (3600 * 1000)
#define LONGEST_MS (900 * 1000)
#define FIRST_MS 1000

static const unsigned free_failures[] = {
	[THROTTLE_ADDRESS] = 5, [THROTTLE_ACCOUNT] = 10
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Guarded by lock. */
static struct failing {
	char who[80];
	enum throttle_of of;
	unsigned failures;
	int64_t last_ms, until_ms;
} failing[KEPT];

/* Who has one address of IPv6 has all those of its network (RFC 6177): a /64. */
static const char *name_of(enum throttle_of of, const char *who,
			   char out[static INET6_ADDRSTRLEN])
{
	struct in6_addr v6;

	if (of != THROTTLE_ADDRESS || inet_pton(AF_INET6, who, &v6) != 1 ||
	    IN6_IS_ADDR_V4MAPPED(&v6))
		return who;
	memset(v6.s6_addr + 8, 0, 8);
	return inet_ntop(AF_INET6, &v6, out, INET6_ADDRSTRLEN);
}

/* That of who, or the one to take for it: a free one, else that of longest ago. */
static struct failing *slot_of(enum throttle_of of, const char *who, int64_t now)
{
	struct failing *oldest = &failing[0];

	for (size_t i = 0; i < KEPT; i++) {
		struct failing *f = &failing[i];

		if (f->failures && f->of == of && strcmp(f->who, who) == 0 &&
		    now - f->last_ms < FORGET_MS)
			return f;
		if (f->last_ms < oldest->last_ms)
			oldest = f;
	}
	*oldest = (struct failing){ .of = of };
	snprintf(oldest->who, sizeof(oldest->who), "%s", who);
	return oldest;
}

int64_t throttle_wait_ms(enum throttle_of of, const char *who)
{
	int64_t now = now_monotonic_ms(), wait = 0;
	char name[INET6_ADDRSTRLEN];

	who = name_of(of, who, name);
	pthread_mutex_lock(&lock);
	for (size_t i = 0; i < KEPT; i++)
		if (failing[i].failures && failing[i].of == of &&
		    strcmp(failing[i].who, who) == 0 && failing[i].until_ms > now)
			wait = failing[i].until_ms - now;
	pthread_mutex_unlock(&lock);
	return wait;
}

void throttle_failed(enum throttle_of of, const char *who)
{
	int64_t now = now_monotonic_ms(), wait = FIRST_MS;
	char name[INET6_ADDRSTRLEN];
	struct failing *f;

	if (!*who)
		return;
	who = name_of(of, who, name);
	pthread_mutex_lock(&lock);
	f = slot_of(of, who, now);
	f->last_ms = now;
	f->failures++;
	for (unsigned i = free_failures[of]; i < f->failures && wait < LONGEST_MS; i++)
		wait *= 2;
	if (f->failures >= free_failures[of])
		f->until_ms = now + (wait < LONGEST_MS ? wait : LONGEST_MS);
	pthread_mutex_unlock(&lock);
}

void throttle_succeeded(enum throttle_of of, const char *who)
{
	char name[INET6_ADDRSTRLEN];

	who = name_of(of, who, name);
	pthread_mutex_lock(&lock);
	for (size_t i = 0; i < KEPT; i++)
		if (failing[i].of == of && strcmp(failing[i].who, who) == 0)
			failing[i] = (struct failing){ 0 };
	pthread_mutex_unlock(&lock);
}
