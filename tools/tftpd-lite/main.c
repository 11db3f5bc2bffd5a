/* tftpd-lite: options, rights and the order of things; the work is in server.c. */
#include "config.h"

#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "lib/sys/conf.h"
#include "lib/sys/conf_value.h"
#include "lib/sys/confine.h"
#include "lib/sys/emit.h"
#include "lib/sys/exits.h"
#include "lib/sys/service.h"
#include "lib/sys/tool.h"
#include "tools/tftpd-lite/server.h"

static const char help[] =
	"Usage: tftpd-lite [options]\n"
	"Serve the files below one directory by TFTP, read-only.\n"
	"\n"
	"  -r, --root=DIR         this directory, not the configuration's tftp\n"
	"  -l, --listen=ADDRESS   hear requests to this address only (repeatable)\n"
	"  -p, --port=N           instead of 69\n"
	"  -i, --interface=NAME   answer only what comes in on this one (repeatable)\n"
	"      --ignore-case      find files by names in other letters, too\n"
	"      --links=WHICH      follow symbolic links: none, inside (the root), "
	"anywhere\n"
	"      --unpublic         serve also what is not readable by all\n"
	"      --single-port      transfers use the port of the requests, too (NAT)\n"
	"      --blksize=N        grant blocks of at most N octets (65464)\n"
	"      --chroot           make the directory the root of the process\n"
	"      --path-mtu         grant no blocks that would be sent in fragments\n"
	"      --windowsize=N     grant at most N blocks before an ACK (64); 1: no "
	"windows\n"
	"      --msftwindow       grant Windows' boot manager its own window option\n"
	"      --no-segments      send every block by itself (no UDP_SEGMENT)\n"
	"      --max=N            so many transfers at once (16384)\n"
	"      --max-client=N     so many of one address (1024); 0: no bound\n"
	"      --rate=N           so many octets a second for each, like 500k or 12M\n"
	"      --idle=SECONDS     end a transfer whose client is silent so long (30)\n"
	"      --exit-idle=SECONDS  end after so long without a packet (inetd: 900; else "
	"never)\n"
	"  -u, --user=NAME        become this user, not the configuration's\n"
	"  -c, --config=FILE      instead of the usual pxekit.conf\n"
	"      --check            read the configuration and the root, then exit\n"
	"  -h, --help             print this\n"
	"  -V, --version          print the version\n";

enum {
	OPT_CHECK = 256,
	OPT_CHROOT,
	OPT_SINGLE,
	OPT_MAX,
	OPT_MAX_CLIENT,
	OPT_RATE,
	OPT_IGNORE_CASE,
	OPT_LINKS,
	OPT_UNPUBLIC,
	OPT_BLKSIZE,
	OPT_PATH_MTU,
	OPT_WINDOWSIZE,
	OPT_MSFTWINDOW,
	OPT_NO_SEGMENTS,
	OPT_IDLE,
	OPT_EXIT_IDLE,
};

static const struct option longs[] = {
	{ "root", required_argument, NULL, 'r' },
	{ "listen", required_argument, NULL, 'l' },
	{ "port", required_argument, NULL, 'p' },
	{ "interface", required_argument, NULL, 'i' },
	{ "ignore-case", no_argument, NULL, OPT_IGNORE_CASE },
	{ "links", required_argument, NULL, OPT_LINKS },
	{ "unpublic", no_argument, NULL, OPT_UNPUBLIC },
	{ "single-port", no_argument, NULL, OPT_SINGLE },
	{ "blksize", required_argument, NULL, OPT_BLKSIZE },
	{ "path-mtu", no_argument, NULL, OPT_PATH_MTU },
	{ "windowsize", required_argument, NULL, OPT_WINDOWSIZE },
	{ "msftwindow", no_argument, NULL, OPT_MSFTWINDOW },
	{ "no-segments", no_argument, NULL, OPT_NO_SEGMENTS },
	{ "max", required_argument, NULL, OPT_MAX },
	{ "max-client", required_argument, NULL, OPT_MAX_CLIENT },
	{ "rate", required_argument, NULL, OPT_RATE },
	{ "idle", required_argument, NULL, OPT_IDLE },
	{ "exit-idle", required_argument, NULL, OPT_EXIT_IDLE },
	{ "user", required_argument, NULL, 'u' },
	{ "chroot", no_argument, NULL, OPT_CHROOT },
	{ "config", required_argument, NULL, 'c' },
	{ "check", no_argument, NULL, OPT_CHECK },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ 0 },
};

/* Reloading needs them again, so they live as long as the process. */
static struct options {
	const char *root, *user, *config;
	const char *listen[SOCKETS_MAX];
	size_t listens;
	uint16_t port;
	bool check, chroot;
} options = { .port = TFTP_PORT };

static struct server server = {
	.limits = { .blksize = TFTP_BLKSIZE_MAX,
		    .windowsize = 64,
		    .window_octets = 1 << 20 },
	.max = SERVER_TRANSFERS,
	.max_client = SERVER_CLIENT,
	.idle_us = 30 * SESSION_US,
	.exit_idle_us = -1,
};

static long number(const char *what, const char *text, long low, long high)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	if (errno || end == text || *end || n < low || n > high)
		errx(EXIT_MISUSE, "%s '%s': not a number from %ld to %ld", what, text,
		     low, high);
	return n;
}

static void add_listen(const char *address)
{
	if (options.listens == SOCKETS_MAX)
		errx(EXIT_MISUSE, "%s: more than %d addresses", address, SOCKETS_MAX);
	options.listen[options.listens++] = address;
}

static void add_interface(const char *name)
{
	if (server.interfaces == SERVER_INTERFACES)
		errx(EXIT_MISUSE, "%s: more than %d interfaces", name, SERVER_INTERFACES);
	server.interface[server.interfaces++] = name;
}

static enum files_links links_named(const char *name)
{
	static const char *const names[] = {
		[FILES_LINKS_INSIDE] = "inside",
		[FILES_LINKS_NONE] = "none",
		[FILES_LINKS_ANYWHERE] = "anywhere",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], name) == 0)
			return (enum files_links)i;
	errx(EXIT_MISUSE, "links '%s': none of none, inside, anywhere", name);
}

/* Those that are about files; the others are in parse_option(). */
static void file_option(int c)
{
	switch (c) {
	case OPT_IGNORE_CASE:
		server.files.fold = true;
		break;
	case OPT_LINKS:
		server.files.links = links_named(optarg);
		break;
	case OPT_UNPUBLIC:
		server.files.unpublic = true;
		break;
	default:
		tool_misuse("tftpd-lite");
	}
}

/* Those that are about transfers. */
static void limit_option(int c)
{
	switch (c) {
	case OPT_BLKSIZE:
		server.limits.blksize = (uint16_t)number(
			"blksize", optarg, TFTP_BLKSIZE_MIN, TFTP_BLKSIZE_MAX);
		break;
	case OPT_PATH_MTU:
		server.path_mtu = true;
		break;
	case OPT_WINDOWSIZE:
		server.limits.windowsize =
			(uint16_t)number("windowsize", optarg, 1, 32767);
		break;
	case OPT_MSFTWINDOW:
		server.limits.msftwindow = true;
		break;
	case OPT_NO_SEGMENTS:
		server.no_segments = true;
		break;
	case OPT_SINGLE:
		server.single_port = true;
		break;
	case OPT_MAX:
		server.max = (unsigned)number("max", optarg, 1, 1000000);
		break;
	case OPT_MAX_CLIENT:
		server.max_client = (unsigned)number("max-client", optarg, 0, 1000000);
		break;
	case OPT_RATE:
		if (!conf_value_rate(optarg, &server.rate))
			errx(EXIT_MISUSE, "rate '%s': not octets a second, like 12M",
			     optarg);
		break;
	case OPT_IDLE:
		server.idle_us = number("idle", optarg, 1, 3600) * SESSION_US;
		break;
	case OPT_EXIT_IDLE:
		server.exit_idle_us = number("exit-idle", optarg, 0, 86400) * SESSION_US;
		break;
	default:
		file_option(c);
	}
}

static void parse_option(int c)
{
	switch (c) {
	case 'r':
		options.root = optarg;
		break;
	case 'l':
		add_listen(optarg);
		break;
	case 'i':
		add_interface(optarg);
		break;
	case 'p':
		options.port = (uint16_t)number("port", optarg, 1, 65535);
		break;
	case 'u':
		options.user = optarg;
		break;
	case 'c':
		options.config = optarg;
		break;
	case OPT_CHROOT:
		options.chroot = true;
		break;
	case OPT_CHECK:
		options.check = true;
		break;
	case 'h':
		fputs(help, stdout);
		exit(tool_end(EXIT_DONE));
	case 'V':
		tool_version("tftpd-lite");
	default:
		limit_option(c);
	}
}

static const char *root_of(const struct conf *conf)
{
	return options.root ? options.root : conf->tftp;
}

static void check_root(const char *root)
{
	struct stat st;

	if (stat(root, &st) < 0)
		err(EXIT_MISUSE, "%s", root);
	if (!S_ISDIR(st.st_mode))
		errx(EXIT_MISUSE, "%s: not a directory", root);
}

static void listen_on(const char *address)
{
	if (sockets_listen(&server.sockets, address, options.port) < 0)
		err(EXIT_FAILED, "%s: cannot bind UDP port %u", address, options.port);
}

/* All addresses; a machine without IPv6 is not an error. */
static void listen_on_all(void)
{
	listen_on("0.0.0.0");
	if (sockets_listen(&server.sockets, "::", options.port) < 0 &&
	    errno != EAFNOSUPPORT && errno != EADDRNOTAVAIL)
		warn("[::]: cannot bind UDP port %u", options.port);
}

static void open_sockets(void)
{
	if (sockets_inherit(&server.sockets) < 0)
		err(EXIT_FAILED, "the sockets handed over");
	if (!server.sockets.inherited && options.listens == 0)
		listen_on_all();
	for (size_t i = 0; !server.sockets.inherited && i < options.listens; i++)
		listen_on(options.listen[i]);
	if (!server.single_port && sockets_open_transfers(&server.sockets) < 0)
		err(EXIT_FAILED, "a socket for transfers");
}

/* inetd takes its socket back once nobody asks any more. */
static void settle_exit_idle(void)
{
	if (server.exit_idle_us >= 0)
		return;
	server.exit_idle_us = server.sockets.inherited && server.sockets.listener[0] == 0
				      ? 900 * SESSION_US
				      : 0;
}

/* One descriptor a file: as many as we may have. */
static void raise_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static void tell_service(const struct conf *conf)
{
	char networks[JOB_TEXT];

	conf_networks_text(conf, networks, sizeof(networks));
	emit_service(conf->site, "tftpd-lite", networks);
}

static void reload(struct server *sv)
{
	struct conf *fresh;

	if (options.chroot) {
		warnx("the configuration is not to be seen from inside --chroot");
		return;
	}
	fresh = conf_load(options.config);
	if (!fresh || !networks_take(&sv->networks, fresh) ||
	    files_reroot(&sv->files, root_of(fresh)) < 0) {
		warnx("the configuration stays as it was");
		if (fresh)
			conf_free(fresh);
		return;
	}
	conf_free(sv->conf);
	sv->conf = fresh;
	tell_service(fresh);
}

static void event(enum event_kind kind)
{
	struct event ev = event_new(kind);

	emit(&ev);
}

static void give_up_rights(const char *root, const char *user)
{
	bool entered;

	if (service_drop_into(options.chroot ? root : NULL, user, &entered) < 0) {
		if (!entered)
			err(EXIT_FAILED, "%s: cannot become the root", root);
		err(EXIT_FAILED, "%s: cannot become this user", user);
	}
	if (confine_writes() < 0 && errno != ENOSYS && errno != EOPNOTSUPP)
		warn("cannot give up writing");
}

static int serve(const struct conf *conf)
{
	const char *root = root_of(conf);
	int status;

	give_up_rights(root, options.user ? options.user : conf->user);
	if (server_begin(&server, options.chroot ? "/" : root) < 0)
		err(EXIT_FAILED, "%s", root);
	service_signals();
	emit_begin("tftpd-lite");
	tell_service(conf);
	event(EVENT_STARTED);
	service_notify("READY=1");
	status = server_run(&server, reload);
	if (status < 0)
		warn("cannot wait for packets");
	service_notify("STOPPING=1");
	event(EVENT_STOPPED);
	emit_flush();
	return status < 0 ? EXIT_FAILED : EXIT_DONE;
}

static int start(const struct conf *conf)
{
	raise_files();
	open_sockets();
	settle_exit_idle();
	if (!networks_take(&server.networks, conf))
		err(EXIT_FAILED, "the networks");
	return serve(conf);
}

int main(int argc, char *argv[])
{
	struct conf *conf;
	int c, code = EXIT_DONE;

	while ((c = getopt_long(argc, argv, "r:l:i:p:u:c:hV", longs, NULL)) != -1)
		parse_option(c);
	if (optind < argc)
		errx(EXIT_MISUSE, "'%s': tftpd-lite takes no arguments", argv[optind]);
	conf = conf_load(options.config);
	if (!conf)
		return EXIT_MISUSE;
	check_root(root_of(conf));
	server.conf = conf;
	if (!options.check)
		code = start(conf);
	conf_free(server.conf);
	return code;
}
