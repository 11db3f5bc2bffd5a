#include "config.h"

#include "lib/sys/service.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

volatile sig_atomic_t service_stop, service_reload;

/* A whole decimal number; -1 for anything else. */
static long number(const char *text)
{
	char *end;
	long n;

	if (!text || *text < '0' || *text > '9')
		return -1;
	errno = 0;
	n = strtol(text, &end, 10);
	return *end != '\0' || errno ? -1 : n;
}

static int count_handed_over(void)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
	long count = number(fds);

	if (!pid || !fds || number(pid) != (long)getpid())
		return 0;
	if (count < 0 || count > 1024) {
		errno = EINVAL;
		return -1;
	}
	for (int fd = SERVICE_FIRST; fd < SERVICE_FIRST + count; fd++)
		if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
			return -1;
	return (int)count;
}

int service_listen_fds(void)
{
	int count = count_handed_over(), saved = errno;

	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	errno = saved;
	return count;
}

int64_t service_watchdog_ms(void)
{
	const char *pid = getenv("WATCHDOG_PID"), *usec = getenv("WATCHDOG_USEC");
	long us = number(usec);

	if (us <= 0 || (pid && number(pid) != (long)getpid()))
		return 0;
	return us < 2000 ? 1 : us / 1000;
}

/* '@' stands for the NUL of the abstract namespace. */
static bool notify_address(struct sockaddr_un *sun, socklen_t *len)
{
	const char *path = getenv("NOTIFY_SOCKET");
	size_t n = path ? strlen(path) : 0;

	*sun = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (n < 2 || n >= sizeof(sun->sun_path) || (path[0] != '/' && path[0] != '@'))
		return false;
	memcpy(sun->sun_path, path, n);
	if (path[0] == '@')
		sun->sun_path[0] = '\0';
	*len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
	return true;
}

static int notify_kept = -1; /* where its path leads nowhere any more */

static int notify_open(void)
{
	struct sockaddr_un sun;
	socklen_t len;
	int fd;

	if (!notify_address(&sun, &len))
		return -1;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&sun, len) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

void service_notify(const char *state)
{
	int saved = errno, fd = notify_kept >= 0 ? notify_kept : notify_open();

	if (fd >= 0)
		send(fd, state, strlen(state), MSG_NOSIGNAL);
	if (fd >= 0 && fd != notify_kept)
		close(fd);
	errno = saved;
}

static void on_stop(int signal)
{
	(void)signal;
	service_stop = 1;
}

static void on_reload(int signal)
{
	(void)signal;
	service_reload = 1;
}

static void handle(int number, void (*handler)(int))
{
	struct sigaction sa = { .sa_handler = handler };

	sigemptyset(&sa.sa_mask);
	sigaction(number, &sa, NULL);
}

void service_signals(void)
{
	handle(SIGTERM, on_stop);
	handle(SIGINT, on_stop);
	handle(SIGHUP, on_reload);
	handle(SIGPIPE, SIG_IGN);
}

/* What is read below /etc; NULL with errno set. */
static const struct passwd *look_up(const char *user)
{
	const struct passwd *pw;

	errno = 0;
	pw = getpwnam(user);
	if (!pw && errno == 0)
		errno = ENOENT;
	return pw && initgroups(pw->pw_name, pw->pw_gid) == 0 ? pw : NULL;
}

static int become(const struct passwd *pw)
{
	if (setresgid(pw->pw_gid, pw->pw_gid, pw->pw_gid) < 0 ||
	    setresuid(pw->pw_uid, pw->pw_uid, pw->pw_uid) < 0)
		return -1;
	if (pw->pw_uid != 0 && setuid(0) == 0) {
		errno = EPERM;
		return -1;
	}
	return 0;
}

/*
 * A unit may have given us some for the sockets; root's belong to root (see become).
 * Not asked for if there are none: the units of those who need none forbid the call.
 */
static int give_up_capabilities(void)
{
	struct __user_cap_header_struct header = { .version =
							   _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct has[_LINUX_CAPABILITY_U32S_3] = { 0 };
	const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (geteuid() == 0)
		return 0;
	if (syscall(SYS_capget, &header, has) < 0 ||
	    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return -1;
	if (!has[0].permitted && !has[1].permitted)
		return 0;
	return (int)syscall(SYS_capset, &header, none);
}

bool service_is_capable(void)
{
	struct __user_cap_header_struct header = { .version =
							   _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct has[_LINUX_CAPABILITY_U32S_3] = { 0 };

	return geteuid() != 0 && syscall(SYS_capget, &header, has) == 0 &&
	       (has[0].permitted || has[1].permitted);
}

#define PLACES 16

/* Above where they go first, so that none lands on another. */
static int place(const int *fds, size_t count)
{
	int above[PLACES];

	if (count > PLACES) {
		errno = EINVAL;
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		above[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, SERVICE_FIRST + (int)count);
		if (above[i] < 0)
			return -1;
	}
	for (size_t i = 0; i < count; i++)
		if (dup2(above[i], SERVICE_FIRST + (int)i) < 0)
			return -1;
	return 0;
}

static int announce(size_t count)
{
	char text[24];

	snprintf(text, sizeof(text), "%zu", count);
	if (setenv("LISTEN_FDS", text, 1) < 0)
		return -1;
	snprintf(text, sizeof(text), "%ld", (long)getpid());
	return setenv("LISTEN_PID", text, 1);
}

/* no_new_privs keeps the file from giving back what it has. */
int service_start_again(char *const argv[], const int *fds, size_t count)
{
	char path[PATH_MAX] = { 0 };

	if (readlink("/proc/self/exe", path, sizeof(path) - 1) < 0 ||
	    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || place(fds, count) < 0 ||
	    announce(count) < 0)
		return -1;
	return execv(path, argv);
}

static int enter(const char *root)
{
	notify_kept = notify_open();
	return chroot(root) < 0 ? -1 : chdir("/");
}

static int drop(const char *root, const char *user, bool *entered)
{
	const struct passwd *pw = NULL;

	if (geteuid() == 0 && *user != '\0' && !(pw = look_up(user)))
		return -1;
	*entered = false;
	if (root && enter(root) < 0)
		return -1;
	*entered = true;
	if (pw && become(pw) < 0)
		return -1;
	if (give_up_capabilities() < 0)
		return -1;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

int service_drop_into(const char *root, const char *user, bool *entered)
{
	*entered = true;
	return drop(root, user, entered);
}

int service_drop(const char *user)
{
	bool entered;

	return drop(NULL, user, &entered);
}
