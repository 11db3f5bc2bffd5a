/* The current version of an image. */
#include "config.h"

#include "tools/bootweb/api.h"
#include "tools/bootweb/api_twice.h"
#include "tools/bootweb/current.h"

#define NAME_SEGMENT 3 /* of /api/v1/images/NAME/VERSION/current */

static struct admin_json build(const char *name, const char *version, const char *before,
			       bool dry_run)
{
	struct admin_json json = admin_json_begin();

	if (json.failed)
		return json;
	jsonout_open(&json.out, NULL, '{');
	jsonout_text(&json.out, "name", name);
	jsonout_text(&json.out, "current", version);
	if (*before)
		jsonout_text(&json.out, "before", before);
	else
		jsonout_null(&json.out, "before");
	jsonout_bool(&json.out, "dry_run", dry_run);
	jsonout_close(&json.out, '}');
	return json;
}

static enum MHD_Result make_current(struct web_request *r, struct admin_visit *v,
				    const struct api_twice *twice, bool dry_run)
{
	const char *name = r->path.segment[NAME_SEGMENT],
		   *version = r->path.segment[NAME_SEGMENT + 1];
	char before[JOB_NAME] = "", why[CATALOGUE_WHY] = "";
	unsigned status = current_switch(v, name, version, dry_run, before, why);
	struct admin_json json;

	if (status != MHD_HTTP_OK)
		return admin_problem(r, status, "%s", why);
	json = build(name, version, before, dry_run);
	return dry_run ? api_give(r, MHD_HTTP_OK, &json, NULL)
		       : api_give_kept(r, v, twice, &json);
}

enum MHD_Result api_image_current(struct web_request *r)
{
	struct api_twice twice;
	enum MHD_Result result;
	struct admin_visit v;
	bool dry_run;

	if (!admin_enter_writer(r, &v))
		return v.result;
	if (api_dry_run(r, &dry_run, &result) && api_is_new(r, &v, &twice, &result))
		result = make_current(r, &v, &twice, dry_run);
	admin_leave(&v);
	return result;
}
