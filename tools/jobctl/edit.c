#include "config.h"

#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>

#include "lib/sys/exits.h"
#include "lib/sys/print.h"
#include "lib/sys/tool.h"
#include "tools/jobctl/jobctl.h"
#include "tools/jobctl/select.h"
#include "tools/jobctl/told.h"

struct request {
	struct told told;
	struct order order;
	char changed[JOB_TEXT];
	bool dry_run;
};

static int change(struct request *r, struct order_site *site, int64_t id)
{
	if (!order_from_job(&r->order, site, id))
		return EXIT_FAILED;
	told_say(&r->told, &r->order);
	if (!order_settle(&r->order, site))
		return EXIT_MISUSE;
	return told_result(&r->order, site,
			   order_amend(&r->order, site, tool_actor(), r->changed));
}

/* All in one transaction: what is compared is what is changed. */
static int edit(const struct jobctl *ctl, struct request *r, int64_t id)
{
	struct order_site site = { .conf = ctl->conf,
				   .store = ctl->store,
				   .dry_run = r->dry_run };
	int code = jobctl_result(ctl, store_begin(ctl->store));

	if (code != EXIT_DONE)
		return code;
	code = change(r, &site, id);
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
	jsonout_text(j, "changed", r->changed);
	jsonout_bool(j, "dry_run", r->dry_run);
}

static void report(const struct jobctl *ctl, struct request *r)
{
	if (r->dry_run)
		*r->order.made = '\0'; /* it would be another one */
	if (ctl->json) {
		print_json(build, r);
		return;
	}
	printf("job %" PRId64 ": %s", r->order.job.id,
	       r->dry_run && *r->changed ? "would be " : "");
	print_text(*r->changed ? r->changed : "nothing changes");
	putchar('\n');
	if (*r->order.made)
		printf("Administrator's password, shown only now: %s\n", r->order.made);
}

int edit_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct request r = { 0 };
	struct job job;
	int c, code;

	while ((c = options_next(ctl, argc, argv)) != -1)
		if (!told_keep(&r.told, c, optarg))
			r.dry_run |= c == 'n';
	options_arguments(ctl, argc, 1, 1);
	jobctl_open_to_change(ctl, r.dry_run);
	code = select_job(ctl, argv[optind], SELECT_NEWEST, &job);
	if (code == EXIT_DONE)
		code = edit(ctl, &r, job.id);
	told_notes(&r.order);
	if (code == EXIT_DONE)
		report(ctl, &r);
	order_free(&r.order);
	told_free(&r.told);
	return code;
}
