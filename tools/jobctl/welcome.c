#include "config.h"

#include "tools/jobctl/welcome.h"

#include <err.h>
#include <stdio.h>
#include <string.h>

#include "lib/store/overview.h"
#include "lib/sys/print.h"

#define ACTOR "default-job" /* who is on record as having added the job */

void welcome_begin(struct welcome *w, const struct conf *conf, struct store *store)
{
	w->site = (struct order_site){ .conf = conf, .store = store };
}

/* The same is not said again for each packet of each machine. */
static void complain(struct welcome *w, const struct conf_network *network,
		     const char *sentence)
{
	char safe[PRINT_SAFE];

	if (strcmp(w->said, sentence) == 0)
		return;
	snprintf(w->said, sizeof(w->said), "%s", sentence);
	warnx("network %s: no default-job is made: %s", network->name,
	      print_safe(sentence, safe, sizeof(safe)));
}

static const struct conf_network *network_of(const struct conf *conf,
					     const struct event *ev)
{
	const struct conf_network *network = conf_network_named(conf, ev->network);
	bool sighting = ev->kind == EVENT_OFFER || ev->kind == EVENT_ACK ||
			ev->kind == EVENT_SILENT || ev->kind == EVENT_SCRIPT;

	return sighting && ev->key.has_mac && network && *network->default_job ? network
									       : NULL;
}

/*
 * Once in its life: who had a job, or of whom an admin has decided anything, is not new.
 * Anybody can make up addresses, so that those who never come back have a bound.
 */
static enum store_result is_welcome(struct welcome *w, const struct conf_network *network,
				    const struct event *ev, bool *yes)
{
	struct plan_facts facts = { 0 };
	enum store_result result = store_facts(w->site.store, &ev->key, &facts, NULL);
	int64_t waiting;
	char text[ORDER_SENTENCE];

	*yes = result == STORE_DONE && facts.known && !facts.has_job &&
	       facts.disposition == MACHINE_NEW;
	if (!*yes || !network->default_jobs_max)
		return result;
	result = store_count_waiting(w->site.store, network->name, &waiting);
	if (result != STORE_DONE || waiting < network->default_jobs_max)
		return result;
	*yes = false;
	snprintf(text, sizeof(text), "%u jobs wait there already (default-jobs-max)",
		 network->default_jobs_max);
	complain(w, network, text);
	return STORE_DONE;
}

static const char *reason(const struct order *o)
{
	for (size_t i = 0; i < o->notes; i++)
		if (!o->note[i].warning)
			return o->note[i].sentence;
	return "it was refused";
}

static enum store_result give(struct welcome *w, const struct conf_network *network,
			      const struct event *ev)
{
	enum store_result result = STORE_DONE;
	struct order o = { 0 };

	if (order_default(&o, &w->site, network, &ev->key.mac))
		result = order_queue(&o, &w->site, ACTOR);
	if (o.refused)
		complain(w, network, reason(&o));
	result = o.refused || result == STORE_NO ? STORE_DONE : result;
	order_free(&o);
	return result;
}

enum store_result welcome(struct welcome *w, const struct event *ev)
{
	const struct conf_network *network = network_of(w->site.conf, ev);
	enum store_result result;
	bool yes;

	if (!network)
		return STORE_DONE;
	result = is_welcome(w, network, ev, &yes);
	return result == STORE_DONE && yes ? give(w, network, ev) : result;
}
