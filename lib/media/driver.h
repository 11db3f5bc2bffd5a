/*
 * driver - Windows driver packages: what ISOs and folders hold, which package suits a
 * target, and the files that it consists of.
 *
 *	set = driver_open(paths, count, cache, why);
 *	driver_choose(set, &target, names, count, &choice, why);
 *	driver_extract(set, &choice, "/staging", why);   // /staging/vioscsi/vioscsi.inf
 *... driver_choice_free(&choice); driver_close(set);
 *
 * A package is an INF and all that it makes Windows copy: what CopyFiles names, found by
 * SourceDisksFiles, the catalogue, and what CopyINF pulls in.  Names are compared
 * without regard to case, as on the discs themselves.
 *
 * Errors  NULL or false and one sentence in why, with its remedy.
 * Memory  packages belong to the set and live until driver_close().
 * Source  windows-driver-docs, install/inf-*; reference is Windows 10 and later.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DRIVER_WHY 1024

enum driver_arch {
	DRIVER_ANY_ARCH, /* as a wish: whatever; of a model: not said, which is x86 */
	DRIVER_X86,
	DRIVER_AMD64,
	DRIVER_ARM64,
	DRIVER_ARM,
	DRIVER_IA64,
	DRIVER_ARCHES,
};

/* "x86", "amd64", "arm64", "arm", "ia64"; "" for any. */
const char *driver_arch_name(enum driver_arch arch);
/* Also x86_64, x64, i386, aarch64, in either case; false for no such name. */
bool driver_arch_find(const char *name, enum driver_arch *out);

/* Whom a package is to serve. */
struct driver_target {
	unsigned build; /* 26100; 0 for any */
	enum driver_arch arch;
	enum driver_product {
		DRIVER_ANY_PRODUCT,
		DRIVER_CLIENT,
		DRIVER_SERVER,
	} product;
};

/*
 * The code by which virtio-win names its folders: 26100 -> "2k25" for a server and for
 * any product, "w11" for a client.  "" for build 0.
 */
const char *driver_os(const struct driver_target *target);
/* The other way round, as far as the code says it; leaves arch alone. */
bool driver_os_find(const char *code, struct driver_target *out);

/* [Models.NTamd64.10.0...16299]: whom it is for; 0 for what is not said. */
struct driver_decoration {
	enum driver_arch arch;
	unsigned major, minor, build;
	unsigned product; /* 1 client, 2 domain controller, 3 server */
	unsigned suite;   /* a mask */
};

/* One file that an install section brings. */
struct driver_file {
	const char *path;        /* below the folder of the INF: "vioscsi.sys" */
	const char *destination; /* "13" or "11,sub\folder": where Windows puts it */
};

/* What one install section does on one architecture. */
struct driver_install {
	const char *section;
	enum driver_arch arch;
	unsigned feature_score; /* 255 if not said */
	struct driver_file *file;
	size_t files;
};

/* One line of a models section. */
struct driver_model {
	const char *name; /* what people see */
	size_t install;   /* driver_package.install[] */
	const char **id;  /* hardware id first ("" if none), then compatible ids */
	size_t ids;
};

/* A models section; an empty one says that the INF is not for such a system. */
struct driver_section {
	unsigned manufacturer; /* which line of [Manufacturer], from 0 */
	struct driver_decoration decoration;
	struct driver_model *model;
	size_t models;
};

struct driver_package {
	size_t source;   /* which of driver_open()'s paths */
	const char *inf; /* its path below the source: "vioscsi/2k25/amd64/vioscsi.inf" */
	const char *why; /* NULL, or why it cannot be read: "FILE:LINE: reason" */
	const char *class, *class_guid, *provider;
	const char *date;                     /* "2025-07-09", or "" */
	const char *version;                  /* "100.101.104.28500", or "" */
	const char *catalogue[DRIVER_ARCHES]; /* [DRIVER_ANY_ARCH] for the others; "" */
	struct driver_section *section;
	size_t sections;
	struct driver_install *install;
	size_t installs;
	const char **copyinf; /* INFs beside it that it pulls in */
	size_t copyinfs;
};

struct driver_set;

/*
 * Reads each path: a folder, or a disc image (ISO 9660 with Joliet or Rock Ridge).
 * cache is a folder for what was learnt, made when needed; NULL for none.  An INF that
 * is no driver's is left out; one that cannot be read is a package with a why.
 */
struct driver_set *driver_open(const char *const paths[], size_t count, const char *cache,
			       char why[static DRIVER_WHY]);
void driver_close(struct driver_set *set);

size_t driver_count(const struct driver_set *set);
const struct driver_package *driver_at(const struct driver_set *set, size_t i);

/* The path as it was given to driver_open(). */
const char *driver_source(const struct driver_set *set, size_t source);

/* $XDG_CACHE_HOME/pxekit/drivers, else ~/.cache, else below the state folder; free it. */
char *driver_cache_folder(void);

/*
 * Whether the package has models for the target: the best decoration of each
 * manufacturer counts, as in Windows.
 */
bool driver_suits(const struct driver_package *package,
		  const struct driver_target *target);

/* The same for one section of models. */
bool driver_section_counts(const struct driver_package *package, size_t section,
			   const struct driver_target *target);

/* Whether no folder of its path is called by a newer OS than the target. */
bool driver_folder_suits(const struct driver_package *package,
			 const struct driver_target *target);

/* The code of the OS that one of its folders is called by, or "". */
const char *driver_folder_os(const struct driver_package *package);

/* The size of a file of the package, by its path below the INF's folder; -1: missing. */
int64_t driver_size(const struct driver_set *set, const struct driver_package *package,
		    const char *path);

/* The catalogue for an architecture, or "". */
const char *driver_catalogue(const struct driver_package *package, enum driver_arch arch);

/* Whether this is a name of the package: of its INF, or of a folder that it lies in. */
bool driver_named(const struct driver_package *package, const char *name);

/* One file of a chosen package. */
struct driver_piece {
	char *from;   /* path below the source, as it is spelt there */
	char *to;     /* path below the package's own folder, as the INF spells it */
	int64_t size; /* octets */
};

/* A package chosen for a target, with each file that it needs, the INF first. */
struct driver_chosen {
	const struct driver_package *package;
	char *folder; /* a name for its own folder: "vioscsi" */
	char *inf;    /* the name of its INF in there: "vioscsi.inf" */
	struct driver_piece *piece;
	size_t pieces;
};

struct driver_choice {
	struct driver_chosen *chosen;
	size_t count;
};

/*
 * One package for each name; a name is that of an INF ("netkvm", "netkvm.inf") or of a
 * folder it lies in ("NetKVM").  Without names: all that suit the target and bring a
 * hardware id that no better one brings.  Better is: the folder named after
 * the target's OS, then after its kin (2k25 and w11), then the newer DriverVer.
 *
 * Refuses: a name that is not there, or not for the target; a missing file; a package
 * without a catalogue; an INF that cannot be read.
 */
bool driver_choose(const struct driver_set *set, const struct driver_target *target,
		   const char *const names[], size_t count, struct driver_choice *out,
		   char why[static DRIVER_WHY]);
void driver_choice_free(struct driver_choice *choice);

/* The same for one package, which is not asked whether another is better. */
bool driver_take(const struct driver_set *set, const struct driver_package *package,
		 const struct driver_target *target, struct driver_chosen *out,
		 char why[static DRIVER_WHY]);

/* Writes all chosen files to folder/NAME/...; folder exists, files in it are replaced. */
bool driver_extract(const struct driver_set *set, const struct driver_choice *choice,
		    const char *folder, char why[static DRIVER_WHY]);
