/*
 * order - a wish for a job, checked as `jobctl add` checks it.
 *
 * Names and values go in, a job or a list of notes comes out.  The names are
 * the same everywhere: the options of jobctl add, the columns of a CSV file,
 * the keys of JSON, the fields of a form.  order_fields[] holds those that are
 * columns of the job itself, setting_defs[] (lib/core/setting.h) the rest.
 *
 *	order_say() for each pair; then, within one transaction of the store,
 *	order_settle() and order_queue(); order_free() in any case
 *
 * Nothing here prints or exits.
 *
 * Units   times are milliseconds since 1970 UTC.
 * Errors  order_say() and order_settle() return false after a complaint, which is
 *         a note that is no warning; nothing is to be queued then.
 * Memory  an order owns what it was told; order_free() wipes the secrets.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/core/image.h"
#include "lib/core/job.h"
#include "lib/core/machine.h"
#include "lib/core/setting.h"
#include "lib/order/password.h"
#include "lib/store/store.h"
#include "lib/sys/conf.h"

#define ORDER_MACS 8
#define ORDER_SENTENCE 1024
#define ORDER_IMAGES 8
#define ORDER_VALUE 256

/* What an order rests on; order_site_end() frees what it has cached. */
struct order_site {
	const struct conf *conf;
	struct store *store;
	/* Manifests that were read; an image may only go away between transactions. */
	struct order_image {
		char reference[2 * JOB_NAME];
		struct image image;
	} image[ORDER_IMAGES];
	size_t images;
	struct token_key key;
	bool has_key;
	bool dry_run; /* where there is no key, one that is kept nowhere will do */
};

void order_site_end(struct order_site *site);

struct order_note {
	bool warning;                  /* the job can be queued all the same */
	char field[JOB_NAME];          /* a name as above; "" if it is about no one */
	char sentence[ORDER_SENTENCE]; /* names the option and its value */
	size_t why;                    /* where the reason begins in it */
};

struct order {
	struct mac mac[ORDER_MACS];
	size_t macs;
	struct machine_key key;
	char image[2 * JOB_NAME]; /* as it was said */
	char platform[JOB_NAME], profile[JOB_NAME], network[JOB_NAME];
	struct settings settings;
	bool held;
	int64_t not_before_ms;

	struct job job;           /* what it comes to, after order_settle() */
	char made[PASSWORD_MADE]; /* Administrator's, if nobody gave one; else "" */

	bool sealed; /* secrets may come as jobctl export --secrets writes them */

	struct order_was *was; /* the job that is changed; NULL for a new one */

	struct order_note *note;
	size_t notes;
	bool refused; /* one of them is no warning */
};

struct order_field {
	const char *name;
	char letter; /* of a short option, or 0 */
	const char *argument /* or NULL */, *help;
	unsigned traits; /* SETTING_LIST, SETTING_FLAG */
	bool (*take)(struct order *o, const char *value, char why[static SETTING_WHY]);
	/* What would be said to get the same; "" for nothing, lists a line each. */
	const char *(*give)(const struct order *o, char out[static ORDER_VALUE]);
};

extern const struct order_field order_fields[];
extern const size_t order_field_count;
const struct order_field *order_field_find(const char *name);

/*
 * One name and its value.  Lists take several, of the others the last counts.
 * A secret is the secret itself; value NULL is a flag without one: yes.
 * Of a job that is changed, a list begins anew, and "" takes back what was said.
 */
bool order_say(struct order *o, const char *name, const char *value);

/*
 * All members of one JSON object: strings, whole numbers, booleans, lists of these;
 * null says nothing, or takes back.
 */
bool order_json(struct order *o, const char *text, size_t len);

/*
 * Looks everything up: network, platform, profile, image, edition; and whether
 * they go together.
 */
bool order_settle(struct order *o, struct order_site *site);

/*
 * Seals the secrets, and adds the job and the machine's addresses.  After
 * STORE_NO the note says which job is in the way; after STORE_FAILED
 * store_why(), or a note.
 */
enum store_result order_queue(struct order *o, struct order_site *site,
			      const char *actor);

void order_free(struct order *o);

/*
 * What a network's policy wants of a machine that was never seen: its default-job, said
 * and settled.  An Administrator's password must not be made up, as nobody would learn
 * it.
 */
bool order_default(struct order *o, struct order_site *site,
		   const struct conf_network *network, const struct mac *mac);

/* ---- jobs that there are ---- */

/* What would be said to get a job like this one; its secrets are still sealed. */
bool order_load(struct order *o, struct order_site *site, int64_t id);

/*
 * An order that is a job's, to be changed by order_say(); then, as above,
 * order_settle() and, instead of order_queue(), order_amend().
 */
bool order_from_job(struct order *o, struct order_site *site, int64_t id);

/* The names of what differs, each with old and new, as an event has room for it. */
enum store_result order_amend(struct order *o, struct order_site *site, const char *actor,
			      char changed[static JOB_TEXT]);

/*
 * What the order does not say is taken from the newest job of machine, before
 * order_settle().  An order without a MAC is for that machine itself: it keeps
 * its name, address and secrets, but for a join blob, which serves once.  For
 * another machine these are left out; a secret that neither the profile has
 * nor can be made up is complained about.
 */
bool order_like(struct order *o, struct order_site *site, const struct machine *machine);
