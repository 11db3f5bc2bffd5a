/*
 * What iPXE runs: the entry script, and the script that plan_for() decides on; and what
 * Windows PE runs instead if Microsoft's boot manager has started it.
 */
#include "config.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/boot_query.h"
#include "lib/sys/now.h"
#include "tools/bootweb/boot_face.h"
#include "tools/bootweb/events.h"

#define TOLD_A_SECOND 20 /* events of one machine, by each thread */

static enum MHD_Result give(struct web_request *r, struct serve_answer *answer)
{
	char *text = answer->text;

	answer->text = NULL;
	return web_give(r, MHD_HTTP_OK, answer->type, text, answer->len);
}

enum MHD_Result boot_entry(struct web_request *r)
{
	char why[SERVE_WHY] = "";
	struct serve_answer answer = { 0 };
	struct site_visit visit;
	enum MHD_Result result;

	site_enter(r->site, &visit);
	if (serve_entry(&visit.serve, conf_network_of(visit.conf, r->ipv4), &answer,
			why) == SERVE_OK) {
		if (!r->head) {
			snprintf(r->transfer.file, sizeof(r->transfer.file), "boot.ipxe");
			r->transfer.octets = (int64_t)answer.len;
		}
		result = give(r, &answer);
	} else {
		warnx("boot.ipxe: %s", why);
		result = web_say(
			r, MHD_HTTP_INTERNAL_SERVER_ERROR,
			"boot.ipxe cannot be rendered; the server's log says why");
	}
	serve_answer_free(&answer);
	site_leave(&visit);
	return result;
}

/* ---- what it gets ---- */

static void describe_plan(struct event *ev, const struct serve_answer *answer,
			  enum serve_result how, const char *why)
{
	snprintf(ev->action, sizeof(ev->action), "%s",
		 plan_action_name(answer->plan.action));
	snprintf(ev->rule, sizeof(ev->rule), "%s",
		 answer->plan.rule ? answer->plan.rule : "");
	if (answer->has_job)
		describe_job(ev, answer);
	if (how == SERVE_OK) {
		ev->octets = (int64_t)answer->len;
		snprintf(ev->file, sizeof(ev->file), "%s", answer->artefact);
	} else {
		snprintf(ev->text, sizeof(ev->text), "%s", why);
	}
}

static unsigned status_of(enum serve_result how)
{
	if (how == SERVE_OK)
		return MHD_HTTP_OK;
	return how == SERVE_NO_SUCH ? MHD_HTTP_NOT_FOUND : MHD_HTTP_INTERNAL_SERVER_ERROR;
}

static enum MHD_Result answer_plan(struct web_request *r, const struct event *ev,
				   struct serve_answer *answer)
{
	char mac[MAC_TEXT];

	if (ev->status == MHD_HTTP_OK)
		return give(r, answer);
	if (ev->status == MHD_HTTP_NOT_FOUND)
		return web_say(r, MHD_HTTP_NOT_FOUND, "nothing for this machine");
	mac_format(&ev->key.mac, ':', mac);
	warnx("script of %s: %s", mac, ev->text);
	return web_say(r, MHD_HTTP_INTERNAL_SERVER_ERROR,
		       "the script cannot be rendered; the server's log says why");
}

static enum serve_result look(struct site_visit *visit, const struct memo_asker *asker,
			      struct serve_answer *answer, char why[static SERVE_WHY])
{
	return (asker->winpe ? serve_winpe : serve_plan)(&visit->serve, &asker->key,
							 asker->network, answer, why);
}

/*
 * What this machine was told a moment ago, or else what it is told now; *times is how
 * often it has asked for the same within that moment.
 */
static enum serve_result plan(struct site_visit *visit, const struct memo_asker *asker,
			      struct serve_answer *answer, char why[static SERVE_WHY],
			      unsigned *times)
{
	struct memo **memo = &visit->handle.memo;
	struct store_mark mark;
	enum serve_result how;
	bool marked;

	*times = memo_recall(*memo, visit->serve.store, asker, answer, &how);
	if (*times) {
		if (how == SERVE_NO_SUCH)
			snprintf(why, SERVE_WHY, "%s", answer->plan.why);
		return how;
	}
	marked = store_mark(visit->serve.store, &mark);
	how = look(visit, asker, answer, why);
	if (marked && (visit->has_key || !answer->has_job))
		memo_keep(memo, &mark, asker, answer, how);
	return how;
}

/*
 * A machine that we know and that asks the same more often than any firmware does is
 * one that somebody plays: it may not fill the database.
 */
static void tell(struct event *ev, bool known, unsigned times)
{
	if (!known)
		events_send_limited(ev, EVENTS_STRANGERS);
	else if (times > TOLD_A_SECOND)
		events_leave_out(EVENTS_KNOWN);
	else
		events_send_limited(ev, EVENTS_KNOWN);
}

/* What the machine says of itself. */
static struct machine machine_of(const struct event *ev)
{
	struct machine m = { .mac = ev->key.mac, .arch = (int)ev->arch };

	snprintf(m.uuid, sizeof(m.uuid), "%s", ev->key.uuid);
	snprintf(m.manufacturer, sizeof(m.manufacturer), "%s", ev->manufacturer);
	snprintf(m.product, sizeof(m.product), "%s", ev->product);
	return m;
}

static enum MHD_Result plan_and_answer(struct web_request *r, struct site_visit *visit,
				       struct event *ev)
{
	const struct memo_asker asker = {
		.key = ev->key,
		.network = conf_network_of(visit->conf, r->ipv4),
		.says = memo_says(visit->serve.says),
		.winpe = boot_query_is_winpe(r->path.segment[1]),
	};
	struct serve_answer answer = { 0 };
	char why[SERVE_WHY] = "";
	unsigned times;
	enum serve_result how;
	enum MHD_Result result;

	if (asker.network)
		snprintf(ev->network, sizeof(ev->network), "%s", asker.network->name);
	how = plan(visit, &asker, &answer, why, &times);
	if (answer.has_job &&
	    site_has_written(r->site, answer.job.id, answer.attempt.number)) {
		visit->serve.written = answer.attempt.id;
		serve_answer_free(&answer);
		how = look(visit, &asker, &answer, why);
	}
	if (how == SERVE_OK && answer.has_job && !visit->has_key) {
		serve_answer_free(&answer);
		return unavailable(r);
	}
	describe_plan(ev, &answer, how, why);
	ev->status = status_of(how);
	ev->ms = now_monotonic_ms() - r->started_ms;
	if (!r->head)
		tell(ev, answer.known, times);
	result = answer_plan(r, ev, &answer);
	serve_answer_free(&answer);
	return result;
}

enum MHD_Result boot_machine(struct web_request *r)
{
	struct event ev = events_about(r, EVENT_SCRIPT);
	struct machine says;
	struct site_visit visit;
	enum MHD_Result result;
	const char *why;

	if (!boot_query_read(r->path.segment[1], &r->form, &ev, &why))
		return web_say(r, MHD_HTTP_BAD_REQUEST,
			       "bad request: the script's name %s", why);
	if (!site_enter_store(r->site, &visit))
		return unavailable(r);
	says = machine_of(&ev);
	visit.serve.says = &says;
	result = plan_and_answer(r, &visit, &ev);
	site_leave(&visit);
	return result;
}
