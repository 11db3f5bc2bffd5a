#include "config.h"

#include "tools/wimprep/drivers.h"

#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/sys/exits.h"
#include "tools/wimprep/json.h"
#include "tools/wimprep/wimprep.h"

enum {
	JSON = 256,
	OS,
	ARCH,
	ID,
	COMPATIBLE,
	NO_CACHE,
	PACK,
	MANUFACTURER,
	PRODUCT,
	CONFIG
};

const struct verb_option drivers_options[] = {
	{ "json", JSON, NULL, "print JSON" },
	{ "os", OS, "CODE", "only what suits this Windows: 2k25, 2k22, w11, ..." },
	{ "arch", ARCH, "ARCH", "only for x86, amd64 or arm64" },
	{ "id", ID, "ID", "a hardware id of the device; more, the longest first" },
	{ "compatible-id", COMPATIBLE, "ID", "a compatible id of the device" },
	{ "pack", PACK, "NAME", "match: in the folder of that driver-pack" },
	{ "manufacturer", MANUFACTURER, "TEXT",
	  "match, pack: what SMBIOS says of a machine, and" },
	{ "product", PRODUCT, "TEXT", "its model: the driver-pack that fits" },
	{ "config", CONFIG, "FILE", "instead of pxekit.conf's usual place" },
	{ "no-cache", NO_CACHE, NULL, "read all anew, and remember nothing" },
	{ 0 },
};

static void take_id(const char *ids[static DRIVER_IDS], size_t *count, const char *id)
{
	if (*count == DRIVER_IDS)
		errx(EXIT_MISUSE, "a device has at most %d identifiers", DRIVER_IDS);
	if (!*id)
		errx(EXIT_MISUSE, "an identifier is empty");
	ids[(*count)++] = id;
}

/* A long PCI id brings the shorter ones, as Windows does, if there is only one. */
static void complete_device(struct driver_device *device)
{
	char *shorter[4];
	size_t count;

	if (device->hardwares != 1)
		return;
	count = driver_shorter(device->hardware[0], shorter);
	for (size_t i = 0; i < count; i++)
		device->hardware[device->hardwares++] = shorter[i];
}

static void parse_option(struct drivers *d, int c)
{
	switch (c) {
	case JSON:
		d->json = true;
		break;
	case OS:
		if (!driver_os_find(optarg, &d->target))
			errx(EXIT_MISUSE,
			     "'%s' is no Windows: 2k25, 2k22, 2k19, 2k16, "
			     "w11, w10, ...",
			     optarg);
		break;
	case ARCH:
		if (!driver_arch_find(optarg, &d->target.arch))
			errx(EXIT_MISUSE, "'%s' is none of x86, amd64, arm64, arm, ia64",
			     optarg);
		break;
	case ID:
		take_id(d->device.hardware, &d->device.hardwares, optarg);
		break;
	case COMPATIBLE:
		take_id(d->device.compatible, &d->device.compatibles, optarg);
		break;
	case NO_CACHE:
		d->no_cache = true;
		break;
	case PACK:
		d->pack.name = optarg;
		break;
	case MANUFACTURER:
		d->pack.manufacturer = optarg;
		break;
	case PRODUCT:
		d->pack.product = optarg;
		break;
	case CONFIG:
		d->config = optarg;
		break;
	default:
		break;
	}
}

void drivers_open(struct drivers *d, char *const paths[], int count)
{
	char why[DRIVER_WHY], *cache = d->no_cache ? NULL : driver_cache_folder();

	d->set = driver_open((const char *const *)paths, (size_t)count, cache, why);
	free(cache);
	if (!d->set)
		errx(EXIT_FAILED, "%s", why);
	for (size_t i = 0; i < driver_count(d->set); i++) {
		const char *bad = driver_at(d->set, i)->why;

		if (bad)
			warnx("%s", bad);
		d->bad |= bad != NULL;
	}
}

static int index_main(struct drivers *d, const struct verb_face *face, int argc,
		      char *argv[])
{
	if (argc == 0) {
		warnx("index wants a folder or a disc image");
		verb_misuse(face);
	}
	drivers_open(d, argv, argc);
	return drivers_index(d);
}

static struct conf *load(const struct drivers *d)
{
	struct conf *conf = conf_load(d->config);

	if (!conf)
		exit(EXIT_MISUSE);
	return conf;
}

/* The folder of a pack instead of a source. */
static int match_in_pack(struct drivers *d)
{
	struct conf *conf = load(d);
	char *folder[] = { pack_find(conf, &d->pack)->folder };
	int code;

	complete_device(&d->device);
	drivers_open(d, folder, 1);
	code = drivers_match(d);
	conf_free(conf);
	return code;
}

static int match_main(struct drivers *d, const struct verb_face *face, int argc,
		      char *argv[])
{
	if (argc == 0 && pack_wanted(&d->pack) && d->device.hardwares > 0)
		return match_in_pack(d);
	if (argc == 0 || d->device.hardwares + d->device.compatibles == 0) {
		warnx("match wants --id and a folder or a disc image");
		verb_misuse(face);
	}
	complete_device(&d->device);
	drivers_open(d, argv, argc);
	return drivers_match(d);
}

static int show_main(struct drivers *d, const struct verb_face *face, int argc,
		     char *argv[])
{
	int code = EXIT_DONE;

	if (argc == 0) {
		warnx("show wants a folder, a disc image or an INF");
		verb_misuse(face);
	}
	drivers_open(d, argv, 1);
	if (argc == 1)
		return drivers_show(d, NULL);
	for (int i = 1; i < argc; i++)
		if (drivers_show(d, argv[i]) != EXIT_DONE)
			code = EXIT_NO;
	return code;
}

static int pack_main(struct drivers *d, const struct verb_face *face, int argc,
		     char *argv[])
{
	struct conf *conf;
	const struct conf_pack *only = NULL;

	if (argc > 0) {
		warnx("pack wants no '%s'", argv[0]);
		verb_misuse(face);
	}
	conf = load(d);
	if (pack_wanted(&d->pack))
		only = pack_find(conf, &d->pack);
	drivers_packs(d, conf, only);
	conf_free(conf);
	return EXIT_DONE;
}

static const struct {
	const char *name;
	int (*main)(struct drivers *d, const struct verb_face *face, int argc,
		    char *argv[]);
} verbs[] = { { "index", index_main },
	      { "match", match_main },
	      { "show", show_main },
	      { "pack", pack_main } };

int drivers_main(const struct verb_face *face, int argc, char *argv[])
{
	struct drivers d = { 0 };
	int c, code;

	while ((c = verb_next(face, argc, argv)) != -1)
		parse_option(&d, c);
	argc -= optind;
	argv += optind;
	for (size_t i = 0; argc > 0 && i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(argv[0], verbs[i].name) == 0) {
			code = verbs[i].main(&d, face, argc - 1, argv + 1);
			driver_close(d.set);
			return code;
		}
	if (argc > 0)
		warnx("drivers %s: no such verb", argv[0]);
	else
		warnx("drivers wants index, match, show or pack");
	verb_misuse(face);
}
