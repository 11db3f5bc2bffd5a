#include "config.h"

#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>

#include "lib/sys/exits.h"
#include "lib/sys/print.h"
#include "lib/sys/tool.h"
#include "tools/jobctl/jobctl.h"
#include "tools/jobctl/next.h"
#include "tools/jobctl/select.h"
#include "tools/jobctl/told.h"
#include "tools/jobctl/wake.h"

enum { KEY_LIKE = 256, KEY_NEXT, KEY_WAKE };

const struct verb_option add_options[] = {
	{ "like", KEY_LIKE, "MACHINE",
	  "as its last job was; without --mac that machine is installed again" },
	{ "next", KEY_NEXT, "ENTRY", "before that it boots local or menu, once" },
	{ "wake", KEY_WAKE, NULL, "switch the machine on, as jobctl wake does" },
	{ "dry-run", 'n', NULL, "check everything and change nothing" },
	{ 0 },
};

struct request {
	struct order order;
	const char *like;
	enum machine_entry next;
	bool dry_run, wake;
};

static void parse(struct jobctl *ctl, int argc, char *argv[], struct request *r)
{
	int c;

	while ((c = options_next(ctl, argc, argv)) != -1) {
		if (told_option(&r->order, c, optarg))
			continue;
		if (c == KEY_LIKE)
			r->like = optarg;
		else if (c == KEY_NEXT)
			r->next = next_entry("--next", optarg);
		r->wake |= c == KEY_WAKE;
		r->dry_run |= c == 'n';
	}
	options_arguments(ctl, argc, 0, 0);
	if (r->order.refused || r->like || (r->order.macs && *r->order.image))
		return;
	warnx("add: wants --mac and --image");
	options_misuse(ctl->verb);
}

static int fill(const struct jobctl *ctl, struct request *r, struct order_site *site)
{
	struct machine machine;
	int code = select_machine(ctl, r->like, &machine);

	if (code == EXIT_DONE && !order_like(&r->order, site, &machine))
		code = EXIT_MISUSE;
	return code;
}

static int queue(const struct jobctl *ctl, struct request *r, struct order_site *site)
{
	int code = r->like ? fill(ctl, r, site) : EXIT_DONE;

	if (code != EXIT_DONE)
		return code;
	if (!order_settle(&r->order, site))
		return EXIT_MISUSE;
	code = told_result(&r->order, site, order_queue(&r->order, site, tool_actor()));
	if (code != EXIT_DONE || !r->next)
		return code;
	r->order.job.next = machine_entry_name(r->next);
	return jobctl_result(ctl, store_machine_next(ctl->store, r->order.job.machine,
						     r->next, tool_actor()));
}

/* In one transaction, so that imgctl rm does not take the image away meanwhile. */
static int add(const struct jobctl *ctl, struct request *r)
{
	struct order_site site = { .conf = ctl->conf,
				   .store = ctl->store,
				   .dry_run = r->dry_run };
	int code = jobctl_result(ctl, store_begin(ctl->store));

	if (code != EXIT_DONE)
		return code;
	code = queue(ctl, r, &site);
	order_site_end(&site);
	if (code == EXIT_DONE)
		return jobctl_result(ctl, store_end(ctl->store, !r->dry_run));
	store_end(ctl->store, false);
	return code;
}

static void build(struct jsonout *j, const void *what)
{
	const struct request *r = what;

	told_build(j, &r->order);
	jsonout_bool(j, "dry_run", r->dry_run);
}

static void report(const struct jobctl *ctl, struct request *r)
{
	const struct job *job = &r->order.job;
	char mac[MAC_TEXT];

	if (r->dry_run) {
		r->order.job.id = 0;
		*r->order.made = '\0'; /* it would be another one */
	}
	print_mac(&r->order.key.mac, mac);
	if (ctl->json)
		print_json(build, r);
	else if (r->dry_run)
		printf("dry run: %s %s would be queued\n", mac, job->image);
	else
		printf("job %" PRId64 ": %s %s %s%s%s%s\n", job->id, mac, job->image,
		       job_state_name(job->state), job->held ? ", held" : "",
		       r->next ? ", before it once " : "", machine_entry_name(r->next));
	if (*r->order.made && !ctl->json)
		printf("Administrator's password, shown only now: %s\n", r->order.made);
}

/* The job stands, whatever becomes of this. */
static int wake(const struct jobctl *ctl, const struct request *r)
{
	static const struct order_wake as_configured;
	struct machine machine;
	struct order_way way;
	int code;

	if (!r->wake || r->dry_run)
		return EXIT_DONE;
	code = jobctl_result(
		ctl, store_machine_by_id(ctl->store, r->order.job.machine, &machine));
	return code == EXIT_DONE
		       ? wake_machine(ctl, &as_configured, false, &machine, &way)
		       : code;
}

int add_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct request r = { 0 };
	int code = EXIT_MISUSE;

	parse(ctl, argc, argv, &r);
	if (!r.order.refused) {
		jobctl_open_to_change(ctl, r.dry_run);
		code = add(ctl, &r);
	}
	told_notes(&r.order);
	if (code == EXIT_DONE) {
		report(ctl, &r);
		code = wake(ctl, &r);
	}
	order_free(&r.order);
	return code;
}
