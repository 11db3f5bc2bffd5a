#include "lib/serve/serve.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/seal.h"
#include "lib/render/artefact.h"
#include "lib/serve/menu.h"
#include "lib/sys/now.h"

/* What a rendering borrows besides the answer. */
struct parts {
	const struct conf_network *network;
	struct settings settings;
	const struct image *image; /* of the shelf */
	struct shelf *own;         /* where nobody keeps one */
	char token[TOKEN_TEXT];
	char *smb_password;
	bool shown; /* to people: what is in place of the token opens nothing */
	struct serve_menu menu;
};

void serve_answer_free(struct serve_answer *answer)
{
	free(answer->text);
	*answer = (struct serve_answer){ 0 };
}

static struct shelf *shelf_of(const struct serve *serve, struct parts *parts)
{
	if (serve->kept)
		return serve->kept->images;
	if (!parts->own)
		parts->own = shelf_new();
	return parts->own;
}

static void parts_free(const struct serve *serve, struct parts *parts)
{
	settings_free(&parts->settings);
	if (parts->smb_password)
		explicit_bzero(parts->smb_password, strlen(parts->smb_password));
	free(parts->smb_password);
	serve_menu_free(&parts->menu);
	shelf_free(parts->own);
	if (serve->kept)
		shelf_tidy(serve->kept->images);
}

__attribute__((format(printf, 3, 4))) static enum serve_result
refuse(char why[static SERVE_WHY], enum serve_result result, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, SERVE_WHY, format, args);
	va_end(args);
	return result;
}

static enum serve_result store_failed(const struct serve *serve,
				      char why[static SERVE_WHY])
{
	return refuse(why, SERVE_FAILED, "%s", store_why(serve->store));
}

/* The one that was asked for, the job's, the machine's, or the only one there is. */
static const struct conf_network *network_of(const struct conf *conf,
					     const struct conf_network *asked,
					     const struct job *job,
					     const struct machine *machine)
{
	const struct conf_network *network = asked;

	if (!network && job)
		network = conf_network_named(conf, job->network);
	if (!network && machine)
		network = conf_network_named(conf, machine->network);
	if (!network && conf->networks == 1)
		network = &conf->network[0];
	return network;
}

/* Asks the database about the machine, and plan_for() what to do. */
static enum serve_result decide(struct serve *serve, const struct machine_key *key,
				struct parts *parts, struct serve_answer *answer,
				char why[static SERVE_WHY])
{
	struct plan_facts facts = { 0 };
	struct attempt attempt;

	if (store_facts_and_attempt(serve->store, key, &facts, &answer->machine,
				    &attempt) != STORE_DONE)
		return store_failed(serve, why);
	answer->known = facts.known;
	parts->network =
		network_of(serve->conf, parts->network, facts.has_job ? &facts.job : NULL,
			   facts.known ? &answer->machine : NULL);
	conf_policy(serve->conf, parts->network, &facts);
	answer->plan = plan_for(&facts, now_ms());
	answer->has_job = answer->plan.job != 0;
	if (!answer->has_job)
		return SERVE_OK;
	answer->job = facts.job;
	answer->attempt = attempt;
	if (answer->attempt.id == serve->written) {
		facts.job.state = answer->job.state = JOB_CONFIGURING;
		answer->plan = plan_for(&facts, now_ms());
	}
	return SERVE_OK;
}

static const char *profile_of(const struct parts *parts, const struct job *job)
{
	bool network_has = parts->network && parts->network->profile;

	return !*job->profile && network_has ? parts->network->profile : job->profile;
}

/* Once the job's and the profile's are together, as either may say one. */
static enum serve_result mask(struct parts *parts, char why[static SERVE_WHY])
{
	if (seal_mask_settings(&parts->settings))
		return SERVE_OK;
	return refuse(why, SERVE_FAILED, "not enough memory");
}

/* The password of the share, if the site has one. */
static enum serve_result gather_smb(struct serve *serve, struct parts *parts,
				    char why[static SERVE_WHY])
{
	enum store_result result;
	char *sealed;

	if (!serve->conf->smb_share || !*serve->conf->smb_share)
		return SERVE_OK;
	result = store_secret(serve->store, "smb-password", &sealed);
	if (result == STORE_NO)
		return SERVE_OK;
	if (result != STORE_DONE)
		return store_failed(serve, why);
	parts->smb_password =
		serve->masked ? strdup(SEAL_MASK) : seal_open(&serve->key, sealed);
	free(sealed);
	if (parts->smb_password)
		return SERVE_OK;
	return refuse(why, SERVE_FAILED,
		      "smb-password: this site's key does not open it");
}

/* Settings, token and image of the answer's job. */
static enum serve_result gather(struct serve *serve, struct parts *parts,
				const struct serve_answer *answer,
				char why[static SERVE_WHY])
{
	const struct job *job = &answer->job;
	const struct conf_profile *profile;
	struct shelf *shelf = shelf_of(serve, parts);

	if (store_job_settings(serve->store, job->id, &parts->settings) != STORE_DONE)
		return store_failed(serve, why);
	if (!serve->masked && !seal_open_settings(&serve->key, &parts->settings))
		return refuse(why, SERVE_FAILED,
			      "job %lld has a secret that this site's key does not open",
			      (long long)job->id);
	profile = conf_profile_named(serve->conf, profile_of(parts, job));
	if (profile && !settings_inherit(&parts->settings, &profile->settings))
		return refuse(why, SERVE_FAILED, "not enough memory");
	if (serve->masked && mask(parts, why) != SERVE_OK)
		return SERVE_FAILED;
	if (gather_smb(serve, parts, why) != SERVE_OK)
		return SERVE_FAILED;
	if (parts->shown)
		snprintf(parts->token, sizeof(parts->token), "%s", SEAL_MASK);
	else
		token_make(&serve->key, answer->attempt.id, answer->attempt.nonce,
			   parts->token);
	if (!shelf)
		return refuse(why, SERVE_FAILED, "not enough memory");
	parts->image = shelf_image(shelf, serve->conf->images, job->image, why);
	return parts->image ? SERVE_OK : SERVE_FAILED;
}

/* What it says of itself is newer than what the database has of it. */
static bool gather_menu(const struct serve *serve, struct parts *parts,
			const struct serve_answer *answer)
{
	static const struct machine nobody = { .arch = -1 };
	const struct machine *known = answer->known ? &answer->machine : &nobody,
			     *says = serve->says ? serve->says : &nobody;
	const uint16_t arch = (uint16_t)(says->arch >= 0 ? says->arch : known->arch);
	const struct conf_asker asker = {
		.mac = serve->says     ? &says->mac
		       : answer->known ? &known->mac
				       : NULL,
		.uuid = *says->uuid ? says->uuid : known->uuid,
		.manufacturer =
			*says->manufacturer ? says->manufacturer : known->manufacturer,
		.product = *says->product ? says->product : known->product,
		.platform = "",
		.arch = &arch,
		.archs = says->arch >= 0 || known->arch >= 0,
		.network = parts->network,
	};

	return serve_menu_load(serve->conf, &asker, shelf_of(serve, parts), &parts->menu,
			       NULL);
}

static enum serve_result render(struct serve *serve, struct parts *parts,
				const struct artefact *which, struct serve_answer *answer,
				char why[static SERVE_WHY])
{
	struct artefact_facts facts = {
		.conf = serve->conf,
		.network = parts->network,
		.plan = answer->plan.rule ? &answer->plan : NULL,
		.machine = answer->known ? &answer->machine : NULL,
		.kept = serve->kept ? serve->kept->templates : NULL,
	};

	if (parts->image) {
		facts.job = &answer->job;
		facts.settings = &parts->settings;
		facts.image = parts->image;
		facts.token = parts->token;
		facts.smb_password = parts->smb_password;
	}
	if (which->kinds && !parts->image)
		return refuse(why, SERVE_NO_SUCH, "%s is of a job, and there is none",
			      which->name);
	if (which->kinds && !(which->kinds & 1u << parts->image->kind))
		return refuse(why, SERVE_NO_SUCH, "%s is not for images of kind %s",
			      which->name, image_kind_name(parts->image->kind));
	if (parts->image && which->answers &&
	    !(which->answers & 1u << parts->image->answers))
		return refuse(why, SERVE_NO_SUCH, "%s is not for what %s starts",
			      which->name, answer->job.image);
	if (artefact_has_menu(which)) {
		if (!gather_menu(serve, parts, answer))
			return refuse(why, SERVE_FAILED, "not enough memory");
		facts.menu = parts->menu.entry;
		facts.menus = parts->menu.entries;
	}
	answer->artefact = which->name;
	answer->type = which->type;
	if (!artefact_render(&facts, which, &answer->text, &answer->len, &answer->secret,
			     why))
		return SERVE_FAILED;
	return SERVE_OK;
}

enum serve_result serve_entry(struct serve *serve, const struct conf_network *network,
			      struct serve_answer *answer, char why[static SERVE_WHY])
{
	struct parts parts = { .network = network_of(serve->conf, network, NULL, NULL) };
	enum serve_result result;

	*answer = (struct serve_answer){ 0 };
	result = render(serve, &parts, artefact_find("boot.ipxe"), answer, why);
	parts_free(serve, &parts);
	return result;
}

/* which NULL: the script of the plan. */
static enum serve_result serve_machine(struct serve *serve, const struct machine_key *key,
				       const struct artefact *which, struct parts *parts,
				       struct serve_answer *answer,
				       char why[static SERVE_WHY])
{
	enum serve_result result = decide(serve, key, parts, answer, why);
	bool wants_job = which ? which->kinds || answer->plan.action == PLAN_INSTALL
			       : answer->plan.action == PLAN_INSTALL;

	if (result == SERVE_OK && answer->has_job && wants_job)
		result = gather(serve, parts, answer, why);
	if (result != SERVE_OK)
		return result;
	if (!which)
		which = artefact_for(&answer->plan, parts->image);
	if (which)
		return render(serve, parts, which, answer, why);
	if (answer->plan.action == PLAN_INSTALL)
		return refuse(why, SERVE_FAILED,
			      "%s: nothing here installs images of kind %s",
			      answer->job.image, image_kind_name(parts->image->kind));
	return refuse(why, SERVE_NO_SUCH, "%s", answer->plan.why);
}

enum serve_result serve_plan(struct serve *serve, const struct machine_key *key,
			     const struct conf_network *network,
			     struct serve_answer *answer, char why[static SERVE_WHY])
{
	struct parts parts = { .network = network };
	enum serve_result result;

	*answer = (struct serve_answer){ 0 };
	result = serve_machine(serve, key, NULL, &parts, answer, why);
	parts_free(serve, &parts);
	return result;
}

enum serve_result serve_winpe(struct serve *serve, const struct machine_key *key,
			      const struct conf_network *network,
			      struct serve_answer *answer, char why[static SERVE_WHY])
{
	struct parts parts = { .network = network };
	enum serve_result result;

	*answer = (struct serve_answer){ 0 };
	result = decide(serve, key, &parts, answer, why);
	if (result == SERVE_OK && answer->plan.action != PLAN_INSTALL)
		result = refuse(why, SERVE_NO_SUCH, "%s", answer->plan.why);
	if (result == SERVE_OK)
		result = gather(serve, &parts, answer, why);
	if (result == SERVE_OK)
		result = render(serve, &parts, artefact_find("winpe.cmd"), answer, why);
	parts_free(serve, &parts);
	return result;
}

enum serve_result serve_artefact(struct serve *serve, const struct machine_key *key,
				 const struct conf_network *network, const char *name,
				 struct serve_answer *answer, char why[static SERVE_WHY])
{
	struct parts parts = { .network = network };
	const struct artefact *which = artefact_find(name);
	enum serve_result result;

	*answer = (struct serve_answer){ 0 };
	if (!which)
		return refuse(why, SERVE_NO_SUCH, "there is no artefact of that name");
	if (key) {
		result = serve_machine(serve, key, which, &parts, answer, why);
	} else {
		parts.network = network_of(serve->conf, network, NULL, NULL);
		result = render(serve, &parts, which, answer, why);
	}
	parts_free(serve, &parts);
	return result;
}

static enum serve_result over(const struct serve_answer *answer,
			      char why[static SERVE_WHY])
{
	const struct job *job = &answer->job;

	if (!answer->attempt.current)
		return refuse(why, SERVE_OVER, "job %" PRId64 " is at another attempt",
			      job->id);
	if (job->state == JOB_CANCELLED || job->state == JOB_FAILED)
		return refuse(why, SERVE_OVER, "job %" PRId64 " is %s", job->id,
			      job_state_name(job->state));
	return SERVE_OK;
}

enum serve_result serve_token(struct serve *serve, const char *token,
			      struct serve_answer *answer, char why[static SERVE_WHY])
{
	int64_t id = token_claims(token);
	enum store_result result = STORE_NO;

	*answer = (struct serve_answer){ 0 };
	if (id)
		result = store_attempt(serve->store, id, &answer->attempt);
	if (result == STORE_NO)
		return refuse(why, SERVE_FORBIDDEN, "this is no token of ours");
	if (result == STORE_DONE &&
	    !token_holds(&serve->key, answer->attempt.nonce, token)) {
		*answer = (struct serve_answer){ 0 };
		return refuse(why, SERVE_FORBIDDEN, "this is no token of ours");
	}
	if (result == STORE_DONE)
		result = store_job(serve->store, answer->attempt.job, &answer->job);
	if (result == STORE_DONE)
		result = store_machine_by_id(serve->store, answer->job.machine,
					     &answer->machine);
	if (result != STORE_DONE)
		return store_failed(serve, why);
	answer->known = answer->has_job = true;
	return over(answer, why);
}

/* The token has said which job; the plan is what the machine would be told now. */
static enum serve_result serve_job(struct serve *serve, const struct artefact *which,
				   struct parts *parts, struct serve_answer *answer,
				   char why[static SERVE_WHY])
{
	const struct machine_key key = { .mac = answer->job.mac, .has_mac = true };
	struct serve_answer now = { 0 };
	enum serve_result result;

	parts->network =
		network_of(serve->conf, parts->network, &answer->job, &answer->machine);
	result = decide(serve, &key, parts, &now, why);
	answer->plan = now.plan;
	if (result == SERVE_OK)
		result = gather(serve, parts, answer, why);
	if (result == SERVE_OK)
		result = render(serve, parts, which, answer, why);
	return result;
}

enum serve_result serve_artefact_by_token(struct serve *serve, const char *token,
					  const struct conf_network *network,
					  const char *name, struct serve_answer *answer,
					  char why[static SERVE_WHY])
{
	struct parts parts = { .network = network };
	const struct artefact *which = artefact_find(name);
	enum serve_result result = serve_token(serve, token, answer, why);

	if (result != SERVE_OK)
		return result;
	if (!job_is_active(answer->job.state))
		return refuse(why, SERVE_OVER, "job %" PRId64 " is %s", answer->job.id,
			      job_state_name(answer->job.state));
	if (!which)
		return refuse(why, SERVE_NO_SUCH, "there is no artefact of that name");
	result = serve_job(serve, which, &parts, answer, why);
	parts_free(serve, &parts);
	return result;
}

enum serve_result serve_shown(struct serve *serve, int64_t job, const char *name,
			      struct serve_answer *answer, char why[static SERVE_WHY])
{
	struct serve masked = *serve;
	struct parts parts = { .shown = true };
	const struct artefact *which = artefact_find(name);
	enum store_result found = store_job(serve->store, job, &answer->job);
	enum serve_result result;

	masked.masked = true;
	if (found == STORE_DONE)
		found = store_machine_by_id(serve->store, answer->job.machine,
					    &answer->machine);
	if (found == STORE_DONE)
		found = store_attempt_current(serve->store, job, &answer->attempt);
	if (found != STORE_DONE)
		return found == STORE_NO
			       ? refuse(why, SERVE_NO_SUCH, "there is no such job")
			       : store_failed(serve, why);
	if (!which)
		return refuse(why, SERVE_NO_SUCH, "there is no artefact of that name");
	answer->known = answer->has_job = true;
	result = serve_job(&masked, which, &parts, answer, why);
	parts_free(serve, &parts);
	return result;
}
