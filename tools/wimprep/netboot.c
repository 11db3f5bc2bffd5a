/*
 * wimprep netboot: lays out below the TFTP folder what Microsoft's own boot manager asks
 * for, so that Windows PE of an image starts without iPXE and without wimboot.
 *
 *	bootmgfw.efi, Boot/Fonts/, Boot/boot.stl	of boot.wim, where none are yet
 *	windows/NAME/VERSION/boot.wim, boot.sdi, BCD	of this version
 *	Boot/BCD, or the same below @mac/MAC or @net/NAME
 */
#include "config.h"

#include <err.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>

#include "lib/core/mac.h"
#include "lib/media/bcd.h"
#include "lib/media/catalogue.h"
#include "lib/sys/conf.h"
#include "lib/sys/exits.h"
#include "tools/wimprep/lay.h"
#include "tools/wimprep/place.h"
#include "tools/wimprep/wimprep.h"

enum { MAC = 256, NETWORK, TFTP, CONFIG };

const struct verb_option netboot_options[] = {
	{ "mac", MAC, "MAC", "for this machine only; several may be given" },
	{ "network", NETWORK, "NAME", "for the machines of this network only" },
	{ "tftp", TFTP, "DIR", "instead of pxekit.conf's tftp" },
	{ "dry-run", 'n', NULL, "only say what would be there" },
	{ "config", CONFIG, "FILE", "instead of pxekit.conf's usual place" },
	{ 0 },
};

#define MACS_MOST 64

struct netboot {
	struct conf *conf;
	const char *reference, *network;
	struct mac mac[MACS_MOST];
	size_t macs;
	struct image image;
	char boot_wim[PATH_MAX];
	struct lay lay; /* below the TFTP folder */
};

/* What all images share: as it is in boot.wim, where none is yet. */
static const struct lay_part shared[] = {
	{ .name = "bootmgfw.efi",
	  .wim = { "/Windows/Boot/EFI/bootmgfw.efi" },
	  .needed = true,
	  .keep = true },
	{ .name = "Boot/boot.stl",
	  .wim = { "/Windows/Boot/EFI/boot.stl" },
	  .keep = true },
	{ .name = "EFI/Microsoft/Boot/boot.stl",
	  .wim = { "/Windows/Boot/EFI/boot.stl" },
	  .keep = true },
};

/* ---- what this version has ---- */

static void lay_version(struct netboot *n)
{
	char name[PATH_MAX];
	const struct lay_part sdi = {
		.name = name,
		.wim = { "/Windows/Boot/DVD/EFI/boot.sdi" },
		.media = "boot/boot.sdi",
		.needed = true,
	};

	place_path(name, "windows/%s/%s/boot.wim", n->image.name, n->image.version);
	lay_link(&n->lay, name, n->boot_wim);
	place_path(name, "windows/%s/%s/boot.sdi", n->image.name, n->image.version);
	lay_parts(&n->lay, &sdi, 1);
}

static void write_bcd(const struct netboot *n, const char *name)
{
	char path[PATH_MAX], title[2 * JOB_NAME + 32], wim[PATH_MAX], sdi[PATH_MAX];
	char why[BCD_WHY];
	struct bcd bcd = { .title = title, .wim = wim, .sdi = sdi };

	snprintf(title, sizeof(title), "Windows PE of %s@%s", n->image.name,
		 n->image.version);
	place_path(wim, "\\windows\\%s\\%s\\boot.wim", n->image.name, n->image.version);
	place_path(sdi, "\\windows\\%s\\%s\\boot.sdi", n->image.name, n->image.version);
	if (lay_begin(&n->lay, name, path) && !bcd_write(&bcd, path, why))
		errx(EXIT_FAILED, "%s: %s", path, why);
}

static void write_stores(const struct netboot *n)
{
	char name[PATH_MAX], mac[MAC_TEXT];

	for (size_t i = 0; i < n->macs; i++) {
		mac_format(&n->mac[i], '-', mac);
		place_path(name, "@mac/%s/Boot/BCD", mac);
		write_bcd(n, name);
	}
	if (n->network) {
		place_path(name, "@net/%s/Boot/BCD", n->network);
		write_bcd(n, name);
	}
	if (!n->macs && !n->network)
		write_bcd(n, "Boot/BCD");
}

/* ---- all ---- */

static void open_wim(struct netboot *n)
{
	struct lay *l = &n->lay;
	char why[WIM_WHY];

	place_boot(n->conf->images, n->reference, n->boot_wim);
	l->shown = l->source = n->boot_wim;
	l->wim = wim_open(n->boot_wim, NULL, why);
	if (!l->wim)
		errx(EXIT_FAILED, "%s: %s", n->boot_wim, why);
	l->image = wim_facts(l->wim)->boot_index;
	if (!l->image)
		errx(EXIT_FAILED, "%s: has no boot index: wimprep build gives it one",
		     n->boot_wim);
	if (!wim_find(l->wim, l->image, "/pxekit/server.txt", NULL))
		warnx("%s: does not know where jobs are: prepare it with wimprep build, "
		      "and "
		      "with a url in pxekit.conf",
		      n->boot_wim);
}

static int netboot(struct netboot *n)
{
	struct place place = { .lock = -1 };
	char why[CATALOGUE_WHY];

	if (!catalogue_load(n->conf->images, n->reference, &n->image, why))
		errx(EXIT_FAILED, "%s", why);
	open_wim(n);
	place_borrow(&place);
	place_begin(&place);
	place_scratch(&place, n->lay.scratch);
	lay_parts(&n->lay, shared, sizeof(shared) / sizeof(shared[0]));
	lay_fonts(&n->lay, "Boot/Fonts", true);
	lay_version(n);
	write_stores(n);
	place_end(&place);
	wim_close(n->lay.wim);
	image_free(&n->image);
	return EXIT_DONE;
}

static void add_mac(struct netboot *n, const char *text)
{
	const char *why;

	if (n->macs == MACS_MOST)
		errx(EXIT_MISUSE, "--mac is given too often");
	if (!mac_parse(text, &n->mac[n->macs++], &why))
		errx(EXIT_MISUSE, "--mac '%s': %s", text, why);
}

static void take_option(struct netboot *n, int c, const char **config)
{
	switch (c) {
	case MAC:
		add_mac(n, optarg);
		break;
	case NETWORK:
		n->network = optarg;
		break;
	case TFTP:
		n->lay.folder = optarg;
		break;
	case CONFIG:
		*config = optarg;
		break;
	case 'n':
		n->lay.dry = true;
		break;
	default:
		break;
	}
}

int netboot_main(const struct verb_face *face, int argc, char *argv[])
{
	struct netboot n = { .lay.tell = true };
	const char *config = NULL;
	int c, code;

	while ((c = verb_next(face, argc, argv)) != -1)
		take_option(&n, c, &config);
	if (argc - optind != 1) {
		warnx("netboot wants one image");
		verb_misuse(face);
	}
	n.reference = argv[optind];
	n.conf = conf_load(config);
	if (!n.conf)
		return EXIT_MISUSE;
	if (!n.lay.folder)
		n.lay.folder = n.conf->tftp;
	if (n.network && !conf_network_named(n.conf, n.network))
		errx(EXIT_MISUSE, "--network %s: pxekit.conf has no such network",
		     n.network);
	code = netboot(&n);
	conf_free(n.conf);
	return code;
}
