/* Whether this site could install a machine now. */
#include "config.h"

#include "tools/bootweb/health.h"

#include <err.h>
#include <stdio.h>
#include <unistd.h>

#include "lib/core/alive.h"
#include "lib/store/services.h"
#include "lib/sys/now.h"
#include "lib/sys/print.h"
#include "tools/bootweb/boot_face.h"
#include "tools/bootweb/events.h"

const char *health_of_ingest(struct store *store, char why[static HEALTH_WHY])
{
	int64_t seen = 0, now = now_ms();
	char ago[PRINT_TIME];

	if (!events_unread() || store_ingest_seen(store, &seen) != STORE_DONE)
		return NULL;
	if (alive_state(seen, 0, now) == ALIVE_UP)
		return NULL;
	if (seen)
		snprintf(why, HEALTH_WHY,
			 "reports wait, and jobctl ingest was last heard of %s ago",
			 print_duration(now - seen, ago));
	else
		snprintf(why, HEALTH_WHY, "reports wait, and jobctl ingest does not run");
	return why;
}

/* No job has this number; asking for it reads the database all the same. */
static bool database_answers(struct store *store)
{
	struct job job;
	enum store_result result = store_job(store, 0, &job);

	if (result == STORE_DONE || result == STORE_NO)
		return true;
	warnx("database: %s", store_why(store));
	return false;
}

enum MHD_Result health(struct web_request *r)
{
	struct site_visit visit;
	char why[HEALTH_WHY];
	const char *ill;

	if (!site_enter_store(r->site, &visit))
		return web_say(r, MHD_HTTP_SERVICE_UNAVAILABLE,
			       "ill: the database or the key cannot be read");
	if (!database_answers(visit.serve.store))
		ill = "the database does not answer";
	else if (access(visit.conf->images, R_OK | X_OK) < 0)
		ill = "the image directory cannot be read";
	else
		ill = health_of_ingest(visit.serve.store, why);
	site_leave(&visit);
	if (ill)
		return web_say(r, MHD_HTTP_SERVICE_UNAVAILABLE, "ill: %s", ill);
	return web_say(r, MHD_HTTP_OK, "ok");
}
