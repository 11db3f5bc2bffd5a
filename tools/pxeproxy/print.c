#include "config.h"

#include "tools/pxeproxy/print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/sys/conf_value.h"

static void print_quoted(const char *text)
{
	putchar('"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			putchar('\\');
		putchar(*text);
	}
	putchar('"');
}

static void print_text(const char *indent, const char *key, const char *text)
{
	printf("%s%s = ", indent, key);
	print_quoted(text);
	putchar('\n');
}

/* Within a section, where what is empty is unsaid. */
static void print_key(const char *key, const char *text)
{
	if (*text)
		print_text("\t", key, text);
}

static void print_dotted(uint32_t a)
{
	printf("%u.%u.%u.%u", a >> 24, a >> 16 & 255, a >> 8 & 255, a & 255);
}

static void print_archs(const unsigned *arch, size_t count)
{
	if (!count)
		return;
	printf("\tarch = {");
	for (size_t i = 0; i < count; i++)
		printf("%s%u", i ? ", " : " ", arch[i]);
	printf(" }\n");
}

static void print_relays(const struct conf_network *n)
{
	if (!n->relays)
		return;
	printf("\trelay = {");
	for (size_t i = 0; i < n->relays; i++) {
		printf(i ? ", \"" : " \"");
		print_dotted(n->relay[i]);
		putchar('"');
	}
	printf(" }\n");
}

static void print_default_job(const struct conf_network *n)
{
	char number[24];

	if (!*n->default_job)
		return;
	snprintf(number, sizeof(number), "%u", n->default_jobs_max);
	print_key("default-job", n->default_job);
	print_key("default-jobs-max", number);
}

static void print_network(const struct conf_network *n)
{
	printf("\nnetwork %s {\n", n->name);
	print_key("interface", n->interface);
	printf("\tsubnet = \"");
	print_dotted(n->subnet);
	printf("/%d\"\n", n->mask ? __builtin_popcount(n->mask) : 0);
	if (n->server) {
		printf("\tserver = \"");
		print_dotted(n->server);
		printf("\"\n");
	}
	print_key("url", n->url);
	print_key("policy", plan_policy_name(n->policy));
	print_key("unknown", plan_action_name(n->unknown));
	print_relays(n);
	print_key("platform", n->platform);
	print_key("profile", n->profile);
	print_default_job(n);
	print_key("route", route_name(n->route));
	print_key("style", style_name(n->style));
	printf("}\n");
}

static void print_loader(const struct conf_loader *l)
{
	printf("\nloader %s {\n", l->name);
	print_archs(l->arch, l->archs);
	print_key("route", route_name(l->route));
	print_key("file", l->file);
	print_key("second", l->second);
	print_key("style", style_name(l->style));
	printf("}\n");
}

static void print_platform(const struct conf_platform *p)
{
	printf("\nplatform %s {\n", p->name);
	print_key("console", p->console);
	print_key("disk", p->disk);
	print_key("route", route_name(p->route));
	printf("}\n");
}

static void print_macs(const struct conf_machine *m)
{
	if (!m->macs)
		return;
	printf("\tmac = {");
	for (size_t i = 0; i < m->macs; i++) {
		printf(i ? ", \"" : " \"");
		for (unsigned k = 0; k < m->mac[i].len; k++)
			printf(k ? ":%02x" : "%02x", m->mac[i].octet[k]);
		putchar('"');
	}
	printf(" }\n");
}

static void print_uuids(const struct conf_words *uuids)
{
	for (size_t i = 0; i < uuids->count; i++)
		printf("%s\"%s\"", i ? ", " : "\tuuid = { ", uuids->word[i]);
	if (uuids->count)
		printf(" }\n");
}

static void print_machine(const struct conf_machine *m)
{
	printf("\nmachine %s {\n", m->name);
	print_macs(m);
	print_uuids(&m->uuids);
	print_archs(m->arch, m->archs);
	print_key("manufacturer", m->manufacturer);
	print_key("product", m->product);
	print_key("route", route_name(m->route));
	print_key("style", style_name(m->style));
	printf("}\n");
}

static void print_pack(const struct conf_pack *p)
{
	printf("\ndriver-pack %s {\n", p->name);
	print_key("manufacturer", p->manufacturer);
	print_key("product", p->product);
	print_key("folder", p->folder);
	printf("}\n");
}

/* The values of a list are lines. */
static void print_list(const char *name, const char *value)
{
	const char *end;

	printf("\t%s = {", name);
	for (; *value; value = *end ? end + 1 : end) {
		char *one;

		end = strchrnul(value, '\n');
		one = strndup(value, (size_t)(end - value));
		putchar(' ');
		if (one)
			print_quoted(one);
		free(one);
		if (*end)
			putchar(',');
	}
	printf(" }\n");
}

static void print_profile(const struct conf_profile *p)
{
	printf("\nprofile %s {\n", p->name);
	for (size_t i = 0; i < setting_count; i++) {
		const struct setting_def *def = &setting_defs[i];
		const char *value = settings_get(&p->settings, def->name);
		const char *file = settings_get(&p->files, def->name);
		char key[CONF_SETTING_KEY];

		conf_setting_key(def, key);
		if (*file)
			print_key(key, file);
		if (!*value)
			continue;
		if (setting_is(def, SETTING_SECRET))
			printf("\t# %s is set and not shown\n", def->name);
		else if (setting_is(def, SETTING_LIST))
			print_list(def->name, value);
		else
			print_key(def->name, value);
	}
	printf("}\n");
}

static void print_root(const struct conf *conf)
{
	char number[24];

	snprintf(number, sizeof(number), "%u", conf->attempts_max);
	print_text("", "site", conf->site);
	print_text("", "url", conf->url);
	print_text("", "database", conf->database);
	print_text("", "images", conf->images);
	print_text("", "tftp", conf->tftp);
	print_text("", "templates", conf->templates);
	print_text("", "deploy", conf->deploy);
	print_text("", "key", conf->key);
	print_text("", "user", conf->user);
	print_text("", "attempts-max", number);
}

/* A standard loader that one of the site stands before is nobody's. */
static bool is_reached(const struct conf *conf, const struct conf_loader *l)
{
	for (size_t i = 0; i < l->archs; i++)
		if (conf_loader_on(conf, l->route, l->arch[i]) == l)
			return true;
	return false;
}

void print_conf(const struct conf *conf)
{
	print_root(conf);
	for (size_t i = 0; i < conf->networks; i++)
		print_network(&conf->network[i]);
	for (size_t i = 0; i < conf->loaders; i++)
		if (is_reached(conf, &conf->loader[i]))
			print_loader(&conf->loader[i]);
	for (size_t i = 0; i < conf->machines; i++)
		print_machine(&conf->machine[i]);
	for (size_t i = 0; i < conf->packs; i++)
		print_pack(&conf->pack[i]);
	for (size_t i = 0; i < conf->platforms; i++)
		print_platform(&conf->platform[i]);
	for (size_t i = 0; i < conf->profiles; i++)
		print_profile(&conf->profile[i]);
}
