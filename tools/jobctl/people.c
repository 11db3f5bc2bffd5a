/* Who may sign in to bootweb's admin face: accounts of people, tokens of programs. */
#include "config.h"

#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/order/password.h"
#include "lib/store/accounts.h"
#include "lib/sys/conf_role.h"
#include "lib/sys/conf_value.h"
#include "lib/sys/exits.h"
#include "lib/sys/now.h"
#include "lib/sys/print.h"
#include "lib/sys/table.h"
#include "lib/sys/tool.h"
#include "tools/jobctl/jobctl.h"
#include "tools/jobctl/secret.h"
#include "tools/jobctl/select.h"

#define DAY_MS 86400000LL
#define PASSWORD_LEAST 10

enum { KEY_ROLE = 256, KEY_FILE, KEY_DAYS };

const struct verb_option user_options[] = {
	{ "role", KEY_ROLE, "ROLE", "add, passwd: what the user may do" },
	{ "file", KEY_FILE, "FILE",
	  "add, passwd: has the password; - (the default) is standard input, or a "
	  "prompt" },
	{ 0 },
};

const struct verb_option token_options[] = {
	{ "role", KEY_ROLE, "ROLE", "add: what the program may do" },
	{ "days", KEY_DAYS, "DAYS", "add: how long it is good; without it, for ever" },
	{ 0 },
};

struct request {
	const char *role, *file;
	unsigned days;
};

static struct request parse(struct jobctl *ctl, int argc, char *argv[])
{
	struct request r = { 0 };
	int c;

	while ((c = options_next(ctl, argc, argv)) != -1) {
		if (c == KEY_ROLE)
			r.role = optarg;
		else if (c == KEY_FILE)
			r.file = optarg;
		else if (!conf_value_number(optarg, 3660, &r.days) || r.days == 0)
			errx(EXIT_MISUSE,
			     "--days '%s': is not a number of days, 1 to 3660", optarg);
	}
	options_arguments(ctl, argc, 1, 2);
	return r;
}

static void check_name(const char *verb, const char *name)
{
	char why[CONF_WHY];

	if (!conf_value_person(name, why))
		errx(EXIT_MISUSE, "%s %s: %s", verb, name, why);
}

static void check_role(struct jobctl *ctl, const char *role)
{
	jobctl_configure(ctl);
	if (!conf_role_rights(ctl->conf, role))
		errx(EXIT_MISUSE, "--role '%s': there is no such role", role);
}

static noreturn void misuse(const struct jobctl *ctl, const char *wants)
{
	warnx("%s: wants list, or one of %s", ctl->verb->name, wants);
	options_misuse(ctl->verb);
}

/* ---- users ---- */

static void obtain(const struct request *r, struct account *a)
{
	char *password = secret_read(a->name, "file", r->file ? r->file : "-");

	if (strlen(password) < PASSWORD_LEAST)
		errx(EXIT_MISUSE, "user %s: a password has %d octets or more", a->name,
		     PASSWORD_LEAST);
	if (!credential_password(password, a->password))
		errx(EXIT_FAILED, "user %s: no memory to hash the password", a->name);
	password_free(password);
}

static int user_set(struct jobctl *ctl, const struct request *r, const char *what,
		    const char *name)
{
	bool adds = strcmp(what, "add") == 0;
	struct account a = { 0 };

	check_name("user", name);
	if (adds && !r->role)
		errx(EXIT_MISUSE, "user add: wants --role");
	if (r->role)
		check_role(ctl, r->role);
	snprintf(a.name, sizeof(a.name), "%s", name);
	snprintf(a.role, sizeof(a.role), "%s", r->role ? r->role : "");
	obtain(r, &a);
	jobctl_open(ctl, STORE_WRITE);
	return jobctl_result(ctl,
			     adds ? store_account_add(ctl->store, &a, tool_actor())
				  : store_account_change(ctl->store, &a, tool_actor()));
}

static void build_user(struct jsonout *j, const void *what)
{
	const struct account *a = what;
	char time[EVENT_TIME];

	event_time_format(a->changed_ms, time);
	jsonout_text(j, "name", a->name);
	jsonout_text(j, "role", a->role);
	jsonout_text(j, "changed", time);
}

static int user_list(struct jobctl *ctl)
{
	static const struct table_column columns[] = {
		{ "USER", 0.5, false, false },
		{ "ROLE", 10, false, false },
		{ "CHANGED", 4, false, false },
		{ 0 },
	};
	struct print_list list = { .name = "users" };
	struct store_list *accounts;
	struct account a;
	struct table table;
	char time[PRINT_TIME];

	jobctl_open(ctl, STORE_READ);
	accounts = store_accounts(ctl->store);
	if (!accounts)
		return jobctl_result(ctl, STORE_FAILED);
	if (!ctl->json)
		table_begin(&table, columns);
	while (store_next_account(accounts, &a)) {
		if (ctl->json) {
			print_list_item(&list, build_user, &a);
			continue;
		}
		table_row(&table);
		table_cell(&table, a.name);
		table_cell(&table, a.role);
		table_cell(&table, print_time(a.changed_ms, time));
	}
	if (ctl->json)
		print_list_end(&list);
	else
		table_end(&table);
	return jobctl_result(ctl, store_list_end(accounts));
}

int user_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct request r = parse(ctl, argc, argv);
	const char *what = argv[optind], *name = argv[optind + 1];

	if (strcmp(what, "list") == 0 && !name)
		return user_list(ctl);
	if (name && (strcmp(what, "add") == 0 || strcmp(what, "passwd") == 0))
		return user_set(ctl, &r, what, name);
	if (!name || strcmp(what, "rm") != 0)
		misuse(ctl, "add, passwd, rm and a name");
	jobctl_open(ctl, STORE_WRITE);
	return jobctl_result(ctl, store_account_remove(ctl->store, name, tool_actor()));
}

/* ---- tokens ---- */

static int token_add(struct jobctl *ctl, const struct request *r, const char *name)
{
	struct access_token t = { 0 };
	char secret[CREDENTIAL_SECRET], text[CREDENTIAL_TOKEN];
	int code;

	check_name("token", name);
	if (!r->role)
		errx(EXIT_MISUSE, "token add: wants --role");
	check_role(ctl, r->role);
	snprintf(t.name, sizeof(t.name), "%s", name);
	snprintf(t.role, sizeof(t.role), "%s", r->role);
	t.expires_ms = r->days ? now_ms() + r->days * DAY_MS : 0;
	if (!credential_draw(secret) || !credential_secret(secret, t.secret))
		errx(EXIT_FAILED, "token %s: no randomness or no memory", name);
	jobctl_open(ctl, STORE_WRITE);
	code = jobctl_result(ctl, store_token_add(ctl->store, &t, tool_actor()));
	credential_token_format(t.id, secret, text);
	if (code == EXIT_DONE)
		puts(text);
	return code;
}

static void build_token(struct jsonout *j, const void *what)
{
	const struct access_token *t = what;
	char time[EVENT_TIME];

	jsonout_int(j, "id", t->id);
	jsonout_text(j, "name", t->name);
	jsonout_text(j, "role", t->role);
	event_time_format(t->created_ms, time);
	jsonout_text(j, "created", time);
	event_time_format(t->expires_ms, time);
	if (t->expires_ms)
		jsonout_text(j, "expires", time);
	else
		jsonout_null(j, "expires");
}

static void token_row(struct table *table, const struct access_token *t)
{
	char time[PRINT_TIME], id[24];

	snprintf(id, sizeof(id), "%" PRId64, t->id);
	table_row(table);
	table_cell(table, id);
	table_cell(table, t->name);
	table_cell(table, t->role);
	table_cell(table, print_time(t->created_ms, time));
	table_cell(table, t->expires_ms ? print_time(t->expires_ms, time) : "-");
}

static int token_list(struct jobctl *ctl)
{
	static const struct table_column columns[] = {
		{ "TOKEN", 4, true, false },    { "NAME", 0.5, false, false },
		{ "ROLE", 10, false, false },   { "CREATED", 4, false, false },
		{ "EXPIRES", 4, false, false }, { 0 },
	};
	struct print_list list = { .name = "tokens" };
	struct store_list *tokens;
	struct access_token t;
	struct table table;

	jobctl_open(ctl, STORE_READ);
	tokens = store_tokens(ctl->store);
	if (!tokens)
		return jobctl_result(ctl, STORE_FAILED);
	if (!ctl->json)
		table_begin(&table, columns);
	while (store_next_token(tokens, &t)) {
		if (ctl->json)
			print_list_item(&list, build_token, &t);
		else
			token_row(&table, &t);
	}
	if (ctl->json)
		print_list_end(&list);
	else
		table_end(&table);
	return jobctl_result(ctl, store_list_end(tokens));
}

int token_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct request r = parse(ctl, argc, argv);
	const char *what = argv[optind], *name = argv[optind + 1];
	int64_t id;

	if (strcmp(what, "list") == 0 && !name)
		return token_list(ctl);
	if (name && strcmp(what, "add") == 0)
		return token_add(ctl, &r, name);
	if (!name || strcmp(what, "rm") != 0)
		misuse(ctl, "add and a name, rm and a number");
	if (!select_number(name, &id))
		errx(EXIT_MISUSE, "token rm %s: is not the number of a token", name);
	jobctl_open(ctl, STORE_WRITE);
	return jobctl_result(ctl, store_token_remove(ctl->store, id, tool_actor()));
}
