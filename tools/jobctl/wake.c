/* Wake-on-LAN: the magic packet, through the interface of the machine's network. */
#include "config.h"

#include "tools/jobctl/wake.h"

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/core/object.h"
#include "lib/order/password.h"
#include "lib/sys/exits.h"
#include "lib/sys/print.h"
#include "lib/sys/tool.h"
#include "tools/jobctl/secret.h"
#include "tools/jobctl/select.h"

#define WAKE_MAX 1000
#define CARDS_MAX 16
#define PORT 9 /* discard: nobody listens, and the card looks at every frame */

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

/* ---- the way ---- */

struct way {
	const char *interface; /* "" : as the routes say */
	uint32_t to;
};

static bool find_way(const struct wake *wake, const struct conf_network *network,
		     struct way *out)
{
	*out = (struct way){ .interface = network ? network->interface : "",
			     .to = INADDR_BROADCAST };
	if (wake->interface)
		out->interface = wake->interface;
	else if (network && network->mask)
		out->to = network->subnet | ~network->mask;
	return *out->interface || out->to != INADDR_BROADCAST;
}

static void describe(const struct way *way, char out[static WAKE_WAY])
{
	const struct in_addr to = { htonl(way->to) };
	char text[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &to, text, sizeof(text));
	snprintf(out, WAKE_WAY, "to %s%s%.60s", text, *way->interface ? " through " : "",
		 way->interface);
}

/* ---- sending ---- */

/* A network behind a router is reached by the routes, not by an interface of ours. */
static int open_way(const struct way *way)
{
	const int yes = 1;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &yes, sizeof(yes)) < 0 ||
	    (*way->interface &&
	     setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, way->interface,
			(socklen_t)strlen(way->interface)) < 0)) {
		warn("%s", *way->interface ? way->interface : "socket");
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

static bool send_to(int fd, const struct way *way, const struct mac *mac,
		    const struct wake_password *password)
{
	const struct sockaddr_in to = { .sin_family = AF_INET,
					.sin_port = htons(PORT),
					.sin_addr.s_addr = htonl(way->to) };
	uint8_t packet[WAKE_OCTETS];
	size_t len = wake_packet(mac->octet, password, packet);

	return sendto(fd, packet, len, 0, (const struct sockaddr *)&to, sizeof(to)) ==
	       (ssize_t)len;
}

/* All of its cards: nobody knows which of them listens while it sleeps. */
static int send_all(const struct jobctl *ctl, const struct wake *wake,
		    const struct machine *machine, const struct way *way,
		    const char *described)
{
	struct mac mac[CARDS_MAX];
	size_t count = store_machine_macs(ctl->store, machine->id, mac, CARDS_MAX);
	char text[MAC_TEXT];
	int fd = open_way(way), code = EXIT_DONE;

	if (fd < 0)
		return EXIT_FAILED;
	for (size_t i = 0; code == EXIT_DONE && i < count; i++)
		if (!send_to(fd, way, &mac[i], &wake->password)) {
			warn("%s: cannot send %s", print_mac(&mac[i], text), described);
			code = EXIT_FAILED;
		}
	close(fd);
	return code;
}

static const struct conf_network *network_of(const struct jobctl *ctl, const char *name,
					     const struct machine *machine)
{
	struct machine_key key = { .mac = machine->mac, .has_mac = true };
	struct plan_facts facts = { 0 };

	const struct conf_network *network = NULL;

	if (!name && store_facts(ctl->store, &key, &facts, NULL) == STORE_DONE &&
	    facts.has_job)
		network = conf_network_named(ctl->conf, facts.job.network);
	return network ? network : select_network(ctl, name, machine);
}

int wake_machine(const struct jobctl *ctl, const struct wake *wake,
		 const struct machine *machine, char way[static WAKE_WAY])
{
	char text[MAC_TEXT];
	struct way to;
	int code;

	print_mac(&machine->mac, text);
	if (mac_equal(&machine->mac, &(struct mac){ 0 })) {
		warnx("machine %lld: no MAC of it is known", (long long)machine->id);
		return EXIT_NO;
	}
	if (!find_way(wake, network_of(ctl, wake->network, machine), &to)) {
		warnx("%s: nothing says through which interface: --interface NAME, or "
		      "interface or subnet in its network of pxekit.conf",
		      text);
		return EXIT_MISUSE;
	}
	describe(&to, way);
	if (wake->dry_run)
		return EXIT_DONE;
	code = jobctl_result(ctl, store_machine_note(ctl->store, machine->id, "wake", way,
						     tool_actor()));
	return code == EXIT_DONE ? send_all(ctl, wake, machine, &to, way) : code;
}

/* ---- the verb ---- */

static void take_password(struct wake *wake, const char *path)
{
	char *text = secret_read("secureon", "--secureon-file", path);

	if (!wake_password(text, &wake->password))
		errx(EXIT_MISUSE,
		     "--secureon-file %s: has neither six pairs of hex digits nor four "
		     "numbers with dots",
		     path);
	password_free(text);
}

static struct wake parse(struct jobctl *ctl, int argc, char *argv[])
{
	struct wake wake = { 0 };
	int c;

	while ((c = options_next(ctl, argc, argv)) != -1) {
		if (c == 'N')
			wake.network = optarg;
		else if (c == 'i')
			wake.interface = optarg;
		else if (c == KEY_SECUREON)
			take_password(&wake, optarg);
		else
			wake.dry_run = true;
	}
	options_arguments(ctl, argc, 1, WAKE_MAX);
	if (wake.interface && !if_nametoindex(wake.interface))
		err(EXIT_MISUSE, "--interface %s", wake.interface);
	return wake;
}

static void build(struct jsonout *j, const void *what)
{
	object_machine(j, what);
}

int wake_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct wake wake = parse(ctl, argc, argv);
	struct print_list list = { .name = "machines" };
	struct machine machine;
	char way[WAKE_WAY], mac[MAC_TEXT];
	int code = EXIT_DONE, one;

	jobctl_open(ctl, wake.dry_run ? STORE_READ : STORE_WRITE);
	for (int i = optind; i < argc; i++) {
		one = select_machine(ctl, argv[i], &machine);
		if (one == EXIT_DONE)
			one = wake_machine(ctl, &wake, &machine, way);
		code = jobctl_worse(code, one);
		if (one == EXIT_DONE && ctl->json)
			print_list_item(&list, build, &machine);
		else if (one == EXIT_DONE)
			printf("%s: magic packet %s%s\n", print_mac(&machine.mac, mac),
			       wake.dry_run ? "would go " : "sent ", way);
	}
	if (ctl->json)
		print_list_end(&list);
	return code;
}
