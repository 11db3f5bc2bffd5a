#include "config.h"

#include "tools/jobctl/select.h"

#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/sys/exits.h"
#include "lib/sys/print.h"

bool select_number(const char *text, int64_t *out)
{
	size_t len = strspn(text, "0123456789");

	if (text[0] == '#')
		return select_number(text + 1, out);
	if (len == 0 || len > 11 || text[len])
		return false;
	*out = strtoll(text, NULL, 10);
	return true;
}

/* The job that is meant, as far as the list has been read. */
struct pick {
	struct job best;
	int64_t first_machine;
	size_t count;
	bool several_machines;
};

static void consider(struct pick *pick, const struct job *job)
{
	bool active = job_is_active(job->state);
	bool best_active = pick->count && job_is_active(pick->best.state);

	if (!pick->count)
		pick->first_machine = job->machine;
	else if (job->machine != pick->first_machine)
		pick->several_machines = true;
	if (!pick->count || active > best_active ||
	    (active == best_active && job->id > pick->best.id))
		pick->best = *job;
	pick->count++;
}

/* Every job that `text` may mean; each is shown if `list` is set. */
static int pick_job(const struct jobctl *ctl, const struct job_filter *filter,
		    const char *hostname, bool list, struct pick *pick)
{
	struct store_list *jobs = store_jobs(ctl->store, filter);
	char mac[MAC_TEXT];
	struct job job;

	*pick = (struct pick){ 0 };
	if (!jobs)
		return jobctl_result(ctl, STORE_FAILED);
	while (store_next_job(jobs, &job)) {
		if (hostname && strcasecmp(job.hostname, hostname) != 0)
			continue;
		if (list)
			fprintf(stderr, "  %" PRId64 "  %s  %s  %s  %s\n", job.id,
				print_mac(&job.mac, mac), job.hostname, job.image,
				job_state_name(job.state));
		consider(pick, &job);
	}
	store_list_end(jobs);
	return EXIT_DONE;
}

static int job_by(const struct jobctl *ctl, const char *text,
		  const struct job_filter *filter, const char *hostname,
		  enum select_which which, struct job *out)
{
	struct pick pick;
	int code = pick_job(ctl, filter, hostname, false, &pick);

	if (code != EXIT_DONE)
		return code;
	if (pick.count == 0) {
		warnx("%s: no job is called so (see jobctl list --all)", text);
		return EXIT_NO;
	}
	if (pick.several_machines || (which == SELECT_ONLY && pick.count > 1)) {
		warnx("%s: means %zu jobs; say which by its number:", text, pick.count);
		pick_job(ctl, filter, hostname, true, &pick);
		return EXIT_MISUSE;
	}
	*out = pick.best;
	return EXIT_DONE;
}

static int job_of_machine(const struct jobctl *ctl, const char *text,
			  const struct machine_key *key, enum select_which which,
			  struct job *out)
{
	struct job_filter filter = { .by_machine = true };
	struct machine machine;
	enum store_result result = store_machine(ctl->store, key, &machine);

	if (result == STORE_NO) {
		warnx("%s: no machine is known by it", text);
		return EXIT_NO;
	}
	if (result != STORE_DONE)
		return jobctl_result(ctl, result);
	filter.machine = machine.id;
	return job_by(ctl, text, &filter, NULL, which, out);
}

static bool key_parse(const char *text, struct machine_key *key)
{
	const char *why;

	*key = (struct machine_key){ 0 };
	if (mac_parse(text, &key->mac, &why)) {
		key->has_mac = true;
		return true;
	}
	return machine_uuid_parse(text, key->uuid);
}

int select_job(const struct jobctl *ctl, const char *text, enum select_which which,
	       struct job *out)
{
	struct machine_key key;
	enum store_result result;
	int64_t id;

	if (select_number(text, &id)) {
		result = store_job(ctl->store, id, out);
		if (result == STORE_NO) {
			warnx("%s: there is no such job (see jobctl list --all)", text);
			return EXIT_NO;
		}
		return jobctl_result(ctl, result);
	}
	if (key_parse(text, &key))
		return job_of_machine(ctl, text, &key, which, out);
	return job_by(ctl, text, &(struct job_filter){ 0 }, text, which, out);
}

/* ---- machines ---- */

static bool is_called(const struct machine *machine, const char *text)
{
	return strcasecmp(machine->name, text) == 0 || strcmp(machine->serial, text) == 0;
}

static int list_machines(const struct jobctl *ctl, const char *text)
{
	struct store_list *list =
		store_machines(ctl->store, &(struct machine_filter){ 0 });
	struct machine machine;
	char mac[MAC_TEXT];

	while (list && store_next_machine(list, &machine))
		if (is_called(&machine, text))
			fprintf(stderr, "  %s  %s  %s\n", print_mac(&machine.mac, mac),
				machine.name, machine.serial);
	store_list_end(list);
	return EXIT_MISUSE;
}

static int machine_by_name(const struct jobctl *ctl, const char *text,
			   struct machine *out)
{
	struct store_list *list =
		store_machines(ctl->store, &(struct machine_filter){ 0 });
	const struct job_filter all = { 0 };
	struct machine machine;
	struct pick pick;
	struct job job;
	size_t count = 0;
	int code;

	if (!list)
		return jobctl_result(ctl, STORE_FAILED);
	while (store_next_machine(list, &machine))
		if (is_called(&machine, text) && ++count)
			*out = machine;
	store_list_end(list);
	if (count == 1)
		return EXIT_DONE;
	if (count > 1) {
		warnx("%s: means %zu machines; say which by a MAC:", text, count);
		return list_machines(ctl, text);
	}
	code = pick_job(ctl, &all, text, false, &pick);
	if (code == EXIT_DONE && pick.count == 0) {
		warnx("%s: no machine is called so (see jobctl machines)", text);
		return EXIT_NO;
	}
	if (code == EXIT_DONE)
		code = job_by(ctl, text, &all, text, SELECT_NEWEST, &job);
	if (code != EXIT_DONE)
		return code;
	return jobctl_result(ctl, store_machine_by_id(ctl->store, job.machine, out));
}

int select_machine(const struct jobctl *ctl, const char *text, struct machine *out)
{
	struct machine_key key;
	enum store_result result;

	if (!key_parse(text, &key))
		return machine_by_name(ctl, text, out);
	result = store_machine(ctl->store, &key, out);
	if (result != STORE_NO)
		return jobctl_result(ctl, result);
	warnx("%s: no machine is known by it (see jobctl machines)", text);
	return EXIT_NO;
}

int select_key(const struct jobctl *ctl, const char *text, struct machine_key *key)
{
	struct machine machine;
	int code;

	if (key_parse(text, key))
		return EXIT_DONE;
	code = machine_by_name(ctl, text, &machine);
	if (code != EXIT_DONE)
		return code;
	*key = (struct machine_key){ .mac = machine.mac, .has_mac = true };
	snprintf(key->uuid, sizeof(key->uuid), "%s", machine.uuid);
	snprintf(key->serial, sizeof(key->serial), "%s", machine.serial);
	return EXIT_DONE;
}

const struct conf_network *select_network(const struct jobctl *ctl, const char *name,
					  const struct machine *machine)
{
	const struct conf_network *network;

	if (name) {
		network = conf_network_named(ctl->conf, name);
		if (!network)
			errx(EXIT_MISUSE, "--network %s: pxekit.conf has no such network",
			     name);
		return network;
	}
	network = conf_network_named(ctl->conf, machine->network);
	if (!network && ctl->conf->networks == 1)
		network = ctl->conf->network;
	return network;
}
