#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/media/driver.h"

static const char *const arches[DRIVER_ARCHES][4] = {
	[DRIVER_ANY_ARCH] = { "" },
	[DRIVER_X86] = { "x86", "i386", "i686", "w32" },
	[DRIVER_AMD64] = { "amd64", "x86_64", "x64", "x86-64" },
	[DRIVER_ARM64] = { "arm64", "aarch64" },
	[DRIVER_ARM] = { "arm" },
	[DRIVER_IA64] = { "ia64" },
};

const char *driver_arch_name(enum driver_arch arch)
{
	return arches[arch][0];
}

bool driver_arch_find(const char *name, enum driver_arch *out)
{
	for (size_t arch = 1; arch < DRIVER_ARCHES; arch++)
		for (size_t i = 0; i < 4 && arches[arch][i]; i++)
			if (strcasecmp(name, arches[arch][i]) == 0) {
				*out = (enum driver_arch)arch;
				return true;
			}
	return false;
}

/* A Windows: its first build, the one its code stands for, and what virtio-win calls it.
 */
static const struct os {
	unsigned build, newest;
	const char *code;
} clients[] = {
	{ 22000, 26100, "w11" }, { 10240, 19045, "w10" }, { 9600, 9600, "w8.1" },
	{ 9200, 9200, "w8" },	 { 7600, 7601, "w7" },	  { 6000, 6002, "vista" },
	{ 2600, 2600, "xp" },
}, servers[] = {
	{ 26100, 26100, "2k25" }, { 20348, 20348, "2k22" }, { 17763, 17763, "2k19" },
	{ 14393, 14393, "2k16" }, { 9600, 9600, "2k12R2" }, { 9200, 9200, "2k12" },
	{ 7600, 7601, "2k8R2" },  { 6000, 6003, "2k8" },    { 3790, 3790, "2k3" },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct os *os_of(const struct os *table, size_t count, unsigned build)
{
	for (size_t i = 0; i < count; i++)
		if (build >= table[i].build)
			return &table[i];
	return NULL;
}

/* Windows PE does not say which it is: the Windows that came out last counts. */
const char *driver_os(const struct driver_target *target)
{
	const struct os *client = os_of(clients, COUNT(clients), target->build);
	const struct os *server = os_of(servers, COUNT(servers), target->build);

	if (!server || target->product == DRIVER_CLIENT ||
	    (target->product == DRIVER_ANY_PRODUCT && client &&
	     client->build > server->build))
		return client ? client->code : "";
	return server->code;
}

static bool take_code(const struct os *table, size_t count, const char *code,
		      struct driver_target *out)
{
	for (size_t i = 0; i < count; i++)
		if (strcasecmp(code, table[i].code) == 0) {
			out->build = table[i].newest;
			return true;
		}
	return false;
}

bool driver_os_find(const char *code, struct driver_target *out)
{
	if (take_code(clients, COUNT(clients), code, out)) {
		out->product = DRIVER_CLIENT;
		return true;
	}
	if (!take_code(servers, COUNT(servers), code, out))
		return false;
	out->product = DRIVER_SERVER;
	return true;
}

/* The version of NT that has this build. */
static void version_of(unsigned build, unsigned *major, unsigned *minor)
{
	static const struct {
		unsigned build, major, minor;
	} versions[] = { { 10240, 10, 0 }, { 9600, 6, 3 }, { 9200, 6, 2 }, { 7600, 6, 1 },
			 { 6000, 6, 0 },   { 3790, 5, 2 }, { 2600, 5, 1 }, { 0, 5, 0 } };
	size_t i = 0;

	while (build < versions[i].build)
		i++;
	*major = versions[i].major;
	*minor = versions[i].minor;
}

/* Whether the section is for such a system at all; the best of those then counts. */
static bool applies(const struct driver_decoration *d, const struct driver_target *target)
{
	enum driver_arch arch = d->arch == DRIVER_ANY_ARCH ? DRIVER_X86 : d->arch;
	unsigned major, minor;

	if (target->arch != DRIVER_ANY_ARCH && target->arch != arch)
		return false;
	if (d->product && target->product != DRIVER_ANY_PRODUCT &&
	    (target->product == DRIVER_CLIENT) != (d->product == 1))
		return false;
	if (d->suite)
		return false; /* no edition that we know of */
	if (target->build == 0)
		return true;
	version_of(target->build, &major, &minor);
	if (d->major != major)
		return d->major < major;
	if (d->minor != minor)
		return d->minor < minor;
	return d->build <= target->build;
}

static int compare(unsigned a, unsigned b)
{
	return a < b ? -1 : a > b;
}

/* Version before product type, as the page on [Manufacturer] has it. */
static int closer(const struct driver_decoration *a, const struct driver_decoration *b)
{
	int c = compare(a->major, b->major);

	if (c == 0)
		c = compare(a->minor, b->minor);
	if (c == 0)
		c = compare(a->build, b->build);
	if (c == 0)
		c = compare(a->product != 0, b->product != 0);
	if (c == 0)
		c = compare(a->arch != DRIVER_ANY_ARCH, b->arch != DRIVER_ANY_ARCH);
	return c;
}

/* Without a build or an architecture each section is somebody's best. */
bool driver_section_counts(const struct driver_package *package, size_t section,
			   const struct driver_target *target)
{
	const struct driver_section *s = &package->section[section];

	if (!applies(&s->decoration, target))
		return false;
	if (target->build == 0 || target->arch == DRIVER_ANY_ARCH)
		return true;
	for (size_t i = 0; i < package->sections; i++) {
		const struct driver_section *other = &package->section[i];

		if (other->manufacturer == s->manufacturer &&
		    applies(&other->decoration, target) &&
		    closer(&other->decoration, &s->decoration) > 0)
			return false;
	}
	return true;
}

bool driver_suits(const struct driver_package *package,
		  const struct driver_target *target)
{
	for (size_t i = 0; i < package->sections; i++)
		if (package->section[i].models > 0 &&
		    driver_section_counts(package, i, target))
			return true;
	return false;
}
