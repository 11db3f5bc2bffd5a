/* The sessions in memory: found again, looked at in time, and never too many. */
#include "config.h"

#include "tests/test.h"

#include <string.h>

#include "tools/tftpd-lite/transfers.h"

#define MAX 100
#define MAX_UNHEARD 10

static struct peer client(uint16_t port)
{
	struct peer peer = { .addr.in = { .sin_family = AF_INET, .sin_port = port } };

	return peer;
}

static int begin(void **state)
{
	static struct transfers all;

	*state = &all;
	return transfers_begin(&all, MAX, MAX_UNHEARD);
}

static int end(void **state)
{
	struct transfers *all = *state;

	while (transfers_next(all))
		transfers_remove(all, transfers_next(all));
	transfers_free(all);
	return 0;
}

static struct transfer *add(struct transfers *all, uint16_t port)
{
	struct peer peer = client(port);

	return transfers_add(all, 3, &peer, "file");
}

static void a_transfer_is_found_by_address_port_and_socket(void **state)
{
	struct transfers *all = *state;
	struct transfer *t = add(all, 1);
	struct peer same = client(1), other = client(2);

	assert_ptr_equal(transfers_find(all, 3, &same), t);
	assert_null(transfers_find(all, 4, &same));
	assert_null(transfers_find(all, 3, &other));
	assert_string_equal(t->name, "file");
}

static void the_earliest_is_looked_at_first(void **state)
{
	static const int due[] = { 50, 20, 80, 10, 60, 30, 70, 40, 90 };
	struct transfers *all = *state;
	int64_t last = 0;

	for (size_t i = 0; i < ARRAY_LEN(due); i++)
		transfers_wake(all, add(all, (uint16_t)i), due[i]);
	transfers_wake(all, all->heap[4], 5);
	transfers_wake(all, transfers_next(all), 95);
	transfers_remove(all, all->heap[3]);
	while (transfers_next(all)) {
		assert_true(transfers_next(all)->wake_us >= last);
		last = transfers_next(all)->wake_us;
		transfers_remove(all, transfers_next(all));
	}
	assert_int_equal(last, 95);
}

/* T78, T79: what a flood drops is the flood. */
static void the_oldest_that_nobody_acknowledged_goes(void **state)
{
	struct transfers *all = *state;
	struct transfer *real = add(all, 1), *first = add(all, 2);

	transfers_unpool(all, real);
	for (uint16_t port = 3; port < 2 + MAX_UNHEARD; port++)
		add(all, port);
	assert_ptr_equal(transfers_surplus(all), first);
	transfers_remove(all, first);
	assert_null(transfers_surplus(all));
}

static void there_are_never_more_than_max(void **state)
{
	struct transfers *all = *state;

	for (uint16_t port = 1; port <= MAX; port++)
		transfers_unpool(all, add(all, port));
	assert_null(add(all, MAX + 1));
	assert_null(transfers_surplus(all));
	transfers_pool(all, all->heap[7]);
	assert_non_null(transfers_surplus(all));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_transfer_is_found_by_address_port_and_socket, begin, end),
		cmocka_unit_test_setup_teardown(the_earliest_is_looked_at_first, begin,
						end),
		cmocka_unit_test_setup_teardown(the_oldest_that_nobody_acknowledged_goes,
						begin, end),
		cmocka_unit_test_setup_teardown(there_are_never_more_than_max, begin,
						end),
	};

	return cmocka_run_group_tests_name("tftpd_transfers", tests, NULL, NULL);
}
