/* Wake-on-LAN. */
#include "config.h"

#include "tools/jobctl/wake.h"

#include <err.h>
#include <getopt.h>
#include <net/if.h>
#include <stdio.h>

#include "lib/core/object.h"
#include "lib/order/password.h"
#include "lib/sys/exits.h"
#include "lib/sys/print.h"
#include "lib/sys/tool.h"
#include "tools/jobctl/secret.h"
#include "tools/jobctl/select.h"

#define WAKE_MAX 1000

enum { KEY_SECUREON = 256 };

const struct verb_option wake_options[] = {
	{ "network", 'N', "NAME",
	  "as if it were there (default: where it was seen last)" },
	{ "interface", 'i', "NAME", "through this interface, whatever the network says" },
	{ "secureon-file", KEY_SECUREON, "FILE",
	  "has the card's password, like 00:11:22:33:44:55; - is standard input, or a "
	  "prompt" },
	{ "dry-run", 'n', NULL, "say which way the packet would go and send none" },
	{ 0 },
};

int wake_machine(const struct jobctl *ctl, const struct order_wake *wake, bool dry_run,
		 const struct machine *machine, struct order_way *way)
{
	char why[ORDER_WAKE_WHY];
	size_t sent;
	int code;

	if (!order_wake_way(ctl->conf, ctl->store, wake, machine, way, why)) {
		warnx("%s", why);
		return mac_equal(&machine->mac, &(struct mac){ 0 }) ? EXIT_NO
								    : EXIT_MISUSE;
	}
	if (dry_run)
		return EXIT_DONE;
	code = jobctl_result(ctl,
			     order_wake_note(ctl->store, machine, way, tool_actor()));
	if (code != EXIT_DONE ||
	    order_wake_send(ctl->store, wake, machine, way, &sent, why))
		return code;
	warnx("%s", why);
	return EXIT_FAILED;
}

/* ---- the verb ---- */

struct request {
	struct order_wake wake;
	const char *network;
	bool dry_run;
};

static void take_password(struct order_wake *wake, const char *path)
{
	char *text = secret_read("secureon", "--secureon-file", path);

	if (!wake_password(text, &wake->password))
		errx(EXIT_MISUSE,
		     "--secureon-file %s: has neither six pairs of hex digits nor four "
		     "numbers with dots",
		     path);
	password_free(text);
}

static struct request parse(struct jobctl *ctl, int argc, char *argv[])
{
	struct request r = { 0 };
	int c;

	while ((c = options_next(ctl, argc, argv)) != -1) {
		if (c == 'N')
			r.network = optarg;
		else if (c == 'i')
			r.wake.interface = optarg;
		else if (c == KEY_SECUREON)
			take_password(&r.wake, optarg);
		else
			r.dry_run = true;
	}
	options_arguments(ctl, argc, 1, WAKE_MAX);
	if (r.wake.interface && !if_nametoindex(r.wake.interface))
		err(EXIT_MISUSE, "--interface %s", r.wake.interface);
	return r;
}

static int wake_one(const struct jobctl *ctl, struct request *r, const char *name,
		    struct machine *machine, struct order_way *way)
{
	int code = select_machine(ctl, name, machine);

	if (code != EXIT_DONE)
		return code;
	if (r->network)
		r->wake.network = select_network(ctl, r->network, machine);
	return wake_machine(ctl, &r->wake, r->dry_run, machine, way);
}

static void build(struct jsonout *j, const void *what)
{
	object_machine(j, what);
}

int wake_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct request r = parse(ctl, argc, argv);
	struct print_list list = { .name = "machines" };
	struct machine machine;
	struct order_way way;
	char mac[MAC_TEXT];
	int code = EXIT_DONE, one;

	jobctl_open(ctl, r.dry_run ? STORE_READ : STORE_WRITE);
	for (int i = optind; i < argc; i++) {
		one = wake_one(ctl, &r, argv[i], &machine, &way);
		code = jobctl_worse(code, one);
		if (one == EXIT_DONE && ctl->json)
			print_list_item(&list, build, &machine);
		else if (one == EXIT_DONE)
			printf("%s: magic packet %s%s\n", print_mac(&machine.mac, mac),
			       r.dry_run ? "would go " : "sent ", way.text);
	}
	if (ctl->json)
		print_list_end(&list);
	return code;
}
