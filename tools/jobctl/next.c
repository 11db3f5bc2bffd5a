/* What a machine boots the next time, and once. */
#include "config.h"

#include <err.h>
#include <getopt.h>
#include <stdio.h>

#include "lib/core/object.h"
#include "lib/sys/exits.h"
#include "lib/sys/print.h"
#include "lib/sys/tool.h"
#include "tools/jobctl/jobctl.h"
#include "tools/jobctl/next.h"
#include "tools/jobctl/select.h"

enum { KEY_CLEAR = 256 };

const struct verb_option next_options[] = {
	{ "clear", KEY_CLEAR, NULL, "take it back" },
	{ "dry-run", 'n', NULL, "say what would change and change nothing" },
	{ 0 },
};

struct request {
	bool clear, dry_run;
	enum machine_entry entry;
};

enum machine_entry next_entry(const char *option, const char *name)
{
	enum machine_entry entry;

	if (!machine_entry_parse(name, &entry))
		errx(EXIT_MISUSE,
		     "%s %s: is neither local nor menu; an image is booted by jobctl add "
		     "--image",
		     option, name);
	return entry;
}

static struct request parse(struct jobctl *ctl, int argc, char *argv[])
{
	struct request r = { 0 };
	int c;

	while ((c = options_next(ctl, argc, argv)) != -1) {
		r.clear |= c == KEY_CLEAR;
		r.dry_run |= c == 'n';
	}
	options_arguments(ctl, argc, r.clear ? 1 : 2, r.clear ? 1 : 2);
	if (!r.clear)
		r.entry = next_entry("next", argv[optind + 1]);
	return r;
}

/* Also of a machine that was never seen: it may come. */
static int change(const struct jobctl *ctl, const struct request *r, const char *name,
		  struct machine *out)
{
	struct machine_key key;
	enum store_result result;
	int code = select_key(ctl, name, &key);
	int64_t id = 0;

	if (code != EXIT_DONE)
		return code;
	result = r->clear ? store_machine(ctl->store, &key, out)
			  : store_machine_ensure(ctl->store, &key, 0, &id);
	if (r->clear)
		id = out->id;
	if (result == STORE_DONE)
		result = store_machine_next(ctl->store, id, r->entry, tool_actor());
	if (result == STORE_DONE)
		result = store_machine_by_id(ctl->store, id, out);
	return jobctl_result(ctl, result);
}

static void build(struct jsonout *j, const void *what)
{
	jsonout_open(j, "machine", '{');
	object_machine(j, what);
	jsonout_close(j, '}');
}

static void report(const struct jobctl *ctl, const struct request *r,
		   const struct machine *machine)
{
	char mac[MAC_TEXT];

	print_mac(&machine->mac, mac);
	if (ctl->json)
		print_json(build, machine);
	else if (r->clear)
		printf("%s: %s what it should\n", mac,
		       r->dry_run ? "would boot" : "boots");
	else
		printf("%s: %s %s, once\n", mac, r->dry_run ? "would boot" : "boots",
		       r->entry == MACHINE_ENTRY_LOCAL ? "from its own disk"
						       : "into the menu");
}

int next_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct request r = parse(ctl, argc, argv);
	struct machine machine = { 0 };
	int code;

	jobctl_open_to_change(ctl, r.dry_run);
	code = jobctl_result(ctl, store_begin(ctl->store));
	if (code != EXIT_DONE)
		return code;
	code = change(ctl, &r, argv[optind], &machine);
	if (code != EXIT_DONE) {
		store_end(ctl->store, false);
		return code;
	}
	code = jobctl_result(ctl, store_end(ctl->store, !r.dry_run));
	if (code == EXIT_DONE)
		report(ctl, &r, &machine);
	return code;
}
