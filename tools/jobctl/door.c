/*
 * Who may do what with jobctl, where pxekit.conf gives people roles.  It keeps
 * honest people from mistakes and puts names on record; who can write the
 * database file is decided by its mode.
 */
#include "config.h"

#include <err.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/sys/conf_role.h"
#include "lib/sys/exits.h"
#include "lib/sys/tool.h"
#include "tools/jobctl/jobctl.h"

#define GROUPS_MOST 256

/* What is not listed here wants ROLE_ADMIN. */
static const struct {
	const char *verb;
	unsigned right; /* 0: programs use it, and the file's mode decides */
} needs[] = {
	{ "add", ROLE_QUEUE },
	{ "edit", ROLE_QUEUE },
	{ "import", ROLE_QUEUE },
	{ "cancel", ROLE_QUEUE },
	{ "retry", ROLE_QUEUE },
	{ "rm", ROLE_QUEUE },
	{ "hold", ROLE_QUEUE },
	{ "release", ROLE_QUEUE },
	{ "next", ROLE_QUEUE },
	{ "ignore", ROLE_QUEUE },
	{ "block", ROLE_QUEUE },
	{ "allow", ROLE_QUEUE },
	{ "reinstall", ROLE_QUEUE },
	{ "retire", ROLE_QUEUE },
	{ "unretire", ROLE_QUEUE },
	{ "wake", ROLE_QUEUE },
	{ "list", ROLE_VIEW },
	{ "show", ROLE_VIEW },
	{ "log", ROLE_VIEW },
	{ "watch", ROLE_VIEW },
	{ "machines", ROLE_VIEW },
	{ "explain", ROLE_VIEW },
	{ "events", ROLE_VIEW },
	{ "export", ROLE_VIEW },
	{ "sites", ROLE_VIEW },
	{ "stats", ROLE_VIEW },
	{ "systems", ROLE_VIEW },
	{ "record", ROLE_VIEW },
	{ "devices", ROLE_VIEW },
	{ "audit", ROLE_AUDIT },
	{ "ingest", 0 },
	{ "sweep", 0 },
	{ "hooks", 0 },
};

static unsigned need_of(const char *verb)
{
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++)
		if (strcmp(needs[i].verb, verb) == 0)
			return needs[i].right;
	return ROLE_ADMIN;
}

/* The names of the actor's groups; root who came by sudo is who that was. */
static size_t groups_of(const char *user, const char *out[GROUPS_MOST])
{
	const struct passwd *pw = getpwnam(user);
	gid_t ids[GROUPS_MOST];
	int count = GROUPS_MOST;
	size_t n = 0;

	if (!pw || getgrouplist(user, pw->pw_gid, ids, &count) < 0)
		return 0;
	for (int i = 0; i < count; i++) {
		/* cppcheck-suppress getgrgidCalled */
		const struct group *group = getgrgid(ids[i]);

		out[n] = group ? strdup(group->gr_name) : NULL;
		if (out[n])
			n++;
	}
	return n;
}

void door_check(const struct jobctl *ctl)
{
	door_need(ctl, need_of(ctl->verb->name), ctl->verb->name);
}

void door_need(const struct jobctl *ctl, unsigned right, const char *what)
{
	unsigned rights;
	const char *user = tool_actor(), *groups[GROUPS_MOST];
	char has[ROLE_TEXT];
	size_t count;

	if (!right || getuid() == 0 || !conf_has_roles(ctl->conf))
		return;
	count = groups_of(user, groups);
	rights = conf_rights_of(ctl->conf, user, groups, count);
	for (size_t i = 0; i < count; i++)
		free((char *)(uintptr_t)groups[i]);
	if (rights & right)
		return;
	role_rights_format(rights, has);
	errx(EXIT_FAILED,
	     "%s: wants the right to %s; %s may, by the roles of pxekit.conf: %s", what,
	     role_right_name(right), user, has);
}
