#include "config.h"

#include "tools/bootweb/release.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/sys/now.h"
#include "tools/bootweb/boot_face.h"
#include "tools/bootweb/job_token.h"

#define POLL_MS 4

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Told, but not given yet; guarded by lock. attempt 0: free. */
static struct pending {
	int64_t attempt;
	char artefact[JOB_NAME], id[EVENT_ID];
} pending[RELEASE_PENDING];

/* The one of this attempt and file; attempt 0 finds a free place. NULL if there is none.
 */
static struct pending *find(int64_t attempt, const char *artefact)
{
	for (size_t i = 0; i < RELEASE_PENDING; i++)
		if (pending[i].attempt == attempt &&
		    (attempt == 0 || strcmp(pending[i].artefact, artefact) == 0))
			return &pending[i];
	return NULL;
}

/* Whose event the database has on record. */
static enum store_result recorded(struct web_request *r,
				  const struct serve_answer *answer,
				  char id[static EVENT_ID])
{
	struct site_visit visit;
	enum store_result result;

	if (!site_enter_store(r->site, &visit))
		return STORE_FAILED;
	result = store_released(visit.serve.store, answer->attempt.id, answer->artefact,
				id);
	site_leave(&visit);
	return result;
}

static void tell(struct web_request *r, const struct serve_answer *answer)
{
	struct event ev = events_about(r, EVENT_RELEASE);
	struct pending *p = find(0, "");

	if (!p)
		return;
	describe_job(&ev, answer);
	snprintf(ev.file, sizeof(ev.file), "%s", answer->artefact);
	if (!events_send(&ev))
		return;
	p->attempt = answer->attempt.id;
	snprintf(p->artefact, sizeof(p->artefact), "%s", answer->artefact);
	snprintf(p->id, sizeof(p->id), "%s", ev.id);
}

/* Of all that wait for one file, the first to see the record gets it. */
static enum release try(struct web_request *r, const struct serve_answer *answer)
{
	char id[EVENT_ID] = "";
	enum store_result known = recorded(r, answer, id);
	enum release result = RELEASE_LATER;
	struct pending *p;

	pthread_mutex_lock(&lock);
	p = find(answer->attempt.id, answer->artefact);
	if (known == STORE_DONE) {
		result = p && strcmp(p->id, id) == 0 ? RELEASE_GIVE : RELEASE_GONE;
		if (p)
			*p = (struct pending){ 0 };
	} else if (known == STORE_NO && !p) {
		tell(r, answer);
	}
	pthread_mutex_unlock(&lock);
	return result;
}

enum release release_take(struct web_request *r, const struct serve_answer *answer)
{
	const struct timespec nap = { .tv_nsec = POLL_MS * 1000000L };
	int64_t until = now_monotonic_ms() + RELEASE_WAIT_MS;
	enum release result;

	while ((result = try(r, answer)) == RELEASE_LATER && now_monotonic_ms() < until)
		nanosleep(&nap, NULL);
	return result;
}
