/* The queue: which jobs there are and how far they are. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/media/catalogue.h"
#include "lib/store/overview.h"
#include "lib/sys/print.h"
#include "tools/bootweb/page.h"

#define PAGE_JOBS 100

struct tab {
	const char *which, *label;
	unsigned states; /* of 1u << enum job_state */
	const char *elsewhere;
};

#define STATE(s) (1u << JOB_##s)

static const struct tab tabs[] = {
	{ "active", "Under way",
	  STATE(QUEUED) | STATE(BOOTING) | STATE(INSTALLING) | STATE(CONFIGURING),
	  "No machine is to be installed. What ended stands under the other headings." },
	{ "failed", "Failed", STATE(FAILED), "No job has failed." },
	{ "done", "Done", STATE(DONE), "No job is done yet." },
	{ "cancelled", "Cancelled", STATE(CANCELLED), "No job was cancelled." },
	{ "all", "All", ~0u, "" },
};

#define TABS (sizeof(tabs) / sizeof(tabs[0]))

static int64_t count_of(const struct tab *tab, const struct store_counts *counts)
{
	int64_t sum = 0;

	for (size_t i = 0; i < JOB_STATES; i++)
		if (tab->states & (1u << i))
			sum += counts->jobs[i];
	return sum;
}

/* The one that is asked for, else the first. */
static const struct tab *tab_of(const struct page *page)
{
	for (size_t i = 0; i < TABS; i++)
		if (strcmp(tabs[i].which, page_field(page, "show")) == 0)
			return &tabs[i];
	return &tabs[0];
}

static void put_tabs(struct page *page, const struct tab *here,
		     const struct store_counts *counts)
{
	static const char *const fields[] = { "which", "label", "here", "count", NULL };

	view_list(page->view, "tabs", fields);
	for (size_t i = 0; i < TABS; i++) {
		struct view *item = view_item(page->view, "tabs");

		view_text(item, "which", tabs[i].which);
		view_text(item, "label", tabs[i].label);
		view_flag(item, "here", &tabs[i] == here);
		view_int(item, "count", count_of(&tabs[i], counts));
	}
}

static size_t read_ids(const struct page *page, const struct tab *tab, int64_t *ids)
{
	struct store_job_page which = { .active = tab == &tabs[0] };

	for (size_t i = 0; i < JOB_STATES; i++)
		if (tab->states == 1u << i) {
			which.by_state = true;
			which.state = (enum job_state)i;
		}
	sscanf(page_field(page, "before"), "%" SCNd64, &which.before);
	return store_job_page(page->store, &which, ids, PAGE_JOBS);
}

static void put_job(struct page *page, int64_t id)
{
	struct machine machine = { 0 };
	struct job job;

	if (store_job(page->store, id, &job) != STORE_DONE)
		return;
	store_machine_by_id(page->store, job.machine, &machine);
	page_job_values(page, view_item(page->view, "jobs"), &job, &machine);
}

/* What an empty queue says first. */
static void put_example(struct page *page)
{
	struct catalogue_list images = { 0 };
	char why[CATALOGUE_WHY];
	bool any = catalogue_list(page->conf->images, NULL, &images, why) && images.count;

	view_text(page->view, "example", any ? images.entry[0].name : "debian12");
	view_flag(page->view, "images", any);
	if (any)
		catalogue_list_free(&images);
}

enum MHD_Result page_jobs(struct web_request *r)
{
	static const char *const fields[] = { PAGE_JOB_FIELDS, NULL };
	int64_t ids[PAGE_JOBS];
	struct store_counts counts;
	const struct tab *tab;
	struct page page;
	size_t count;

	if (!page_enter(&page, r))
		return page.visit.result;
	page.live = true;
	snprintf(page.title, sizeof(page.title), "Queue");
	tab = tab_of(&page);
	store_counts(page.store, &counts);
	put_tabs(&page, tab, &counts);
	count = read_ids(&page, tab, ids);
	view_list(page.view, "jobs", fields);
	for (size_t i = 0; i < count; i++)
		put_job(&page, ids[i]);
	view_flag(page.view, "any", count > 0);
	view_flag(page.view, "fresh", count_of(&tabs[TABS - 1], &counts) == 0);
	view_text(page.view, "elsewhere", tab->elsewhere);
	view_text(page.view, "show", tab->which);
	if (count == PAGE_JOBS)
		view_int(page.view, "older", ids[count - 1]);
	else
		view_text(page.view, "older", "");
	put_example(&page);
	return page_give(&page, MHD_HTTP_OK, "jobs.html");
}
