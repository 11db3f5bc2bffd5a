#include "config.h"

#include "tools/jobctl/hook_run.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/sys/print.h"

/* ---- which ---- */

static int is_hook(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && entry->d_name[len - 1] != '~';
}

/* By octets, so that no locale changes the order. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool is_of_kind(const char *name, bool pre_install)
{
	return (strncmp(name, HOOK_PRE_INSTALL, strlen(HOOK_PRE_INSTALL)) == 0) ==
	       pre_install;
}

int hook_list(const char *folder, bool pre_install, struct hook_list *out)
{
	struct dirent **entry;
	int count = scandir(folder, &entry, is_hook, by_name);
	char *path;

	*out = (struct hook_list){ 0 };
	if (count < 0)
		return errno == ENOENT ? 0 : -1;
	out->path = calloc((size_t)count + 1, sizeof(*out->path));
	for (int i = 0; i < count; i++) {
		if (out->path && is_of_kind(entry[i]->d_name, pre_install) &&
		    asprintf(&path, "%s/%s", folder, entry[i]->d_name) >= 0) {
			if (access(path, X_OK) == 0)
				out->path[out->count++] = path;
			else
				free(path);
		}
		free(entry[i]);
	}
	free(entry);
	return out->path ? 0 : -1;
}

void hook_list_free(struct hook_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->path[i]);
	free(list->path);
}

/* ---- one ---- */

static int text_file(const char *text)
{
	size_t len = strlen(text);
	int fd = memfd_create("hook", MFD_CLOEXEC);

	if (fd < 0)
		return -1;
	if (write(fd, text, len) != (ssize_t)len || lseek(fd, 0, SEEK_SET) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Between fork and exec: nothing but calls that are safe there. */
__attribute__((noreturn)) static void become(const char *path, const char *argument,
					     int in, int out)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setpgid(0, 0);
	if (dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
	    dup2(out, STDERR_FILENO) >= 0)
		execl(path, path, argument, (char *)NULL);
	_exit(127);
}

/* True if it ended by itself in time. */
static bool wait_for(pid_t pid, int64_t timeout_ms)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int ready;

	if (fd < 0)
		return false;
	do
		ready = poll(&p, 1, (int)timeout_ms);
	while (ready < 0 && errno == EINTR);
	close(fd);
	return ready > 0;
}

static void last_line(int fd, char *out, size_t size)
{
	char text[4096];
	off_t end = lseek(fd, 0, SEEK_END);
	off_t from = end > (off_t)sizeof(text) - 1 ? end - (off_t)sizeof(text) + 1 : 0;
	ssize_t n = pread(fd, text, sizeof(text) - 1, from);
	char *line;

	if (n < 0)
		n = 0;
	while (n > 0 && text[n - 1] == '\n')
		n--;
	text[n] = '\0';
	if (n > 0)
		fprintf(stderr, "%s\n", text);
	line = strrchr(text, '\n');
	print_safe(line ? line + 1 : text, out, size);
}

static void finish(pid_t pid, int64_t timeout_ms, struct hook_outcome *out)
{
	int status;

	out->timed_out = !wait_for(pid, timeout_ms);
	/* Whatever it has started goes with it, whether it ended or not. */
	kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	out->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void hook_run(const char *path, const char *argument, const char *text,
	      int64_t timeout_ms, struct hook_outcome *out)
{
	int in = text_file(text), said = memfd_create("said", MFD_CLOEXEC);
	pid_t pid = in >= 0 && said >= 0 ? fork() : -1;

	*out = (struct hook_outcome){ .status = -1 };
	if (pid == 0)
		become(path, argument, in, said);
	if (pid > 0) {
		setpgid(pid, pid);
		finish(pid, timeout_ms, out);
		last_line(said, out->says, sizeof(out->says));
	} else {
		snprintf(out->says, sizeof(out->says), "%s", strerror(errno));
	}
	if (in >= 0)
		close(in);
	if (said >= 0)
		close(said);
}
