/* How installations go: how many succeed, and how long each step of them takes. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/sys/now.h"
#include "lib/sys/print.h"
#include "tools/bootweb/page.h"

#define DAY_MS (86400 * INT64_C(1000))

/* ---- of what time ---- */

static const struct span {
	const char *which, *label;
	int64_t ms; /* 0: without end */
} spans[] = {
	{ "", "Last 30 days", 30 * DAY_MS },
	{ "week", "Last 7 days", 7 * DAY_MS },
	{ "day", "Last day", DAY_MS },
	{ "all", "All", 0 },
};

#define SPANS (sizeof(spans) / sizeof(spans[0]))

static const struct span *span_of(const struct page *page)
{
	for (size_t i = 1; i < SPANS; i++)
		if (strcmp(spans[i].which, page_field(page, "last")) == 0)
			return &spans[i];
	return &spans[0];
}

static void put_spans(struct page *page, const struct span *here)
{
	static const char *const fields[] = { "which", "label", "here", NULL };

	view_list(page->view, "spans", fields);
	for (size_t i = 0; i < SPANS; i++) {
		struct view *item = view_item(page->view, "spans");

		view_text(item, "which", spans[i].which);
		view_text(item, "label", spans[i].label);
		view_flag(item, "here", &spans[i] == here);
	}
}

/* ---- the figures ---- */

static void put_duration(struct view *item, const char *name, int64_t ms)
{
	char text[PRINT_TIME];

	view_text(item, name, ms < 0 ? "" : print_duration(ms, text));
}

/* In per cent of the longest, without the locale's comma. */
static void put_width(struct view *item, const char *name, int64_t ms, int64_t longest)
{
	view_int(item, name,
		 ms <= 0 || longest <= 0 ? 0 : (100 * ms + longest - 1) / longest);
}

static struct view *put_image(struct page *page, const struct store_stat *s)
{
	static const char *const fields[] = { "step",  "count", "median", "p95",
					      "width", "tail",  NULL };
	struct view *item = view_item(page->view, "images");
	int64_t ended = s->done + s->failed;

	view_text(item, "image", s->image);
	view_text(item, "platform", s->platform);
	view_int(item, "done", s->done);
	view_int(item, "failed", s->failed);
	view_int(item, "cancelled", s->cancelled);
	if (ended)
		view_int(item, "success", (100 * s->done + ended / 2) / ended);
	else
		view_text(item, "success", "");
	put_duration(item, "median", s->median_ms);
	put_duration(item, "p95", s->p95_ms);
	view_list(item, "steps", fields);
	return item;
}

static void put_step(struct view *image, const struct store_stat *s, int64_t longest)
{
	struct view *item = view_item(image, "steps");

	view_text(item, "step", s->step);
	view_int(item, "count", s->count);
	put_duration(item, "median", s->median_ms);
	put_duration(item, "p95", s->p95_ms);
	put_width(item, "width", s->median_ms, longest);
	put_width(item, "tail", s->p95_ms, longest);
}

/* The row of the whole comes before those of its steps. */
static bool put_all(struct page *page, struct store_list *list)
{
	struct view *image = NULL;
	int64_t longest = 0;
	struct store_stat s;

	while (list && store_next_stat(list, &s)) {
		if (!*s.step) {
			image = put_image(page, &s);
			longest = s.p95_ms;
		} else if (image) {
			put_step(image, &s, longest);
		}
	}
	return image;
}

enum MHD_Result page_stats(struct web_request *r)
{
	static const char *const fields[] = { "image",     "platform", "done",   "failed",
					      "cancelled", "success",  "median", "p95",
					      "steps",     "step",     "count",  "width",
					      "tail",      NULL };
	const struct span *span;
	struct store_list *list;
	enum store_result result;
	struct page page;

	if (!page_enter(&page, r))
		return page.visit.result;
	page.here = "stats";
	snprintf(page.title, sizeof(page.title), "Figures");
	span = span_of(&page);
	put_spans(&page, span);
	view_list(page.view, "images", fields);
	list = store_stats(page.store, NULL, span->ms ? now_ms() - span->ms : 0);
	view_flag(page.view, "any", put_all(&page, list));
	view_flag(page.view, "all", !span->ms);
	result = list ? store_list_end(list) : STORE_FAILED;
	if (result != STORE_DONE)
		return page_store_failed(&page, result);
	return page_give(&page, MHD_HTTP_OK, "stats.html");
}
