/* Whether this site could take a job and install a machine now. */
#include "config.h"

#include <err.h>

#include "lib/media/catalogue.h"
#include "lib/serve/serve.h"
#include "tools/bootweb/api.h"
#include "tools/bootweb/health.h"

/* Gets the right to write, and writes nothing: that is taken back. */
static const char *database_is_ill(struct site *site)
{
	struct site_visit visit;

	if (!site_enter_writer(site, &visit))
		return "the database cannot be written";
	site_leave(&visit);
	return NULL;
}

static const char *templates_are_ill(struct site_visit *visit)
{
	struct serve_answer answer = { 0 };
	char why[SERVE_WHY] = "";
	bool good = serve_entry(&visit->serve, NULL, &answer, why) == SERVE_OK;

	serve_answer_free(&answer);
	if (good)
		return NULL;
	warnx("boot.ipxe: %s", why);
	return "the templates cannot be rendered";
}

static bool is_there(const char *images, const struct catalogue_entry *entry)
{
	char why[CATALOGUE_WHY];
	struct image image;

	if (!entry->current)
		return true;
	if (!catalogue_load(images, entry->name, &image, why)) {
		warnx("%s", why);
		return false;
	}
	image_free(&image);
	return true;
}

static const char *images_are_ill(const struct site_visit *visit)
{
	const char *images = visit->conf->images;
	struct catalogue_list list;
	char why[CATALOGUE_WHY];
	bool good = true;

	if (!catalogue_list(images, NULL, &list, why)) {
		warnx("%s", why);
		return "the images cannot be listed";
	}
	for (size_t i = 0; i < list.count; i++)
		good = is_there(images, &list.entry[i]) && good;
	catalogue_list_free(&list);
	return good ? NULL : "an image that is current cannot be read";
}

static enum MHD_Result say(struct web_request *r, const char *ill)
{
	if (ill)
		return web_say(r, MHD_HTTP_SERVICE_UNAVAILABLE, "ill: %s", ill);
	return web_say(r, MHD_HTTP_OK, "ok");
}

enum MHD_Result admin_health(struct web_request *r)
{
	const char *ill = database_is_ill(r->site);
	struct site_visit visit;
	char why[HEALTH_WHY];

	if (ill)
		return say(r, ill);
	if (!site_enter_store(r->site, &visit))
		return say(r, "the database cannot be read");
	ill = templates_are_ill(&visit);
	if (!ill)
		ill = images_are_ill(&visit);
	if (!ill)
		ill = health_of_ingest(visit.serve.store, why);
	site_leave(&visit);
	return say(r, ill);
}

/* Whether requests can be answered at all. */
enum MHD_Result admin_ready(struct web_request *r)
{
	struct site_visit visit;

	if (!site_enter_store(r->site, &visit))
		return say(r, "the database cannot be read");
	site_leave(&visit);
	return say(r, NULL);
}
