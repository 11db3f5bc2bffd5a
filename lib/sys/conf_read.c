#include "config.h"

#include "lib/sys/conf.h"

#include <confuse.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/sys/conf_check.h"
#include "lib/sys/conf_standard.h"
#include "lib/sys/conf_take.h"
#include "lib/sys/conf_value.h"
#include "lib/sys/file.h"

#define CONF_LARGEST (1 << 20)

/* libconfuse calls this for its own mistakes and for ours. */
__attribute__((format(printf, 2, 0))) static void complain(cfg_t *cfg, const char *format,
							   va_list ap)
{
	char text[1024];

	vsnprintf(text, sizeof(text), format, ap);
	for (char *p = text; *p; p++)
		if (iscntrl((unsigned char)*p))
			*p = '?';
	fprintf(stderr, "%s:%d: %s\n", cfg->filename ? cfg->filename : "pxekit.conf",
		cfg->line, text);
}

static int checked(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
	char why[CONF_WHY];

	if (!conf_value_check(cfg->name, opt->name, value, why)) {
		cfg_error(cfg, "%s '%s' %s", opt->name, value, why);
		return -1;
	}
	*(const char **)result = value;
	return 0;
}

/* libconfuse copies these; it only wants them writable. */
static cfg_opt_t network_keys[] = {
	CFG_STR_CB("interface", "", CFGF_NONE, checked),
	CFG_STR_CB("subnet", "0.0.0.0/0", CFGF_NONE, checked),
	CFG_STR_CB("server", "0.0.0.0", CFGF_NONE, checked),
	CFG_STR_CB("url", "", CFGF_NONE, checked),
	CFG_STR_CB("policy", "jobs", CFGF_NONE, checked),
	CFG_STR_CB("unknown", "silent", CFGF_NONE, checked),
	CFG_STR_CB("default-job", "", CFGF_NONE, checked),
	CFG_STR_CB("default-jobs-max", "100", CFGF_NONE, checked),
	CFG_STR_LIST_CB("relay", NULL, CFGF_NONE, checked),
	CFG_STR_CB("platform", "", CFGF_NONE, checked),
	CFG_STR_CB("profile", "", CFGF_NONE, checked),
	CFG_STR_CB("route", "", CFGF_NONE, checked),
	CFG_STR_CB("style", "", CFGF_NONE, checked),
	CFG_STR_CB("tftp-transfers", "0", CFGF_NONE, checked),
	CFG_STR_CB("tftp-rate", "0", CFGF_NONE, checked),
	CFG_END(),
};

static cfg_opt_t alias_keys[] = {
	CFG_STR_CB("name", "", CFGF_NONE, checked),
	CFG_STR_CB("file", "", CFGF_NONE, checked),
	CFG_END(),
};

static cfg_opt_t loader_keys[] = {
	CFG_STR_LIST_CB("arch", NULL, CFGF_NONE, checked),
	CFG_STR_CB("file", "", CFGF_NONE, checked),
	CFG_STR_CB("second", "", CFGF_NONE, checked),
	CFG_STR_CB("route", "ipxe", CFGF_NONE, checked),
	CFG_STR_CB("style", "", CFGF_NONE, checked),
	CFG_END(),
};

static cfg_opt_t platform_keys[] = {
	CFG_STR_CB("console", "", CFGF_NONE, checked),
	CFG_STR_CB("disk", "", CFGF_NONE, checked),
	CFG_STR_CB("route", "", CFGF_NONE, checked),
	CFG_END(),
};

static cfg_opt_t smb_keys[] = {
	CFG_STR_CB("share", "", CFGF_NONE, checked),
	CFG_STR_CB("account", "deploy", CFGF_NONE, checked),
	CFG_END(),
};

static cfg_opt_t hooks_keys[] = {
	CFG_STR_CB("directory", PXEKIT_SYSCONFDIR "/hooks.d", CFGF_NONE, checked),
	CFG_STR_CB("timeout", "30s", CFGF_NONE, checked),
	CFG_STR_CB("pre-install", "no", CFGF_NONE, checked),
	CFG_END(),
};

static cfg_opt_t sweep_keys[] = {
	CFG_STR_CB("queued", "0", CFGF_NONE, checked),
	CFG_STR_CB("booting", "30m", CFGF_NONE, checked),
	CFG_STR_CB("installing", "1h", CFGF_NONE, checked),
	CFG_STR_CB("configuring", "3h", CFGF_NONE, checked),
	CFG_STR_CB("attempt", "1d", CFGF_NONE, checked),
	CFG_STR_CB("action", "fail", CFGF_NONE, checked),
	CFG_END(),
};

static cfg_opt_t machine_keys[] = {
	CFG_STR_LIST_CB("mac", NULL, CFGF_NONE, checked),
	CFG_STR_LIST_CB("uuid", NULL, CFGF_NONE, checked),
	CFG_STR_LIST_CB("arch", NULL, CFGF_NONE, checked),
	CFG_STR_CB("manufacturer", "", CFGF_NONE, checked),
	CFG_STR_CB("product", "", CFGF_NONE, checked),
	CFG_STR_CB("route", "", CFGF_NONE, checked),
	CFG_STR_CB("style", "", CFGF_NONE, checked),
	CFG_END(),
};

static cfg_opt_t pack_keys[] = {
	CFG_STR_CB("manufacturer", "", CFGF_NONE, checked),
	CFG_STR_CB("product", "", CFGF_NONE, checked),
	CFG_STR_CB("folder", "", CFGF_NONE, checked),
	CFG_END(),
};

static cfg_opt_t role_keys[] = {
	CFG_STR_LIST_CB("users", NULL, CFGF_NONE, checked),
	CFG_STR_LIST_CB("groups", NULL, CFGF_NONE, checked),
	CFG_STR_LIST_CB("rights", NULL, CFGF_NONE, checked),
	CFG_END(),
};

static cfg_opt_t admin_keys[] = {
	CFG_STR_CB("user", "pxekit-ingest", CFGF_NONE, checked),
	CFG_STR_CB("www", PXEKIT_DATADIR "/www", CFGF_NONE, checked),
	CFG_STR_CB("certificate", "", CFGF_NONE, checked),
	CFG_STR_CB("certificate-key", "", CFGF_NONE, checked),
	CFG_STR_CB("user-header", "", CFGF_NONE, checked),
	CFG_STR_CB("groups-header", "", CFGF_NONE, checked),
	CFG_STR_LIST_CB("front", NULL, CFGF_NONE, checked),
	CFG_STR_CB("session-minutes", "720", CFGF_NONE, checked),
	CFG_STR_CB("session-idle-minutes", "30", CFGF_NONE, checked),
	CFG_END(),
};

static cfg_opt_t menu_keys[] = {
	CFG_STR_CB("title", "", CFGF_NONE, checked),
	CFG_STR_CB("image", "", CFGF_NONE, checked),
	CFG_STR_CB("url", "", CFGF_NONE, checked),
	CFG_STR_CB("arguments", "", CFGF_NONE, checked),
	CFG_STR_CB("firmware", "", CFGF_NONE, checked),
	CFG_STR_LIST_CB("machines", NULL, CFGF_NONE, checked),
	CFG_STR_CB("default", "no", CFGF_NONE, checked),
	CFG_END(),
};

/* One key per row of setting_defs. */
static void fill_profile_keys(cfg_opt_t *keys, char names[][CONF_SETTING_KEY])
{
	static const cfg_opt_t one = CFG_STR_CB(NULL, NULL, CFGF_NONE, checked);
	static const cfg_opt_t list = CFG_STR_LIST_CB(NULL, NULL, CFGF_NONE, checked);
	static const cfg_opt_t end = CFG_END();

	for (size_t i = 0; i < setting_count; i++) {
		conf_setting_key(&setting_defs[i], names[i]);
		keys[i] = setting_is(&setting_defs[i], SETTING_LIST) ? list : one;
		keys[i].name = names[i];
	}
	keys[setting_count] = end;
}

static cfg_t *grammar(void)
{
	const cfg_flag_t named = CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES;
	cfg_opt_t profile_keys[sizeof(struct settings) / sizeof(char *) + 1];
	char names[sizeof(struct settings) / sizeof(char *)][CONF_SETTING_KEY];
	cfg_opt_t root[] = {
		CFG_STR_CB("site", "pxekit", CFGF_NONE, checked),
		CFG_STR_CB("url", "", CFGF_NONE, checked),
		CFG_STR_CB("database", PXEKIT_STATEDIR "/jobs.db", CFGF_NONE, checked),
		CFG_STR_CB("images", PXEKIT_STATEDIR "/images", CFGF_NONE, checked),
		CFG_STR_CB("tftp", PXEKIT_STATEDIR "/tftp", CFGF_NONE, checked),
		CFG_STR_CB("templates", PXEKIT_SYSCONFDIR "/templates", CFGF_NONE,
			   checked),
		CFG_STR_CB("deploy", PXEKIT_STATEDIR "/deploy", CFGF_NONE, checked),
		CFG_STR_CB("key", PXEKIT_STATEDIR "/site.key", CFGF_NONE, checked),
		CFG_STR_CB("user", "pxekit", CFGF_NONE, checked),
		CFG_STR_CB("attempts-max", "3", CFGF_NONE, checked),
		CFG_SEC("network", network_keys, named),
		CFG_SEC("loader", loader_keys, named),
		CFG_SEC("platform", platform_keys, named),
		CFG_SEC("machine", machine_keys, named),
		CFG_SEC("profile", profile_keys, named),
		CFG_SEC("alias", alias_keys, named),
		CFG_SEC("smb", smb_keys, CFGF_NONE),
		CFG_SEC("sweep", sweep_keys, CFGF_NONE),
		CFG_SEC("hooks", hooks_keys, CFGF_NONE),
		CFG_SEC("driver-pack", pack_keys, named),
		CFG_SEC("role", role_keys, named),
		CFG_SEC("admin", admin_keys, CFGF_NONE),
		CFG_SEC("menu", menu_keys, named),
		CFG_END(),
	};
	cfg_t *cfg;

	fill_profile_keys(profile_keys, names);
	cfg = cfg_init(root, CFGF_NONE);
	if (!cfg)
		return NULL;
	cfg_set_error_function(cfg, complain);
	cfg_set_validate_func(cfg, "network", conf_check_section);
	cfg_set_validate_func(cfg, "loader", conf_check_loader);
	cfg_set_validate_func(cfg, "platform", conf_check_section);
	cfg_set_validate_func(cfg, "machine", conf_check_machine);
	cfg_set_validate_func(cfg, "profile", conf_check_section);
	cfg_set_validate_func(cfg, "alias", conf_check_alias);
	cfg_set_validate_func(cfg, "driver-pack", conf_check_pack);
	cfg_set_validate_func(cfg, "role", conf_check_role);
	cfg_set_validate_func(cfg, "admin", conf_check_admin);
	cfg_set_validate_func(cfg, "menu", conf_check_menu);
	return cfg;
}

/* ---- texts and files ---- */

static int scan(cfg_t *cfg, char *text, size_t len)
{
	FILE *f = fmemopen(text, len, "r");
	int result;

	if (!f)
		return CFG_FILE_ERROR;
	result = cfg_parse_fp(cfg, f);
	fclose(f);
	return result;
}

static void be_quiet(cfg_t *cfg, const char *format, va_list ap)
{
	(void)cfg;
	(void)format;
	(void)ap;
}

static bool scanner_answers(void)
{
	cfg_opt_t keys[] = { CFG_STR("idle", NULL, CFGF_NONE), CFG_END() };
	char probe[] = "\nidle = yes\n";
	cfg_t *cfg = cfg_init(keys, CFGF_NONE);
	bool idle;

	if (!cfg)
		return false;
	cfg_set_error_function(cfg, be_quiet);
	scan(cfg, probe, sizeof(probe) - 1);
	idle = cfg_getstr(cfg, "idle") != NULL;
	cfg_free(cfg);
	return idle;
}

static void scanner_hears(const char *text)
{
	cfg_opt_t keys[] = { CFG_END() };
	cfg_t *cfg = cfg_init(keys, CFGF_NONE);
	char copy[4];

	if (!cfg)
		return;
	cfg_set_error_function(cfg, be_quiet);
	scan(cfg, copy, (size_t)snprintf(copy, sizeof(copy), "%s", text));
	cfg_free(cfg);
}

/*
 * libconfuse has one scanner for the whole process, and a comment or string
 * without an end leaves it there, also for the next file: a bad file would
 * spoil the good one that follows at SIGHUP.  So ask it for a value; if none
 * comes, end whatever it is in.
 */
static bool scanner_is_idle(void)
{
	static const char *const ends[] = { "*/", "'", "\"" };
	bool idle = scanner_answers();

	for (size_t i = 0; !idle && i < sizeof(ends) / sizeof(ends[0]); i++) {
		scanner_hears(ends[i]);
		if (scanner_answers())
			return false;
	}
	return idle;
}

/*
 * libconfuse takes a section that is never closed.  If one more brace is
 * still good grammar, one was missing.
 */
static bool is_left_open(char *text, size_t len)
{
	cfg_t *cfg = grammar();
	bool open;

	if (!cfg)
		return true;
	cfg_set_error_function(cfg, be_quiet);
	memcpy(text + len, "\n}", 2);
	open = scan(cfg, text, len + 2) == CFG_SUCCESS;
	cfg_free(cfg);
	return open;
}

static bool scan_whole(cfg_t *cfg, const char *text, size_t len)
{
	char *copy = malloc(len + 2); /* is_left_open() adds a line and a brace */
	const char *why = NULL;
	int result;

	if (!copy)
		return false;
	memcpy(copy, text, len);
	result = scan(cfg, copy, len);
	if (!scanner_is_idle())
		why = "a comment does not end";
	else if (result == CFG_SUCCESS && is_left_open(copy, len))
		why = "a section is not closed by a '}'";
	free(copy);
	if (result != CFG_SUCCESS)
		return false;
	if (why)
		cfg_error(cfg, "%s", why);
	return !why;
}

static bool name_file(cfg_t *cfg, const char *name)
{
	free(cfg->filename);
	cfg->filename = strdup(name);
	return cfg->filename != NULL;
}

/* Sections that there is one of are made before the file is known. */
static bool parse_text(cfg_t *cfg, const char *name, const char *text, size_t len)
{
	static const char *const single[] = { "smb", "sweep", "hooks", "admin" };

	if (!name_file(cfg, name))
		return false;
	for (size_t i = 0; i < sizeof(single) / sizeof(single[0]); i++)
		if (!name_file(cfg_getsec(cfg, single[i]), name))
			return false;
	cfg->line = 1;
	if (memchr(text, '\0', len)) {
		cfg_error(cfg, "the file holds a NUL: it is no text");
		return false;
	}
	return len == 0 || scan_whole(cfg, text, len);
}

static bool parse_file(cfg_t *cfg, const char *path, bool may_miss)
{
	size_t len;
	char *text = file_read(path, CONF_LARGEST, &len);
	bool good;

	if (!text && errno == ENOENT && may_miss)
		return true;
	if (!text) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return false;
	}
	good = parse_text(cfg, path, text, len);
	free(text);
	return good;
}

static int is_conf(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 5 &&
	       strcmp(entry->d_name + len - 5, ".conf") == 0;
}

/* By octets, so that no locale changes the order. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool parse_entries(cfg_t *cfg, const char *folder, struct dirent **entry,
			  int count)
{
	bool good = true;
	char *path;

	for (int i = 0; i < count; i++) {
		if (good && asprintf(&path, "%s/%s", folder, entry[i]->d_name) >= 0) {
			good = parse_file(cfg, path, false);
			free(path);
		} else {
			good = false;
		}
		free(entry[i]);
	}
	free(entry);
	return good;
}

static bool parse_folder(cfg_t *cfg, const char *beside)
{
	const char *slash = strrchr(beside, '/');
	int len = slash ? (int)(slash - beside) : 1, count;
	struct dirent **entry;
	char *folder;
	bool good;

	if (asprintf(&folder, "%.*s/conf.d", len, slash ? beside : ".") < 0)
		return false;
	count = scandir(folder, &entry, is_conf, by_name);
	good = count >= 0 || errno == ENOENT || errno == ENOTDIR;
	if (!good)
		fprintf(stderr, "%s: %s\n", folder, strerror(errno));
	if (count >= 0)
		good = parse_entries(cfg, folder, entry, count);
	free(folder);
	return good;
}

static struct conf *finish(cfg_t *cfg)
{
	struct conf *conf = calloc(1, sizeof(*conf));
	cfg_t *standards = grammar();

	if (!conf || !standards ||
	    !parse_text(standards, "(standard)", STANDARD, strlen(STANDARD)) ||
	    !conf_take(conf, cfg, standards)) {
		conf_free(conf);
		conf = NULL;
	}
	if (standards)
		cfg_free(standards);
	return conf;
}

struct conf *conf_parse(const char *name, const char *text, size_t len)
{
	struct conf *conf = NULL;
	cfg_t *cfg = grammar();

	if (!cfg)
		return NULL;
	if (parse_text(cfg, name, text, len))
		conf = finish(cfg);
	cfg_free(cfg);
	return conf;
}

struct conf *conf_load(const char *path)
{
	bool standard = false;
	struct conf *conf = NULL;
	cfg_t *cfg = grammar();

	if (!path)
		path = getenv("PXEKIT_CONF");
	if (!path || !*path) {
		path = PXEKIT_SYSCONFDIR "/pxekit.conf";
		standard = true;
	}
	if (!cfg)
		return NULL;
	if (parse_file(cfg, path, standard) && parse_folder(cfg, path))
		conf = finish(cfg);
	cfg_free(cfg);
	return conf;
}
