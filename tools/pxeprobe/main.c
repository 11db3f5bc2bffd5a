/* pxeprobe: options, the order of things, and exit status. */
#include "config.h"

#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/sys/exits.h"
#include "lib/sys/tool.h"
#include "tools/pxeprobe/httpget.h"
#include "tools/pxeprobe/iface.h"
#include "tools/pxeprobe/load.h"
#include "tools/pxeprobe/play.h"
#include "tools/pxeprobe/report.h"

static const char help[] =
	"Usage: pxeprobe --interface=NAME [options]\n"
	"       pxeprobe load --interface=NAME --clients=N [options]\n"
	"Play a machine that boots from the network, and say what is wrong.\n"
	"\n"
	"  -i, --interface=NAME   ask on this network\n"
	"  -a, --arch=N           as this architecture of DHCP option 93 (7: x64 UEFI);\n"
	"                         all for the usual ones; repeatable\n"
	"  -m, --mac=MAC          as this machine, not as the interface's own\n"
	"  -w, --wait=MS          collect answers for so long (4000)\n"
	"  -t, --timeout=MS       give up a server after such a silence (5000)\n"
	"      --checksum         transfer the image, to compare it with its manifest\n"
	"      --slow-answer=MS   a longer wait is a fault (1000)\n"
	"      --slow-rate=N      fewer KiB a second are a fault (1024)\n"
	"  -s, --script           print the scripts, too; they hold the job's token\n"
	"  -j, --json             one JSON object\n"
	"      --plugin           one line and the exit status of a monitoring plugin\n"
	"      --list-faults      print all faults that have a name, and what to do\n"
	"  -h, --help             print this\n"
	"  -V, --version          print the version\n"
	"\n"
	"Verbs:\n"
	"  load  play many machines at once; see pxeprobe load --help\n";

struct options {
	const char *interface;
	struct mac mac;
	bool has_mac, json, plugin;
	struct limits limits;
	struct play play;
};

enum {
	OPT_CHECKSUM = 256,
	OPT_SLOW_ANSWER,
	OPT_SLOW_RATE,
	OPT_PLUGIN,
	OPT_LIST,
};

static const struct option longs[] = {
	{ "interface", required_argument, NULL, 'i' },
	{ "arch", required_argument, NULL, 'a' },
	{ "mac", required_argument, NULL, 'm' },
	{ "wait", required_argument, NULL, 'w' },
	{ "timeout", required_argument, NULL, 't' },
	{ "checksum", no_argument, NULL, OPT_CHECKSUM },
	{ "slow-answer", required_argument, NULL, OPT_SLOW_ANSWER },
	{ "slow-rate", required_argument, NULL, OPT_SLOW_RATE },
	{ "script", no_argument, NULL, 's' },
	{ "json", no_argument, NULL, 'j' },
	{ "plugin", no_argument, NULL, OPT_PLUGIN },
	{ "list-faults", no_argument, NULL, OPT_LIST },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ 0 },
};

static int64_t number(const char *what, const char *text, int64_t least, int64_t most)
{
	char *end;
	long long n;

	errno = 0;
	n = strtoll(text, &end, 10);
	if (errno || end == text || *end || n < least || n > most)
		errx(EXIT_MISUSE, "%s '%s': not a number from %lld to %lld", what, text,
		     (long long)least, (long long)most);
	return n;
}

static void add_arch(struct play *p, const char *text)
{
	static const unsigned usual[] = { 7, 0, 6, 10, 11, 15, 16, 19 };

	if (strcmp(text, "all") == 0) {
		memcpy(p->arch, usual, sizeof(usual));
		p->archs = sizeof(usual) / sizeof(usual[0]);
		p->all = true;
		return;
	}
	if (p->archs == PLAY_ARCHS)
		errx(EXIT_MISUSE, "more than %d architectures", PLAY_ARCHS);
	p->arch[p->archs++] = (unsigned)number("arch", text, 0, 65535);
}

static void set_mac(struct options *o, const char *text)
{
	const char *why;

	if (!mac_parse(text, &o->mac, &why))
		errx(EXIT_MISUSE, "'%s': %s", text, why);
	o->has_mac = true;
}

static void print_script(const char *url, const char *text, size_t len)
{
	printf("# %s\n", url);
	for (size_t i = 0; i < len; i++) /* nothing that a terminal would obey */
		putchar(strchr("\n\t", text[i]) || !iscntrl((unsigned char)text[i])
				? text[i]
				: '?');
}

static void list_faults(void)
{
	for (const struct fault *f = judge_faults; f->name; f++)
		printf("%s\n    %s\n", f->name, f->sentence);
}

/* False for what is no option of the probing itself. */
static bool set_option(struct options *o, int c)
{
	switch (c) {
	case 'i':
		o->interface = optarg;
		return true;
	case 'a':
		add_arch(&o->play, optarg);
		return true;
	case 'm':
		set_mac(o, optarg);
		return true;
	case 'w':
		o->play.wait_ms = number("wait", optarg, 1, 600000);
		return true;
	case 't':
		o->play.timeout_ms = number("timeout", optarg, 1, 600000);
		return true;
	case OPT_CHECKSUM:
		o->play.checksum = true;
		return true;
	case OPT_SLOW_ANSWER:
		o->limits.answer_ms = number("slow-answer", optarg, 0, 600000);
		return true;
	case OPT_SLOW_RATE:
		o->limits.rate_per_s = 1024 * number("slow-rate", optarg, 0, 1 << 30);
		return true;
	case 's':
		o->play.script = print_script;
		return true;
	case 'j':
		o->json = true;
		return true;
	case OPT_PLUGIN:
		o->plugin = true;
		return true;
	default:
		return false;
	}
}

static struct options parse_options(int argc, char *argv[])
{
	struct options o = { .limits = { .answer_ms = 1000, .rate_per_s = 1 << 20 },
			     .play = { .wait_ms = 4000, .timeout_ms = 5000 } };
	int c;

	while ((c = getopt_long(argc, argv, "i:a:m:w:t:sjhV", longs, NULL)) != -1) {
		if (set_option(&o, c))
			continue;
		if (c == OPT_LIST) {
			list_faults();
			exit(tool_end(EXIT_DONE));
		}
		if (c == 'h') {
			fputs(help, stdout);
			exit(tool_end(EXIT_DONE));
		}
		if (c == 'V')
			tool_version("pxeprobe");
		tool_misuse("pxeprobe");
	}
	if (optind < argc) {
		warnx("'%s': an argument that means nothing here", argv[optind]);
		tool_misuse("pxeprobe");
	}
	if (o.play.script && (o.json || o.plugin))
		errx(EXIT_MISUSE, "--script goes with neither --json nor --plugin");
	if (!o.interface) {
		warnx("no --interface is given");
		tool_misuse("pxeprobe");
	}
	if (!o.play.archs)
		add_arch(&o.play, "7");
	return o;
}

static int verdict(const struct options *o, const struct facts *f)
{
	struct finding finding[JUDGE_FINDINGS];
	size_t count = judge(f, finding);

	if (o->plugin)
		return report_plugin(f, finding, count);
	if (o->json)
		report_json(f, finding, count);
	else
		report_text(f, finding, count);
	return judge_level(finding, count) == LEVEL_NOTE ? EXIT_DONE : EXIT_NO;
}

/* What cannot be asked has no verdict. */
static int unknown(const struct options *o, const char *what)
{
	int code = errno == ENODEV ? EXIT_MISUSE : EXIT_FAILED;

	if (o->plugin)
		return report_unknown(o->interface, what, errno);
	if (what)
		err(code, "%s: %s", o->interface, what);
	err(code, "%s", o->interface);
}

static int probe(const struct options *o)
{
	static struct facts facts;
	const char *what = NULL;

	facts.limits = o->limits;
	if (iface_look(o->interface, &facts.iface) < 0)
		return unknown(o, NULL);
	facts.mac = o->has_mac ? o->mac : facts.iface.mac;
	if (play(&o->play, &facts, &what) < 0)
		return unknown(o, what);
	return verdict(o, &facts);
}

int main(int argc, char *argv[])
{
	struct options o;

	if (sodium_init() < 0)
		errx(EXIT_FAILED, "libsodium does not start");
	httpget_begin();
	if (argc > 1 && strcmp(argv[1], "load") == 0)
		return load_main(argc - 1, argv + 1);
	o = parse_options(argc, argv);
	return tool_end(probe(&o));
}
