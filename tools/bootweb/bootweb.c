/*
 * bootweb - HTTP for machines that boot (scripts, answers, images, reports), and for
 * the people who look after them.
 */
#include "config.h"

#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "lib/core/event.h"
#include "lib/sys/confine.h"
#include "lib/sys/emit.h"
#include "lib/sys/exits.h"
#include "lib/sys/file.h"
#include "lib/sys/keyfile.h"
#include "lib/sys/service.h"
#include "lib/sys/tool.h"
#include "tools/bootweb/admin_face.h"
#include "tools/bootweb/boot_face.h"
#include "tools/bootweb/events.h"

#define LISTEN_DEFAULT "8080"
#define LISTEN_ADMIN "127.0.0.1:8081"
#define LISTEN_MAX 16
#define TICK_MS 1000
#define FACE_TICK_MS 250
#define FLUSH_MS 100
#define GRACE_MS 3000
#define KEEP_OCTETS (4 << 20)
#define PEM_LARGEST (1 << 20)

static const char help[] =
	"Usage: bootweb [options]\n"
	"Answers the HTTP requests of machines that boot and install, or of people.\n"
	"\n"
	"  -f, --face=FACE         what to answer: boot (the default), or admin, which "
	"is\n"
	"                          the dashboard, the API and the metrics\n"
	"  -l, --listen=ADDR:PORT  listen here, or at the PATH of a Unix socket; may be\n"
	"                          repeated (default " LISTEN_DEFAULT
	" on all addresses;\n"
	"                          admin: " LISTEN_ADMIN ")\n"
	"      --plain-http        admin: without TLS on addresses of the network as "
	"well\n"
	"  -c, --config=FILE       read FILE instead of pxekit.conf\n"
	"  -n, --check             check options and configuration, and exit\n"
	"      --database=FILE     instead of the configuration's\n"
	"      --images=DIR        instead of the configuration's\n"
	"      --deploy=DIR        instead of the configuration's\n"
	"      --tftp=DIR          instead of the configuration's\n"
	"      --key=FILE          instead of the configuration's\n"
	"      --www=DIR           instead of the configuration's\n"
	"  -u, --user=NAME         become NAME instead of the configuration's user\n"
	"  -h, --help              print this and exit\n"
	"  -V, --version           print the version and exit\n";

struct options {
	const struct face *face;
	const char *listen[LISTEN_MAX];
	size_t listens;
	const char *user;
	bool check, plain_http;
	struct site_options site;
};

static const struct face *const faces[] = { &boot_face, &admin_face };

static const struct face *face_named(const char *name)
{
	for (size_t i = 0; i < sizeof(faces) / sizeof(faces[0]); i++)
		if (strcmp(faces[i]->name, name) == 0)
			return faces[i];
	errx(EXIT_MISUSE, "there is no face '%s'", name);
}

static void add_listen(struct options *o, const char *where)
{
	if (o->listens == LISTEN_MAX)
		errx(EXIT_MISUSE, "more than %d addresses to listen on", LISTEN_MAX);
	o->listen[o->listens++] = where;
}

enum {
	OPT_DATABASE = 256,
	OPT_IMAGES,
	OPT_DEPLOY,
	OPT_TFTP,
	OPT_KEY,
	OPT_WWW,
	OPT_PLAIN
};

static const struct option longs[] = {
	{ "face", required_argument, NULL, 'f' },
	{ "listen", required_argument, NULL, 'l' },
	{ "config", required_argument, NULL, 'c' },
	{ "check", no_argument, NULL, 'n' },
	{ "database", required_argument, NULL, OPT_DATABASE },
	{ "images", required_argument, NULL, OPT_IMAGES },
	{ "deploy", required_argument, NULL, OPT_DEPLOY },
	{ "tftp", required_argument, NULL, OPT_TFTP },
	{ "key", required_argument, NULL, OPT_KEY },
	{ "www", required_argument, NULL, OPT_WWW },
	{ "plain-http", no_argument, NULL, OPT_PLAIN },
	{ "user", required_argument, NULL, 'u' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ 0 },
};

/* The options that say a path; false if c is none of them. */
static bool site_option(struct site_options *s, int c)
{
	const char **place = c == 'c'            ? &s->config
			     : c == OPT_DATABASE ? &s->database
			     : c == OPT_IMAGES   ? &s->images
			     : c == OPT_DEPLOY   ? &s->deploy
			     : c == OPT_TFTP     ? &s->tftp
			     : c == OPT_KEY      ? &s->key
			     : c == OPT_WWW      ? &s->www
						 : NULL;

	if (place)
		*place = optarg;
	return place;
}

static struct options parse_options(int argc, char *argv[])
{
	struct options o = { .face = &boot_face };
	int c;

	while ((c = getopt_long(argc, argv, "f:l:c:nu:hV", longs, NULL)) != -1) {
		switch (c) {
		case 'f':
			o.face = face_named(optarg);
			break;
		case 'l':
			add_listen(&o, optarg);
			break;
		case 'n':
			o.check = true;
			break;
		case OPT_PLAIN:
			o.plain_http = true;
			break;
		case 'u':
			o.user = optarg;
			break;
		case 'h':
			fputs(help, stdout);
			exit(tool_end(EXIT_DONE));
		case 'V':
			tool_version("bootweb");
		default:
			if (!site_option(&o.site, c))
				tool_misuse("bootweb");
		}
	}
	if (optind < argc)
		errx(EXIT_MISUSE, "'%s' is not an option", argv[optind]);
	return o;
}

/* ---- sockets ---- */

static bool is_listening(int fd)
{
	int listening = 0;
	socklen_t len = sizeof(listening);

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &len) == 0 &&
	       listening;
}

static size_t inherit(int fds[LISTEN_MAX])
{
	int count = service_listen_fds();

	if (count < 0 || count > LISTEN_MAX)
		errx(EXIT_FAILED, "cannot take over the sockets of LISTEN_FDS");
	for (int i = 0; i < count; i++) {
		fds[i] = SERVICE_FIRST + i;
		if (!is_listening(fds[i]))
			errx(EXIT_FAILED, "descriptor %d of LISTEN_FDS does not listen",
			     fds[i]);
	}
	return (size_t)count;
}

/* Sockets that were handed over, or those that --listen names. */
static size_t open_sockets(struct options *o, int fds[LISTEN_MAX])
{
	size_t count = inherit(fds);

	if (count > 0)
		return count;
	if (o->listens == 0)
		add_listen(o, o->face->private ? LISTEN_ADMIN : LISTEN_DEFAULT);
	for (; count < o->listens; count++) {
		fds[count] = web_listen(o->listen[count]);
		if (fds[count] < 0)
			err(errno == EINVAL ? EXIT_MISUSE : EXIT_FAILED,
			    "cannot listen on %s", o->listen[count]);
	}
	return count;
}

/* Passwords and sessions are not for everybody on the network to read. */
static void refuse_plain(const struct options *o, const struct web_tls *tls,
			 const int fds[], size_t count)
{
	char where[WEB_WHERE];

	if (!o->face->private || o->plain_http || tls->certificate)
		return;
	for (size_t i = 0; i < count; i++) {
		if (web_is_local(fds[i]))
			continue;
		web_where(fds[i], where);
		errx(EXIT_MISUSE,
		     "%s: others on the network could read passwords; set certificate "
		     "in section admin of pxekit.conf, listen on 127.0.0.1 or a Unix "
		     "socket, or say --plain-http",
		     where);
	}
}

static char *read_pem(const char *path)
{
	size_t len;
	char *text = file_read(path, PEM_LARGEST, &len);

	if (!text)
		err(EXIT_MISUSE, "%s", path);
	return text;
}

/* While we are who started us: the key may be root's alone. */
static struct web_tls read_tls(const struct options *o, const struct conf_admin *conf)
{
	struct web_tls tls = { 0 };

	if (!o->face->private || !*conf->certificate)
		return tls;
	tls.certificate = read_pem(conf->certificate);
	tls.key = read_pem(conf->certificate_key);
	return tls;
}

/* A connection is a descriptor or two. */
static void raise_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

/* ---- running ---- */

/* "face boot on 10.0.0.1:8080 [::]:8080" */
static void say(enum event_kind kind, const struct face *face, const int fds[],
		size_t count)
{
	struct event ev = event_new(kind);
	size_t len = (size_t)snprintf(ev.text, sizeof(ev.text), "face %s%s", face->name,
				      count > 0 ? " on" : "");
	char where[WEB_WHERE];

	for (size_t i = 0; i < count && len < sizeof(ev.text); i++) {
		web_where(fds[i], where);
		len += (size_t)snprintf(ev.text + len, sizeof(ev.text) - len, " %s",
					where);
	}
	events_send(&ev);
}

/* The admin face serves people, whatever network they are in. */
static void tell_service(const struct conf *conf, const struct face *face)
{
	char networks[JOB_TEXT] = "";

	if (!face->private)
		conf_networks_text(conf, networks, sizeof(networks));
	events_service(conf->site, face->service, networks);
}

static void reload(struct site *site, const struct face *face)
{
	service_reload = 0;
	service_notify("RELOADING=1");
	if (site_load(site))
		tell_service(site->conf, face);
	else
		warnx("the configuration stays as it was");
	service_notify("READY=1");
}

/* Signals arrive here only: the threads of web have them blocked. */
static void run(struct web *web, const struct face *face, struct site *site,
		const sigset_t *open)
{
	bool waiting = false;

	while (!service_stop) {
		long ms = waiting ? FLUSH_MS : face->tick ? FACE_TICK_MS : TICK_MS;
		const struct timespec tick = { .tv_sec = ms / 1000,
					       .tv_nsec = ms % 1000 * 1000000L };

		ppoll(NULL, 0, &tick, open);
		if (service_reload)
			reload(site, face);
		events_alive();
		waiting = !events_flush();
		web_tick(web);
		if (face->tick)
			face->tick(site, false);
	}
}

static sigset_t block_signals(void)
{
	sigset_t blocked, open;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &blocked, &open);
	return open;
}

/*
 * A face that writes gets to the folders of the database and of the key, and to the
 * images if its user may change them.
 */
static int confine(const struct options *o, const struct conf *conf)
{
	char inside[PATH_MAX];
	const char *const files[] = { conf->database, conf->key, inside };

	if (!o->face->writes)
		return confine_writes();
	snprintf(inside, sizeof(inside), "%s/.", conf->images);
	return confine_writes_beside(files, access(conf->images, W_OK) == 0 ? 3 : 2);
}

static void become(const struct options *o, const struct conf *conf)
{
	const char *user = o->user           ? o->user
			   : o->face->writes ? conf->admin.user
					     : conf->user;

	if (service_drop(user) < 0)
		err(EXIT_FAILED, "cannot become user '%s'", user);
	if (confine(o, conf) < 0 && errno != ENOSYS && errno != EOPNOTSUPP)
		warn("cannot give up writing");
}

/* A new site has neither a database nor a key: a face that writes makes them. */
static void make_site(struct site *site)
{
	struct site_visit visit;
	struct token_key key;

	if (keyfile_ensure(site->conf->key, &key) < 0)
		warn("%s", site->conf->key);
	explicit_bzero(&key, sizeof(key));
	if (site_make_database(site) && site_enter_store(site, &visit))
		site_leave(&visit);
}

static void check(const struct options *o)
{
	struct conf *conf = conf_load(o->site.config);

	if (!conf)
		exit(EXIT_MISUSE);
	conf_free(conf);
	exit(tool_end(EXIT_DONE));
}

int main(int argc, char *argv[])
{
	struct options o = parse_options(argc, argv);
	int fds[LISTEN_MAX];
	size_t count;
	sigset_t open;
	struct site site;
	struct web_tls tls;
	struct web *web;

	if (o.check)
		check(&o);
	count = open_sockets(&o, fds);
	raise_descriptors();
	/* Each request needs the same few pages again: do not give them back in between.
	 */
	mallopt(M_TRIM_THRESHOLD, KEEP_OCTETS);
	emit_begin("bootweb");
	if (!site_open(&site, &o.site))
		return EXIT_MISUSE;
	tls = read_tls(&o, &site.conf->admin);
	refuse_plain(&o, &tls, fds, count);
	if (!o.face->private)
		site_recall(&site);
	become(&o, site.conf);
	if (o.face->writes)
		make_site(&site);
	service_signals();
	open = block_signals();
	web = web_start(fds, count, o.face, &site, &tls);
	if (!web)
		err(EXIT_FAILED, "cannot serve");
	tell_service(site.conf, o.face);
	say(EVENT_STARTED, o.face, fds, count);
	service_notify("READY=1");
	run(web, o.face, &site, &open);
	service_notify("STOPPING=1");
	if (o.face->tick)
		o.face->tick(&site, true);
	web_stop(web, GRACE_MS);
	say(EVENT_STOPPED, o.face, NULL, 0);
	events_flush();
	site_close(&site);
	return EXIT_DONE;
}
