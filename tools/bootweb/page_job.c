/* One job: how far it is, its timeline, its settings, its files, its log. */
#include "config.h"

#include "tools/bootweb/page_job.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/timeline.h"
#include "lib/media/catalogue.h"
#include "lib/render/artefact.h"
#include "lib/sys/now.h"
#include "lib/sys/print.h"
#include "tools/bootweb/page_record.h"

/* ---- what an admin may do with it ---- */

static void put_action(struct page *page, const char *verb, const char *label,
		       const char *kind, const char *ask)
{
	struct view *item = view_item(page->view, "actions");

	view_text(item, "verb", verb);
	view_text(item, "verb_label", label);
	view_text(item, "kind", kind);
	view_text(item, "ask", ask);
}

static void put_actions(struct page *page, const struct job *job)
{
	static const char *const fields[] = { "verb", "verb_label", "kind", "ask", NULL };

	view_list(page->view, "actions", fields);
	if (job_may_retry(job->state))
		put_action(page, "retry", "Retry", "main",
			   job->state == JOB_DONE ? "Install this machine once more? "
						    "What is on its disk will be lost."
						  : "");
	if (job_is_active(job->state))
		put_action(page, "cancel", "Cancel job", "danger",
			   job->state == JOB_QUEUED ? "" : "Cancel a job under way?");
	if (job->held || (job->state == JOB_QUEUED && job->not_before_ms > now_ms()))
		put_action(page, "release", job->held ? "Release" : "Start now", "", "");
	else if (job->state == JOB_QUEUED || job->state == JOB_BOOTING)
		put_action(page, "hold", "Hold", "", "");
	if (job->state == JOB_QUEUED && !job->held)
		put_action(page, "wake", "Wake", "", "");
	view_flag(page->view, "edit", page_job_may_change(job));
}

/* ---- facts ---- */

static struct view *put_fact(struct page *page, const char *name, const char *value)
{
	struct view *item;

	if (!*value)
		return NULL;
	item = view_item(page->view, "facts");
	view_text(item, "name", name);
	view_text(item, "value", value);
	return item;
}

static void finish_fact(struct view *item, bool mono, int64_t machine)
{
	if (!item)
		return;
	view_flag(item, "mono", mono);
	if (machine)
		view_int(item, "link", machine);
	else
		view_text(item, "link", "");
}

static void put_facts(struct page *page, const struct job *job,
		      const struct machine *machine)
{
	static const char *const fields[] = { "name", "value", "mono", "link", NULL };
	char mac[MAC_TEXT], product[2 * JOB_NAME + 1], added[PRINT_TIME];
	const struct {
		const char *name, *value;
		bool mono;
		int64_t machine;
	} facts[] = {
		{ "Image", job->image, false, 0 },
		{ "Machine", print_mac(&job->mac, mac), true, job->machine },
		{ "Product", product, false, 0 },
		{ "UUID", machine->uuid, true, 0 },
		{ "Serial", machine->serial, true, 0 },
		{ "Address", machine->address, true, 0 },
		{ "Network", *job->network ? job->network : machine->network, false, 0 },
		{ "Platform", job->platform, false, 0 },
		{ "Profile", job->profile, false, 0 },
		{ "Added", print_time(job->created_ms, added), false, 0 },
	};

	snprintf(product, sizeof(product), "%s%s%s", machine->manufacturer,
		 *machine->manufacturer ? " " : "", machine->product);
	view_list(page->view, "facts", fields);
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		finish_fact(put_fact(page, facts[i].name, facts[i].value), facts[i].mono,
			    facts[i].machine);
}

static void put_setting(struct view *item, const struct setting_def *def,
			const char *value)
{
	static const char *const fields[] = { "value", NULL };

	view_text(item, "name", def->name);
	view_list(item, "values", fields);
	if (setting_is(def, SETTING_SECRET))
		value = SEAL_MASK;
	while (*value) {
		size_t len = strcspn(value, "\n");

		view_print(view_item(item, "values"), "value", "%.*s", (int)len, value);
		value += len + (value[len] == '\n');
	}
}

static void put_settings(struct page *page, int64_t id)
{
	static const char *const fields[] = { "name", "values", "value", NULL };
	struct settings settings = { 0 };
	bool any = false;

	view_list(page->view, "settings", fields);
	if (store_job_settings(page->store, id, &settings) == STORE_DONE)
		for (size_t i = 0; i < setting_count; i++) {
			if (!settings.value[i] || !*settings.value[i])
				continue;
			any = true;
			put_setting(view_item(page->view, "settings"), &setting_defs[i],
				    settings.value[i]);
		}
	view_flag(page->view, "settings_any", any);
	settings_free(&settings);
}

/* ---- files ---- */

static void put_files(struct page *page, const struct job *job)
{
	static const char *const fields[] = { "name", "help", NULL };
	char why[CATALOGUE_WHY];
	struct image image;
	unsigned kind = 0;

	if (catalogue_load(page->conf->images, job->image, &image, why)) {
		kind = 1u << image.kind;
		image_free(&image);
	}
	view_list(page->view, "files", fields);
	for (size_t i = 0; i < artefact_count; i++) {
		struct view *item;

		if (artefacts[i].kinds && !(artefacts[i].kinds & kind))
			continue;
		item = view_item(page->view, "files");
		view_text(item, "name", artefacts[i].name);
		view_text(item, "help", artefacts[i].help);
	}
}

/* ---- the log ---- */

static const char *kind_of(const struct store_event *e)
{
	if (e->verdict == STORE_REFUSED || e->event.kind == EVENT_REFUSED ||
	    e->event.kind == EVENT_LOST || strcmp(e->event.state, "failed") == 0)
		return "bad";
	return e->event.kind == EVENT_REPORT ? "step" : "";
}

static void put_event(struct view *item, const struct store_event *e)
{
	const struct event *ev = &e->event;
	char clock[PRINT_TIME], iso[EVENT_TIME], percent[32] = "";
	const char *const words[] = { event_kind_name(ev->kind),
				      ev->actor,
				      ev->action,
				      ev->rule,
				      ev->file,
				      ev->state,
				      ev->step,
				      percent };
	char what[1024] = "";
	size_t len = 0;

	event_time_format(ev->time_ms, iso);
	if (ev->percent >= 0)
		snprintf(percent, sizeof(percent), "%" PRId64 " %%", ev->percent);
	view_text(item, "iso", iso);
	view_text(item, "clock", print_clock(ev->time_ms, clock));
	view_text(item, "source", ev->source);
	view_text(item, "kind", kind_of(e));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (*words[i])
			len += (size_t)snprintf(what + len, sizeof(what) - len, "%s%s",
						len ? " " : "", words[i]);
	view_print(item, "what", "%s%s%s", what, *ev->text ? ": " : "", ev->text);
}

static void put_log(struct page *page, int64_t id)
{
	static const char *const fields[] = { "iso",  "clock", "source",
					      "kind", "what",  NULL };
	struct event_filter filter = { .job = id, .last = 200 };
	struct store_list *list = store_events(page->store, &filter);
	struct store_event e;
	bool any = false;

	view_list(page->view, "log", fields);
	while (list && store_next_event(list, &e)) {
		put_event(view_item(page->view, "log"), &e);
		any = true;
	}
	if (list)
		store_list_end(list);
	view_flag(page->view, "logged", any);
}

/* ---- the page ---- */

static void put_all(struct page *page, const struct job *job)
{
	struct machine machine = { 0 };
	char age[PAGE_AGE];

	store_machine_by_id(page->store, job->machine, &machine);
	page_job_values(page, page->view, job, &machine);
	view_print(page->view, "when", "%s, changed %s", job_state_name(job->state),
		   page_age(job->updated_ms, age));
	put_actions(page, job);
	put_facts(page, job, &machine);
	put_settings(page, job->id);
	put_files(page, job);
	put_log(page, job->id);
	page_put_record(page, job);
}

enum MHD_Result page_job(struct web_request *r)
{
	enum store_result result;
	struct page page;
	struct job job;

	if (!page_enter(&page, r))
		return page.visit.result;
	result = store_job(page.store, page_number(&page, 1), &job);
	if (result == STORE_NO)
		return page_message(&page, MHD_HTTP_NOT_FOUND, "There is no such job",
				    "It was removed, or never was.");
	if (result != STORE_DONE)
		return page_store_failed(&page, result);
	page.live = true;
	snprintf(page.title, sizeof(page.title), "%s",
		 *job.hostname ? job.hostname : job.image);
	if (!page_put_timeline(&page, &job))
		return page_message(&page, MHD_HTTP_SERVICE_UNAVAILABLE, "Not now",
				    "There is not enough memory.");
	put_all(&page, &job);
	return page_give(&page, MHD_HTTP_OK, "job.html");
}
