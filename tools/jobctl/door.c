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

/* Root, unless somebody is that by sudo: then it is as what he is himself. */
static bool is_root(const char *actor)
{
	const struct passwd *pw;

	if (getuid() != 0 || !tool_by_sudo())
		return getuid() == 0;
	pw = getpwnam(actor);
	return pw && pw->pw_uid == 0;
}

/* The names of a user's groups. */
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
	door_need(ctl, ctl->verb->need, ctl->verb->name);
}

void door_need(const struct jobctl *ctl, unsigned right, const char *what)
{
	unsigned rights;
	const char *user = tool_actor(), *groups[GROUPS_MOST];
	char has[ROLE_TEXT];
	size_t count;

	if (!right || is_root(user) || !conf_has_roles(ctl->conf))
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
