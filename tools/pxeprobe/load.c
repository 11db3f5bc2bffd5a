/* pxeprobe load: options, the threads, and the table at the end. */
#include "config.h"

#include "tools/pxeprobe/load.h"

#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/core/jsonout.h"
#include "lib/sys/exits.h"
#include "lib/sys/now.h"
#include "lib/sys/tool.h"
#include "tools/pxeprobe/iface.h"
#include "tools/pxeprobe/machine.h"

#define CLIENTS_MAX 100000
#define AT_ONCE_MAX 256

static const char help[] =
	"Usage: pxeprobe load --interface=NAME --clients=N [options]\n"
	"Play N machines, each through the whole chain, and say how long it took.\n"
	"\n"
	"  -i, --interface=NAME   on this network; it must be closed in itself\n"
	"  -c, --clients=N        so many machines, 100000 at most\n"
	"  -r, --rate=R           begin R machines a second (as many as can be)\n"
	"      --at-once=N        at most N at the same time (32; 256 at most)\n"
	"  -a, --arch=N           as this architecture of DHCP option 93 (7)\n"
	"  -m, --mac=MAC          the first machine's; the next ones count up\n"
	"                         (02:70:78:00:00:00)\n"
	"  -t, --timeout=MS       give up after such a silence (5000)\n"
	"      --i-own-this-network  load a network that is not closed in itself, too\n"
	"  -j, --json             one JSON object\n"
	"  -h, --help             print this\n";

struct options {
	const char *interface;
	struct mac mac;
	size_t clients, at_once;
	int64_t rate;
	bool own, json;
	struct play play;
};

enum {
	OPT_AT_ONCE = 256,
	OPT_OWN,
};

static const struct option longs[] = {
	{ "interface", required_argument, NULL, 'i' },
	{ "clients", required_argument, NULL, 'c' },
	{ "rate", required_argument, NULL, 'r' },
	{ "at-once", required_argument, NULL, OPT_AT_ONCE },
	{ "arch", required_argument, NULL, 'a' },
	{ "mac", required_argument, NULL, 'm' },
	{ "timeout", required_argument, NULL, 't' },
	{ "i-own-this-network", no_argument, NULL, OPT_OWN },
	{ "json", no_argument, NULL, 'j' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

/* ---- the work, shared by the threads ---- */

struct load {
	const struct options *o;
	struct iface iface;
	pthread_mutex_t lock; /* of all below */
	size_t next;
	int64_t began_ms, ended_ms;
	struct figures figures;
	size_t failed;
	bool out_of_memory;
};

/* The low 24 bits count, so that all stay below one maker's prefix. */
static struct mac mac_of(const struct mac *first, size_t n)
{
	struct mac mac = *first;
	uint32_t low = (uint32_t)first->octet[3] << 16 | (uint32_t)first->octet[4] << 8 |
		       first->octet[5];

	low += (uint32_t)n;
	mac.octet[3] = (uint8_t)(low >> 16);
	mac.octet[4] = (uint8_t)(low >> 8);
	mac.octet[5] = (uint8_t)low;
	return mac;
}

static void wait_until(int64_t at_ms)
{
	int64_t left_ms = at_ms - now_monotonic_ms();
	struct timespec ts = { .tv_sec = left_ms / 1000,
			       .tv_nsec = left_ms % 1000 * 1000000 };

	if (left_ms > 0)
		nanosleep(&ts, NULL);
}

static void note(struct load *l, const struct machine_run *run)
{
	pthread_mutex_lock(&l->lock);
	for (enum stage s = 0; s < STAGES; s++)
		if (run->us[s] >= 0)
			figures_add(&l->figures, s, run->us[s]);
	if (run->failed) {
		figures_fail(&l->figures, run->where);
		figures_fail(&l->figures, STAGE_WHOLE);
		l->failed++;
	}
	pthread_mutex_unlock(&l->lock);
}

static bool next(struct load *l, size_t *n)
{
	bool any;

	pthread_mutex_lock(&l->lock);
	*n = l->next;
	any = l->next < l->o->clients;
	l->next += any;
	pthread_mutex_unlock(&l->lock);
	return any;
}

static void *work(void *arg)
{
	struct load *l = arg;
	struct facts *f = calloc(1, sizeof(*f));
	struct machine_run run;
	struct mac mac;
	size_t n;

	if (!f)
		l->out_of_memory = true;
	while (f && next(l, &n)) {
		if (l->o->rate)
			wait_until(l->began_ms + (int64_t)n * 1000 / l->o->rate);
		f->iface = l->iface;
		mac = mac_of(&l->o->mac, n);
		machine_play(&l->o->play, f, &mac, &run);
		note(l, &run);
	}
	free(f);
	return NULL;
}

static void run(struct load *l)
{
	pthread_t thread[AT_ONCE_MAX];
	size_t started = 0;

	l->began_ms = now_monotonic_ms();
	while (started < l->o->at_once && started < l->o->clients &&
	       pthread_create(&thread[started], NULL, work, l) == 0)
		started++;
	if (!started)
		errx(EXIT_FAILED, "cannot start a thread");
	for (size_t i = 0; i < started; i++)
		pthread_join(thread[i], NULL);
	l->ended_ms = now_monotonic_ms();
	figures_sort(&l->figures);
}

/* ---- what is said of it ---- */

static double per_second(const struct load *l)
{
	int64_t ms = l->ended_ms - l->began_ms;

	return (double)l->next * 1000 / (double)(ms ? ms : 1);
}

static void print_text(const struct load *l)
{
	const struct figures *f = &l->figures;

	printf("%-8s %8s %8s %9s %9s %9s %9s  ms\n", "stage", "done", "failed", "p50",
	       "p90", "p99", "max");
	for (enum stage s = 0; s < STAGES; s++) {
		if (!f->stage[s].count && !f->stage[s].failed)
			continue;
		printf("%-8s %8zu %8zu", stage_name(s), f->stage[s].count,
		       f->stage[s].failed);
		for (const unsigned *p = (unsigned[]){ 50, 90, 99, 100, 0 }; *p; p++)
			printf(" %9.2f", (double)figures_at(f, s, *p) / 1000);
		putchar('\n');
	}
	printf("%zu machines, %zu failed, %.1f a second\n", l->next, l->failed,
	       per_second(l));
}

static void put_stage(struct jsonout *j, const struct figures *f, enum stage s)
{
	jsonout_open(j, stage_name(s), '{');
	jsonout_int(j, "done", (int64_t)f->stage[s].count);
	jsonout_int(j, "failed", (int64_t)f->stage[s].failed);
	jsonout_int(j, "p50_us", figures_at(f, s, 50));
	jsonout_int(j, "p90_us", figures_at(f, s, 90));
	jsonout_int(j, "p99_us", figures_at(f, s, 99));
	jsonout_int(j, "max_us", figures_at(f, s, 100));
	jsonout_close(j, '}');
}

static void print_json(const struct load *l)
{
	char text[2048];
	struct jsonout j = jsonout_begin(text, sizeof(text));
	size_t len;

	jsonout_open(&j, NULL, '{');
	jsonout_int(&j, "clients", (int64_t)l->next);
	jsonout_int(&j, "failed", (int64_t)l->failed);
	jsonout_int(&j, "ms", l->ended_ms - l->began_ms);
	jsonout_open(&j, "stages", '{');
	for (enum stage s = 0; s < STAGES; s++)
		put_stage(&j, &l->figures, s);
	jsonout_close(&j, '}');
	jsonout_close(&j, '}');
	if (jsonout_end(&j, &len))
		puts(text);
}

/* ---- options ---- */

static int64_t number(const char *what, const char *text, int64_t most)
{
	char *end;
	long long n;

	errno = 0;
	n = strtoll(text, &end, 10);
	if (errno || end == text || *end || n < 0 || n > most)
		errx(EXIT_MISUSE, "%s '%s': not a number up to %lld", what, text,
		     (long long)most);
	return n;
}

static void set_option(struct options *o, int c)
{
	const char *why;

	switch (c) {
	case 'i':
		o->interface = optarg;
		break;
	case 'c':
		o->clients = (size_t)number("clients", optarg, CLIENTS_MAX);
		break;
	case 'r':
		o->rate = number("rate", optarg, 10000);
		break;
	case OPT_AT_ONCE:
		o->at_once = (size_t)number("at-once", optarg, AT_ONCE_MAX);
		break;
	case 'a':
		o->play.arch[0] = (unsigned)number("arch", optarg, 65535);
		break;
	case 'm':
		if (!mac_parse(optarg, &o->mac, &why))
			errx(EXIT_MISUSE, "'%s': %s", optarg, why);
		break;
	case 't':
		o->play.timeout_ms = number("timeout", optarg, 600000);
		break;
	case OPT_OWN:
		o->own = true;
		break;
	case 'j':
		o->json = true;
		break;
	case 'h':
		fputs(help, stdout);
		exit(tool_end(EXIT_DONE));
	default:
		tool_misuse("pxeprobe load");
	}
}

static struct options parse_options(int argc, char *argv[])
{
	struct options o = { .at_once = 32,
			     .mac = { { 2, 0x70, 0x78, 0, 0, 0 } },
			     .play = { .timeout_ms = 5000, .arch = { 7 }, .archs = 1 } };
	int c;

	while ((c = getopt_long(argc, argv, "i:c:r:a:m:t:jh", longs, NULL)) != -1)
		set_option(&o, c);
	if (optind < argc)
		warnx("'%s': an argument that means nothing here", argv[optind]);
	else if (!o.interface)
		warnx("no --interface is given");
	else if (!o.clients || !o.at_once)
		warnx("no --clients are given");
	else
		return o;
	tool_misuse("pxeprobe load");
}

int load_main(int argc, char *argv[])
{
	struct options o = parse_options(argc, argv);
	struct load l = { .o = &o, .lock = PTHREAD_MUTEX_INITIALIZER };
	char why[FACTS_WHY];

	if (iface_look(o.interface, &l.iface) < 0)
		err(errno == ENODEV ? EXIT_MISUSE : EXIT_FAILED, "%s", o.interface);
	if (!o.own && !iface_enclosed(why))
		errx(EXIT_MISUSE,
		     "%s: %s, and others may be there; --i-own-this-network says that "
		     "nobody minds",
		     o.interface, why);
	if (!l.iface.address)
		errx(EXIT_FAILED, "%s: has no IPv4 address to fetch files with",
		     o.interface);
	if (!figures_init(&l.figures, o.clients))
		err(EXIT_FAILED, "%zu machines", o.clients);
	run(&l);
	if (o.json)
		print_json(&l);
	else
		print_text(&l);
	figures_free(&l.figures);
	if (l.out_of_memory)
		errx(EXIT_FAILED, "out of memory");
	return tool_end(l.failed ? EXIT_NO : EXIT_DONE);
}
