#include "config.h"

#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/core/object.h"
#include "lib/sys/conf_way.h"
#include "lib/sys/exits.h"
#include "lib/sys/now.h"
#include "lib/sys/print.h"
#include "tools/jobctl/jobctl.h"
#include "tools/jobctl/select.h"

const struct verb_option explain_options[] = {
	{ "network", 'N', "NAME",
	  "as if it booted there (default: where it was seen last)" },
	{ 0 },
};

struct answer {
	struct machine_key key;
	struct machine machine;
	struct plan_facts facts;
	struct plan plan;
	const struct conf_network *network;
	const struct conf_loader *loader;
};

static const struct conf_loader *loader_of(const struct jobctl *ctl,
					   const struct answer *a)
{
	const uint16_t arch = (uint16_t)a->machine.arch;
	const struct conf_asker asker = {
		.mac = &a->machine.mac,
		.manufacturer = a->machine.manufacturer,
		.product = a->machine.product,
		.platform = a->facts.has_job ? a->facts.job.platform : "",
		.arch = &arch,
		.archs = 1,
		.network = a->network,
	};

	return conf_way(ctl->conf, &asker).loader;
}

static enum store_result decide(const struct jobctl *ctl, const char *network,
				struct answer *a)
{
	enum store_result result =
		store_facts(ctl->store, &a->key, &a->facts, &a->machine);

	if (result != STORE_DONE)
		return result;
	a->network = select_network(ctl, network, &a->machine);
	if (a->facts.known && a->machine.arch >= 0)
		a->loader = loader_of(ctl, a);
	conf_policy(ctl->conf, a->network, &a->facts);
	a->plan = plan_for(&a->facts, now_ms());
	return STORE_DONE;
}

/* ---- JSON ---- */

static void build_network(struct jsonout *j, const struct answer *a)
{
	if (!a->network) {
		jsonout_null(j, "network");
		return;
	}
	jsonout_open(j, "network", '{');
	jsonout_text(j, "name", a->network->name);
	jsonout_text(j, "policy", plan_policy_name(a->facts.policy));
	jsonout_text(j, "unknown", plan_action_name(a->facts.unknown));
	jsonout_close(j, '}');
}

static void build(struct jsonout *j, const void *what)
{
	const struct answer *a = what;

	jsonout_open(j, "plan", '{');
	object_plan(j, &a->plan);
	jsonout_close(j, '}');
	if (a->facts.known) {
		jsonout_open(j, "machine", '{');
		object_machine(j, &a->machine);
		jsonout_close(j, '}');
	} else {
		jsonout_null(j, "machine");
	}
	if (a->facts.has_job) {
		jsonout_open(j, "job", '{');
		object_job(j, &a->facts.job);
		jsonout_close(j, '}');
	} else {
		jsonout_null(j, "job");
	}
	build_network(j, a);
	if (a->loader)
		jsonout_text(j, "loader", a->loader->file);
	else
		jsonout_null(j, "loader");
}

/* ---- text ---- */

static void print_machine(const struct answer *a)
{
	const struct machine *m = &a->machine;
	char mac[MAC_TEXT];

	if (!a->facts.known) {
		printf("machine  nobody knows it\n");
		return;
	}
	printf("machine  %s, %s", print_mac(&m->mac, mac),
	       machine_disposition_name(m->disposition));
	if (*m->name) {
		fputs(", ", stdout);
		print_text(m->name);
	}
	if (*m->product) {
		fputs(", ", stdout);
		print_text(m->product);
	}
	putchar('\n');
}

static void print_answer(const struct answer *a)
{
	static const char *const does[PLAN_ACTIONS] = {
		[PLAN_SILENT] = "gets no answer",
		[PLAN_LOCAL] = "boots from its own disk",
		[PLAN_MENU] = "gets the menu",
		[PLAN_INSTALL] = "is installed",
	};

	print_machine(a);
	if (a->network)
		printf("network  %s, policy %s, unknown machines: %s\n", a->network->name,
		       plan_policy_name(a->facts.policy),
		       plan_action_name(a->facts.unknown));
	else
		puts("network  none that pxekit.conf knows: policy jobs, unknown "
		     "machines: "
		     "silent");
	if (a->facts.has_job)
		printf("job      %" PRId64 ", %s, %s, attempt %u\n", a->facts.job.id,
		       a->facts.job.image, job_state_name(a->facts.job.state),
		       a->facts.job.attempt);
	else
		puts("job      none");
	if (a->loader)
		printf("loader   %s (%s)\n", a->loader->file, a->loader->name);
	printf("plan     %s: %s", plan_action_name(a->plan.action), does[a->plan.action]);
	if (a->plan.action == PLAN_INSTALL)
		printf(" by job %" PRId64, a->plan.job);
	printf("\nrule     %s: %s\n", a->plan.rule, a->plan.why);
}

int explain_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct answer a = { 0 };
	const char *network = NULL;
	int code;

	while (options_next(ctl, argc, argv) != -1)
		network = optarg;
	options_arguments(ctl, argc, 1, 1);
	jobctl_open(ctl, STORE_READ);
	code = select_key(ctl, argv[optind], &a.key);
	if (code == EXIT_DONE)
		code = jobctl_result(ctl, decide(ctl, network, &a));
	if (code == EXIT_DONE && ctl->json)
		print_json(build, &a);
	else if (code == EXIT_DONE)
		print_answer(&a);
	return code;
}
