/* What the site has: images, networks, profiles, platforms. */
#include "config.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "lib/core/object.h"
#include "lib/media/catalogue.h"
#include "lib/order/listing.h"
#include "lib/sys/now.h"
#include "tools/bootweb/api.h"

/* Each of these enters, builds one object, and gives it. */
static enum MHD_Result
give(struct web_request *r,
     bool (*build)(struct web_request *r, const struct admin_visit *v,
		   struct admin_json *json, enum MHD_Result *result))
{
	struct admin_json json;
	struct admin_visit v;
	enum MHD_Result result;

	if (!admin_enter(r, &v))
		return v.result;
	json = admin_json_begin();
	if (json.failed)
		result = MHD_NO;
	else if (build(r, &v, &json, &result))
		result = api_give(r, MHD_HTTP_OK, &json, NULL);
	else
		admin_json_drop(&json);
	admin_leave(&v);
	return result;
}

/* ---- images ---- */

static void build_image(struct admin_json *json, const struct image *image, bool current)
{
	struct jsonout *j = &json->out;
	int64_t octets = 0;

	jsonout_open(j, NULL, '{');
	jsonout_text(j, "name", image->name);
	jsonout_text(j, "version", image->version);
	jsonout_bool(j, "current", current);
	jsonout_text(j, "kind", image_kind_name(image->kind));
	jsonout_text(j, "arch", image->arch);
	jsonout_text(j, "comment", image->comment);
	jsonout_int(j, "min_disk", image->min_disk);
	for (size_t i = 0; i < image->files; i++)
		octets += image->file[i].size > 0 ? image->file[i].size : 0;
	jsonout_int(j, "octets", octets);
	jsonout_open(j, "editions", '[');
	for (size_t i = 0; i < image->editions && admin_json_room(json); i++) {
		jsonout_open(&json->out, NULL, '{');
		jsonout_int(&json->out, "index", image->edition[i].index);
		jsonout_text(&json->out, "id", image->edition[i].id);
		jsonout_text(&json->out, "name", image->edition[i].name);
		jsonout_text(&json->out, "language", image->edition[i].language);
		jsonout_close(&json->out, '}');
	}
	jsonout_close(&json->out, ']');
	jsonout_close(&json->out, '}');
}

/* One whose manifest cannot be read is listed with the reason. */
static void build_entry(struct admin_json *json, const char *images,
			const struct catalogue_entry *entry)
{
	char reference[2 * JOB_NAME + 1], why[CATALOGUE_WHY];
	struct image image;

	snprintf(reference, sizeof(reference), "%s@%s", entry->name, entry->version);
	if (catalogue_load(images, reference, &image, why)) {
		build_image(json, &image, entry->current);
		image_free(&image);
		return;
	}
	jsonout_open(&json->out, NULL, '{');
	jsonout_text(&json->out, "name", entry->name);
	jsonout_text(&json->out, "version", entry->version);
	jsonout_bool(&json->out, "current", entry->current);
	jsonout_text(&json->out, "ill", "the manifest cannot be read");
	jsonout_close(&json->out, '}');
}

static bool build_images_of(struct web_request *r, const struct admin_visit *v,
			    const char *name, struct admin_json *json,
			    enum MHD_Result *result)
{
	struct catalogue_list list;
	char why[CATALOGUE_WHY];
	size_t count;

	if (!catalogue_list(v->site.conf->images, name, &list, why)) {
		if (name)
			*result = admin_problem(r, MHD_HTTP_NOT_FOUND,
						"there is no image %s", name);
		else
			*result = admin_problem(r, MHD_HTTP_INTERNAL_SERVER_ERROR,
						"the images cannot be listed");
		return false;
	}
	count = list.count;
	jsonout_open(&json->out, NULL, '{');
	jsonout_open(&json->out, "images", '[');
	for (size_t i = 0; i < count && admin_json_room(json); i++)
		build_entry(json, v->site.conf->images, &list.entry[i]);
	jsonout_close(&json->out, ']');
	jsonout_close(&json->out, '}');
	catalogue_list_free(&list);
	if (count == 0 && name)
		*result = admin_problem(r, MHD_HTTP_NOT_FOUND, "there is no image %s",
					name);
	return count > 0 || !name;
}

static bool build_images(struct web_request *r, const struct admin_visit *v,
			 struct admin_json *json, enum MHD_Result *result)
{
	return build_images_of(r, v, NULL, json, result);
}

static bool build_one_image(struct web_request *r, const struct admin_visit *v,
			    struct admin_json *json, enum MHD_Result *result)
{
	if (image_name_ok(r->path.segment[3]))
		return build_images_of(r, v, r->path.segment[3], json, result);
	*result = admin_problem(r, MHD_HTTP_NOT_FOUND, "this is no name of an image");
	return false;
}

enum MHD_Result api_images(struct web_request *r)
{
	return give(r, build_images);
}

enum MHD_Result api_image(struct web_request *r)
{
	return give(r, build_one_image);
}

/* ---- networks ---- */

static void build_network(struct jsonout *j, const struct conf_network *n)
{
	struct in_addr subnet = { htonl(n->subnet) };
	char address[INET_ADDRSTRLEN], text[INET_ADDRSTRLEN + 4];

	inet_ntop(AF_INET, &subnet, address, sizeof(address));
	snprintf(text, sizeof(text), "%s/%d", address, __builtin_popcount(n->mask));
	jsonout_open(j, NULL, '{');
	jsonout_text(j, "name", n->name);
	jsonout_text(j, "interface", n->interface);
	jsonout_text(j, "subnet", text);
	jsonout_text(j, "url", n->url);
	jsonout_text(j, "policy", plan_policy_name(n->policy));
	jsonout_text(j, "unknown", plan_action_name(n->unknown));
	jsonout_text(j, "platform", n->platform);
	jsonout_text(j, "profile", n->profile);
	jsonout_close(j, '}');
}

static bool build_networks(struct web_request *r, const struct admin_visit *v,
			   struct admin_json *json, enum MHD_Result *result)
{
	const struct conf *conf = v->site.conf;

	(void)r;
	(void)result;
	jsonout_open(&json->out, NULL, '{');
	jsonout_open(&json->out, "networks", '[');
	for (size_t i = 0; i < conf->networks && admin_json_room(json); i++)
		build_network(&json->out, &conf->network[i]);
	jsonout_close(&json->out, ']');
	jsonout_close(&json->out, '}');
	return true;
}

enum MHD_Result api_networks(struct web_request *r)
{
	return give(r, build_networks);
}

/* ---- services ---- */

static bool build_sites(struct web_request *r, const struct admin_visit *v,
			struct admin_json *json, enum MHD_Result *result)
{
	struct store_list *list = store_services(v->store);
	struct store_service s;

	(void)r;
	(void)result;
	jsonout_open(&json->out, NULL, '{');
	jsonout_open(&json->out, "services", '[');
	while (list && store_next_service(list, &s) && admin_json_room(json)) {
		jsonout_open(&json->out, NULL, '{');
		listing_service(&json->out, &s,
				alive_state(s.seen_ms, s.stopped_ms, now_ms()));
		jsonout_close(&json->out, '}');
	}
	store_list_end(list);
	jsonout_close(&json->out, ']');
	jsonout_close(&json->out, '}');
	return true;
}

enum MHD_Result api_sites(struct web_request *r)
{
	return give(r, build_sites);
}

/* ---- profiles and platforms ---- */

static bool build_profiles(struct web_request *r, const struct admin_visit *v,
			   struct admin_json *json, enum MHD_Result *result)
{
	const struct conf *conf = v->site.conf;

	(void)r;
	(void)result;
	jsonout_open(&json->out, NULL, '{');
	jsonout_open(&json->out, "profiles", '[');
	for (size_t i = 0; i < conf->profiles && admin_json_room(json); i++) {
		jsonout_open(&json->out, NULL, '{');
		jsonout_text(&json->out, "name", conf->profile[i].name);
		jsonout_open(&json->out, "settings", '{');
		object_settings(&json->out, &conf->profile[i].settings);
		jsonout_close(&json->out, '}');
		jsonout_close(&json->out, '}');
	}
	jsonout_close(&json->out, ']');
	jsonout_close(&json->out, '}');
	return true;
}

enum MHD_Result api_profiles(struct web_request *r)
{
	return give(r, build_profiles);
}

static bool build_site(struct web_request *r, const struct admin_visit *v,
		       struct admin_json *json, enum MHD_Result *result)
{
	const struct conf *conf = v->site.conf;

	(void)r;
	(void)result;
	jsonout_open(&json->out, NULL, '{');
	jsonout_text(&json->out, "name", conf->site);
	jsonout_text(&json->out, "url", conf->url);
	jsonout_text(&json->out, "version", PACKAGE_VERSION);
	jsonout_int(&json->out, "attempts_max", conf->attempts_max);
	jsonout_open(&json->out, "platforms", '[');
	for (size_t i = 0; i < conf->platforms && admin_json_room(json); i++)
		jsonout_text(&json->out, NULL, conf->platform[i].name);
	jsonout_close(&json->out, ']');
	jsonout_close(&json->out, '}');
	return true;
}

enum MHD_Result api_site(struct web_request *r)
{
	return give(r, build_site);
}
