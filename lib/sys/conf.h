/*
 * conf - pxekit.conf, one grammar for all tools; pxekit.conf(5) documents it.
 *
 * Units   addresses and masks are in host byte order.
 * Errors  conf_load() returns NULL; every complaint has gone to standard error
 *         as file:line: why.
 * Memory  conf_free() frees all that a struct conf points to.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/core/plan.h"
#include "lib/core/route.h"
#include "lib/core/setting.h"
#include "lib/core/sweep.h"

struct conf_network {
	char *name;
	char *interface;       /* "" for any */
	uint32_t subnet, mask; /* 0/0 for any */
	uint32_t server; /* our address as the machines see it; 0: the interface's */
	char *url;       /* base URL for its machines; the site's if not said */
	enum plan_policy policy;
	enum plan_action unknown;
	uint32_t *relay; /* giaddrs that are answered */
	size_t relays;
	char *platform, *profile; /* for jobs that name none */
	char *default_job; /* the image that machines never seen before get; "" for none
			    */
	unsigned default_jobs_max; /* so many jobs may wait; 0: no bound */
	enum boot_route route;
	enum boot_style style;
	unsigned tftp_transfers; /* at once; 0: no bound */
	uint64_t tftp_rate;      /* octets a second, of all its transfers; 0: no bound */
};

struct conf_loader {
	char *name; /* ipxe-bios, ipxe-efi64, ... */
	unsigned arch[16];
	size_t archs;
	char *file;   /* below the TFTP root, or a URL */
	char *second; /* what that one fetches next; "" if it asks nobody */
	enum boot_route route;
	enum boot_style style;
};

struct conf_platform {
	char *name;
	char *console; /* kernel arguments */
	char *disk;    /* the default disk rule */
	enum boot_route route;
};

/* What a list of words says. */
struct conf_words {
	char **word;
	size_t count;
};

/* Machines of a kind, which are treated in another way; what is not said fits all. */
struct conf_machine {
	char *name;
	struct conf_mac {
		uint8_t octet[6];
		uint8_t len; /* 6, or less for the beginning of an address */
	} * mac;
	size_t macs;
	struct conf_words uuids;      /* or their beginnings */
	char *manufacturer, *product; /* patterns of a shell */
	unsigned arch[16];
	size_t archs;
	enum boot_route route;
	enum boot_style style;
};

/* Which folder of drivers is for which model; the first that fits counts. */
struct conf_pack {
	char *name;
	char *manufacturer, *product; /* patterns of a shell; "" fits all */
	char *folder;                 /* or a disc */
};

#define CONF_MENUS 200 /* more are no menu that anybody reads */

/* What menus offer besides the local disk. */
struct conf_menu {
	char *name, *title;
	char *image;                /* NAME or NAME@VERSION; "": url is chained to */
	char *url;                  /* of a script or program of somebody else's */
	char *arguments;            /* for the image's kernel or program */
	char *firmware;             /* bios, uefi, or "" for both */
	struct conf_words machines; /* sections machine; none: for all */
	bool is_default;            /* taken if nobody chooses */
};

/* What machines ask for by another name than the file's. */
struct conf_alias {
	char *name;
	char *pattern; /* the whole name, with one '*' at most */
	char *file;    /* '*': what that stood for; %m: the MAC; %n: the network */
};

struct conf_profile {
	char *name;
	struct settings settings;
	struct settings files; /* the paths of its secrets, which jobctl reads */
};

/* Who has a role, and what it allows; lib/sys/conf_role.h reads them. */
struct conf_role {
	char *name;
	struct conf_words user, group;
	unsigned rights; /* of enum role_right; 0: those of the role of that name */
};

/* bootweb --face=admin */
struct conf_admin {
	char *user;                          /* it becomes this one, which writes */
	char *www;                           /* the folder of the dashboard's files */
	char *certificate, *certificate_key; /* PEM files; "" for no TLS */
	char *user_header, *groups_header;   /* of a front server; "" for none */
	uint32_t *front;                     /* whose headers count besides a socket's */
	size_t fronts;
	unsigned session_min;      /* how long a session lasts, in minutes */
	unsigned session_idle_min; /* how long it lasts while nobody uses it */
};

struct conf {
	char *site, *url;
	char *database, *images, *tftp, *templates, *deploy, *key; /* paths */
	char *user;                 /* daemons become this */
	char *smb_share, *smb_user; /* \\HOST\SHARE of the images, "" if none */
	unsigned attempts_max;
	struct sweep_bounds sweep;
	char *hooks; /* folder */
	int64_t hook_timeout_ms;
	bool hook_pre_install; /* nothing is installed before such a hook agreed */
	struct conf_network *network;
	size_t networks;
	struct conf_loader *loader;
	size_t loaders, loaders_said; /* the standard ones stand behind those said */
	struct conf_platform *platform;
	size_t platforms;
	struct conf_machine *machine; /* the first that fits counts */
	size_t machines;
	struct conf_profile *profile;
	size_t profiles;
	struct conf_alias *alias; /* in the order of the file */
	size_t aliases;
	struct conf_pack *pack; /* in the order of the file */
	size_t packs;
	struct conf_role *role;
	size_t roles;
	struct conf_admin admin;
	struct conf_menu *menu; /* in the order of the file */
	size_t menus;
};

/* path NULL: $PXEKIT_CONF, else the compiled-in place; a missing default file is the
 * defaults. */
struct conf *conf_load(const char *path);

/* The same from one text in memory, which complaints call name. */
struct conf *conf_parse(const char *name, const char *text, size_t len);
void conf_free(struct conf *conf);

/* The network that an address lies in (longest mask), or that an interface belongs to;
 * NULL if none. */
/*
 * "NAME SUBNET ADDRESS, ..." for people, where "-" is what is not said; what has no room
 * is left out.
 */
void conf_networks_text(const struct conf *conf, char *out, size_t size);
const struct conf_network *conf_network_of(const struct conf *conf, uint32_t address);
const struct conf_network *conf_network_on(const struct conf *conf,
					   const char *interface);
const struct conf_network *conf_network_named(const struct conf *conf, const char *name);
const struct conf_platform *conf_platform_named(const struct conf *conf,
						const char *name);
const struct conf_pack *conf_pack_named(const struct conf *conf, const char *name);
/* The driver pack for what SMBIOS says of a machine; NULL if none. */
const struct conf_pack *conf_pack_for(const struct conf *conf, const char *manufacturer,
				      const char *product);
const struct conf_profile *conf_profile_named(const struct conf *conf, const char *name);

/* What plan_for() is to know of the configuration; network NULL: the strictest. */
void conf_policy(const struct conf *conf, const struct conf_network *network,
		 struct plan_facts *facts);

/* A loader for every number that no other loader serves. */
#define CONF_ANY_ARCH 65535

/*
 * The loader for DHCP option 93, or NULL: the one that names the number, else
 * the one for the same machine by PXE (7 for 9 and for HTTP Boot's 16), else
 * that for CONF_ANY_ARCH.
 */
const struct conf_loader *conf_loader_for(const struct conf *conf, unsigned arch);

/* The same of another route than iPXE's. */
const struct conf_loader *conf_loader_on(const struct conf *conf, enum boot_route route,
					 unsigned arch);
