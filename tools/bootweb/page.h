/*
 * page - one page of the dashboard: who looks at it, the values of its
 * template, and the frame around it.
 *
 * A handler enters, puts its values into ->view, and ends with one of page_give(),
 * page_go(), page_message() and page_drop(), which leave and free all.
 */
#pragma once

#include "lib/render/view.h"
#include "tools/bootweb/admin_face.h"

struct page {
	struct web_request *request;
	struct admin_visit visit;
	struct store *store;
	const struct conf *conf;
	struct view *view;
	const char *here; /* the path of the page that the navigation marks */
	bool live;        /* follows the events of the site */
	char title[2 * JOB_NAME];
};

/* False: it is answered; return page->visit.result. */
bool page_enter(struct page *page, struct web_request *request);
bool page_enter_writer(struct page *page, struct web_request *request);

/* The file is one of the folder www. */
enum MHD_Result page_give(struct page *page, unsigned status, const char *file);

/* Keeps what was written and leads elsewhere; where begins with a slash. */
enum MHD_Result page_go(struct page *page, const char *where);

/* A page with a sentence. */
enum MHD_Result page_message(struct page *page, unsigned status, const char *heading,
			     const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The same for somebody whom we may not know. */
enum MHD_Result page_refuse(struct web_request *request, unsigned status,
			    const char *why);

/* The form to sign in; complaint "" the first time. */
enum MHD_Result page_sign_in(struct web_request *request, unsigned status,
			     const char *complaint);

/* What went wrong in the database, as a page. */
enum MHD_Result page_store_failed(struct page *page, enum store_result result);

/* The n-th segment of the path as a number; 0 if it is none. */
int64_t page_number(const struct page *page, size_t n);

/* A field of the form or the query; "" if there is none. */
const char *page_field(const struct page *page, const char *name);

/* ---- values as people read them ---- */

#define PAGE_AGE 48
char *page_age(int64_t time_ms, char out[static PAGE_AGE]); /* "3 min ago", "never" */

/* Whether jobctl edit would take it: it is queued, or has failed or was cancelled. */
bool page_job_may_change(const struct job *job);

/* The word for a job's state, where a held one is "held". */
const char *page_job_state(const struct job *job);
void page_job_values(struct page *page, struct view *view, const struct job *job,
		     const struct machine *machine);
#define PAGE_JOB_FIELDS                                                                  \
	"id", "host", "mac", "image", "platform", "network", "address", "percent",       \
		"step", "of", "text", "left", "guess", "age", "state", "look", "label",  \
		"retry"

/* ---- the pages: one file each ---- */

enum MHD_Result page_jobs(struct web_request *request);
enum MHD_Result page_job(struct web_request *request);
enum MHD_Result page_job_move(struct web_request *request);
enum MHD_Result page_job_file(struct web_request *request);
enum MHD_Result page_job_edit(struct web_request *request);
enum MHD_Result page_job_change(struct web_request *request);
enum MHD_Result page_machine_again(struct web_request *request);
enum MHD_Result page_stats(struct web_request *request);
enum MHD_Result page_job_new(struct web_request *request);
enum MHD_Result page_job_post(struct web_request *request);
enum MHD_Result page_devices(struct web_request *request);
enum MHD_Result page_machines(struct web_request *request);
enum MHD_Result page_machine(struct web_request *request);
enum MHD_Result page_machine_move(struct web_request *request);
enum MHD_Result page_images(struct web_request *request);
enum MHD_Result page_image_current(struct web_request *request);
enum MHD_Result page_networks(struct web_request *request);
enum MHD_Result page_audit(struct web_request *request);
