#include "config.h"

#include "tools/ipxegen/iso.h"

#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/core/setting_check.h"
#include "lib/sys/exits.h"
#include "lib/sys/print.h"
#include "lib/sys/tool.h"
#include "tools/ipxegen/iso_inside.h"

enum {
	KEY_GENERIC = 256,
	KEY_SAID, /* and what follows in said[] */
	KEY_JOB = KEY_SAID + 16,
	KEY_CSV,
	KEY_BASE,
	KEY_FIRMWARE,
	KEY_IPXE,
};

/* What goes into the order as it is. */
static const char *const said[] = { "mac",     "address", "gateway",  "dns",
				    "network", "profile", "hostname", NULL };

static const struct verb_option options[] = {
	{ "generic", KEY_GENERIC, NULL,
	  "for any machine: DHCP by each card in turn, then who it is by MAC and UUID" },
	{ "mac", KEY_SAID, "MAC", "for the machine with this network card, or these" },
	{ "address", KEY_SAID + 1, "CIDR", "its static address; DHCP if not given" },
	{ "gateway", KEY_SAID + 2, "ADDRESS", "its router" },
	{ "dns", KEY_SAID + 3, "ADDRESS", "a name server" },
	{ "network", KEY_SAID + 4, "NAME", "it is in this network of pxekit.conf" },
	{ "profile", KEY_SAID + 5, "NAME", "what is not said is as this profile has it" },
	{ "hostname", KEY_SAID + 6, "NAME", "what the file is called" },
	{ "job", KEY_JOB, "JOB", "for the machine of this job, with its address" },
	{ "csv", KEY_CSV, "FILE",
	  "one for each row, as jobctl export --format csv prints them; - is standard "
	  "input" },
	{ "output", 'o', "FILE", "or the folder for what --csv makes" },
	{ "firmware", KEY_FIRMWARE, "KIND", "both (default), bios or uefi" },
	{ "base", KEY_BASE, "URL", "where it finds bootweb (default: as pxekit.conf)" },
	{ "ipxe", KEY_IPXE, "FOLDER",
	  "where ipxe.efi and ipxe.lkrn are (default: tftp of pxekit.conf, then "
	  "Debian's)" },
	{ "dry-run", 'n', NULL, "print the script, or what would be written" },
	{ 0 },
};

static const struct verb_option globals[] = {
	{ "config", 'c', "FILE", "read this configuration instead of the site's" },
	VERB_HELP,
	VERB_VERSION,
	{ 0 },
};

static const struct verb_face face = {
	"ipxegen",
	"iso",
	"",
	"make a boot medium for machines that cannot boot from the network",
	"An image of less than 5 MB, for a CD, virtual media or a stick, that gives the "
	"machine its address and starts boot.ipxe.",
	options,
	globals,
};

/* ---- options ---- */

static void misuse(const char *sentence)
{
	warnx("iso: %s", sentence);
	verb_misuse(&face);
}

static void take_firmware(struct iso *iso, const char *kind)
{
	iso->parts.bios = strcmp(kind, "uefi") != 0;
	iso->parts.uefi = strcmp(kind, "bios") != 0;
	if (iso->parts.bios && iso->parts.uefi && strcmp(kind, "both") != 0)
		misuse("--firmware wants both, bios or uefi");
}

static void take_base(struct iso *iso, char *url)
{
	char why[SETTING_WHY];
	size_t len = strlen(url);

	if (!setting_is_url(url, why)) {
		warnx("iso: --base %s: %s", url, why);
		verb_misuse(&face);
	}
	if (len && url[len - 1] == '/')
		misuse("--base wants no slash at its end");
	iso->base = url;
}

static void take_option(struct iso *iso, int c)
{
	switch (c) {
	case KEY_GENERIC:
		iso->generic = true;
		break;
	case KEY_JOB:
		iso->job = optarg;
		break;
	case KEY_CSV:
		iso->csv = optarg;
		break;
	case KEY_BASE:
		take_base(iso, optarg);
		break;
	case KEY_FIRMWARE:
		take_firmware(iso, optarg);
		break;
	case KEY_IPXE:
		iso->ipxe = optarg;
		break;
	case 'o':
		iso->output = optarg;
		break;
	case 'n':
		iso->dry_run = true;
		break;
	case 'c':
		iso->config = optarg;
		break;
	default:
		order_say(&iso->host.order, said[c - KEY_SAID], optarg);
	}
}

static void check_options(const struct iso *iso)
{
	const struct order *o = &iso->host.order;
	bool names = o->macs || *iso_host_complaint(&iso->host);
	bool address = *settings_get(&o->settings, "address") != '\0';

	if (iso->generic + names + (iso->job != NULL) + (iso->csv != NULL) != 1)
		misuse("wants one of --generic, --mac, --job, --csv");
	if (*iso_host_complaint(&iso->host)) {
		warnx("iso: %s", iso_host_complaint(&iso->host));
		verb_misuse(&face);
	}
	if (address && !o->macs)
		misuse("--address is one machine's: it wants --mac");
	if (!address && *settings_get(&o->settings, "gateway"))
		misuse("--gateway wants --address");
	if (!address && *settings_get(&o->settings, "dns"))
		misuse("--dns wants --address");
	if (iso->csv && !iso->output && !iso->dry_run)
		misuse("--csv wants --output, the folder for what it makes");
}

static void parse(struct iso *iso, int argc, char *argv[])
{
	int c;

	while ((c = verb_next(&face, argc, argv)) != -1)
		take_option(iso, c);
	verb_arguments(&face, argc, 0, 0);
	check_options(iso);
}

/* ---- one medium ---- */

static bool take_job(struct iso *iso, char why[static ISO_WHY])
{
	struct order_site site = { .conf = iso->conf };
	char *end;
	long long id = strtoll(iso->job, &end, 10);
	bool good = false;

	if (*end || id < 1) {
		snprintf(why, ISO_WHY, "--job %.100s: is no number of a job", iso->job);
		return false;
	}
	if (store_open(iso->conf->database, STORE_READ, &site.store) == STORE_DONE)
		good = order_load(&iso->host.order, &site, id);
	if (!good)
		snprintf(why, ISO_WHY, "--job %.100s: %s", iso->job,
			 *iso_host_complaint(&iso->host) ? iso_host_complaint(&iso->host)
			 : site.store                    ? store_why(site.store)
							 : "not enough memory");
	order_site_end(&site);
	store_close(site.store);
	if (good && !iso->host.order.macs) {
		snprintf(why, ISO_WHY,
			 "--job %.100s: its machine has no MAC: use --generic", iso->job);
		return false;
	}
	return good;
}

int iso_fit(struct iso *iso, const struct iso_host *host, char why[static ISO_WHY])
{
	if (!iso->parts.uefi || iso->parts.runs_scripts)
		return EXIT_DONE;
	if (host->is_static) {
		snprintf(why, ISO_WHY,
			 "%.300s: runs no script of a medium, so that UEFI could not set "
			 "the "
			 "address: use --ipxe with a newer one (pxekit's fetch-ipxe gets "
			 "Debian 13's), or --firmware bios",
			 iso->parts.part[MEDIUM_EFI].from);
		return EXIT_MISUSE;
	}
	if (!iso->told)
		warnx("iso: note: %s runs no script of a medium: under UEFI it asks "
		      "DHCP, "
		      "and goes where that or pxeproxy says",
		      iso->parts.part[MEDIUM_EFI].from);
	iso->told = true;
	return EXIT_DONE;
}

bool iso_write(struct iso *iso, const struct iso_host *host, const char *path,
	       char why[static ISO_WHY])
{
	if (child_guard_called()) {
		snprintf(why, ISO_WHY, "interrupted");
		return false;
	}
	if (!iso->medium.octets &&
	    !medium_build(&iso->medium, &iso->parts, &iso->guard, why))
		return false;
	return medium_write(&iso->medium, host->script, host->len, path, why);
}

/* Where a single one goes: to that file, or into that folder. */
static void place(const struct iso *iso, char out[static PATH_MAX])
{
	struct stat st;
	const char *to = iso->output;
	bool folder = to && stat(to, &st) == 0 && S_ISDIR(st.st_mode);

	if (to && !folder)
		snprintf(out, PATH_MAX, "%s", to);
	else
		snprintf(out, PATH_MAX, "%s%s%s.iso", folder ? to : "", folder ? "/" : "",
			 iso->host.name);
}

static int make_one(struct iso *iso)
{
	char why[ISO_WHY], path[PATH_MAX];
	int code;

	if (iso->job && !take_job(iso, why)) {
		warnx("iso: %s", why);
		return EXIT_FAILED;
	}
	if (!iso_host_settle(&iso->host, iso->conf, iso->base, why)) {
		warnx("iso: %s", why);
		return EXIT_MISUSE;
	}
	code = iso_fit(iso, &iso->host, why);
	if (code != EXIT_DONE) {
		warnx("iso: %s", why);
		return code;
	}
	if (iso->dry_run) {
		fwrite(iso->host.script, 1, iso->host.len, stdout);
		return EXIT_DONE;
	}
	place(iso, path);
	if (iso_write(iso, &iso->host, path, why))
		return EXIT_DONE;
	warnx("iso: %s", why);
	return EXIT_FAILED;
}

int iso_main(int argc, char *argv[])
{
	struct iso iso = { .parts = { .bios = true, .uefi = true } };
	char why[MEDIUM_WHY];
	int code;

	parse(&iso, argc, argv);
	iso.conf = conf_load(iso.config);
	if (!iso.conf)
		return EXIT_MISUSE;
	child_guard_begin(&iso.guard);
	if (medium_find(&iso.parts, iso.conf, iso.ipxe, why)) {
		code = iso.csv ? iso_make_all(&iso) : make_one(&iso);
	} else {
		warnx("iso: %s", why);
		code = EXIT_MISUSE;
	}
	medium_free(&iso.medium, &iso.parts);
	iso_host_free(&iso.host);
	conf_free(iso.conf);
	child_guard_end(&iso.guard);
	return tool_end(code);
}
