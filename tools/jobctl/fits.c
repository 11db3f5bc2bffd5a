#include "config.h"

#include "tools/jobctl/fits.h"

#include <err.h>
#include <stdio.h>

#include "lib/core/platform.h"
#include "lib/core/windows.h"
#include "lib/sys/exits.h"

static void warning(void *arg, const char *sentence)
{
	(void)arg;
	warnx("warning: %s", sentence);
}

/* pxekit.conf says more of a platform than the table: its route and its disk rule. */
void fits_check(const struct conf *conf, const struct conf_network *network,
		const char *platform, const struct image *image,
		const struct settings *settings)
{
	const struct conf_platform *own = conf_platform_named(conf, platform);
	char why[WINDOWS_WHY > PLATFORM_WHY ? WINDOWS_WHY : PLATFORM_WHY];
	struct platform_case c = {
		.platform = platform_find(platform),
		.image = image,
		.settings = settings,
		.disk = settings_get(settings, "disk"),
		.route = own ? own->route : ROUTE_UNSAID,
	};

	if (!c.platform)
		return;
	if (!*c.disk && own && own->disk)
		c.disk = own->disk;
	if (!c.route && network)
		c.route = network->route;
	if (image->kind == IMAGE_WIM)
		c.edition = windows_edition(image, settings, why);
	if (!platform_possible(&c, why))
		errx(EXIT_MISUSE, "%s", why);
	platform_warn(&c, warning, NULL);
}
