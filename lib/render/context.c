#include "config.h"

#include "lib/render/context.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/core/winanswer.h"

#include "lib/core/windows.h"
#include "lib/render/context_parts.h"

#define MIB (INT64_C(1) << 20)
#define WINDOWS_SPARE 4096 /* MiB: the other partitions, and what Windows adds */
#define CONSOLE "console=tty0 console=ttyS0,115200" /* for a platform that says none */

static const char *const item_fields[] = { ".", "n", NULL };

/* Takes over what was allocated; NULL says that there was no memory. */
void *context_own(struct context *c, void *p)
{
	if (!p || c->owns == sizeof(c->owned) / sizeof(c->owned[0])) {
		free(p);
		c->failed = true;
		return NULL;
	}
	c->owned[c->owns++] = p;
	return p;
}

const char *context_text(struct context *c, const char *format, ...)
{
	va_list args;
	char *text;
	int n;

	va_start(args, format);
	n = vasprintf(&text, format, args);
	va_end(args);
	text = context_own(c, n < 0 ? NULL : text);
	return text ? text : "";
}

struct template_value *context_add(struct context *c, const char *name)
{
	if (c->scope.values == CONTEXT_VALUES) {
		c->failed = true;
		return &c->value[0];
	}
	c->value[c->scope.values] = (struct template_value){ .name = name };
	return &c->value[c->scope.values++];
}

static void say(struct context *c, const char *name, const char *text)
{
	context_add(c, name)->text = text ? text : "";
}

/* Whether the template shows the value that was said last. */
static void watch(struct context *c, bool *shown)
{
	if (!c->failed)
		c->value[c->scope.values - 1].shown = shown;
}

static void say_number(struct context *c, const char *name, int64_t number)
{
	say(c, name, context_text(c, "%" PRId64, number));
}

/* A list of texts from words or lines; n counts them from 1. */
void context_fill_list(struct context *c, struct template_value *list, const char *name,
		       const char *text, const char *between)
{
	size_t most = strlen(text) / 2 + 1;
	char *copy, *rest, *word, (*number)[12];
	struct template_scope *item;
	struct template_value *value;

	*list = (struct template_value){ .name = name, .fields = item_fields };
	if (!*text)
		return;
	rest = copy = context_own(c, strdup(text));
	list->item = item = context_own(c, calloc(most, sizeof(*item)));
	value = context_own(c, calloc(most, 2 * sizeof(*value)));
	number = context_own(c, calloc(most, sizeof(*number)));
	if (!copy || !item || !value || !number)
		return;
	while ((word = strsep(&rest, between))) {
		size_t i = list->items;

		if (!*word)
			continue;
		value[2 * i] = (struct template_value){ .name = ".", .text = word };
		snprintf(number[i], sizeof(number[i]), "%u", (unsigned)i + 1);
		value[2 * i + 1] =
			(struct template_value){ .name = "n", .text = number[i] };
		item[i] = (struct template_scope){ .value = &value[2 * i], .values = 2 };
		list->items++;
	}
}

static void say_list(struct context *c, const char *name, const char *text,
		     const char *between)
{
	context_fill_list(c, context_add(c, name), name, text, between);
}

/* Our URL as the machine sees it; pxekit.conf lets none end in a slash. */
static bool say_site(struct context *c, const struct artefact_facts *f,
		     char why[static ARTEFACT_WHY])
{
	const char *base = f->conf->url ? f->conf->url : "", *host;

	if (f->network && f->network->url && *f->network->url)
		base = f->network->url;
	if (!*base) {
		snprintf(why, ARTEFACT_WHY,
			 "pxekit.conf says no url that machines could reach us at");
		return false;
	}
	host = strstr(base, "://");
	host = host ? host + 3 : base;
	say(c, "site", f->conf->site);
	say(c, "base", base);
	say(c, "host", context_text(c, "%.*s", (int)strcspn(host, "/"), host));
	say(c, "network", f->network ? f->network->name : "");
	say(c, "url", f->token ? context_text(c, "%s/j/%s", base, f->token) : "");
	say(c, "token", f->token);
	return true;
}

/* install: the menus may offer the deployment environment. */
static void say_plan(struct context *c, const struct artefact_facts *f)
{
	const struct plan *plan = f->plan;
	bool install = plan && plan->action == PLAN_INSTALL && f->image &&
		       f->image->kind == IMAGE_ROOTFS;

	say(c, "action", plan ? plan_action_name(plan->action) : "");
	say(c, "rule", plan ? plan->rule : "");
	say(c, "why", plan ? plan->why : "");
	say(c, "install", install ? "yes" : "");
}

static void say_machine(struct context *c, const struct artefact_facts *f)
{
	static const struct machine nobody;
	const struct machine *m = f->machine ? f->machine : &nobody;
	char colons[MAC_TEXT], hyphens[MAC_TEXT];

	mac_format(&m->mac, ':', colons);
	mac_format(&m->mac, '-', hyphens);
	say(c, "mac", f->machine ? context_text(c, "%s", colons) : "");
	say_list(c, "macs", f->macs ? f->macs : f->machine ? colons : "", " ");
	say(c, "mac-hyphens", f->machine ? context_text(c, "%s", hyphens) : "");
	say(c, "uuid", m->uuid);
	say(c, "serial", m->serial);
	say(c, "manufacturer", m->manufacturer);
	say(c, "product", m->product);
	say(c, "machine", m->name);
}

static const char *console_of(const struct artefact_facts *f, const char *platform)
{
	const struct conf_platform *p = conf_platform_named(f->conf, platform);

	return p && p->console && *p->console ? p->console : CONSOLE;
}

static const char *platform_of(const struct artefact_facts *f)
{
	if (f->job && *f->job->platform)
		return f->job->platform;
	return f->network && f->network->platform ? f->network->platform : "";
}

static void say_job(struct context *c, const struct artefact_facts *f)
{
	const struct job *j = f->job;

	say(c, "job", j ? context_text(c, "%" PRId64, j->id) : "");
	say(c, "attempt", j ? context_text(c, "%u", j->attempt) : "");
	say(c, "platform", platform_of(f));
	say(c, "profile", j ? j->profile : "");
	say(c, "console", console_of(f, platform_of(f)));
}

static void say_words(struct context *c, const struct artefact_facts *f)
{
	static const struct settings none;
	const struct settings *s = f->settings ? f->settings : &none;

	say_list(c, "console-words", console_of(f, platform_of(f)), " ");
	say_list(c, "argument-words", settings_get(s, "arguments"), " ");
}

/* Every setting under its own name; the job's host name is the job's. */
static void say_settings(struct context *c, const struct artefact_facts *f)
{
	static const struct settings none;
	const struct settings *s = f->settings ? f->settings : &none;

	for (size_t i = 0; i < setting_count; i++) {
		const char *name = setting_defs[i].name;
		const char *text = s->value[i] ? s->value[i] : "";

		if (strcmp(name, "hostname") == 0 && f->job && *f->job->hostname)
			text = f->job->hostname;
		if (setting_is(&setting_defs[i], SETTING_FLAG) && strcmp(text, "no") == 0)
			text = "";
		if (setting_is(&setting_defs[i], SETTING_LIST))
			say_list(c, name, text, "\n");
		else
			say(c, name, text);
		if (setting_is(&setting_defs[i], SETTING_SECRET))
			watch(c, &c->secret);
	}
}

/* For other images it says nothing of the job's settings. */
static void say_windows(struct context *c, const struct artefact_facts *f)
{
	static const struct settings none;
	static const struct mac nobody;
	const struct mac *mac = f->machine ? &f->machine->mac : &nobody;
	bool windows = f->image && f->image->kind == IMAGE_WIM && f->settings;
	struct winanswer answer;

	if (!winanswer_fill(&answer, windows ? f->settings : &none, f->image,
			    f->job ? &f->job->mac : mac,
			    f->job ? f->job->hostname : "")) {
		c->failed = true;
		return;
	}
	for (size_t i = 0; i < answer.values; i++) {
		const char *name = answer.value[i].name;
		const char *text = context_own(c, answer.value[i].text);

		if (strcmp(name, "windows-bypass") == 0)
			say_list(c, name, text ? text : "", "\n");
		else
			say(c, name, text);
	}
}

static void say_payload(struct context *c, const struct image *image)
{
	const struct image_file *p = image ? image_payload(image) : NULL;

	say(c, "file", p ? p->name : "");
	say(c, "sha256", p ? p->sha256 : "");
	say(c, "size", p && p->size >= 0 ? context_text(c, "%" PRId64, p->size) : "");
}

/* install2.swm and its like follow install.swm. */
static bool is_part(const struct image_file *payload, const struct image_file *file)
{
	size_t stem = strlen(payload->name) - 4;

	if (file == payload)
		return true;
	return strcmp(payload->name + stem, ".swm") == 0 &&
	       strncmp(file->name, payload->name, stem) == 0 && file->name[stem] >= '2' &&
	       file->name[stem] <= '9' &&
	       strcmp(file->name + stem + strspn(file->name + stem, "0123456789"),
		      ".swm") == 0;
}

static void say_part(struct context *c, struct template_value value[static 3],
		     const struct image_file *file)
{
	const char *size = file->size >= 0 ? context_text(c, "%" PRId64, file->size) : "";

	value[0] = (struct template_value){ .name = "part-name", .text = file->name };
	value[1] = (struct template_value){ .name = "part-sha256", .text = file->sha256 };
	value[2] = (struct template_value){ .name = "part-size", .text = size };
}

/* What is written to the disk comes in one file, or in the parts of a split WIM. */
static void say_parts(struct context *c, const char *name, const struct image *image)
{
	static const char *const fields[] = { "part-name", "part-sha256", "part-size",
					      NULL };
	const struct image_file *p = image ? image_payload(image) : NULL;
	struct template_value *list = context_add(c, name), *value = NULL;
	struct template_scope *item = NULL;
	size_t most = 0;

	*list = (struct template_value){ .name = name, .fields = fields };
	for (size_t i = 0; p && i < image->files; i++)
		most += is_part(p, &image->file[i]);
	if (!most)
		return;
	list->item = item = context_own(c, calloc(most, sizeof(*item)));
	value = context_own(c, calloc(most, 3 * sizeof(*value)));
	for (size_t i = 0; item && value && i < image->files; i++) {
		if (!is_part(p, &image->file[i]))
			continue;
		say_part(c, value, &image->file[i]);
		item[list->items++] = (struct template_scope){ value, 3 };
		value += 3;
	}
}

static void say_image(struct context *c, const struct image *image)
{
	const struct image_file *kernel =
		image ? context_file_like(image, "vmlinuz", "linux") : NULL;
	const struct image_file *initrd =
		image ? context_file_like(image, "initrd", "initramfs") : NULL;

	say(c, "image",
	    image ? context_text(c, "%s@%s", image->name, image->version) : "");
	say(c, "image-name", image ? image->name : "");
	say(c, "image-version", image ? image->version : "");
	say(c, "image-kind", image ? image_kind_name(image->kind) : "");
	say(c, "image-path",
	    image ? context_text(c, "images/%s/%s", image->name, image->version) : "");
	say_number(c, "min-disk", image ? image->min_disk : 0);
	say(c, "kernel", kernel ? kernel->name : "");
	say(c, "initrd", initrd ? initrd->name : "");
	say(c, "boot-wim", context_boot_wim(image));
}

/* Where Windows PE finds the images by SMB, if the site says so; as Windows writes it. */
static void say_smb(struct context *c, const struct artefact_facts *f)
{
	bool has = f->conf->smb_share && *f->conf->smb_share;

	say(c, "smb-share", has ? f->conf->smb_share : "");
	say(c, "smb-user", has ? f->conf->smb_user : "");
	say(c, "smb-password", has && f->smb_password ? f->smb_password : "");
	watch(c, &c->secret);
}

/* As DISM finds it: one of its kind, and in letters that cmd can pass on. */
static const char *name_for_dism(const struct image *image, const struct image_edition *e)
{
	for (const char *p = e->wim_name; *p; p++)
		if (*p < 0x20 || *p >= 0x7f || *p == '"' || *p == '\\')
			return "";
	for (size_t i = 0; i < image->editions; i++)
		if (&image->edition[i] != e &&
		    strcasecmp(image->edition[i].wim_name, e->wim_name) == 0)
			return "";
	return e->wim_name;
}

/* What of the image goes onto the disk: by its name, and by its index in this very file.
 */
static void say_edition(struct context *c, const struct artefact_facts *f)
{
	static const struct settings none;
	char why[WINDOWS_WHY];
	bool wim = f->image && f->image->kind == IMAGE_WIM;
	const struct image_edition *e =
		wim ? windows_edition(f->image, f->settings ? f->settings : &none, why)
		    : NULL;
	const struct image_file *p = wim ? image_payload(f->image) : NULL;
	int64_t octets = e ? e->size : 0;

	for (size_t i = 0; p && i < f->image->files; i++)
		if (is_part(p, &f->image->file[i]) && f->image->file[i].size > 0)
			octets += f->image->file[i].size;
	say(c, "edition-name", e && !strchr(e->name, '"') ? e->name : "");
	say(c, "edition-wim-name", e ? name_for_dism(f->image, e) : "");
	say(c, "edition-index", e ? context_text(c, "%d", e->index) : "");
	say_number(c, "windows-mib", octets / MIB + WINDOWS_SPARE);
}

/* Parts of the static address: cmd cannot take it to pieces. */
static void say_address(struct context *c, const char *cidr)
{
	int len = (int)strcspn(cidr, "/");
	bool v4 = cidr[len] && !strchr(cidr, ':');
	unsigned bits = v4 ? (unsigned)strtoul(cidr + len + 1, NULL, 10) : 0;
	struct in_addr mask = {
		.s_addr = htonl(bits && bits <= 32 ? ~UINT32_C(0) << (32 - bits) : 0)
	};
	char text[INET_ADDRSTRLEN] = "";

	if (v4 && bits && bits <= 32)
		inet_ntop(AF_INET, &mask, text, sizeof(text));
	say(c, "ip", context_text(c, "%.*s", len, cidr));
	say(c, "netmask", context_text(c, "%s", text));
}

static void say_their_image(struct context *c, const struct artefact_facts *f)
{
	say_image(c, f->image);
}

static void say_their_payload(struct context *c, const struct artefact_facts *f)
{
	say_payload(c, f->image);
	say_parts(c, "part", f->image);
}

static void say_their_address(struct context *c, const struct artefact_facts *f)
{
	say_address(c, f->settings ? settings_get(f->settings, "address") : "");
}

/* Each part always says the same names. */
static void (*const parts[])(struct context *c, const struct artefact_facts *f) = {
	say_plan,
	say_machine,
	say_job,
	say_words,
	say_settings,
	say_their_image,
	say_their_payload,
	say_smb,
	context_say_menu,
	say_windows,
	say_edition,
	say_their_address,
	context_say_answers,
};

#define PARTS (sizeof(parts) / sizeof(parts[0]))

static void begin(struct context *c)
{
	c->scope = (struct template_scope){ .value = c->value };
	c->owns = 0;
	c->failed = c->secret = false;
}

bool context_fill(struct context *c, const struct artefact_facts *f, unsigned wanted,
		  char why[static ARTEFACT_WHY])
{
	begin(c);
	if (!say_site(c, f, why))
		return false;
	for (size_t i = 0; i < PARTS; i++)
		if (wanted & 1u << i)
			parts[i](c, f);
	if (c->failed)
		snprintf(why, ARTEFACT_WHY, "not enough memory for a template's values");
	return !c->failed;
}

unsigned context_parts_of(const struct template *template, const struct artefact_facts *f)
{
	struct context c;
	unsigned wanted = 0;

	for (size_t i = 0; i < PARTS; i++) {
		begin(&c);
		parts[i](&c, f);
		for (size_t k = 0; k < c.scope.values; k++)
			if (template_names(template, c.value[k].name))
				wanted |= 1u << i;
		if (c.failed)
			wanted = CONTEXT_ALL;
		context_free(&c);
	}
	return wanted;
}

void context_free(struct context *c)
{
	while (c->owns)
		free(c->owned[--c->owns]);
}
