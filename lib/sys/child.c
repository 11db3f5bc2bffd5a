#include "config.h"

#include "lib/sys/child.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/sys/print.h"

#define PATH_OF_DEBIAN "PATH=/usr/local/bin:/usr/bin:/bin"

static const int calls[] = { SIGINT, SIGTERM, SIGHUP };

static sigset_t guarded(void)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		sigaddset(&set, calls[i]);
	sigaddset(&set, SIGCHLD);
	return set;
}

void child_guard_begin(struct child_guard *guard)
{
	sigset_t set = guarded();

	sigprocmask(SIG_BLOCK, &set, &guard->before);
}

void child_guard_end(const struct child_guard *guard)
{
	sigprocmask(SIG_SETMASK, &guard->before, NULL);
}

bool child_guard_called(void)
{
	sigset_t pending;

	sigpending(&pending);
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (sigismember(&pending, calls[i]) == 1)
			return true;
	return false;
}

/* Its end, or one of the calls, which then ends it and is kept for later. */
static int await(pid_t pid)
{
	sigset_t set = guarded();
	int status, came;
	pid_t ended;

	while ((ended = waitpid(pid, &status, WNOHANG)) == 0) {
		came = sigwaitinfo(&set, NULL);
		if (came < 0 || came == SIGCHLD)
			continue;
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		raise(came);
		break;
	}
	return ended < 0 ? -1 : status;
}

/* The last line with something in it. */
static void last_words(int fd, char *out, size_t size)
{
	char text[4096];
	off_t end = lseek(fd, 0, SEEK_END);
	off_t from = end > (off_t)sizeof(text) - 1 ? end - (off_t)sizeof(text) + 1 : 0;
	ssize_t n = end > 0 ? pread(fd, text, sizeof(text) - 1, from) : 0;
	char *line;

	while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\r'))
		n--;
	text[n > 0 ? n : 0] = '\0';
	line = strrchr(text, '\n');
	print_safe(line ? line + 1 : text, out, size);
}

static void how_it_ended(int status, int said, const char *name,
			 char why[static CHILD_WHY])
{
	char words[CHILD_WHY / 2];

	last_words(said, words, sizeof(words));
	if (WIFSIGNALED(status))
		snprintf(why, CHILD_WHY, "%s: ended by signal %d", name,
			 WTERMSIG(status));
	else if (*words)
		snprintf(why, CHILD_WHY, "%s: %s", name, words);
	else
		snprintf(why, CHILD_WHY, "%s: ended with %d and did not say why", name,
			 WEXITSTATUS(status));
}

/* posix_spawn() promises to change none of them. */
static void words(char **to, size_t room, const char *const from[])
{
	size_t n = 0;

	while (n + 1 < room && from[n])
		n++;
	memcpy(to, from, n * sizeof(*to));
	to[n] = NULL;
}

static int spawn(const struct child_guard *guard, const char *name, char *const argv[],
		 char *const environment[], const char *folder, int said, pid_t *pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t traits;
	int error;

	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&traits);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDWR, 0);
	posix_spawn_file_actions_adddup2(&files, said, 1);
	posix_spawn_file_actions_adddup2(&files, said, 2);
	posix_spawn_file_actions_addchdir_np(&files, folder);
	posix_spawnattr_setsigmask(&traits, &guard->before);
	posix_spawnattr_setflags(&traits, POSIX_SPAWN_SETSIGMASK);
	error = posix_spawnp(pid, name, &files, &traits, argv, environment);
	posix_spawnattr_destroy(&traits);
	posix_spawn_file_actions_destroy(&files);
	return error;
}

bool child_run(const struct child_guard *guard, const char *const argv[],
	       const char *const environment[], const char *folder,
	       char why[static CHILD_WHY])
{
	char path[4096], *variables[CHILD_WORDS], *arguments[CHILD_WORDS];
	const char *ours = getenv("PATH");
	int said = memfd_create("said", MFD_CLOEXEC), error, status;
	pid_t pid = -1;

	words(arguments, CHILD_WORDS, argv);
	variables[0] = path;
	words(variables + 1, CHILD_WORDS - 1, environment);
	snprintf(path, sizeof(path), "%s%s", ours ? "PATH=" : PATH_OF_DEBIAN,
		 ours ? ours : "");
	if (said < 0)
		error = errno ? errno : ENOMEM;
	else
		error = spawn(guard, argv[0], arguments, variables, folder, said, &pid);
	if (error) {
		snprintf(why, CHILD_WHY, "%s: %s", argv[0], strerror(error));
		if (said >= 0)
			close(said);
		errno = error == ENOENT ? ENOENT : 0;
		return false;
	}
	status = await(pid);
	if (status != 0)
		how_it_ended(status, said, argv[0], why);
	close(said);
	errno = 0;
	return status == 0;
}
