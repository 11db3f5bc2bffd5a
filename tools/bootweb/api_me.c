/* Who asks, and what that one may. */
#include "config.h"

#include "tools/bootweb/api.h"

enum MHD_Result api_me(struct web_request *r)
{
	struct admin_json json;
	struct admin_visit v;
	enum MHD_Result result;

	if (!admin_enter(r, &v))
		return v.result;
	json = admin_json_begin();
	if (!json.failed) {
		struct jsonout *j = &json.out;

		jsonout_open(j, NULL, '{');
		jsonout_text(j, "user", v.user);
		jsonout_open(j, "rights", '[');
		for (unsigned right = 1; right <= ROLE_ADMIN; right <<= 1)
			if (v.rights & right)
				jsonout_text(j, NULL, role_right_name(right));
		jsonout_close(j, ']');
		jsonout_text(j, "csrf", v.csrf);
		jsonout_close(j, '}');
	}
	result = admin_json_give(r, MHD_HTTP_OK, &json, "");
	admin_leave(&v);
	return result;
}
