/* What Prometheus asks for, in its text format 0.0.4. */
#include "config.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/store/overview.h"
#include "lib/store/tally.h"
#include "tools/bootweb/api.h"

/* Events are only added to: each is counted once, whoever asks how often. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct store_tally tally; /* guarded by lock */

static void head(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void write_counts(FILE *out, const struct store_counts *counts)
{
	head(out, "pxekit_jobs", "gauge", "Jobs by state.");
	for (int i = 0; i < JOB_STATES; i++)
		fprintf(out, "pxekit_jobs{state=\"%s\"} %" PRId64 "\n",
			job_state_name((enum job_state)i), counts->jobs[i]);
	head(out, "pxekit_machines", "gauge", "Machines by disposition.");
	for (int i = 0; i < MACHINE_DISPOSITIONS; i++)
		fprintf(out, "pxekit_machines{disposition=\"%s\"} %" PRId64 "\n",
			machine_disposition_name((enum machine_disposition)i),
			counts->machines[i]);
}

/* label is like state="done", and needs no escapes any more. */
static void write_durations(FILE *out, const char *name, const char *label,
			    const int64_t bounds[static TALLY_BOUNDS],
			    const struct store_durations *d)
{
	for (size_t i = 0; i < TALLY_BOUNDS; i++)
		fprintf(out, "%s_bucket{%s,le=\"%" PRId64 "\"} %" PRId64 "\n", name,
			label, bounds[i], d->upto[i]);
	fprintf(out, "%s_bucket{%s,le=\"+Inf\"} %" PRId64 "\n", name, label, d->count);
	fprintf(out, "%s_sum{%s} %" PRId64 ".%03" PRId64 "\n", name, label,
		d->sum_ms / 1000, d->sum_ms % 1000);
	fprintf(out, "%s_count{%s} %" PRId64 "\n", name, label, d->count);
}

static bool write_attempts(FILE *out, struct store *store)
{
	static const enum job_state ends[] = { JOB_DONE, JOB_FAILED, JOB_CANCELLED };
	static const char name[] = "pxekit_attempt_duration_seconds";
	struct store_durations durations;
	char label[64];

	head(out, name, "histogram", "How long attempts took, by how they ended.");
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		if (store_durations(store, ends[i], &durations) != STORE_DONE)
			return false;
		snprintf(label, sizeof(label), "state=\"%s\"", job_state_name(ends[i]));
		write_durations(out, name, label, tally_bounds, &durations);
	}
	return true;
}

/* The text is a machine's: quotes and backslashes become underscores. */
static void write_steps(FILE *out, const struct store_tally *t)
{
	static const char name[] = "pxekit_step_duration_seconds";
	char label[TALLY_STEP + 16];

	head(out, name, "histogram",
	     "How long the steps of attempts took that are done; 32 names at most.");
	for (size_t i = 0; i < t->steps; i++) {
		int len = snprintf(label, sizeof(label), "step=\"%s\"", t->step[i].name);

		for (char *p = label + 6; p < label + len - 1; p++)
			if (*p == '"' || *p == '\\' || (unsigned char)*p < ' ')
				*p = '_';
		write_durations(out, name, label, tally_step_bounds, &t->step[i].took);
	}
}

static void write_events(FILE *out, const struct store_tally *t)
{
	static const enum event_kind carriers[] = { EVENT_TRANSFER, EVENT_FETCH,
						    EVENT_SCRIPT };

	head(out, "pxekit_events_total", "counter",
	     "What the programs saw, by kind: offers, transfers, fetches, refusals.");
	for (int i = 0; i < EVENT_KINDS; i++)
		fprintf(out, "pxekit_events_total{event=\"%s\"} %" PRId64 "\n",
			event_kind_name((enum event_kind)i), t->kind[i].count);
	head(out, "pxekit_events_refused_total", "counter",
	     "Events that changed nothing, because they must not.");
	for (int i = 0; i < EVENT_KINDS; i++)
		fprintf(out, "pxekit_events_refused_total{event=\"%s\"} %" PRId64 "\n",
			event_kind_name((enum event_kind)i), t->kind[i].refused);
	head(out, "pxekit_sent_bytes_total", "counter",
	     "Octets that machines were given, by the kind of event that told it.");
	for (size_t i = 0; i < sizeof(carriers) / sizeof(carriers[0]); i++)
		fprintf(out, "pxekit_sent_bytes_total{event=\"%s\"} %" PRId64 "\n",
			event_kind_name(carriers[i]), t->kind[carriers[i]].octets);
	head(out, "pxekit_errors_total", "counter",
	     "Requests and packets that could not be read, and lines that were lost.");
	fprintf(out, "pxekit_errors_total %" PRId64 "\n",
		t->kind[EVENT_MALFORMED].count + t->kind[EVENT_LOST].count);
}

static bool write_all(FILE *out, struct store *store)
{
	struct store_counts counts;
	struct store_tally now;
	enum store_result result = store_counts(store, &counts);

	pthread_mutex_lock(&lock);
	if (result == STORE_DONE)
		result = store_tally_add(store, &tally);
	now = tally;
	pthread_mutex_unlock(&lock);
	if (result != STORE_DONE)
		return false;
	write_counts(out, &counts);
	if (!write_attempts(out, store))
		return false;
	write_steps(out, &now);
	write_events(out, &now);
	head(out, "pxekit_build_info", "gauge", "The version that answers.");
	fprintf(out, "pxekit_build_info{version=\"" PACKAGE_VERSION "\"} 1\n");
	return true;
}

enum MHD_Result api_metrics(struct web_request *r)
{
	struct admin_visit v;
	char *text = NULL;
	size_t len = 0;
	bool good;
	FILE *out;

	if (!admin_enter(r, &v))
		return v.result;
	out = open_memstream(&text, &len);
	good = out && write_all(out, v.store);
	if (out && fclose(out) != 0)
		good = false;
	admin_leave(&v);
	if (good)
		return web_give(r, MHD_HTTP_OK,
				"text/plain; version=0.0.4; charset=utf-8", text, len);
	free(text);
	return admin_problem(r, MHD_HTTP_SERVICE_UNAVAILABLE,
			     "the database cannot be read now");
}
