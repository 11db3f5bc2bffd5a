#include "config.h"

#include "lib/sys/conf_take.h"

#include <confuse.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/duration.h"
#include "lib/core/role.h"
#include "lib/sys/conf_value.h"

static bool copy(char **out, const char *text)
{
	free(*out);
	*out = strdup(text);
	return *out != NULL;
}

/* What is not said stays unsaid. */
static void take_way(cfg_t *sec, enum boot_route *route, enum boot_style *style)
{
	route_parse(cfg_getstr(sec, "route"), route);
	if (style)
		style_parse(cfg_getstr(sec, "style"), style);
}

static bool take_network(struct conf_network *n, cfg_t *sec, const char *site_url)
{
	const char *url = cfg_getstr(sec, "url");
	size_t relays = cfg_size(sec, "relay");
	char why[CONF_WHY];

	conf_value_cidr(cfg_getstr(sec, "subnet"), &n->subnet, &n->mask, why);
	conf_value_address(cfg_getstr(sec, "server"), &n->server);
	plan_policy_parse(cfg_getstr(sec, "policy"), &n->policy);
	plan_action_parse(cfg_getstr(sec, "unknown"), &n->unknown);
	conf_value_number(cfg_getstr(sec, "default-jobs-max"), 1000000,
			  &n->default_jobs_max);
	take_way(sec, &n->route, &n->style);
	conf_value_number(cfg_getstr(sec, "tftp-transfers"), 1000000, &n->tftp_transfers);
	conf_value_rate(cfg_getstr(sec, "tftp-rate"), &n->tftp_rate);
	n->relay = calloc(relays + 1, sizeof(*n->relay));
	if (!n->relay)
		return false;
	for (; n->relays < relays; n->relays++)
		conf_value_address(cfg_getnstr(sec, "relay", (unsigned)n->relays),
				   &n->relay[n->relays]);
	return copy(&n->name, cfg_title(sec)) &&
	       copy(&n->interface, cfg_getstr(sec, "interface")) &&
	       copy(&n->url, *url ? url : site_url) &&
	       copy(&n->platform, cfg_getstr(sec, "platform")) &&
	       copy(&n->default_job, cfg_getstr(sec, "default-job")) &&
	       copy(&n->profile, cfg_getstr(sec, "profile"));
}

static bool take_loader(struct conf_loader *l, cfg_t *sec)
{
	for (; l->archs < cfg_size(sec, "arch"); l->archs++)
		conf_value_number(cfg_getnstr(sec, "arch", (unsigned)l->archs), 65535,
				  &l->arch[l->archs]);
	l->route = ROUTE_IPXE;
	take_way(sec, &l->route, &l->style);
	return copy(&l->name, cfg_title(sec)) &&
	       copy(&l->file, cfg_getstr(sec, "file")) &&
	       copy(&l->second, cfg_getstr(sec, "second"));
}

static bool take_platform(struct conf_platform *p, cfg_t *sec)
{
	take_way(sec, &p->route, NULL);
	return copy(&p->name, cfg_title(sec)) &&
	       copy(&p->console, cfg_getstr(sec, "console")) &&
	       copy(&p->disk, cfg_getstr(sec, "disk"));
}

static bool take_words(struct conf_words *w, cfg_t *sec, const char *key)
{
	size_t count = cfg_size(sec, key);

	w->word = calloc(count + 1, sizeof(*w->word));
	if (!w->word)
		return false;
	for (; w->count < count; w->count++)
		if (!copy(&w->word[w->count], cfg_getnstr(sec, key, (unsigned)w->count)))
			return false;
	return true;
}

static bool take_machine(struct conf_machine *m, cfg_t *sec)
{
	size_t macs = cfg_size(sec, "mac");

	take_way(sec, &m->route, &m->style);
	m->mac = calloc(macs + 1, sizeof(*m->mac));
	if (!m->mac)
		return false;
	for (; m->macs < macs; m->macs++)
		m->mac[m->macs].len =
			conf_value_mac(cfg_getnstr(sec, "mac", (unsigned)m->macs),
				       m->mac[m->macs].octet);
	for (; m->archs < cfg_size(sec, "arch"); m->archs++)
		conf_value_number(cfg_getnstr(sec, "arch", (unsigned)m->archs), 65535,
				  &m->arch[m->archs]);
	return copy(&m->name, cfg_title(sec)) && take_words(&m->uuids, sec, "uuid") &&
	       copy(&m->manufacturer, cfg_getstr(sec, "manufacturer")) &&
	       copy(&m->product, cfg_getstr(sec, "product"));
}

static bool take_alias(struct conf_alias *a, cfg_t *sec)
{
	return copy(&a->name, cfg_title(sec)) &&
	       copy(&a->pattern, cfg_getstr(sec, "name")) &&
	       copy(&a->file, cfg_getstr(sec, "file"));
}

static bool take_pack(struct conf_pack *p, cfg_t *sec)
{
	return copy(&p->name, cfg_title(sec)) &&
	       copy(&p->manufacturer, cfg_getstr(sec, "manufacturer")) &&
	       copy(&p->product, cfg_getstr(sec, "product")) &&
	       copy(&p->folder, cfg_getstr(sec, "folder"));
}

static bool take_role(struct conf_role *r, cfg_t *sec)
{
	for (unsigned i = 0; i < cfg_size(sec, "rights"); i++) {
		unsigned right = 0;

		role_right_parse(cfg_getnstr(sec, "rights", i), &right);
		r->rights |= right;
	}
	return copy(&r->name, cfg_title(sec)) && take_words(&r->user, sec, "users") &&
	       take_words(&r->group, sec, "groups");
}

static bool take_admin(struct conf_admin *a, cfg_t *sec)
{
	size_t fronts = cfg_size(sec, "front");

	conf_value_number(cfg_getstr(sec, "session-minutes"), 44640, &a->session_min);
	conf_value_number(cfg_getstr(sec, "session-idle-minutes"), 44640,
			  &a->session_idle_min);
	a->front = calloc(fronts + 1, sizeof(*a->front));
	if (!a->front)
		return false;
	for (; a->fronts < fronts; a->fronts++)
		conf_value_address(cfg_getnstr(sec, "front", (unsigned)a->fronts),
				   &a->front[a->fronts]);
	return copy(&a->user, cfg_getstr(sec, "user")) &&
	       copy(&a->www, cfg_getstr(sec, "www")) &&
	       copy(&a->certificate, cfg_getstr(sec, "certificate")) &&
	       copy(&a->certificate_key, cfg_getstr(sec, "certificate-key")) &&
	       copy(&a->user_header, cfg_getstr(sec, "user-header")) &&
	       copy(&a->groups_header, cfg_getstr(sec, "groups-header"));
}

static bool take_profile(struct conf_profile *p, cfg_t *sec)
{
	for (size_t i = 0; i < setting_count; i++) {
		const struct setting_def *def = &setting_defs[i];
		bool plain = setting_is(def, SETTING_PLAIN);
		char key[CONF_SETTING_KEY];

		conf_setting_key(def, key);
		for (unsigned k = 0; k < cfg_size(sec, key); k++) {
			const char *value = cfg_getnstr(sec, key, k);

			if (value && !settings_set(plain ? &p->files : &p->settings,
						   def->name, value))
				return false;
		}
	}
	return copy(&p->name, cfg_title(sec));
}

/* Who says no title means the name. */
static bool take_menu(struct conf_menu *m, cfg_t *sec)
{
	const char *title = cfg_getstr(sec, "title");

	m->is_default = strcmp(cfg_getstr(sec, "default"), "yes") == 0;
	return copy(&m->name, cfg_title(sec)) &&
	       copy(&m->title, *title ? title : cfg_title(sec)) &&
	       copy(&m->image, cfg_getstr(sec, "image")) &&
	       copy(&m->url, cfg_getstr(sec, "url")) &&
	       copy(&m->arguments, cfg_getstr(sec, "arguments")) &&
	       copy(&m->firmware, cfg_getstr(sec, "firmware")) &&
	       take_words(&m->machines, sec, "machines");
}

/* Room for one more element behind count. */
static void *grow(void *array, size_t count, size_t size)
{
	char *grown = reallocarray(array, count + 1, size);

	if (grown)
		memset(grown + count * size, 0, size);
	return grown;
}

static bool add_network(struct conf *conf, cfg_t *sec)
{
	void *grown = grow(conf->network, conf->networks, sizeof(*conf->network));

	if (!grown)
		return false;
	conf->network = grown;
	return take_network(&conf->network[conf->networks++], sec, conf->url);
}

static bool add_loader(struct conf *conf, cfg_t *sec)
{
	void *grown = grow(conf->loader, conf->loaders, sizeof(*conf->loader));

	if (!grown)
		return false;
	conf->loader = grown;
	return take_loader(&conf->loader[conf->loaders++], sec);
}

static bool add_platform(struct conf *conf, cfg_t *sec)
{
	void *grown = grow(conf->platform, conf->platforms, sizeof(*conf->platform));

	if (!grown)
		return false;
	conf->platform = grown;
	return take_platform(&conf->platform[conf->platforms++], sec);
}

static bool add_machine(struct conf *conf, cfg_t *sec)
{
	void *grown = grow(conf->machine, conf->machines, sizeof(*conf->machine));

	if (!grown)
		return false;
	conf->machine = grown;
	return take_machine(&conf->machine[conf->machines++], sec);
}

static bool add_alias(struct conf *conf, cfg_t *sec)
{
	void *grown = grow(conf->alias, conf->aliases, sizeof(*conf->alias));

	if (!grown)
		return false;
	conf->alias = grown;
	return take_alias(&conf->alias[conf->aliases++], sec);
}

static bool add_pack(struct conf *conf, cfg_t *sec)
{
	void *grown = grow(conf->pack, conf->packs, sizeof(*conf->pack));

	if (!grown)
		return false;
	conf->pack = grown;
	return take_pack(&conf->pack[conf->packs++], sec);
}

static bool add_role(struct conf *conf, cfg_t *sec)
{
	void *grown = grow(conf->role, conf->roles, sizeof(*conf->role));

	if (!grown)
		return false;
	conf->role = grown;
	return take_role(&conf->role[conf->roles++], sec);
}

static bool has_machine(const struct conf *conf, const char *name)
{
	for (size_t i = 0; i < conf->machines; i++)
		if (strcmp(conf->machine[i].name, name) == 0)
			return true;
	return false;
}

static bool knows_machines(const struct conf *conf, const struct conf_menu *m, cfg_t *sec)
{
	for (size_t i = 0; i < m->machines.count; i++)
		if (!has_machine(conf, m->machines.word[i])) {
			cfg_error(sec, "menu %s: there is no section machine %s", m->name,
				  m->machines.word[i]);
			return false;
		}
	return true;
}

static bool add_menu(struct conf *conf, cfg_t *sec)
{
	void *grown = grow(conf->menu, conf->menus, sizeof(*conf->menu));

	if (!grown)
		return false;
	conf->menu = grown;
	return take_menu(&conf->menu[conf->menus], sec) &&
	       knows_machines(conf, &conf->menu[conf->menus++], sec);
}

static bool add_profile(struct conf *conf, cfg_t *sec)
{
	void *grown = grow(conf->profile, conf->profiles, sizeof(*conf->profile));

	if (!grown)
		return false;
	conf->profile = grown;
	return take_profile(&conf->profile[conf->profiles++], sec);
}

/* //HOST/SHARE is easier to write; Windows wants \\HOST\SHARE. */
static bool take_smb(struct conf *conf, cfg_t *smb)
{
	if (!copy(&conf->smb_share, cfg_getstr(smb, "share")) ||
	    !copy(&conf->smb_user, cfg_getstr(smb, "account")))
		return false;
	for (char *p = conf->smb_share; *p; p++)
		if (*p == '/')
			*p = '\\';
	return true;
}

static void take_sweep(struct sweep_bounds *bounds, cfg_t *sec)
{
	for (int state = JOB_QUEUED; state <= JOB_CONFIGURING; state++)
		duration_parse(cfg_getstr(sec, job_state_name((enum job_state)state)),
			       &bounds->silence_ms[state]);
	duration_parse(cfg_getstr(sec, "attempt"), &bounds->attempt_ms);
	bounds->retry = strcmp(cfg_getstr(sec, "action"), "retry") == 0;
}

static bool take_hooks(struct conf *conf, cfg_t *sec)
{
	duration_parse(cfg_getstr(sec, "timeout"), &conf->hook_timeout_ms);
	conf->hook_pre_install = strcmp(cfg_getstr(sec, "pre-install"), "yes") == 0;
	return copy(&conf->hooks, cfg_getstr(sec, "directory"));
}

static bool take_root(struct conf *conf, cfg_t *cfg)
{
	conf_value_number(cfg_getstr(cfg, "attempts-max"), 1000, &conf->attempts_max);
	take_sweep(&conf->sweep, cfg_getsec(cfg, "sweep"));
	if (!take_hooks(conf, cfg_getsec(cfg, "hooks")))
		return false;
	return take_smb(conf, cfg_getsec(cfg, "smb")) &&
	       copy(&conf->site, cfg_getstr(cfg, "site")) &&
	       copy(&conf->url, cfg_getstr(cfg, "url")) &&
	       copy(&conf->database, cfg_getstr(cfg, "database")) &&
	       copy(&conf->images, cfg_getstr(cfg, "images")) &&
	       copy(&conf->tftp, cfg_getstr(cfg, "tftp")) &&
	       copy(&conf->templates, cfg_getstr(cfg, "templates")) &&
	       copy(&conf->deploy, cfg_getstr(cfg, "deploy")) &&
	       copy(&conf->key, cfg_getstr(cfg, "key")) &&
	       copy(&conf->user, cfg_getstr(cfg, "user"));
}

/* ---- what sections say about each other ---- */

static bool named_things_exist(const struct conf *conf, cfg_t *sec)
{
	const char *platform = cfg_getstr(sec, "platform");
	const char *profile = cfg_getstr(sec, "profile");

	if (*platform && !conf_platform_named(conf, platform)) {
		cfg_error(sec, "platform '%s' is not defined", platform);
		return false;
	}
	if (*profile && !conf_profile_named(conf, profile)) {
		cfg_error(sec, "profile '%s' is not defined", profile);
		return false;
	}
	return true;
}

static bool networks_differ(const struct conf *conf, size_t i, cfg_t *sec)
{
	const struct conf_network *n = &conf->network[i];

	for (size_t k = 0; k < i; k++) {
		const struct conf_network *o = &conf->network[k];

		if (o->subnet == n->subnet && o->mask == n->mask &&
		    strcmp(o->interface, n->interface) == 0) {
			cfg_error(sec,
				  "networks %s and %s have the same subnet "
				  "and interface",
				  o->name, n->name);
			return false;
		}
	}
	return true;
}

static bool add_networks(struct conf *conf, cfg_t *cfg)
{
	for (unsigned i = 0; i < cfg_size(cfg, "network"); i++) {
		cfg_t *sec = cfg_getnsec(cfg, "network", i);

		if (!add_network(conf, sec) || !named_things_exist(conf, sec) ||
		    !networks_differ(conf, i, sec))
			return false;
	}
	return true;
}

static bool add_loaders(struct conf *conf, cfg_t *cfg)
{
	for (unsigned i = 0; i < cfg_size(cfg, "loader"); i++) {
		cfg_t *sec = cfg_getnsec(cfg, "loader", i);
		struct conf_loader *l;

		if (!add_loader(conf, sec))
			return false;
		l = &conf->loader[conf->loaders - 1];
		for (size_t k = 0; k < l->archs; k++) {
			const struct conf_loader *o =
				conf_loader_on(conf, l->route, l->arch[k]);

			if (o != l) {
				cfg_error(sec, "loaders %s and %s are both for arch %u",
					  o->name, l->name, l->arch[k]);
				return false;
			}
		}
	}
	return true;
}

static bool add_platforms(struct conf *conf, cfg_t *cfg)
{
	for (unsigned i = 0; i < cfg_size(cfg, "platform"); i++) {
		cfg_t *sec = cfg_getnsec(cfg, "platform", i);

		if (!conf_platform_named(conf, cfg_title(sec)) &&
		    !add_platform(conf, sec))
			return false;
	}
	return true;
}

/* Every section of a name, by what adds one. */
static bool add_all(struct conf *conf, cfg_t *cfg, const char *name,
		    bool (*add)(struct conf *conf, cfg_t *sec))
{
	for (unsigned i = 0; i < cfg_size(cfg, name); i++)
		if (!add(conf, cfg_getnsec(cfg, name, i)))
			return false;
	return true;
}

static bool add_menus(struct conf *conf, cfg_t *cfg)
{
	if (cfg_size(cfg, "menu") > CONF_MENUS) {
		cfg_error(cfg, "more than %d menu sections", CONF_MENUS);
		return false;
	}
	return add_all(conf, cfg, "menu", add_menu);
}

/* conf_loader_on() finds the first: the admin's win over these. */
static bool add_standard_loaders(struct conf *conf, cfg_t *standards)
{
	conf->loaders_said = conf->loaders;
	return add_all(conf, standards, "loader", add_loader);
}

bool conf_take(struct conf *conf, cfg_t *cfg, cfg_t *standards)
{
	return take_root(conf, cfg) && add_platforms(conf, cfg) &&
	       add_platforms(conf, standards) &&
	       add_all(conf, cfg, "machine", add_machine) &&
	       add_all(conf, cfg, "profile", add_profile) &&
	       add_all(conf, cfg, "alias", add_alias) &&
	       add_all(conf, cfg, "driver-pack", add_pack) && add_menus(conf, cfg) &&
	       add_all(conf, cfg, "role", add_role) &&
	       take_admin(&conf->admin, cfg_getsec(cfg, "admin")) &&
	       add_loaders(conf, cfg) && add_standard_loaders(conf, standards) &&
	       add_networks(conf, cfg) &&
	       (conf->networks > 0 ||
		add_network(conf, cfg_getnsec(standards, "network", 0)));
}
