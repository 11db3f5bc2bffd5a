/* A job that is to be like another one. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/core/seal.h"
#include "lib/order/order_inside.h"

/* The machine's newest job, and what it was told, opened. */
static bool find_job(struct order *o, struct order_site *site,
		     const struct machine *machine, struct job *job,
		     struct settings *settings)
{
	const struct machine_key key = { .mac = machine->mac, .has_mac = true };
	struct plan_facts facts = { 0 };

	if (store_facts(site->store, &key, &facts, NULL) != STORE_DONE)
		return order_complain_so(o, "like", store_why(site->store));
	if (!facts.has_job)
		return order_complain_so(o, "like",
					 "--like: that machine has had no job yet");
	*job = facts.job;
	if (store_job_settings(site->store, job->id, settings) != STORE_DONE)
		return order_complain_so(o, "like", store_why(site->store));
	if (!order_key(o, site))
		return false;
	return seal_open_settings(&site->key, settings) ||
	       order_complain_so(o, "like",
				 "--like: this site's key does not open the job's "
				 "secrets");
}

static void take_names(struct order *o, const struct job *job)
{
	if (!*o->image)
		memcpy(o->image, job->image, sizeof(o->image));
	if (!*o->platform)
		memcpy(o->platform, job->platform, sizeof(o->platform));
	if (!*o->profile)
		memcpy(o->profile, job->profile, sizeof(o->profile));
	if (!*o->network)
		memcpy(o->network, job->network, sizeof(o->network));
}

/* It is the machine itself that is installed again. */
static void take_machine(struct order *o, const struct order_site *site,
			 const struct machine *machine)
{
	o->macs = store_machine_macs(site->store, machine->id, o->mac, ORDER_MACS);
	o->key.mac = machine->mac;
	o->key.has_mac = true;
}

static bool is_same(const struct order *o, const struct order_site *site,
		    const struct machine *machine)
{
	struct machine own;

	return store_machine(site->store, &o->key, &own) == STORE_DONE &&
	       own.id == machine->id;
}

/* ---- secrets ---- */

static bool profile_has(const struct order *o, const struct order_site *site, size_t i)
{
	const struct conf_profile *p =
		*o->profile ? conf_profile_named(site->conf, o->profile) : NULL;

	return p && (p->files.value[i] || p->settings.value[i]);
}

static void want_again(struct order *o, const char *name)
{
	char sentence[ORDER_SENTENCE];

	snprintf(sentence, sizeof(sentence),
		 "--%s-file: that job has one, and it is not copied: give it again (- is "
		 "a prompt)",
		 name);
	order_complain_so(o, name, sentence);
}

/* Administrator's is made up for each machine; the others are somebody's. */
static void leave_secret(struct order *o, const struct order_site *site, size_t i,
			 struct settings *from)
{
	const char *name = setting_defs[i].name;

	explicit_bzero(from->value[i], strlen(from->value[i]));
	*from->value[i] = '\0';
	if (!o->settings.value[i] && !profile_has(o, site, i) &&
	    strcmp(name, "admin-password") != 0)
		want_again(o, name);
}

static void take_secrets(struct order *o, const struct order_site *site, bool same,
			 struct settings *from)
{
	char kept[ORDER_SENTENCE] = "";

	for (size_t i = 0; i < setting_count; i++) {
		const char *name = setting_defs[i].name;
		size_t len = strlen(kept);

		if (!setting_is(&setting_defs[i], SETTING_SECRET) || !from->value[i])
			continue;
		if (!same || strcmp(name, "join-blob") == 0)
			leave_secret(o, site, i, from);
		else if (!o->settings.value[i])
			snprintf(kept + len, sizeof(kept) - len, "%s%s", len ? ", " : "",
				 name);
	}
	if (*kept) {
		char sentence[ORDER_SENTENCE + 64];

		snprintf(sentence, sizeof(sentence),
			 "the machine keeps the secrets of its last job: %s", kept);
		order_warn(o, "like", sentence);
	}
}

/* ---- the rest ---- */

static void take_settings(struct order *o, bool same, const struct settings *from)
{
	static const char *const own[] = { "hostname", "address" };

	for (size_t i = 0; i < setting_count; i++) {
		const char *name = setting_defs[i].name, *value = from->value[i];
		bool skip = !value || !*value || o->settings.value[i];

		for (size_t k = 0; !same && k < sizeof(own) / sizeof(own[0]); k++)
			skip |= strcmp(name, own[k]) == 0;
		if (!skip && !settings_set(&o->settings, name, value))
			order_complain(o, name, "", "there is no memory for it");
	}
}

bool order_like(struct order *o, struct order_site *site, const struct machine *machine)
{
	bool same = !o->macs || is_same(o, site, machine);
	struct settings from = { 0 };
	struct job job;

	if (find_job(o, site, machine, &job, &from)) {
		if (!o->macs)
			take_machine(o, site, machine);
		take_names(o, &job);
		take_secrets(o, site, same, &from);
		take_settings(o, same, &from);
	}
	for (size_t i = 0; i < setting_count; i++)
		if (setting_is(&setting_defs[i], SETTING_SECRET) && from.value[i])
			explicit_bzero(from.value[i], strlen(from.value[i]));
	settings_free(&from);
	return !o->refused;
}
