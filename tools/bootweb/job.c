/* What a machine may do with the token of its job: fetch its files, and report. */
#include "config.h"

#include <err.h>
#include <stdio.h>
#include <string.h>

#include "lib/core/report.h"
#include "lib/sys/now.h"
#include "tools/bootweb/boot_face.h"
#include "tools/bootweb/job_token.h"
#include "tools/bootweb/release.h"

void describe_job(struct event *ev, const struct serve_answer *answer)
{
	ev->job = answer->job.id;
	ev->attempt = answer->attempt.number ? (int64_t)answer->attempt.number
					     : (int64_t)answer->job.attempt;
	if (!ev->key.has_mac && answer->known) {
		ev->key.mac = answer->machine.mac;
		ev->key.has_mac = true;
	}
}

/* ---- those that have no right, or whose job is over ---- */

enum MHD_Result token_refuse(struct web_request *r, struct event *ev)
{
	ev->kind = EVENT_REFUSED;
	ev->status = MHD_HTTP_FORBIDDEN;
	snprintf(ev->rule, sizeof(ev->rule), "token");
	snprintf(ev->text, sizeof(ev->text), "this token is of no attempt");
	events_send_limited(ev, EVENTS_REFUSALS);
	return web_say(r, MHD_HTTP_FORBIDDEN, "forbidden: unknown token");
}

enum MHD_Result token_stop(struct web_request *r, struct event *ev,
			   const struct serve_answer *answer)
{
	const struct job *job = &answer->job;

	if (!answer->attempt.current)
		snprintf(ev->text, sizeof(ev->text), "stop: job %lld is at attempt %u",
			 (long long)job->id, job->attempt);
	else
		snprintf(ev->text, sizeof(ev->text), "stop: job %lld is %s",
			 (long long)job->id, job_state_name(job->state));
	describe_job(ev, answer);
	ev->kind = EVENT_REFUSED;
	ev->status = MHD_HTTP_CONFLICT;
	snprintf(ev->rule, sizeof(ev->rule), "over");
	events_send_limited(ev, EVENTS_REFUSALS);
	return web_say(r, MHD_HTTP_CONFLICT, "%s", ev->text);
}

enum MHD_Result token_failed(struct web_request *r, const struct serve_answer *answer,
			     const char *what, const char *why)
{
	warnx("job %lld: %s: %s", (long long)answer->job.id, what, why);
	return web_say(r, MHD_HTTP_INTERNAL_SERVER_ERROR,
		       "this failed here; the server's log says why");
}

bool enter_with_key(struct web_request *r, struct site_visit *visit)
{
	if (!site_enter_store(r->site, visit))
		return false;
	if (visit->has_key)
		return true;
	site_leave(visit);
	return false;
}

/* ---- files ---- */

static enum MHD_Result give_artefact(struct web_request *r, struct event *ev,
				     struct serve_answer *answer)
{
	char *text = answer->text;

	describe_job(ev, answer);
	ev->octets = (int64_t)answer->len;
	ev->status = MHD_HTTP_OK;
	ev->ms = now_monotonic_ms() - r->started_ms;
	if (!r->head)
		events_send(ev);
	answer->text = NULL;
	return web_give(r, MHD_HTTP_OK, answer->type, text, answer->len);
}

static enum MHD_Result given_before(struct web_request *r, struct event *ev,
				    const struct serve_answer *answer)
{
	describe_job(ev, answer);
	ev->kind = EVENT_REFUSED;
	ev->status = MHD_HTTP_FORBIDDEN;
	snprintf(ev->rule, sizeof(ev->rule), "released");
	snprintf(ev->text, sizeof(ev->text), "%s was given to this attempt before",
		 answer->artefact);
	events_send_limited(ev, EVENTS_REFUSALS);
	return web_say(r, MHD_HTTP_FORBIDDEN,
		       "forbidden: it holds a secret and was given out before; job %lld "
		       "wants another attempt",
		       (long long)answer->job.id);
}

/* What holds a secret goes out once; asking only for its headers releases nothing. */
static enum MHD_Result release_artefact(struct web_request *r, struct event *ev,
					struct serve_answer *answer)
{
	enum release how = RELEASE_GIVE;
	enum MHD_Result result;

	if (answer->secret && !r->head)
		how = release_take(r, answer);
	if (how == RELEASE_GIVE)
		result = give_artefact(r, ev, answer);
	else if (how == RELEASE_GONE)
		result = given_before(r, ev, answer);
	else
		result = unavailable(r);
	serve_answer_free(answer);
	return result;
}

static enum MHD_Result no_such_artefact(struct web_request *r, struct event *ev,
					const struct serve_answer *answer)
{
	describe_job(ev, answer);
	ev->status = MHD_HTTP_NOT_FOUND;
	events_send_limited(ev, EVENTS_REFUSALS);
	return web_say(r, MHD_HTTP_NOT_FOUND, "no such file of this job");
}

enum MHD_Result job_artefact(struct web_request *r)
{
	struct event ev = events_about(r, EVENT_FETCH);
	char why[SERVE_WHY] = "";
	struct serve_answer answer = { 0 };
	struct site_visit visit;
	enum MHD_Result result;

	if (!enter_with_key(r, &visit))
		return unavailable(r);
	snprintf(ev.file, sizeof(ev.file), "%s", r->path.segment[2]);
	switch (serve_artefact_by_token(&visit.serve, r->path.segment[1],
					conf_network_of(visit.conf, r->ipv4),
					r->path.segment[2], &answer, why)) {
	case SERVE_OK:
		site_leave(&visit);
		return release_artefact(r, &ev, &answer);
	case SERVE_FORBIDDEN:
		result = token_refuse(r, &ev);
		break;
	case SERVE_OVER:
		result = token_stop(r, &ev, &answer);
		break;
	case SERVE_NO_SUCH:
		result = no_such_artefact(r, &ev, &answer);
		break;
	default:
		result = token_failed(r, &answer, ev.file, why);
	}
	serve_answer_free(&answer);
	site_leave(&visit);
	return result;
}

/* ---- reports ---- */

/*
 * The database may be a moment behind what we said yes to, so only what cannot
 * become legal by waiting is refused: a job that is over.  Whether the move is
 * legal is decided when the event is applied, in the order of arrival.
 */
static bool must_stop(const struct serve_answer *answer, const struct event *ev)
{
	enum job_state state = answer->job.state;

	if (!answer->attempt.current)
		return true;
	return !job_is_active(state) && strcmp(job_state_name(state), ev->state) != 0;
}

/*
 * A machine that has told that its system is on the disk starts anew, and must not be
 * installed once more: so that report has to stand where it outlives us, and not only in
 * our memory.
 */
static bool keeps(struct web_request *r, const struct event *ev)
{
	if (strcmp(ev->state, job_state_name(JOB_CONFIGURING)) != 0)
		return true;
	site_wrote(r->site, ev->job, ev->attempt);
	return events_flush();
}

static enum MHD_Result take_report(struct web_request *r, struct event *ev,
				   const struct serve_answer *answer)
{
	describe_job(ev, answer);
	ev->status = MHD_HTTP_OK;
	if (!events_send(ev) || !keeps(r, ev))
		return unavailable(r);
	return web_say(r, MHD_HTTP_OK, "ok");
}

static enum MHD_Result answer_report(struct web_request *r, struct site_visit *visit)
{
	struct event ev = events_about(r, EVENT_REPORT);
	struct serve_answer answer = { 0 };
	char why[SERVE_WHY] = "", field[REPORT_WHY] = "";
	enum MHD_Result result;
	enum serve_result how =
		serve_token(&visit->serve, r->path.segment[1], &answer, why);

	if (how == SERVE_FORBIDDEN)
		result = token_refuse(r, &ev);
	else if (how != SERVE_OK && how != SERVE_OVER)
		result = token_failed(r, &answer, "report", why);
	else if (!report_read(&r->form, &ev, field))
		result = web_say(r, MHD_HTTP_BAD_REQUEST, "bad report: %s", field);
	else if (must_stop(&answer, &ev))
		result = token_stop(r, &ev, &answer);
	else
		result = take_report(r, &ev, &answer);
	serve_answer_free(&answer);
	return result;
}

enum MHD_Result job_report(struct web_request *r)
{
	struct site_visit visit;
	enum MHD_Result result;
	const char *why;

	if (r->body && !url_form(r->body, r->body_len, &r->form, &why))
		return web_say(r, MHD_HTTP_BAD_REQUEST, "bad report: %s", why);
	if (!enter_with_key(r, &visit))
		return unavailable(r);
	result = answer_report(r, &visit);
	site_leave(&visit);
	return result;
}
