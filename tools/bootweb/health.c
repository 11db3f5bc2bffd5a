/* Whether this site could install a machine now. */
#include "config.h"

#include <err.h>
#include <unistd.h>

#include "tools/bootweb/boot_face.h"

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
	const char *ill = NULL;

	if (!site_enter_store(r->site, &visit))
		return web_say(r, MHD_HTTP_SERVICE_UNAVAILABLE,
			       "ill: the database or the key cannot be read");
	if (!database_answers(visit.serve.store))
		ill = "the database does not answer";
	else if (access(visit.conf->images, R_OK | X_OK) < 0)
		ill = "the image directory cannot be read";
	site_leave(&visit);
	if (ill)
		return web_say(r, MHD_HTTP_SERVICE_UNAVAILABLE, "ill: %s", ill);
	return web_say(r, MHD_HTTP_OK, "ok");
}
