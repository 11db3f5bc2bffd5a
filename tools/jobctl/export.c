#include "config.h"

#include <err.h>
#include <getopt.h>
#include <stdio.h>

#include "lib/core/role.h"
#include "lib/order/order_export.h"
#include "lib/sys/exits.h"
#include "lib/sys/tool.h"
#include "tools/jobctl/filter.h"
#include "tools/jobctl/jobctl.h"

enum { KEY_FORMAT = 256, KEY_SECRETS };

const struct verb_option export_options[] = {
	{ "format", KEY_FORMAT, "FORMAT", "csv or ndjson (default)" },
	{ "secrets", KEY_SECRETS, NULL,
	  "with secrets, sealed: only a site with the same key can import them" },
	FILTER_OPTIONS,
	{ 0 },
};

static struct order_export parse(struct jobctl *ctl, int argc, char *argv[])
{
	struct order_export what = { 0 };
	struct filter filter = { 0 };
	int c;

	while ((c = options_next(ctl, argc, argv)) != -1) {
		if (c == KEY_SECRETS)
			what.secrets = true;
		else if (c != KEY_FORMAT)
			filter_option(ctl, &filter, c, optarg);
		else if (!order_export_format(optarg, &what))
			errx(EXIT_MISUSE, "--format %s: is none of csv, ndjson", optarg);
	}
	options_arguments(ctl, argc, 0, 0);
	what.filter = filter.job;
	return what;
}

/* Secrets are given to an admin alone, after that is on record. */
static int ask_for_secrets(struct jobctl *ctl)
{
	int code;

	jobctl_configure(ctl);
	door_need(ctl, ROLE_ADMIN, "export --secrets");
	jobctl_open(ctl, STORE_WRITE);
	code = jobctl_result(ctl, order_export_note(ctl->store, tool_actor()));
	store_close(ctl->store);
	ctl->store = NULL;
	return code;
}

int export_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct order_export what = parse(ctl, argc, argv);
	struct order_site site;
	char why[ORDER_SENTENCE];
	enum store_result result;
	int code = what.secrets ? ask_for_secrets(ctl) : EXIT_DONE;

	if (code != EXIT_DONE)
		return code;
	jobctl_open(ctl, STORE_READ);
	site = (struct order_site){ .conf = ctl->conf, .store = ctl->store };
	result = order_export(stdout, &site, &what, why);
	order_site_end(&site);
	if (result == STORE_DONE || !*why)
		return jobctl_result(ctl, result);
	warnx("%s", why);
	return EXIT_FAILED;
}
