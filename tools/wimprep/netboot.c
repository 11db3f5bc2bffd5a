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
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/core/mac.h"
#include "lib/media/bcd.h"
#include "lib/media/catalogue.h"
#include "lib/media/wim.h"
#include "lib/sys/conf.h"
#include "lib/sys/exits.h"
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
	const char *reference, *tftp, *network;
	struct mac mac[MACS_MOST];
	size_t macs;
	bool dry;
	struct image image;
	struct wim *wim;
	unsigned index; /* of the image that boots */
	char boot_wim[PATH_MAX], scratch[PATH_MAX];
};

/* Taken from boot.wim as they are there, unless the folder has them already. */
static const struct shared {
	const char *from, *to;
	bool needed;
} shared[] = {
	{ "/Windows/Boot/EFI/bootmgfw.efi", "bootmgfw.efi", true },
	{ "/Windows/Boot/EFI/boot.stl", "Boot/boot.stl", false },
	{ "/Windows/Boot/EFI/boot.stl", "EFI/Microsoft/Boot/boot.stl", false },
};

/* ---- files below the folder ---- */

__attribute__((format(printf, 2, 3))) static void set_path(char out[static PATH_MAX],
							   const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(out, PATH_MAX, format, args);
	va_end(args);
	if (n < 0 || n >= PATH_MAX)
		errx(EXIT_FAILED, "%.200s...: the path is too long", out);
}

/* Below the TFTP folder, with the folders that lead to it; what is made is told. */
static void prepare(const struct netboot *n, const char *name, char path[static PATH_MAX])
{
	set_path(path, "%s/%s", n->tftp, name);
	puts(name);
	for (char *slash = path + strlen(n->tftp) + 1;
	     !n->dry && (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		if (mkdir(path, 0755) < 0 && errno != EEXIST)
			err(EXIT_FAILED, "%s", path);
		*slash = '/';
	}
}

static void take_place(const char *draft, const char *path)
{
	if (chmod(draft, 0644) < 0 || rename(draft, path) < 0)
		err(EXIT_FAILED, "%s", path);
}

static void copy_file(const char *from, const char *draft)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	static char octets[1 << 16];
	ssize_t len = 0;

	if (in < 0)
		err(EXIT_FAILED, "%s", from);
	while (out >= 0 && (len = read(in, octets, sizeof(octets))) > 0)
		if (write(out, octets, (size_t)len) != len)
			err(EXIT_FAILED, "%s", draft);
	if (out < 0 || len < 0 || fsync(out) < 0 || close(out) < 0)
		err(EXIT_FAILED, "%s", draft);
	close(in);
}

/* The same octets under a second name, if it is one file system; else a copy. */
static void bring(const struct netboot *n, const char *from, const char *name)
{
	char path[PATH_MAX], draft[PATH_MAX];
	struct stat a, b;

	prepare(n, name, path);
	if (n->dry || (stat(from, &a) == 0 && stat(path, &b) == 0 &&
		       a.st_dev == b.st_dev && a.st_ino == b.st_ino))
		return;
	set_path(draft, "%s.new", path);
	unlink(draft);
	if (link(from, draft) < 0)
		copy_file(from, draft);
	if (rename(draft, path) < 0)
		err(EXIT_FAILED, "%s", path);
}

/* A file of boot.wim. */
static void unpack(const struct netboot *n, const char *from, const char *name)
{
	char path[PATH_MAX], there[PATH_MAX], draft[PATH_MAX], why[WIM_WHY];
	struct wim_entry e;

	prepare(n, name, path);
	if (n->dry)
		return;
	if (!wim_find(n->wim, n->index, from, &e) ||
	    !wim_extract(n->wim, n->index, from, n->scratch, why))
		errx(EXIT_FAILED, "%s: %s: %s", n->boot_wim, from, why);
	set_path(there, "%s/%s", n->scratch, strrchr(from, '/') + 1);
	set_path(draft, "%s.new", path);
	copy_file(there, draft);
	unlink(there);
	take_place(draft, path);
}

static bool is_there(const struct netboot *n, const char *name)
{
	char path[PATH_MAX];

	set_path(path, "%s/%s", n->tftp, name);
	return access(path, F_OK) == 0;
}

/* ---- what all images share ---- */

static bool bring_font(const struct wim_entry *e, void *arg)
{
	const struct netboot *n = arg;
	char name[PATH_MAX], from[PATH_MAX];

	if (e->folder)
		return true;
	set_path(name, "Boot/Fonts/%s", e->name);
	set_path(from, "%s", e->path);
	if (!is_there(n, name))
		unpack(n, from, name);
	return true;
}

static void bring_shared(struct netboot *n)
{
	char why[WIM_WHY];

	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++) {
		bool has = wim_find(n->wim, n->index, shared[i].from, NULL);

		if (is_there(n, shared[i].to))
			continue;
		if (has)
			unpack(n, shared[i].from, shared[i].to);
		else if (shared[i].needed)
			errx(EXIT_FAILED, "%s: holds no %s, and there is no %s/%s",
			     n->boot_wim, shared[i].from, n->tftp, shared[i].to);
	}
	if (!wim_walk(n->wim, n->index, "/Windows/Boot/Fonts", bring_font, n, why))
		errx(EXIT_FAILED, "%s: %s", n->boot_wim, why);
}

/* ---- what this version has ---- */

/* Of the media themselves, or out of boot.wim. */
static void bring_sdi(const struct netboot *n, const char *name)
{
	static const char inside[] = "/Windows/Boot/DVD/EFI/boot.sdi";
	char from[PATH_MAX];

	for (size_t i = 0; i < n->image.files; i++) {
		const char *slash = strrchr(n->image.file[i].name, '/');

		if (strcasecmp(slash ? slash + 1 : n->image.file[i].name, "boot.sdi") !=
		    0)
			continue;
		set_path(from, "%s/%s/%s/%s", n->conf->images, n->image.name,
			 n->image.version, n->image.file[i].name);
		bring(n, from, name);
		return;
	}
	if (!wim_find(n->wim, n->index, inside, NULL))
		errx(EXIT_FAILED, "%s: holds no %s, and the image has no boot.sdi",
		     n->boot_wim, inside);
	unpack(n, inside, name);
}

static void write_bcd(const struct netboot *n, const char *name)
{
	char path[PATH_MAX], title[2 * JOB_NAME + 32], wim[PATH_MAX], sdi[PATH_MAX];
	char why[BCD_WHY];
	struct bcd bcd = { .title = title, .wim = wim, .sdi = sdi };

	snprintf(title, sizeof(title), "Windows PE of %s@%s", n->image.name,
		 n->image.version);
	set_path(wim, "\\windows\\%s\\%s\\boot.wim", n->image.name, n->image.version);
	set_path(sdi, "\\windows\\%s\\%s\\boot.sdi", n->image.name, n->image.version);
	prepare(n, name, path);
	if (!n->dry && !bcd_write(&bcd, path, why))
		errx(EXIT_FAILED, "%s: %s", path, why);
}

static void bring_version(const struct netboot *n)
{
	char name[PATH_MAX];

	set_path(name, "windows/%s/%s/boot.wim", n->image.name, n->image.version);
	bring(n, n->boot_wim, name);
	set_path(name, "windows/%s/%s/boot.sdi", n->image.name, n->image.version);
	bring_sdi(n, name);
}

static void write_stores(const struct netboot *n)
{
	char name[PATH_MAX], mac[MAC_TEXT];

	for (size_t i = 0; i < n->macs; i++) {
		mac_format(&n->mac[i], '-', mac);
		set_path(name, "@mac/%s/Boot/BCD", mac);
		write_bcd(n, name);
	}
	if (n->network) {
		set_path(name, "@net/%s/Boot/BCD", n->network);
		write_bcd(n, name);
	}
	if (!n->macs && !n->network)
		write_bcd(n, "Boot/BCD");
}

/* ---- all ---- */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static void open_wim(struct netboot *n)
{
	char why[WIM_WHY];

	place_boot(n->conf->images, n->reference, n->boot_wim);
	n->wim = wim_open(n->boot_wim, NULL, why);
	if (!n->wim)
		errx(EXIT_FAILED, "%s: %s", n->boot_wim, why);
	n->index = wim_facts(n->wim)->boot_index;
	if (!n->index)
		errx(EXIT_FAILED, "%s: has no boot index: wimprep build gives it one",
		     n->boot_wim);
	if (!wim_find(n->wim, n->index, "/pxekit/server.txt", NULL))
		warnx("%s: does not know where jobs are: prepare it with wimprep build, "
		      "and "
		      "with a url in pxekit.conf",
		      n->boot_wim);
}

static int netboot(struct netboot *n)
{
	char why[CATALOGUE_WHY];

	if (!catalogue_load(n->conf->images, n->reference, &n->image, why))
		errx(EXIT_FAILED, "%s", why);
	open_wim(n);
	set_path(n->scratch, "%s/.netboot-XXXXXX", n->tftp);
	if (!n->dry && !mkdtemp(n->scratch))
		err(EXIT_FAILED, "%s", n->tftp);
	bring_shared(n);
	bring_version(n);
	write_stores(n);
	if (!n->dry)
		nftw(n->scratch, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	wim_close(n->wim);
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
		n->tftp = optarg;
		break;
	case CONFIG:
		*config = optarg;
		break;
	case 'n':
		n->dry = true;
		break;
	default:
		break;
	}
}

int netboot_main(const struct verb_face *face, int argc, char *argv[])
{
	struct netboot n = { 0 };
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
	if (!n.tftp)
		n.tftp = n.conf->tftp;
	if (n.network && !conf_network_named(n.conf, n.network))
		errx(EXIT_MISUSE, "--network %s: pxekit.conf has no such network",
		     n.network);
	code = netboot(&n);
	conf_free(n.conf);
	return code;
}
