/* What the answers of Linux installers want besides the settings themselves. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/render/context_parts.h"

static void say(struct context *c, const char *name, const char *text)
{
	context_add(c, name)->text = text;
}

/* One flag for each reader, so that a template has sections of one only. */
static void say_reader(struct context *c, const struct image *image)
{
	enum image_answers mine = image ? image->answers : IMAGE_UNANSWERED;

	say(c, "answers", image_answers_name(mine));
	say(c, "preseed", mine == IMAGE_PRESEED ? "yes" : "");
	say(c, "autoinstall", mine == IMAGE_AUTOINSTALL ? "yes" : "");
	say(c, "kickstart", mine == IMAGE_KICKSTART ? "yes" : "");
	say(c, "cloud-init", mine == IMAGE_CLOUD_INIT ? "yes" : "");
}

/* Lines with another separator. */
static const char *joined(struct context *c, const char *lines, char between)
{
	char *copy = context_own(c, strdup(lines));

	for (char *p = copy; p && *p; p++)
		if (*p == '\n')
			*p = between;
	return copy ? copy : "";
}

static const char *disc_of(const struct image *image)
{
	for (size_t i = 0; image && i < image->files; i++)
		if (strcmp(image->file[i].name, "image.iso") == 0)
			return image->file[i].name;
	return "";
}

/* AT of de_AT.UTF-8; US where a locale has none. */
static const char *territory(struct context *c, const char *locale)
{
	const char *at = strchr(locale, '_');

	return at ? context_text(c, "%.*s", (int)strcspn(at + 1, ".@"), at + 1) : "US";
}

void context_say_answers(struct context *c, const struct artefact_facts *f)
{
	static const struct settings none;
	const struct settings *s = f->settings ? f->settings : &none;
	const char *host = f->job && *f->job->hostname ? f->job->hostname
						       : settings_get(s, "hostname");
	const char *dns = settings_get(s, "dns");
	int label = (int)strcspn(host, ".");

	say_reader(c, f->image);
	say(c, "disc", disc_of(f->image));
	say(c, "hostname-label", context_text(c, "%.*s", label, host));
	say(c, "hostname-domain", host[label] ? host + label + 1 : "");
	say(c, "locale-territory", territory(c, settings_get(s, "locale")));
	say(c, "dns-words", joined(c, dns, ' '));
	say(c, "dns-commas", joined(c, dns, ','));
}
