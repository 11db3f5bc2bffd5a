/* How long installations take, and who did what. */
#include "config.h"

#include "lib/order/listing.h"
#include "tools/bootweb/api.h"

/* ---- figures ---- */

static struct admin_json stats_json(struct store *store, const char *image,
				    int64_t since_ms)
{
	struct store_list *list = store_stats(store, image, since_ms);
	struct admin_json json = admin_json_begin();
	struct store_stat s;

	if (!json.failed) {
		jsonout_open(&json.out, NULL, '{');
		jsonout_open(&json.out, "stats", '[');
	}
	while (list && store_next_stat(list, &s) && admin_json_room(&json)) {
		jsonout_open(&json.out, NULL, '{');
		listing_stat(&json.out, &s);
		jsonout_close(&json.out, '}');
	}
	store_list_end(list);
	if (!json.failed) {
		jsonout_close(&json.out, ']');
		jsonout_close(&json.out, '}');
	}
	return json;
}

enum MHD_Result api_stats(struct web_request *r)
{
	enum MHD_Result result;
	struct admin_json json;
	struct admin_visit v;
	int64_t since_ms;

	if (!admin_enter(r, &v))
		return v.result;
	if (api_since(r, &since_ms, &result)) {
		json = stats_json(v.store, url_field(&r->form, "image"), since_ms);
		result = api_give(r, MHD_HTTP_OK, &json, NULL);
	}
	admin_leave(&v);
	return result;
}

/* ---- the audit trail ---- */

enum MHD_Result api_audit(struct web_request *r)
{
	struct store_audit_entry e;
	struct store_list *entries;
	enum MHD_Result result;
	struct admin_visit v;
	struct api_list list;
	struct api_part part;
	int64_t since_ms;

	if (!admin_enter(r, &v))
		return v.result;
	if (api_part(r, &part, &result) && api_since(r, &since_ms, &result)) {
		entries = store_audit_back(v.store, since_ms, part.after);
		list = api_list_begin("audit", part.most);
		while (entries && store_next_audit(entries, &e) &&
		       api_list_row(&list, e.number, 0)) {
			listing_audit(&list.json.out, &e);
			api_list_close(&list);
		}
		store_list_end(entries);
		result = api_give(r, MHD_HTTP_OK, api_list_end(&list), NULL);
	}
	admin_leave(&v);
	return result;
}

static bool read_kept(struct web_request *r, struct store_audit_head *kept, bool *any,
		      enum MHD_Result *result)
{
	const char *said = url_field(&r->form, "kept");

	*any = said && *said;
	if (!*any || store_audit_head_parse(said, kept))
		return true;
	*result = admin_problem(r, MHD_HTTP_BAD_REQUEST,
				"kept is no head: NUMBER:HASH, as this gives them");
	return false;
}

static enum MHD_Result verify(struct web_request *r, struct admin_visit *v,
			      const struct store_audit_head *kept)
{
	struct store_audit_head head;
	enum store_result found = store_audit_verify(v->store, kept, &head);
	struct admin_json json;

	if (found != STORE_DONE && found != STORE_NO)
		return api_failed(r, v->store, found, MHD_HTTP_CONFLICT);
	json = admin_json_begin();
	if (json.failed)
		return MHD_NO;
	jsonout_open(&json.out, NULL, '{');
	listing_verdict(&json.out, &head, found == STORE_NO ? store_why(v->store) : NULL);
	jsonout_close(&json.out, '}');
	return admin_json_give(r, MHD_HTTP_OK, &json, "");
}

enum MHD_Result api_audit_verify(struct web_request *r)
{
	struct store_audit_head kept;
	enum MHD_Result result;
	struct admin_visit v;
	bool any;

	if (!admin_enter(r, &v))
		return v.result;
	if (read_kept(r, &kept, &any, &result))
		result = verify(r, &v, any ? &kept : NULL);
	admin_leave(&v);
	return result;
}
