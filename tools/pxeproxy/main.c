#include "config.h"

#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/sys/confine.h"
#include "lib/sys/emit.h"
#include "lib/sys/exits.h"
#include "lib/sys/service.h"
#include "lib/sys/tool.h"
#include "tools/pxeproxy/check.h"
#include "tools/pxeproxy/print.h"
#include "tools/pxeproxy/replay.h"
#include "tools/pxeproxy/serve.h"

#define INTERFACES_MAX 64

struct options {
	const char *config, *replay, *write_pcap;
	const char *interface[INTERFACES_MAX];
	size_t interfaces;
	bool check, dry_run, only_4011, print_config;
};

static const char help[] =
	"Usage: pxeproxy [OPTION]...\n"
	"Tell network-booting machines which file to fetch, beside a DHCP server.\n"
	"\n"
	"  -c, --config=FILE     read FILE instead of the standard configuration\n"
	"  -i, --interface=NAME  answer only on this interface; may be given often\n"
	"  -n, --dry-run         decide and print events, but send nothing\n"
	"      --only-4011       leave port 67 alone: the DHCP server says PXEClient\n"
	"      --check           read the configuration, say what is wrong with it and "
	"with\n"
	"                        the loaders it names, and end\n"
	"      --print-config    print the configuration as it holds, and end\n"
	"      --replay=FILE     print the answers to the requests of a capture, and "
	"end\n"
	"      --write-pcap=FILE  and write them into FILE, as a capture\n"
	"  -h, --help            print this and end\n"
	"  -V, --version         print the version and end\n";

static void add_interface(struct options *o, const char *name)
{
	if (o->interfaces == INTERFACES_MAX)
		errx(EXIT_MISUSE, "more than %d interfaces", INTERFACES_MAX);
	o->interface[o->interfaces++] = name;
}

static void check_options(const struct options *o)
{
	if (!o->write_pcap || o->replay)
		return;
	warnx("--write-pcap goes with --replay only");
	tool_misuse("pxeproxy");
}

static struct options parse_options(int argc, char *argv[])
{
	static const struct option longs[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "interface", required_argument, NULL, 'i' },
		{ "dry-run", no_argument, NULL, 'n' },
		{ "check", no_argument, NULL, 'C' },
		{ "print-config", no_argument, NULL, 'p' },
		{ "replay", required_argument, NULL, 'r' },
		{ "write-pcap", required_argument, NULL, 'w' },
		{ "only-4011", no_argument, NULL, 'o' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	struct options o = { 0 };
	int c;

	while ((c = getopt_long(argc, argv, "c:i:nhV", longs, NULL)) != -1) {
		switch (c) {
		case 'c':
			o.config = optarg;
			break;
		case 'i':
			add_interface(&o, optarg);
			break;
		case 'n':
			o.dry_run = true;
			break;
		case 'C':
			o.check = true;
			break;
		case 'p':
			o.print_config = true;
			break;
		case 'r':
			o.replay = optarg;
			break;
		case 'w':
			o.write_pcap = optarg;
			break;
		case 'o':
			o.only_4011 = true;
			break;
		case 'h':
			fputs(help, stdout);
			exit(tool_end(EXIT_DONE));
		case 'V':
			tool_version("pxeproxy");
		default:
			tool_misuse("pxeproxy");
		}
	}
	if (optind < argc) {
		warnx("'%s': an argument that means nothing here", argv[optind]);
		tool_misuse("pxeproxy");
	}
	check_options(&o);
	return o;
}

static void check_interfaces(const struct options *o)
{
	for (size_t i = 0; i < o->interfaces; i++)
		if (if_nametoindex(o->interface[i]) == 0)
			err(EXIT_MISUSE, "%s: no such interface", o->interface[i]);
}

/* Once they are open, no right is needed any more: not even that to give rights up. */
static void open_ports(struct ports *ports, bool only_4011, char *argv[])
{
	const char *what;

	if (ports_open(ports, only_4011, &what) < 0)
		err(EXIT_FAILED, "%s: cannot open it", what);
	if (ports->own && service_is_capable() && ports_hand_over(ports, argv) < 0)
		err(EXIT_FAILED, "cannot start again without capabilities");
	if (ports->dhcp.fd >= 0 && port_buffer(&ports->dhcp) < PORT_BUFFER)
		warnx("UDP port 67: the receive buffer is only %d octets; raise "
		      "net.core.rmem_max or grant CAP_NET_ADMIN",
		      port_buffer(&ports->dhcp));
}

static void say(enum event_kind kind)
{
	struct event ev = event_new(kind);

	emit(&ev);
}

/* A kernel without one of them still has the user's rights to hold us. */
static void confine(void)
{
	if (confine_writes() < 0 && errno != ENOSYS && errno != EOPNOTSUPP)
		warn("cannot give up writing");
	if (confine_calls() < 0 && errno != ENOSYS && errno != EINVAL)
		warn("cannot give up system calls");
}

/* The database is opened by the first request, with the rights that are left by then. */
static int run(const struct options *o, struct conf *conf, char *argv[])
{
	static struct server server;

	server = (struct server){ .conf = conf,
				  .conf_path = o->config,
				  .interface = o->interface,
				  .interfaces = o->interfaces,
				  .dry_run = o->dry_run,
				  .database.path = conf->database };
	check_interfaces(o);
	open_ports(&server.ports, o->only_4011, argv);
	check_urls(conf);
	emit_begin("pxeproxy");
	serve_tell(conf);
	service_signals();
	if (service_drop(conf->user) < 0)
		err(EXIT_FAILED, "%s: cannot become this user", conf->user);
	confine();
	service_notify("READY=1");
	say(EVENT_STARTED);
	serve(&server);
	service_notify("STOPPING=1");
	say(EVENT_STOPPED);
	emit_flush();
	database_close(&server.database);
	conf_free(server.conf);
	return EXIT_DONE;
}

static int check(const struct conf *conf)
{
	unsigned found = check_urls(conf) + check_loaders(conf);

	return found ? EXIT_NO : EXIT_DONE;
}

int main(int argc, char *argv[])
{
	struct options o = parse_options(argc, argv);
	struct conf *conf = conf_load(o.config);
	int code = EXIT_DONE;

	if (!conf)
		return EXIT_MISUSE;
	if (!o.check && !o.replay && !o.print_config)
		return run(&o, conf, argv);
	if (o.check)
		code = check(conf);
	if (o.print_config)
		print_conf(conf);
	if (o.replay)
		code = replay(conf, o.replay, o.write_pcap);
	conf_free(conf);
	return tool_end(code);
}
