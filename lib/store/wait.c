#include "lib/store/wait.h"

#include <stdio.h>
#include <sys/stat.h>

#include "lib/store/db.h"
#include "lib/sys/now.h"

/* Each commit writes to the log. */
static struct timespec last_commit(const struct store *store)
{
	char log[sizeof(store->path) + 8];
	struct stat st;

	snprintf(log, sizeof(log), "%s-wal", store->path);
	return stat(log, &st) == 0 ? st.st_mtim : (struct timespec){ 0 };
}

static bool others_got_on(struct store *store)
{
	struct timespec log = last_commit(store);
	bool same = log.tv_sec == store->wait.log.tv_sec &&
		    log.tv_nsec == store->wait.log.tv_nsec;

	store->wait.log = log;
	return !same;
}

/* From 1 to 32 ms, and not in step with the others. */
static int next_sleep_ms(int times)
{
	int most = times < 5 ? 1 << times : 32;
	unsigned char any;

	sqlite3_randomness(sizeof(any), &any);
	return 1 + any % most;
}

int wait_for_others(void *waiting, int times)
{
	struct store *store = waiting;
	int64_t now = now_monotonic_ms();

	if (others_got_on(store) || times == 0)
		store->wait.since_ms = now;
	if (now - store->wait.since_ms >= STORE_WAIT_MS)
		return 0;
	sqlite3_sleep(next_sleep_ms(times));
	return 1;
}
