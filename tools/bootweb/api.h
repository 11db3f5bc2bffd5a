/*
 * api - what the handlers of /api/v1 share.  Each resource is one file api_*.c;
 * the routes, with what the OpenAPI document says of them, are api_routes[].
 */
#pragma once

#include "lib/core/image.h"
#include "tools/bootweb/admin_face.h"
#include "tools/bootweb/admin_json.h"

/* ---- api_part.c ---- */

#define API_MOST 500 /* rows of one page */
#define API_USUAL 100

/* "limit" and "cursor" of the query; false: it is answered. */
struct api_part {
	int64_t after; /* a row's number; 0: from the beginning */
	size_t most;
};
bool api_part(struct web_request *request, struct api_part *out, enum MHD_Result *result);

/* The member "next": the cursor of the next page, or null. */
void api_next(struct jsonout *j, bool more, int64_t last);

/*
 * A page of rows while it is built: {"NAME":[{...}, ...],"next":CURSOR}.
 *
 *	while (read(&row) && api_list_row(&list, row.id, 0)) { ...; api_list_close(&list);
 *}
 */
struct api_list {
	struct admin_json json;
	size_t count, most;
	int64_t last;
	bool more;
};
struct api_list api_list_begin(const char *name, size_t most);
/* Opens a row, for which octets more than usual are wanted; false: the page is full. */
bool api_list_row(struct api_list *list, int64_t id, size_t octets);
void api_list_close(struct api_list *list);
struct admin_json *api_list_end(struct api_list *list);

/* A number in a segment of the path; false: answered by 404. */
bool api_number(struct web_request *request, size_t segment, int64_t *out,
		enum MHD_Result *result);

/* What a store_result that is not STORE_DONE is answered; on is the status for NO. */
enum MHD_Result api_failed(struct web_request *request, struct store *store,
			   enum store_result result, unsigned no);

/*
 * Gives one object with its ETag, or 304 if If-None-Match names that.  location may
 * be NULL.
 */
enum MHD_Result api_give(struct web_request *request, unsigned status,
			 struct admin_json *json, const char *location);

#define API_ETAG WEB_ETAG
void api_etag(const struct admin_json *json, char out[static API_ETAG]);

/* 412 or 428 where If-Match is not the ETag of json, which is freed; true: go on. */
bool api_matches(struct web_request *request, struct admin_json *json,
		 enum MHD_Result *result);

/* A moment in a field of the query, as jobctl --since has it; false: it is answered. */
bool api_since(struct web_request *request, int64_t *out, enum MHD_Result *result);

/* ?dry_run=yes: to be told what would be, and nothing stays; false: it is answered. */
bool api_dry_run(struct web_request *request, bool *out, enum MHD_Result *result);

/* 204 */
enum MHD_Result api_nothing(struct web_request *request);

/* A job with its settings and attempts. */
struct admin_json api_job_json(struct store *store, const struct job *job);

/* Which jobs the query means; false: it is answered. */
bool api_job_filter(struct web_request *request, struct job_filter *filter,
		    enum MHD_Result *result);

/* The job or the machine of the path; false: it is answered. */
bool api_job_find(struct web_request *request, struct admin_visit *visit, struct job *out,
		  enum MHD_Result *result);
bool api_machine_find(struct web_request *request, struct admin_visit *visit,
		      struct machine *out, enum MHD_Result *result);

/* ---- the resources ---- */

enum MHD_Result api_me(struct web_request *request);
enum MHD_Result api_openapi(struct web_request *request);
enum MHD_Result api_jobs(struct web_request *request);
enum MHD_Result api_job(struct web_request *request);
enum MHD_Result api_job_add(struct web_request *request);
enum MHD_Result api_export(struct web_request *request);
enum MHD_Result api_import(struct web_request *request);
enum MHD_Result api_job_edit(struct web_request *request);
enum MHD_Result api_job_record(struct web_request *request);
enum MHD_Result api_job_move(struct web_request *request);
enum MHD_Result api_job_remove(struct web_request *request);
enum MHD_Result api_job_timeline(struct web_request *request);
enum MHD_Result api_machines(struct web_request *request);
enum MHD_Result api_devices(struct web_request *request);
enum MHD_Result api_machine(struct web_request *request);
enum MHD_Result api_machine_move(struct web_request *request);
enum MHD_Result api_machine_wake(struct web_request *request);
enum MHD_Result api_machine_plan(struct web_request *request);
enum MHD_Result api_machine_installs(struct web_request *request);
enum MHD_Result api_systems(struct web_request *request);
enum MHD_Result api_drift(struct web_request *request);
enum MHD_Result api_stats(struct web_request *request);
enum MHD_Result api_backup(struct web_request *request);
enum MHD_Result api_vacuum(struct web_request *request);
enum MHD_Result api_sweep(struct web_request *request);
enum MHD_Result api_audit(struct web_request *request);
enum MHD_Result api_audit_verify(struct web_request *request);
enum MHD_Result api_images(struct web_request *request);
enum MHD_Result api_image(struct web_request *request);
enum MHD_Result api_image_current(struct web_request *request);
enum MHD_Result api_sites(struct web_request *request);
enum MHD_Result api_networks(struct web_request *request);
enum MHD_Result api_profiles(struct web_request *request);
enum MHD_Result api_site(struct web_request *request);
enum MHD_Result api_events(struct web_request *request);
enum MHD_Result api_stream(struct web_request *request);
enum MHD_Result api_metrics(struct web_request *request);

/* api_stream.c: wakes the streams that have something to tell, or all to end. */
void api_stream_tick(struct site *site, bool ends);

/* admin_health.c */
enum MHD_Result admin_health(struct web_request *request);
enum MHD_Result admin_ready(struct web_request *request);

/* ---- the table ---- */

struct api_route {
	struct route route;
	const char *id, *summary;
	const char *query; /* names of fields, with spaces between; "" for none */
	const char *body;  /* the schema of what is sent, and types it may have instead;
			      '?' behind: it may be left out; "" for none */
	const char *gives; /* the schema of the answer, or content types */
	const char *statuses; /* what it may answer, the good one first */
};

extern const struct api_route api_routes[];
extern const size_t api_route_count;

/* Its routes one after the other, NULL at the end. */
const struct route *api_more(size_t i);
