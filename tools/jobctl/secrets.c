/* Secrets that are of the site and not of a job: set, list, rm, reveal. */
#include "config.h"

#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/seal.h"
#include "lib/order/password.h"
#include "lib/sys/exits.h"
#include "lib/sys/keyfile.h"
#include "lib/sys/print.h"
#include "lib/sys/table.h"
#include "lib/sys/tool.h"
#include "tools/jobctl/jobctl.h"
#include "tools/jobctl/secret.h"

enum { KEY_FILE = 256, KEY_GENERATE };

const struct verb_option secret_options[] = {
	{ "file", KEY_FILE, "FILE",
	  "set: its one line; - (the default) is standard input, or a prompt" },
	{ "generate", KEY_GENERATE, NULL, "set: make one up" },
	{ 0 },
};

static const struct table_column columns[] = {
	{ "SECRET", 0.5, false, false },
	{ "CHANGED", 4, false, false },
	{ 0 },
};

struct request {
	const char *file;
	bool generate;
};

static void check_name(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

	if (!*name || *name == '-' || strlen(name) >= JOB_NAME ||
	    name[strspn(name, letters)])
		errx(EXIT_MISUSE,
		     "secret %s: is no name: lower-case letters, digits and hyphens",
		     name);
}

static struct token_key site_key(const struct jobctl *ctl, bool may_draw)
{
	struct token_key key;
	int result = may_draw ? keyfile_ensure(ctl->conf->key, &key)
			      : keyfile_read(ctl->conf->key, &key);

	if (result < 0)
		err(EXIT_FAILED, "%s: cannot be the key of the site", ctl->conf->key);
	return key;
}

/* Windows PE gives it to net use between quotes, which asks for one if it is "*". */
static void check_smb(const char *name, const char *value)
{
	size_t len = strlen(value);

	if (strcmp(name, "smb-password") != 0)
		return;
	if (strchr(value, '"') || (len && value[len - 1] == '\\'))
		errx(EXIT_MISUSE,
		     "secret %s: cmd can pass on no quote, and no backslash at its end",
		     name);
	if (*value == '/' || strcmp(value, "*") == 0)
		errx(EXIT_MISUSE,
		     "secret %s: net use takes no * for one, and nothing that begins "
		     "with /",
		     name);
}

static char *obtain(const struct request *r, const char *name)
{
	char *value = r->generate ? calloc(1, PASSWORD_MADE)
				  : secret_read(name, "file", r->file ? r->file : "-");
	char why[SETTING_WHY];

	if (!value)
		err(EXIT_FAILED, "secret %s", name);
	if (r->generate)
		password_make(value);
	if (!setting_check("admin-password", value, why))
		errx(EXIT_MISUSE, "secret %s: %s", name, why);
	check_smb(name, value);
	return value;
}

static int set(struct jobctl *ctl, const struct request *r, const char *name)
{
	char *value = obtain(r, name), *sealed;
	struct token_key key;
	int code;

	jobctl_open(ctl, STORE_WRITE);
	key = site_key(ctl, true);
	sealed = seal_text(&key, value);
	password_free(value);
	explicit_bzero(&key, sizeof(key));
	if (!sealed)
		err(EXIT_FAILED, "secret %s", name);
	code = jobctl_result(ctl,
			     store_secret_set(ctl->store, name, sealed, tool_actor()));
	free(sealed);
	return code;
}

static int rm(struct jobctl *ctl, const char *name)
{
	jobctl_open(ctl, STORE_WRITE);
	return jobctl_result(ctl, store_secret_remove(ctl->store, name, tool_actor()));
}

/* First it is on record, then it is shown. */
static int reveal(struct jobctl *ctl, const char *name)
{
	struct event about = event_new(EVENT_ADMIN);
	enum store_result result;
	struct token_key key;
	char *sealed, *plain;

	jobctl_open(ctl, STORE_WRITE);
	result = store_secret(ctl->store, name, &sealed);
	if (result != STORE_DONE)
		return jobctl_result(ctl, result);
	key = site_key(ctl, false);
	plain = seal_open(&key, sealed);
	explicit_bzero(&key, sizeof(key));
	free(sealed);
	if (!plain)
		errx(EXIT_FAILED, "secret %s: this site's key does not open it", name);
	snprintf(about.source, sizeof(about.source), "jobctl");
	snprintf(about.text, sizeof(about.text), "secret %s", name);
	result = store_reveal(ctl->store, &about, tool_actor());
	if (result == STORE_DONE)
		puts(plain);
	password_free(plain);
	return jobctl_result(ctl, result);
}

/* ---- list ---- */

static void build(struct jsonout *j, const void *what)
{
	const struct store_secret *s = what;
	char time[EVENT_TIME];

	event_time_format(s->changed_ms, time);
	jsonout_text(j, "name", s->name);
	jsonout_text(j, "changed", time);
}

static void print_objects(struct store_list *secrets)
{
	struct print_list list = { .name = "secrets" };
	struct store_secret secret;

	while (store_next_secret(secrets, &secret))
		print_list_item(&list, build, &secret);
	print_list_end(&list);
}

static void print_table(struct store_list *secrets)
{
	struct store_secret secret;
	struct table table;
	char time[PRINT_TIME];

	table_begin(&table, columns);
	while (store_next_secret(secrets, &secret)) {
		table_row(&table);
		table_cell(&table, secret.name);
		table_cell(&table, print_time(secret.changed_ms, time));
	}
	table_end(&table);
}

static int list(struct jobctl *ctl)
{
	struct store_list *secrets;

	jobctl_open(ctl, STORE_READ);
	secrets = store_secrets(ctl->store);
	if (!secrets)
		return jobctl_result(ctl, STORE_FAILED);
	if (ctl->json)
		print_objects(secrets);
	else
		print_table(secrets);
	return jobctl_result(ctl, store_list_end(secrets));
}

/* ---- the verb ---- */

static noreturn void misuse(const struct jobctl *ctl)
{
	warnx("secret: wants list, or one of set, rm, reveal and a name");
	options_misuse(ctl->verb);
}

static int act(struct jobctl *ctl, const struct request *r, const char *what,
	       const char *name)
{
	bool sets = strcmp(what, "set") == 0;

	if ((!sets && (r->file || r->generate)) || (r->file && r->generate))
		misuse(ctl);
	check_name(name);
	if (sets)
		return set(ctl, r, name);
	if (strcmp(what, "rm") == 0)
		return rm(ctl, name);
	if (strcmp(what, "reveal") == 0)
		return reveal(ctl, name);
	misuse(ctl);
}

int secret_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct request r = { 0 };
	const char *what, *name;
	int c;

	while ((c = options_next(ctl, argc, argv)) != -1) {
		if (c == KEY_FILE)
			r.file = optarg;
		else
			r.generate = true;
	}
	options_arguments(ctl, argc, 1, 2);
	what = argv[optind];
	name = argv[optind + 1];
	if (strcmp(what, "list") == 0 && !name)
		return list(ctl);
	if (name)
		return act(ctl, &r, what, name);
	misuse(ctl);
}
