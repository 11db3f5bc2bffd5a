#include "config.h"

#include "tools/jobctl/windows.h"

#include <err.h>
#include <string.h>

#include "lib/core/windows.h"
#include "lib/sys/exits.h"

static void set(struct settings *settings, const char *name, const char *value)
{
	if (!settings_set(settings, name, value))
		err(EXIT_FAILED, "--%s", name);
}

void windows_resolve(const char *reference, const struct image *image,
		     struct settings *settings, char made[static SECRET_MADE])
{
	const struct image_edition *edition;
	char why[WINDOWS_WHY];

	made[0] = '\0';
	edition = windows_edition(image, settings, why);
	if (!edition)
		errx(EXIT_MISUSE, "--image %s: %s", reference, why);
	if (!windows_check(settings, edition, why))
		errx(EXIT_MISUSE, "%s", why);
	set(settings, "edition", edition->name);
	if (*settings_get(settings, "admin-password"))
		return;
	secret_make(made);
	set(settings, "admin-password", made);
}
