/* The safety gate: a machine lists its disks and is told the one it may wipe. */
#include "config.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/disk.h"
#include "lib/media/catalogue.h"
#include "lib/sys/now.h"
#include "tools/bootweb/boot_face.h"
#include "tools/bootweb/job_token.h"

/* What the gate goes by. */
struct gate {
	char rule[256];
	int64_t min_disk;
	struct disks disks;
	size_t chosen;
	char why[DISK_WHY];
};

static const char *said_or(const char *said, const char *otherwise)
{
	return *said || !otherwise ? said : otherwise;
}

/* The job's own rule, else its profile's, else its platform's; none is "only". */
static void find_rule(const struct site_visit *visit, const struct job *job,
		      const struct settings *settings, char rule[static 256])
{
	const struct conf_network *network =
		conf_network_named(visit->conf, job->network);
	const struct conf_platform *platform = conf_platform_named(
		visit->conf, said_or(job->platform, network ? network->platform : NULL));
	const struct conf_profile *profile = conf_profile_named(
		visit->conf, said_or(job->profile, network ? network->profile : NULL));
	const char *found = settings_get(settings, "disk");

	if (!*found && profile)
		found = settings_get(&profile->settings, "disk");
	if (!*found && platform && platform->disk)
		found = platform->disk;
	snprintf(rule, 256, "%s", *found ? found : "only");
}

static bool gate_rule(struct site_visit *visit, const struct job *job, struct gate *gate)
{
	struct settings settings = { 0 };
	bool read =
		store_job_settings(visit->serve.store, job->id, &settings) == STORE_DONE;

	if (read)
		find_rule(visit, job, &settings, gate->rule);
	settings_free(&settings);
	return read;
}

/* Without its manifest nobody knows how large a disk the image needs: nothing is wiped.
 */
static bool gate_image(const struct site_visit *visit, const struct job *job,
		       struct gate *gate)
{
	struct image image = { 0 };
	char why[CATALOGUE_WHY] = "";

	if (!catalogue_load(visit->conf->images, job->image, &image, why)) {
		warnx("job %lld: %s: %s", (long long)job->id, job->image, why);
		snprintf(gate->why, sizeof(gate->why),
			 "the manifest of %.128s cannot be read; the server's log says "
			 "why",
			 job->image);
		return false;
	}
	gate->min_disk = image.min_disk;
	image_free(&image);
	return true;
}

/* "NAME OCTETS BUS SERIAL MODEL CONTENT" per line, with tabs, as they came. */
static char *list_disks(const struct disks *disks, const char *first_line, size_t *len)
{
	char *text = NULL;
	FILE *f = open_memstream(&text, len);

	if (!f)
		return NULL;
	fprintf(f, "%s\n", first_line);
	for (size_t i = 0; i < disks->count; i++) {
		const struct disk *d = &disks->disk[i];

		fprintf(f, "%s\t%lld\t%s\t%s\t%s\t%s\n", d->name, (long long)d->size,
			*d->bus ? d->bus : "-", *d->serial ? d->serial : "-",
			*d->model ? d->model : "-", d->empty ? "empty" : "used");
	}
	if (fclose(f) == 0)
		return text;
	free(text);
	return NULL;
}

/* The list goes into the event either way: it is what the decision rests on. */
static enum MHD_Result say_gate(struct web_request *r, struct event *ev,
				const struct gate *gate, bool open)
{
	const char *name = open ? gate->disks.disk[gate->chosen].name : gate->why;
	size_t len;
	char *text = list_disks(&gate->disks, name, &len);

	if (!text)
		return unavailable(r);
	ev->status = open ? MHD_HTTP_OK : MHD_HTTP_CONFLICT;
	snprintf(ev->action, sizeof(ev->action), "%s", open ? "wipe" : "refuse");
	snprintf(ev->rule, sizeof(ev->rule), "%.*s", JOB_NAME - 1, gate->rule);
	snprintf(ev->text, sizeof(ev->text), "%.*s", JOB_TEXT - 1, text);
	if (!events_send(ev)) {
		free(text);
		return unavailable(r);
	}
	if (!open)
		return web_give(r, (unsigned)ev->status, "text/plain; charset=utf-8",
				text, len);
	free(text);
	return web_say(r, MHD_HTTP_OK, "%s", name);
}

/* Once the system is on its disk, no token opens that disk again. */
static bool is_written(const struct web_request *r, const struct serve_answer *answer,
		       char why[static DISK_WHY])
{
	enum job_state state = answer->job.state;

	if (state < JOB_CONFIGURING &&
	    site_has_written(r->site, answer->job.id, answer->attempt.number))
		state = JOB_CONFIGURING;
	if (state != JOB_CONFIGURING && state != JOB_DONE)
		return false;
	snprintf(why, DISK_WHY, "job %lld is %s: its disk is written already",
		 (long long)answer->job.id, job_state_name(state));
	return true;
}

/* What the machine would be told now: an admin may have blocked it since it booted. */
static bool gate_plan(struct site_visit *visit, const struct web_request *r,
		      const struct serve_answer *answer, struct gate *gate)
{
	const struct machine *machine = &answer->machine;
	struct machine_key key = { .mac = machine->mac };
	struct plan_facts facts = { 0 };
	struct plan plan;

	key.has_mac = !mac_equal(&machine->mac, &(struct mac){ 0 });
	snprintf(key.uuid, sizeof(key.uuid), "%s", machine->uuid);
	if (store_facts(visit->serve.store, &key, &facts, NULL) != STORE_DONE) {
		snprintf(gate->why, sizeof(gate->why), "the database cannot be read");
		return false;
	}
	conf_policy(visit->conf, conf_network_of(visit->conf, r->ipv4), &facts);
	plan = plan_for(&facts, now_ms());
	if (plan.action == PLAN_INSTALL && plan.job == answer->job.id)
		return true;
	snprintf(gate->why, sizeof(gate->why), "%s", plan.why);
	return false;
}

static enum MHD_Result decide(struct web_request *r, struct site_visit *visit,
			      struct event *ev, const struct serve_answer *answer)
{
	struct gate gate = { 0 };
	const struct job *job = &answer->job;
	bool open;

	describe_job(ev, answer);
	if (!disks_parse(r->body ? r->body : "", r->body_len, &gate.disks, gate.why))
		return web_say(r, MHD_HTTP_BAD_REQUEST, "bad list: %s", gate.why);
	if (!gate_rule(visit, job, &gate))
		return token_failed(r, answer, "settings", store_why(visit->serve.store));
	open = !is_written(r, answer, gate.why) && gate_plan(visit, r, answer, &gate) &&
	       gate_image(visit, job, &gate) &&
	       disk_choose(&gate.disks, gate.rule, gate.min_disk, &gate.chosen, gate.why);
	return say_gate(r, ev, &gate, open);
}

enum MHD_Result job_disks(struct web_request *r)
{
	struct event ev = events_about(r, EVENT_DISKS);
	char why[SERVE_WHY] = "";
	struct serve_answer answer = { 0 };
	struct site_visit visit;
	enum MHD_Result result;

	if (!enter_with_key(r, &visit))
		return unavailable(r);
	switch (serve_token(&visit.serve, r->path.segment[1], &answer, why)) {
	case SERVE_OK:
		result = decide(r, &visit, &ev, &answer);
		break;
	case SERVE_FORBIDDEN:
		result = token_refuse(r, &ev);
		break;
	case SERVE_OVER:
		result = token_stop(r, &ev, &answer);
		break;
	default:
		result = token_failed(r, &answer, "disks", why);
	}
	serve_answer_free(&answer);
	site_leave(&visit);
	return result;
}
