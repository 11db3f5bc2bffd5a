/* What timers do with jobctl as well: sweep and vacuum. */
#include "config.h"

#include <err.h>
#include <stdlib.h>

#include "lib/core/duration.h"
#include "lib/order/listing.h"
#include "lib/order/order_sweep.h"
#include "lib/sys/now.h"
#include "tools/bootweb/api.h"
#include "tools/bootweb/api_twice.h"

/* One request that does something, or says what it would do. */
struct upkeep {
	struct web_request *r;
	struct admin_visit v;
	struct api_twice twice;
	struct admin_json json;
	bool dry_run;
	enum MHD_Result result;
};

static bool enter(struct upkeep *u, struct web_request *r)
{
	*u = (struct upkeep){ .r = r };
	if (!admin_enter_writer(r, &u->v)) {
		u->result = u->v.result;
		return false;
	}
	if (api_dry_run(r, &u->dry_run, &u->result) &&
	    api_is_new(r, &u->v, &u->twice, &u->result))
		return true;
	admin_leave(&u->v);
	return false;
}

/* Gives u->json once all is kept; the visit goes on. */
static bool give(struct upkeep *u, enum store_result done)
{
	bool kept = false;

	if (done != STORE_DONE) {
		admin_json_drop(&u->json);
		u->result = api_failed(u->r, u->v.store, done, MHD_HTTP_CONFLICT);
	} else if (u->dry_run) {
		u->result = api_give(u->r, MHD_HTTP_OK, &u->json, NULL);
	} else {
		u->result = api_give_kept(u->r, &u->v, &u->twice, &u->json);
		kept = !u->v.site.in_transaction;
	}
	return kept;
}

/* ---- sweep ---- */

static enum store_result sweep(struct upkeep *u, const struct job *job)
{
	struct order_swept swept;
	enum store_result done = order_sweep(u->v.site.conf, u->v.store, job, u->v.actor,
					     u->dry_run, &swept);

	/* It was heard of since. */
	if (done == STORE_NO)
		return STORE_DONE;
	if (done == STORE_DONE && admin_json_room(&u->json)) {
		jsonout_open(&u->json.out, NULL, '{');
		listing_swept(&u->json.out, &swept);
		jsonout_close(&u->json.out, '}');
	}
	return done;
}

static enum store_result sweep_all(struct upkeep *u)
{
	struct job *jobs;
	size_t count;
	int64_t expired = 0;
	enum store_result done = order_stalled(u->v.store, &jobs, &count);

	jsonout_open(&u->json.out, NULL, '{');
	jsonout_open(&u->json.out, "jobs", '[');
	for (size_t i = 0; done == STORE_DONE && i < count; i++)
		done = sweep(u, &jobs[i]);
	free(jobs);
	if (done == STORE_DONE && !u->dry_run)
		done = store_next_expire(u->v.store, &expired);
	if (!admin_json_room(&u->json))
		return STORE_FAILED;
	jsonout_close(&u->json.out, ']');
	jsonout_int(&u->json.out, "expired", expired);
	jsonout_bool(&u->json.out, "dry_run", u->dry_run);
	jsonout_close(&u->json.out, '}');
	return done;
}

enum MHD_Result api_sweep(struct web_request *r)
{
	struct upkeep u;

	if (!enter(&u, r))
		return u.result;
	u.json = admin_json_begin();
	give(&u, u.json.failed ? STORE_FAILED : sweep_all(&u));
	admin_leave(&u.v);
	return u.result;
}

/* ---- vacuum ---- */

/* It must be said: there is nothing that everybody would want. */
static bool read_keep(struct web_request *r, int64_t *keep_ms, enum MHD_Result *result)
{
	const char *keep = url_field(&r->form, "keep");

	if (keep && duration_parse(keep, keep_ms) && *keep_ms > 0)
		return true;
	*result = admin_problem(r, MHD_HTTP_BAD_REQUEST,
				"keep must say how old events may be, like 90d");
	return false;
}

static enum store_result vacuum(struct upkeep *u, int64_t keep_ms)
{
	int64_t removed = 0;
	enum store_result done = store_forget(u->v.store, now_ms() - keep_ms, !u->dry_run,
					      u->v.actor, &removed);

	jsonout_open(&u->json.out, NULL, '{');
	jsonout_int(&u->json.out, "removed", removed);
	jsonout_bool(&u->json.out, "dry_run", u->dry_run);
	jsonout_close(&u->json.out, '}');
	return done;
}

/* That the file becomes smaller as well is no part of what was asked. */
enum MHD_Result api_vacuum(struct web_request *r)
{
	int64_t keep_ms;
	struct upkeep u;

	if (!enter(&u, r))
		return u.result;
	if (read_keep(r, &keep_ms, &u.result)) {
		u.json = admin_json_begin();
		if (give(&u, u.json.failed ? STORE_FAILED : vacuum(&u, keep_ms)) &&
		    store_compact(u.v.store) != STORE_DONE)
			warnx("%s", store_why(u.v.store));
	}
	admin_leave(&u.v);
	return u.result;
}
