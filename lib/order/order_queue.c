/* An order on its way into the database. */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "lib/core/seal.h"
#include "lib/order/order_inside.h"
#include "lib/sys/keyfile.h"

static int find_key(struct order_site *site)
{
	if (!site->dry_run)
		return keyfile_ensure(site->conf->key, &site->key);
	if (keyfile_read(site->conf->key, &site->key) == 0)
		return 0;
	if (errno != ENOENT)
		return -1;
	randombytes_buf(&site->key, sizeof(site->key));
	return 0;
}

/* The first job draws the site's key: its token and its secrets rest on it. */
bool order_key(struct order *o, struct order_site *site)
{
	char sentence[ORDER_SENTENCE];

	if (!site->has_key && find_key(site) < 0) {
		snprintf(sentence, sizeof(sentence),
			 "%s: cannot be the key of the site: %s", site->conf->key,
			 strerror(errno));
		return order_complain_so(o, "", sentence);
	}
	site->has_key = true;
	return true;
}

bool order_default(struct order *o, struct order_site *site,
		   const struct conf_network *network, const struct mac *mac)
{
	char text[MAC_TEXT];

	mac_format(mac, ':', text);
	order_say(o, "mac", text);
	order_say(o, "image", network->default_job);
	order_say(o, "network", network->name);
	if (!order_settle(o, site))
		return false;
	if (!*o->made)
		return true;
	return order_complain(o, "profile", network->profile,
			      "names no admin-password-file, and a password that is "
			      "made up is shown to nobody");
}

/* Says which job is in the way, and what to do about it. */
static void say_who(struct order *o, const struct order_site *site)
{
	char mac[MAC_TEXT], text[ORDER_SENTENCE];
	struct plan_facts facts = { 0 };
	const char *field;

	snprintf(text, sizeof(text), "%s", store_why(site->store));
	field = strncmp(text, "the host name", 13) == 0 ? "hostname" : "mac";
	if (store_facts(site->store, &o->key, &facts, NULL) == STORE_DONE &&
	    facts.has_job && job_is_active(facts.job.state)) {
		mac_format(&o->key.mac, ':', mac);
		snprintf(text, sizeof(text),
			 "%s: has job %" PRId64 " (%s, %s) already; wait until it is "
			 "over, or: jobctl cancel %" PRId64,
			 mac, facts.job.id, facts.job.image,
			 job_state_name(facts.job.state), facts.job.id);
		field = "mac";
	}
	order_complain_so(o, field, text);
}

static enum store_result add_addresses(struct order *o, const struct order_site *site)
{
	enum store_result result = STORE_DONE;

	for (size_t i = 1; result == STORE_DONE && i < o->macs; i++)
		result = store_machine_add_mac(site->store, o->job.machine, &o->mac[i]);
	if (result == STORE_NO)
		order_complain_so(o, "mac", store_why(site->store));
	return result;
}

/* Within a larger transaction, what is refused half way leaves nothing. */
static enum store_result write(struct order *o, const struct order_site *site,
			       const char *actor)
{
	enum store_result result = store_begin(site->store), ended;

	if (result != STORE_DONE)
		return result;
	result = store_job_add(site->store, &o->key, &o->job, &o->settings, actor);
	if (result == STORE_NO)
		say_who(o, site);
	if (result == STORE_DONE)
		result = add_addresses(o, site);
	ended = store_end(site->store, result == STORE_DONE);
	return result == STORE_DONE ? ended : result;
}

enum store_result order_queue(struct order *o, struct order_site *site, const char *actor)
{
	if (!order_key(o, site))
		return STORE_FAILED;
	if (!seal_settings(&site->key, &o->settings)) {
		order_complain_so(o, "", "there is no memory to seal the secrets");
		return STORE_FAILED;
	}
	return write(o, site, actor);
}
