/* The buttons: what a person decides about a job or a machine. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tools/bootweb/page.h"

/* ---- jobs ---- */

static const struct job_verb {
	const char *name;
	enum store_result (*move)(struct store *store, int64_t id, const char *actor);
} job_verbs[] = {
	{ "retry", store_job_retry },
	{ "cancel", store_job_cancel },
};

static const struct job_verb *job_verb(const char *name)
{
	for (size_t i = 0; i < sizeof(job_verbs) / sizeof(job_verbs[0]); i++)
		if (strcmp(job_verbs[i].name, name) == 0)
			return &job_verbs[i];
	return NULL;
}

enum MHD_Result page_job_move(struct web_request *r)
{
	const struct job_verb *verb;
	enum store_result result;
	char where[64];
	struct page page;
	int64_t id;

	if (!page_enter_writer(&page, r))
		return page.visit.result;
	id = page_number(&page, 1);
	verb = job_verb(r->path.segment[2]);
	if (!verb)
		return page_message(&page, MHD_HTTP_NOT_FOUND, "There is no such page",
				    "A job has no button of that name.");
	result = verb->move(page.store, id, page.visit.actor);
	if (result != STORE_DONE)
		return page_store_failed(&page, result);
	snprintf(where, sizeof(where), "/jobs/%" PRId64 "?said=%s", id, verb->name);
	return page_go(&page, where);
}

/* ---- machines ---- */

static const struct machine_verb {
	const char *name;
	enum machine_disposition to;
} machine_verbs[] = {
	{ "ignore", MACHINE_IGNORED },
	{ "block", MACHINE_BLOCKED },
	{ "allow", MACHINE_KNOWN },
	{ "forget", MACHINE_NEW },
};

static const struct machine_verb *machine_verb(const char *name)
{
	for (size_t i = 0; i < sizeof(machine_verbs) / sizeof(machine_verbs[0]); i++)
		if (strcmp(machine_verbs[i].name, name) == 0)
			return &machine_verbs[i];
	return NULL;
}

enum MHD_Result page_machine_move(struct web_request *r)
{
	const struct machine_verb *verb;
	enum store_result result;
	char where[64];
	struct page page;
	int64_t id;

	if (!page_enter_writer(&page, r))
		return page.visit.result;
	id = page_number(&page, 1);
	verb = machine_verb(r->path.segment[2]);
	if (!verb)
		return page_message(&page, MHD_HTTP_NOT_FOUND, "There is no such page",
				    "A machine has no button of that name.");
	result = store_machine_dispose(page.store, id, verb->to, page.visit.actor);
	if (result != STORE_DONE)
		return page_store_failed(&page, result);
	if (strcmp(page_field(&page, "back"), "new") == 0)
		snprintf(where, sizeof(where), "/new?said=%s", verb->name);
	else
		snprintf(where, sizeof(where), "/machines/%" PRId64 "?said=%s", id,
			 verb->name);
	return page_go(&page, where);
}
