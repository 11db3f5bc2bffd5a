/*
 * plan_load DATABASE MACHINES TURNS - how much CPU one decision costs: store_boot_facts()
 * and plan_for() for cards 02:00:00:XX:XX:XX below MACHINES, at random; prints
 * microseconds of CPU a turn, and how many of them had a job.
 */
#include "config.h"

#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "lib/store/store.h"
#include "lib/sys/exits.h"
#include "lib/sys/now.h"

static int64_t cpu_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static bool turn(struct store *store, uint32_t number)
{
	struct machine_key key = { .has_mac = true };
	struct plan_facts facts = { .policy = PLAN_JOBS, .attempts_max = 3 };
	struct store_about about;

	key.mac = (struct mac){ { 2, 0, 0, (uint8_t)(number >> 16),
				  (uint8_t)(number >> 8), (uint8_t)number } };
	if (store_boot_facts(store, &key, &facts, &about) != STORE_DONE)
		errx(EXIT_FAILED, "%s", store_why(store));
	return plan_for(&facts, now_ms()).action == PLAN_INSTALL;
}

int main(int argc, char *argv[])
{
	uint32_t machines = argc == 4 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;
	long turns = argc == 4 ? strtol(argv[3], NULL, 10) : 0, installs = 0;
	uint64_t random = 88172645463325252u;
	struct store *store;
	int64_t began;

	if (!machines || turns < 1)
		errx(EXIT_MISUSE, "wants DATABASE MACHINES TURNS");
	if (store_open(argv[1], STORE_READ, &store) != STORE_DONE)
		errx(EXIT_FAILED, "%s", store ? store_why(store) : "no memory");
	began = cpu_ns();
	for (long i = 0; i < turns; i++) {
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		installs += turn(store, (uint32_t)(random % machines));
	}
	printf("%.2f %ld\n", (double)(cpu_ns() - began) / 1000 / (double)turns, installs);
	store_close(store);
	return EXIT_DONE;
}
