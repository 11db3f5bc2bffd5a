#include "lib/order/order_move.h"

#include <string.h>

static enum store_result ignore(struct store *store, int64_t id, const char *actor)
{
	return store_machine_dispose(store, id, MACHINE_IGNORED, actor);
}

static enum store_result block(struct store *store, int64_t id, const char *actor)
{
	return store_machine_dispose(store, id, MACHINE_BLOCKED, actor);
}

static enum store_result allow(struct store *store, int64_t id, const char *actor)
{
	return store_machine_dispose(store, id, MACHINE_KNOWN, actor);
}

static enum store_result forget(struct store *store, int64_t id, const char *actor)
{
	return store_machine_dispose(store, id, MACHINE_NEW, actor);
}

static enum store_result retire(struct store *store, int64_t id, const char *actor)
{
	return store_machine_retire(store, id, true, actor);
}

static enum store_result unretire(struct store *store, int64_t id, const char *actor)
{
	return store_machine_retire(store, id, false, actor);
}

static enum store_result next_local(struct store *store, int64_t id, const char *actor)
{
	return store_machine_next(store, id, MACHINE_ENTRY_LOCAL, actor);
}

static enum store_result next_menu(struct store *store, int64_t id, const char *actor)
{
	return store_machine_next(store, id, MACHINE_ENTRY_MENU, actor);
}

static enum store_result next_clear(struct store *store, int64_t id, const char *actor)
{
	return store_machine_next(store, id, MACHINE_NO_ENTRY, actor);
}

static const struct order_move of_jobs[] = {
	{ .name = "retry",
	  .apply = store_job_retry,
	  .past = "queued again",
	  .installs = true },
	{ .name = "cancel", .apply = store_job_cancel, .past = "cancelled" },
	{ .name = "hold", .apply = store_job_hold, .past = "held" },
	{ .name = "release", .apply = store_job_release, .past = "released" },
	{ 0 },
};

static const struct order_move of_machines[] = {
	{ .name = "ignore", .apply = ignore, .past = "ignored", .unseen = true },
	{ .name = "block", .apply = block, .past = "blocked", .unseen = true },
	{ .name = "allow", .apply = allow, .past = "known", .unseen = true },
	{ .name = "forget", .apply = forget, .past = "new again" },
	{ .name = "retire", .apply = retire, .past = "retired" },
	{ .name = "unretire", .apply = unretire, .past = "in use again" },
	{ .name = "next-local",
	  .apply = next_local,
	  .past = "to boot from its own disk" },
	{ .name = "next-menu", .apply = next_menu, .past = "to boot into the menu" },
	{ .name = "next-clear", .apply = next_clear, .past = "to boot as it should" },
	{ 0 },
};

static const struct order_move *find(const struct order_move *moves, const char *name)
{
	for (; moves->name; moves++)
		if (strcmp(moves->name, name) == 0)
			return moves;
	return NULL;
}

const struct order_move *order_move_of_job(const char *name)
{
	return find(of_jobs, name);
}

const struct order_move *order_move_of_machine(const char *name)
{
	return find(of_machines, name);
}
