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

static void add_index(struct build *b, unsigned index)
{
	if (!b->index)
		b->index = index;
	else if (b->alsos < BUILD_ALSO)
		b->also[b->alsos++] = index;
	else
		errx(EXIT_MISUSE, "--index is given too often");
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
	CONFIG,
	PACK,
	MANUFACTURER,
	PRODUCT,
	READY
};

const struct verb_option build_options[] = {
	{ "image", IMAGE, "NAME", "the boot.wim of an image of the catalogue" },
	{ "current", CURRENT, NULL, "make the new version the image's current one" },
	{ "drivers", 'd', "DIR",
	  "a folder or an ISO of driver packages; several may be given" },
	{ "driver", DRIVER, "NAME",
	  "only this one, by the name of its INF; several may be given" },
	{ "pack", PACK, "NAME", "the folder of that driver-pack of pxekit.conf" },
	{ "manufacturer", MANUFACTURER, "TEXT", "what SMBIOS says of the machines, and" },
	{ "product", PRODUCT, "TEXT", "their model: the driver-pack that fits" },
	{ "platform", PLATFORM, "NAME", "kvm, vmware, hyperv-gen2, baremetal-uefi ..." },
	{ "os", OS, "CODE", "what Windows it is for, as 2k25 or w11" },
	{ "index", INDEX, "N",
	  "which image boots, and is changed; those of further ones are changed, too" },
	{ "install", INSTALL, "FILE", "the install.wim to take curl.exe from" },
	{ "curl", CURL, "FILE", "a curl.exe, with its DLLs beside it" },
	{ "output", 'o', "FILE", "write there" },
	{ "ready", READY, "DIR", "make a folder there that can be booted from" },
	{ "wait", WAIT, "SECONDS", "wait if somebody else is building it" },
	{ "dry-run", 'n', NULL, "only say what would be done" },
	{ "config", CONFIG, "FILE", "instead of pxekit.conf's usual place" },
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
		add_index(b, wimprep_index(optarg));
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
	case PACK:
		b->pack.name = optarg;
		break;
	case MANUFACTURER:
		b->pack.manufacturer = optarg;
		break;
	case PRODUCT:
		b->pack.product = optarg;
		break;
	case READY:
		b->ready = optarg;
		break;
	default:
		break;
	}
}

static noreturn void misuse(const struct verb_face *face, const char *why)
{
	warnx("%s", why);
	verb_misuse(face);
}

static void check_options(const struct verb_face *face, const struct build *b)
{
	const char *unused[PAYLOAD_DRIVERS];
	struct driver_target target = { 0 };

	if (!b->image == !b->file)
		misuse(face, "build wants one boot.wim, or --image");
	if (b->image && b->output)
		misuse(face,
		       "--image makes a new version of the image, --output is for files");
	if (b->ready && (b->output || b->dry))
		misuse(face, "--ready writes boot.wim into its folder: it goes neither "
			     "with --output nor with --dry-run");
	if (b->current && !b->image)
		misuse(face, "--current is for --image");
	if (b->wish.drivers && !b->wish.sources && !pack_wanted(&b->pack))
		misuse(face, "--driver names a package of --drivers, which is not given");
	if (b->wish.platform && !payload_platform(b->wish.platform, unused))
		errx(EXIT_MISUSE, "there is no platform %s", b->wish.platform);
	if (b->os && !driver_os_find(b->os, &target))
		errx(EXIT_MISUSE, "there is no Windows %s", b->os);
}

int build_main(const struct verb_face *face, int argc, char *argv[])
{
	struct words drivers = { 0 }, names = { 0 };
	struct build b = { 0 };
	int c, code;

	while ((c = verb_next(face, argc, argv)) != -1)
		take_option(&b, c, &drivers, &names);
	if (argc - optind > 1)
		misuse(face, "build wants one boot.wim");
	b.file = argv[optind];
	b.wish.source = drivers.word;
	b.wish.sources = drivers.n;
	b.wish.driver = names.word;
	b.wish.drivers = names.n;
	check_options(face, &b);
	b.conf = conf_load(b.config);
	if (!b.conf)
		return EXIT_MISUSE;
	if (pack_wanted(&b.pack)) {
		add_word(&drivers, pack_find(b.conf, &b.pack)->folder, "--drivers");
		b.wish.sources = drivers.n;
	}
	code = build_run(&b);
	conf_free(b.conf);
	return code;
}
