/* imgctl drift: which machines were installed from a version that is not current. */
#include "config.h"

#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>

#include "lib/order/drift.h"
#include "lib/sys/exits.h"
#include "lib/sys/print.h"
#include "lib/sys/table.h"
#include "tools/imgctl/jobs.h"

static void build(struct jsonout *j, const void *what)
{
	const struct drift *d = what;
	char mac[MAC_TEXT];

	mac_format(&d->machine.mac, ':', mac);
	jsonout_int(j, "machine", d->machine.id);
	jsonout_text(j, "mac", mac);
	jsonout_text(j, "hostname", d->install.hostname);
	jsonout_int(j, "job", d->install.job);
	jsonout_text(j, "installed", d->install.image);
	if (*d->current)
		jsonout_text(j, "current", d->current);
	else
		jsonout_null(j, "current");
	jsonout_int(j, "time_ms", d->install.time_ms);
}

static void add_row(struct table *t, const struct drift *d)
{
	char mac[MAC_TEXT], time[PRINT_TIME];

	table_row(t);
	table_cell(t, print_mac(&d->machine.mac, mac));
	table_cell(t, d->install.hostname);
	table_cell(t, d->install.image);
	table_cell(t, d->current);
	table_cell(t, print_time(d->install.time_ms, time));
}

static size_t print_all(struct imgctl *ctl, struct store *store)
{
	static const struct table_column columns[] = {
		{ "MAC", 17, false, false },         { "HOST", 0.2, false, false },
		{ "INSTALLED", 0.25, false, false }, { "CURRENT", 0.25, false, false },
		{ "SINCE", 7, false, false },        { 0 },
	};
	struct install_filter filter = { .newest = true };
	struct store_list *newest = store ? store_installs(store, &filter) : NULL;
	struct print_list json = { .name = "machines" };
	size_t found = 0;
	struct table t;
	struct drift d;

	if (store && !newest)
		errx(EXIT_FAILED, "%s", store_why(store));
	if (!ctl->json)
		table_begin(&t, columns);
	for (; newest && drift_next(store, newest, imgctl_images(ctl), &d); found++) {
		if (ctl->json)
			print_list_item(&json, build, &d);
		else
			add_row(&t, &d);
	}
	if (ctl->json)
		print_list_end(&json);
	else
		table_end(&t);
	if (store_list_end(newest) != STORE_DONE)
		errx(EXIT_FAILED, "%s", store_why(store));
	return found;
}

int drift_main(struct imgctl *ctl, int argc, char *argv[])
{
	struct store *store;
	size_t found;

	while (imgctl_next(ctl, argc, argv) != -1)
		;
	verb_arguments(&ctl->face, argc, 0, 0);
	store = jobs_open(ctl, STORE_READ);
	found = print_all(ctl, store);
	store_close(store);
	return found ? EXIT_NO : EXIT_DONE;
}
