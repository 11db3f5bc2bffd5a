#include "config.h"

#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/sys/exits.h"
#include "tools/wimprep/build.h"
#include "tools/wimprep/wimprep.h"

static const char help[] =
	"Usage: wimprep build [OPTION]... BOOT.WIM\n"
	"  or:  wimprep build [OPTION]... --image=NAME[@VERSION]\n"
	"Put drivers, a startnet.cmd and curl.exe into a boot.wim.  The original is "
	"kept:\n"
	"as BOOT.WIM.orig, as the file that --output does not name, or as the version "
	"of\n"
	"the image that the new one, VERSION+dN, is made of.\n"
	"\n"
	"      --image=NAME         the boot.wim of an image of the catalogue\n"
	"      --current            make the new version the image's current one\n"
	"  -d, --drivers=DIR        a folder or an ISO of driver packages; several may "
	"be "
	"given\n"
	"      --driver=NAME        only this one, by the name of its INF; several may "
	"be "
	"given\n"
	"      --platform=NAME      kvm, vmware, hyperv-gen2, baremetal-uefi ...\n"
	"      --os=CODE            what Windows it is for, as 2k25 or w11\n"
	"      --index=N            which image boots, and is changed\n"
	"      --install=FILE       the install.wim to take curl.exe from\n"
	"      --curl=FILE          a curl.exe\n"
	"  -o, --output=FILE        write there\n"
	"      --wait=SECONDS       wait if somebody else is building it\n"
	"  -n, --dry-run            only say what would be done\n"
	"      --config=FILE        instead of pxekit.conf's usual place\n"
	"  -h, --help               show this\n";

struct words {
	const char *word[64];
	size_t n;
};

static void add_word(struct words *w, const char *word, const char *option)
{
	if (w->n == sizeof(w->word) / sizeof(w->word[0]))
		errx(EXIT_MISUSE, "%s is given too often", option);
	w->word[w->n++] = word;
}

static unsigned seconds(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || n > 1000000)
		errx(EXIT_MISUSE, "wait '%s' is not a number of seconds", text);
	return (unsigned)n;
}

enum {
	OPTION_FIRST = 256,
	IMAGE,
	CURRENT,
	DRIVER,
	PLATFORM,
	OS,
	INDEX,
	INSTALL,
	CURL,
	WAIT,
	CONFIG
};

static const struct option longs[] = {
	{ "image", required_argument, NULL, IMAGE },
	{ "current", no_argument, NULL, CURRENT },
	{ "drivers", required_argument, NULL, 'd' },
	{ "driver", required_argument, NULL, DRIVER },
	{ "platform", required_argument, NULL, PLATFORM },
	{ "os", required_argument, NULL, OS },
	{ "index", required_argument, NULL, INDEX },
	{ "install", required_argument, NULL, INSTALL },
	{ "curl", required_argument, NULL, CURL },
	{ "output", required_argument, NULL, 'o' },
	{ "wait", required_argument, NULL, WAIT },
	{ "dry-run", no_argument, NULL, 'n' },
	{ "config", required_argument, NULL, CONFIG },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static void take_option(struct build *b, int c, struct words *drivers,
			struct words *names)
{
	switch (c) {
	case IMAGE:
		b->image = optarg;
		break;
	case CURRENT:
		b->current = true;
		break;
	case 'd':
		add_word(drivers, optarg, "--drivers");
		break;
	case DRIVER:
		add_word(names, optarg, "--driver");
		break;
	case PLATFORM:
		b->wish.platform = optarg;
		break;
	case OS:
		b->os = optarg;
		break;
	case INDEX:
		b->index = verb_index(optarg);
		break;
	case INSTALL:
		b->install = optarg;
		break;
	case CURL:
		b->wish.curl = optarg;
		break;
	case 'o':
		b->output = optarg;
		break;
	case WAIT:
		b->wait_s = seconds(optarg);
		break;
	case 'n':
		b->dry = true;
		break;
	case CONFIG:
		b->config = optarg;
		break;
	case 'h':
		verb_help(help);
	default:
		verb_misuse("build");
	}
}

static noreturn void misuse(const char *why)
{
	warnx("%s", why);
	verb_misuse("build");
}

static void check_options(const struct build *b)
{
	const char *const *unused;
	struct driver_target target = { 0 };

	if (!b->image == !b->file)
		misuse("build wants one boot.wim, or --image");
	if (b->image && b->output)
		misuse("--image makes a new version of the image, --output is for files");
	if (b->current && !b->image)
		misuse("--current is for --image");
	if (b->wish.drivers && !b->wish.sources)
		misuse("--driver names a package of --drivers, which is not given");
	if (b->wish.platform && !payload_platform(b->wish.platform, &unused))
		errx(EXIT_MISUSE, "there is no platform %s", b->wish.platform);
	if (b->os && !driver_os_find(b->os, &target))
		errx(EXIT_MISUSE, "there is no Windows %s", b->os);
}

int build_main(int argc, char *argv[])
{
	struct words drivers = { 0 }, names = { 0 };
	struct build b = { 0 };
	int c, code;

	while ((c = getopt_long(argc, argv, "d:o:nh", longs, NULL)) != -1)
		take_option(&b, c, &drivers, &names);
	if (argc - optind > 1)
		misuse("build wants one boot.wim");
	b.file = argv[optind];
	b.wish.source = drivers.word;
	b.wish.sources = drivers.n;
	b.wish.driver = names.word;
	b.wish.drivers = names.n;
	check_options(&b);
	b.conf = conf_load(b.config);
	if (!b.conf)
		return EXIT_MISUSE;
	code = build_run(&b);
	conf_free(b.conf);
	return code;
}
