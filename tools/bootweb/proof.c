#include "config.h"

#include "tools/bootweb/proof.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>

#define OCTETS crypto_generichash_BYTES

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Guarded by lock. */
static unsigned char key[crypto_generichash_KEYBYTES];
static bool has_key;
static struct proof {
	unsigned char octet[OCTETS];
	int64_t until_ms; /* 0: none */
} proven[PROOF_KEPT];

/* With the NUL between them, no other two texts make the same. */
static bool make(const char *hash, const char *text, unsigned char out[static OCTETS])
{
	crypto_generichash_state state;

	if (!has_key) {
		if (sodium_init() < 0)
			return false;
		randombytes_buf(key, sizeof(key));
		has_key = true;
	}
	crypto_generichash_init(&state, key, sizeof(key), OCTETS);
	crypto_generichash_update(&state, (const unsigned char *)hash, strlen(hash) + 1);
	crypto_generichash_update(&state, (const unsigned char *)text, strlen(text));
	crypto_generichash_final(&state, out, OCTETS);
	sodium_memzero(&state, sizeof(state));
	return true;
}

static struct proof *find(const unsigned char octet[static OCTETS], int64_t now_ms)
{
	for (size_t i = 0; i < PROOF_KEPT; i++)
		if (proven[i].until_ms > now_ms &&
		    sodium_memcmp(proven[i].octet, octet, OCTETS) == 0)
			return &proven[i];
	return NULL;
}

bool proof_holds(const char *hash, const char *text, int64_t now_ms)
{
	unsigned char octet[OCTETS];
	bool holds;

	pthread_mutex_lock(&lock);
	holds = make(hash, text, octet) && find(octet, now_ms);
	pthread_mutex_unlock(&lock);
	return holds;
}

/* All last equally long: that which ends first is the oldest, or is over. */
static struct proof *oldest(void)
{
	struct proof *first = &proven[0];

	for (size_t i = 1; i < PROOF_KEPT; i++)
		if (proven[i].until_ms < first->until_ms)
			first = &proven[i];
	return first;
}

void proof_keep(const char *hash, const char *text, int64_t now_ms)
{
	unsigned char octet[OCTETS];
	struct proof *p;

	pthread_mutex_lock(&lock);
	if (make(hash, text, octet)) {
		p = find(octet, now_ms);
		p = p ? p : oldest();
		memcpy(p->octet, octet, OCTETS);
		p->until_ms = now_ms + PROOF_MS;
	}
	pthread_mutex_unlock(&lock);
}
