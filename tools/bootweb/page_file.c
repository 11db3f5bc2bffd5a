/* A file of a job as its machine would get it, without the secrets. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/bootweb/page.h"

static enum MHD_Result give_raw(struct page *page, struct serve_answer *answer)
{
	char *text = answer->text;
	enum MHD_Result result;

	answer->text = NULL;
	result = web_give(page->request, MHD_HTTP_OK, "text/plain; charset=utf-8", text,
			  answer->len);
	view_free(page->view);
	admin_leave(&page->visit);
	return result;
}

static enum MHD_Result give(struct page *page, struct serve_answer *answer,
			    enum serve_result result, const char *why)
{
	const struct job *job = &answer->job;

	if (result == SERVE_OK && *page_field(page, "raw"))
		return give_raw(page, answer);
	snprintf(page->title, sizeof(page->title), "%s", page->request->path.segment[3]);
	view_int(page->view, "id", job->id);
	view_text(page->view, "host", *job->hostname ? job->hostname : job->image);
	view_text(page->view, "name", page->request->path.segment[3]);
	view_text(page->view, "why", result == SERVE_OK ? "" : why);
	view_text(page->view, "text", result == SERVE_OK ? answer->text : "");
	return page_give(page, MHD_HTTP_OK, "file.html");
}

enum MHD_Result page_job_file(struct web_request *r)
{
	struct serve_answer answer = { 0 };
	char why[SERVE_WHY] = "";
	enum serve_result result;
	enum MHD_Result given;
	struct page page;

	if (!page_enter(&page, r))
		return page.visit.result;
	result = serve_shown(&page.visit.site.serve, page_number(&page, 1),
			     r->path.segment[3], &answer, why);
	if (result == SERVE_NO_SUCH)
		given = page_message(&page, MHD_HTTP_NOT_FOUND, "There is no such file",
				     "%s.", why);
	else
		given = give(&page, &answer, result, why);
	serve_answer_free(&answer);
	return given;
}
