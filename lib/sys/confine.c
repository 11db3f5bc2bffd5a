#include "config.h"

#include "lib/sys/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef HAVE_LINUX_LANDLOCK_H

#include <linux/landlock.h>

#define WRITES                                                                           \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |                    \
	 LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |                \
	 LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |                    \
	 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |                    \
	 LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |                  \
	 LANDLOCK_ACCESS_FS_MAKE_SYM)

/* What a database, and a file or link that is replaced by another need. */
#define WRITES_FILES                                                                     \
	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |                \
	 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SYM)

static int restrict_to(int rules)
{
	const struct landlock_path_beneath_attr out = {
		.allowed_access = LANDLOCK_ACCESS_FS_WRITE_FILE,
		.parent_fd = STDOUT_FILENO,
	};

	/* Refused for a pipe without a name or a socket, which need no rule. */
	syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &out, 0);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return (int)syscall(SYS_landlock_restrict_self, rules, 0);
}

static int except_beside(int rules, const char *file)
{
	struct landlock_path_beneath_attr folder = { .allowed_access = WRITES_FILES };
	char *name = strdup(file);
	int dir = name ? open(dirname(name), O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
	long result;

	free(name);
	if (dir < 0)
		return -1;
	folder.parent_fd = dir;
	result = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH,
			 &folder, 0);
	close(dir);
	return (int)result;
}

int confine_writes(void)
{
	return confine_writes_beside(NULL, 0);
}

int confine_writes_beside(const char *const files[], size_t count)
{
	const struct landlock_ruleset_attr attr = { .handled_access_fs = WRITES };
	long rules = syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	int result = 0, saved;

	if (rules < 0)
		return -1;
	for (size_t i = 0; i < count && result == 0; i++)
		result = except_beside((int)rules, files[i]);
	if (result == 0)
		result = restrict_to((int)rules);
	saved = errno;
	close((int)rules);
	errno = saved;
	return result;
}

#else

int confine_writes(void)
{
	errno = ENOSYS;
	return -1;
}

int confine_writes_beside(const char *const files[], size_t count)
{
	(void)files;
	(void)count;
	errno = ENOSYS;
	return -1;
}

#endif
