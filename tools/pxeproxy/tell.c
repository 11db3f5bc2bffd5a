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

static int arch_of(const struct dhcp *request)
{
	return request->archs ? request->arch[0] : -1;
}

static void put_request(struct event *ev, const struct dhcp *request,
			const struct arrival *via)
{
	ev->arch = arch_of(request);
	put_text(ev->vendor_class, sizeof(ev->vendor_class), request->vendor_class);
	put_text(ev->user_class, sizeof(ev->user_class), request->user_class);
	put_address(ev->address, sizeof(ev->address),
		    request->giaddr ? request->ciaddr : via->from);
	put_address(ev->relay, sizeof(ev->relay), request->giaddr);
}

static enum plan_action action_of(const struct facts *facts, const struct answer *answer)
{
	return answer->kind == ANSWER_SILENT ? PLAN_SILENT : facts->answer.plan.action;
}

static void put_plan(struct event *ev, const struct facts *facts,
		     const struct answer *answer)
{
	const struct plan *plan = &facts->answer.plan;

	put_text(ev->rule, sizeof(ev->rule), answer->rule);
	put_text(ev->text, sizeof(ev->text), answer->why);
	put_text(ev->action, sizeof(ev->action),
		 plan_action_name(action_of(facts, answer)));
	ev->job = plan->job;
	ev->attempt = facts->attempt;
	if (facts->network)
		put_text(ev->network, sizeof(ev->network), facts->network->name);
}

static const enum event_kind kinds[] = {
	[ANSWER_SILENT] = EVENT_SILENT,
	[ANSWER_OFFER] = EVENT_OFFER,
	[ANSWER_ACK] = EVENT_ACK,
};

static uint64_t mix(uint64_t hash, const void *octets, size_t len)
{
	const uint8_t *p = octets;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ p[i]) * 1099511628211U;
	return hash;
}

/* The same machine, the same decision, the same way here. */
static uint64_t mark_of(const struct dhcp *request, const struct arrival *via,
			const struct facts *facts, const struct answer *a)
{
	const uint32_t numbers[] = { (uint32_t)a->kind,
				     via->port,
				     (uint32_t)via->interface,
				     request->giaddr,
				     request->arch[0],
				     (uint32_t)facts->answer.style,
				     (uint32_t)facts->answer.plan.job };
	uint64_t hash = mix(14695981039346656037U, facts->key.mac.octet, 6);

	hash = mix(hash, facts->key.uuid, strlen(facts->key.uuid));
	hash = mix(hash, numbers, sizeof(numbers));
	hash = mix(hash, a->rule, strlen(a->rule));
	hash = mix(hash, a->reply.file, strlen(a->reply.file));
	return hash ? hash : 1;
}

static void tell_row(struct tell *tell, struct tell_row *row)
{
	struct event ev = event_new(kinds[row->kind]);

	ev.key.mac = row->mac;
	ev.key.has_mac = row->has_mac;
	put_text(ev.key.uuid, sizeof(ev.key.uuid), row->uuid);
	put_address(ev.relay, sizeof(ev.relay), row->relay);
	ev.arch = row->arch;
	ev.repeats = row->repeats - 1; /* this event stands for one of them */
	put_text(ev.rule, sizeof(ev.rule), row->rule);
	put_text(ev.action, sizeof(ev.action), plan_action_name(row->action));
	row->repeats = 0;
	tell->waiting--;
	emit(&ev);
}

void tell_repeats(struct tell *tell, int64_t monotonic_ms, bool all)
{
	if (!tell->waiting || (!all && monotonic_ms - tell->swept_ms < TELL_PAUSE_MS))
		return;
	tell->swept_ms = monotonic_ms;
	for (size_t i = 0; i < TELL_ROWS && tell->waiting; i++) {
		struct tell_row *row = &tell->row[i];

		if (row->repeats &&
		    (all || monotonic_ms - row->told_ms >= TELL_PAUSE_MS)) {
			tell_row(tell, row);
			row->told_ms = monotonic_ms;
		}
	}
}

/*
 * Whether it was only counted; else *repeats is what was counted before.  All that say
 * neither MAC nor UUID are one machine here.
 */
static bool counted(struct tell *tell, const struct facts *facts, uint64_t mark,
		    const struct answer *answer, const struct dhcp *request, int64_t now,
		    int64_t *repeats)
{
	struct tell_row *row = &tell->row[(mark ^ mark >> 32) % TELL_ROWS];

	if (row->mark == mark && now - row->told_ms < TELL_PAUSE_MS) {
		tell->waiting += row->repeats++ == 0;
		return true;
	}
	if (row->repeats && row->mark != mark)
		tell_row(tell, row);
	*repeats = row->repeats;
	tell->waiting -= row->repeats > 0;
	*row = (struct tell_row){ .mark = mark,
				  .told_ms = now,
				  .mac = facts->key.mac,
				  .has_mac = facts->key.has_mac,
				  .relay = request->giaddr,
				  .kind = answer->kind,
				  .action = action_of(facts, answer),
				  .rule = answer->rule,
				  .arch = arch_of(request) };
	put_text(row->uuid, sizeof(row->uuid), facts->key.uuid);
	return false;
}

void tell_answer(struct tell *tell, const struct dhcp *request, const struct arrival *via,
		 const struct facts *facts, const struct answer *answer,
		 int64_t monotonic_ms)
{
	const struct dhcp *reply = &answer->reply;
	int64_t repeats;
	struct event ev;

	if (answer->kind == ANSWER_NONE ||
	    counted(tell, facts, mark_of(request, via, facts, answer), answer, request,
		    monotonic_ms, &repeats))
		return;
	ev = event_new(kinds[answer->kind]);
	ev.key = facts->key;
	ev.repeats = repeats;
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

static void tell_broken(struct tell_malformed *m)
{
	struct event ev = event_new(EVENT_MALFORMED);

	put_address(ev.address, sizeof(ev.address), m->from);
	snprintf(ev.text, sizeof(ev.text), "on %s: %s", m->interface, m->why);
	ev.repeats = m->untold - 1; /* this event stands for one of them */
	m->untold = 0;
	emit(&ev);
}

void tell_malformed_rest(struct tell_malformed *m, int64_t monotonic_ms, bool all)
{
	if (!m->untold ||
	    (!all && m->told_ms && monotonic_ms - m->told_ms < MALFORMED_MS))
		return;
	m->told_ms = monotonic_ms;
	tell_broken(m);
}

void tell_malformed(struct tell_malformed *m, const struct arrival *via,
		    const char *interface, const char *why, int64_t monotonic_ms)
{
	m->untold++;
	m->from = via->from;
	m->why = why;
	put_text(m->interface, sizeof(m->interface), interface);
	tell_malformed_rest(m, monotonic_ms, false);
}
