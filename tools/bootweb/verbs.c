#include "tools/bootweb/verbs.h"

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

static const struct verb of_jobs[] = {
	{ "retry", store_job_retry, true },
	{ "cancel", store_job_cancel, false },
	{ "hold", store_job_hold, false },
	{ "release", store_job_release, false },
	{ 0 },
};

static const struct verb of_machines[] = {
	{ "ignore", ignore, false },         { "block", block, false },
	{ "allow", allow, false },           { "forget", forget, false },
	{ "retire", retire, false },         { "unretire", unretire, false },
	{ "next-local", next_local, false }, { "next-menu", next_menu, false },
	{ "next-clear", next_clear, false }, { 0 },
};

static const struct verb *find(const struct verb *verbs, const char *name)
{
	for (; verbs->name; verbs++)
		if (strcmp(verbs->name, name) == 0)
			return verbs;
	return NULL;
}

const struct verb *verb_of_job(const char *name)
{
	return find(of_jobs, name);
}

const struct verb *verb_of_machine(const char *name)
{
	return find(of_machines, name);
}
