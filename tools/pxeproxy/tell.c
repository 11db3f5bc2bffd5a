#include "config.h"

#include "tools/pxeproxy/tell.h"

#include <err.h>
#include <stdio.h>
#include <string.h>

#include "lib/sys/emit.h"

#define MALFORMED_MS 1000

static void put_address(char *out, size_t size, uint32_t a)
{
	if (a)
		snprintf(out, size, "%u.%u.%u.%u", a >> 24, a >> 16 & 255, a >> 8 & 255,
			 a & 255);
}

static void put_text(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%.*s", (int)size - 1, text);
}

static void put_request(struct event *ev, const struct dhcp *request,
			const struct arrival *via)
{
	ev->arch = request->archs ? request->arch[0] : -1;
	put_text(ev->vendor_class, sizeof(ev->vendor_class), request->vendor_class);
	put_text(ev->user_class, sizeof(ev->user_class), request->user_class);
	put_address(ev->address, sizeof(ev->address),
		    request->giaddr ? request->ciaddr : via->from);
	put_address(ev->relay, sizeof(ev->relay), request->giaddr);
}

static void put_plan(struct event *ev, const struct facts *facts,
		     const struct answer *answer)
{
	const struct plan *plan = &facts->answer.plan;

	put_text(ev->rule, sizeof(ev->rule), answer->rule);
	put_text(ev->text, sizeof(ev->text), answer->why);
	put_text(ev->action, sizeof(ev->action),
		 plan_action_name(answer->kind == ANSWER_SILENT ? PLAN_SILENT
								: plan->action));
	ev->job = plan->job;
	ev->attempt = facts->attempt;
	if (facts->network)
		put_text(ev->network, sizeof(ev->network), facts->network->name);
}

void tell_answer(const struct dhcp *request, const struct arrival *via,
		 const struct facts *facts, const struct answer *answer)
{
	static const enum event_kind kinds[] = {
		[ANSWER_SILENT] = EVENT_SILENT,
		[ANSWER_OFFER] = EVENT_OFFER,
		[ANSWER_ACK] = EVENT_ACK,
	};
	const struct dhcp *reply = &answer->reply;
	struct event ev;

	if (answer->kind == ANSWER_NONE)
		return;
	ev = event_new(kinds[answer->kind]);
	ev.key = facts->key;
	put_request(&ev, request, via);
	put_plan(&ev, facts, answer);
	put_text(ev.file, sizeof(ev.file), *reply->file ? reply->file : reply->bootfile);
	emit(&ev);
}

void tell_fault(enum watch_fault fault, const struct dhcp *reply, const char *interface)
{
	struct event ev = event_new(EVENT_REFUSED);

	put_address(ev.address, sizeof(ev.address), reply->server);
	put_text(ev.rule, sizeof(ev.rule), watch_rule(fault));
	snprintf(ev.text, sizeof(ev.text), "on %s: %s", interface, watch_why(fault));
	warnx("%s: %s: %s", interface, ev.address, watch_why(fault));
	emit(&ev);
}

void tell_malformed(struct tell_malformed *m, const struct arrival *via,
		    const char *interface, const char *why, int64_t monotonic_ms)
{
	struct event ev;

	if (m->told_ms && monotonic_ms - m->told_ms < MALFORMED_MS) {
		m->untold++;
		return;
	}
	ev = event_new(EVENT_MALFORMED);
	put_address(ev.address, sizeof(ev.address), via->from);
	if (m->untold)
		snprintf(ev.text, sizeof(ev.text), "on %s: %s (and %lu more before)",
			 interface, why, m->untold);
	else
		snprintf(ev.text, sizeof(ev.text), "on %s: %s", interface, why);
	m->told_ms = monotonic_ms;
	m->untold = 0;
	emit(&ev);
}
