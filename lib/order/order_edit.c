/* Jobs that there are already, and what is changed of them. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/event.h"
#include "lib/core/seal.h"
#include "lib/order/order_inside.h"

static bool load_machine(struct order *o, const struct order_site *site)
{
	struct machine machine;

	if (store_machine_by_id(site->store, o->job.machine, &machine) != STORE_DONE)
		return order_complain_so(o, "", store_why(site->store));
	o->macs = store_machine_macs(site->store, machine.id, o->mac, ORDER_MACS);
	o->key.mac = machine.mac;
	o->key.has_mac = o->macs > 0;
	if (!machine.any_card)
		return true; /* what it said of itself was not said by an admin */
	memcpy(o->key.uuid, machine.uuid, sizeof(o->key.uuid));
	memcpy(o->key.serial, machine.serial, sizeof(o->key.serial));
	return true;
}

bool order_load(struct order *o, struct order_site *site, int64_t id)
{
	if (store_job(site->store, id, &o->job) != STORE_DONE ||
	    store_job_settings(site->store, id, &o->settings) != STORE_DONE)
		return order_complain_so(o, "", store_why(site->store));
	memcpy(o->image, o->job.image, sizeof(o->image));
	memcpy(o->platform, o->job.platform, sizeof(o->platform));
	memcpy(o->profile, o->job.profile, sizeof(o->profile));
	memcpy(o->network, o->job.network, sizeof(o->network));
	o->held = o->job.held;
	o->not_before_ms = o->job.not_before_ms;
	return load_machine(o, site);
}

bool order_from_job(struct order *o, struct order_site *site, int64_t id)
{
	struct order_was *was = calloc(1, sizeof(*was));

	o->was = was;
	if (!was)
		return order_complain_so(o, "", "there is no memory for it");
	if (!order_load(o, site, id) || !order_key(o, site))
		return false;
	if (!seal_open_settings(&site->key, &o->settings))
		return order_complain_so(o, "",
					 "this site's key does not open the job's "
					 "secrets");
	if (!settings_inherit(&was->settings, &o->settings))
		return order_complain_so(o, "", "there is no memory for it");
	was->job = o->job;
	return true;
}

/* What came from a profile goes with it, unless it was said now. */
void order_leave_profile(struct order *o, const struct order_site *site)
{
	const struct conf_profile *old =
		*o->was->job.profile ? conf_profile_named(site->conf, o->was->job.profile)
				     : NULL;

	if (!old || strcmp(o->was->job.profile, o->job.profile) == 0)
		return;
	for (size_t i = 0; i < setting_count; i++) {
		const char *value = o->settings.value[i], *its = old->settings.value[i];

		if (value && its && !o->was->said[i] && strcmp(value, its) == 0)
			order_unsay(o, &setting_defs[i]);
	}
}

/* ---- what differs ---- */

struct diff {
	char *text;
	size_t len;
};

static void put(struct diff *d, const char *name, const char *old, const char *now)
{
	int n;

	if (strcmp(old, now) == 0)
		return;
	n = snprintf(d->text + d->len, JOB_TEXT - d->len, "%s%s: %s -> %s",
		     d->len ? "; " : "", name, *old ? old : "(none)",
		     *now ? now : "(none)");
	d->len += n < 0 ? 0 : (size_t)n;
	if (d->len >= JOB_TEXT)
		d->len = JOB_TEXT - 1;
}

static const char *moment(int64_t ms, char out[static EVENT_TIME])
{
	*out = '\0';
	if (ms)
		event_time_format(ms, out);
	return out;
}

static void compare_jobs(struct diff *d, const struct job *old, const struct job *now)
{
	char before[EVENT_TIME], after[EVENT_TIME];

	put(d, "image", old->image, now->image);
	put(d, "platform", old->platform, now->platform);
	put(d, "profile", old->profile, now->profile);
	put(d, "network", old->network, now->network);
	put(d, "hold", old->held ? "yes" : "no", now->held ? "yes" : "no");
	put(d, "not-before", moment(old->not_before_ms, before),
	    moment(now->not_before_ms, after));
}

/* Of a secret only that it changed. */
static void compare_settings(struct diff *d, const struct settings *old,
			     const struct settings *now)
{
	for (size_t i = 0; i < setting_count; i++) {
		const char *before = old->value[i] ? old->value[i] : "";
		const char *after = now->value[i] ? now->value[i] : "";

		if (!setting_is(&setting_defs[i], SETTING_SECRET))
			put(d, setting_defs[i].name, before, after);
		else if (strcmp(before, after) != 0)
			put(d, setting_defs[i].name, *before ? "(secret)" : "",
			    *after ? "(another secret)" : "");
	}
}

enum store_result order_amend(struct order *o, struct order_site *site, const char *actor,
			      char changed[static JOB_TEXT])
{
	struct diff diff = { .text = changed };
	enum store_result result;

	*changed = '\0';
	compare_jobs(&diff, &o->was->job, &o->job);
	compare_settings(&diff, &o->was->settings, &o->settings);
	if (!diff.len)
		return STORE_DONE;
	if (!order_key(o, site))
		return STORE_FAILED;
	if (!seal_settings(&site->key, &o->settings)) {
		order_complain_so(o, "", "there is no memory to seal the secrets");
		return STORE_FAILED;
	}
	result = store_job_edit(site->store, &o->job, &o->settings, actor, changed);
	if (result == STORE_NO)
		order_complain_so(o, "", store_why(site->store));
	return result == STORE_DONE ? store_job(site->store, o->job.id, &o->job) : result;
}
