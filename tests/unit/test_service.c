#include "tests/test.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/sys/service.h"

static void hand_over(const char *pid, const char *fds)
{
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", fds, 1);
	setenv("LISTEN_FDNAMES", "a:b", 1);
}

static void sockets_are_counted_and_closed_on_exec(void **state)
{
	char pid[16];
	int taken = open("/dev/null", O_RDONLY);

	(void)state;
	if (taken != SERVICE_FIRST)
		dup2(taken, SERVICE_FIRST);
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	hand_over(pid, "1");
	assert_int_equal(service_listen_fds(), 1);
	assert_int_equal(fcntl(SERVICE_FIRST, F_GETFD), FD_CLOEXEC);
	assert_null(getenv("LISTEN_FDS"));
	assert_null(getenv("LISTEN_PID"));
	assert_null(getenv("LISTEN_FDNAMES"));
	assert_int_equal(service_listen_fds(), 0);
}

static void what_is_for_somebody_else_is_not_ours(void **state)
{
	(void)state;
	hand_over("1", "1");
	assert_int_equal(service_listen_fds(), 0);
	assert_null(getenv("LISTEN_FDS"));
}

static void nonsense_is_refused(void **state)
{
	static const char *const counts[] = { "-1", "x", "", "99999999999", "3 " };
	char pid[16];

	(void)state;
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		hand_over(pid, counts[i]);
		assert_int_equal(service_listen_fds(), -1);
		assert_int_equal(errno, EINVAL);
	}
	hand_over(pid, "1000");
	assert_int_equal(service_listen_fds(), -1);
	assert_int_equal(errno, EBADF);
}

static void readiness_arrives(const char *address, size_t len)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char got[64] = "";

	memcpy(sun.sun_path, address, len);
	if (*address == '@')
		sun.sun_path[0] = '\0';
	assert_int_equal(bind(fd, (struct sockaddr *)&sun,
			      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)),
			 0);
	setenv("NOTIFY_SOCKET", address, 1);
	service_notify("READY=1");
	assert_int_equal(recv(fd, got, sizeof(got), MSG_DONTWAIT), 7);
	assert_string_equal(got, "READY=1");
	close(fd);
	unsetenv("NOTIFY_SOCKET");
}

static void a_path_and_an_abstract_name_are_told(void **state)
{
	char folder[] = "/tmp/test_service.XXXXXX", path[64], name[64];

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/notify", folder);
	readiness_arrives(path, strlen(path));
	unlink(path);
	rmdir(folder);
	snprintf(name, sizeof(name), "@test-service-%d", (int)getpid());
	readiness_arrives(name, strlen(name));
}

static void nobody_to_tell_is_no_failure(void **state)
{
	char longest[300];

	(void)state;
	memset(longest, 'a', sizeof(longest) - 1);
	longest[0] = '/';
	longest[sizeof(longest) - 1] = '\0';
	errno = 77;
	service_notify("READY=1");
	setenv("NOTIFY_SOCKET", "/nonexistent/notify", 1);
	service_notify("READY=1");
	setenv("NOTIFY_SOCKET", "relative", 1);
	service_notify("READY=1");
	setenv("NOTIFY_SOCKET", longest, 1);
	service_notify("READY=1");
	setenv("NOTIFY_SOCKET", "", 1);
	service_notify("READY=1");
	unsetenv("NOTIFY_SOCKET");
	assert_int_equal(errno, 77);
}

static void signals_set_flags_and_interrupt(void **state)
{
	int ends[2];
	char c;
	pid_t child;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	service_signals();
	raise(SIGHUP);
	assert_int_equal(service_reload, 1);
	assert_int_equal(service_stop, 0);
	child = fork();
	if (child == 0) {
		/* Until the flag is set: a signal before the read would be too early. */
		for (int i = 0; i < 1000; i++) {
			kill(getppid(), SIGTERM);
			usleep(10000);
		}
		_exit(0);
	}
	assert_int_equal(read(ends[0], &c, 1), -1);
	assert_int_equal(errno, EINTR);
	assert_int_equal(service_stop, 1);
	kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	close(ends[0]);
	assert_int_equal(write(ends[1], "x", 1), -1);
	assert_int_equal(errno, EPIPE);
	close(ends[1]);
}

/* In a child: there is no way back. */
static int drop_in_child(void)
{
	const struct passwd *nobody = getpwnam("nobody");
	uid_t uid = nobody ? nobody->pw_uid : 0;

	if (service_drop("nobody") < 0)
		return 1;
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return 2;
	if (getuid() != uid || geteuid() != uid || getgid() == 0)
		return 3;
	return setuid(0) == 0 ? 4 : 0;
}

static void a_user_is_become_for_good(void **state)
{
	int status;
	pid_t child;

	(void)state;
	if (geteuid() != 0) {
		assert_int_equal(service_drop("nobody"), 0);
		return;
	}
	assert_int_equal(service_drop("no-such-user"), -1);
	assert_int_equal(errno, ENOENT);
	child = fork();
	if (child == 0)
		_exit(drop_in_child());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void no_user_means_to_stay(void **state)
{
	uid_t before = geteuid();

	(void)state;
	assert_int_equal(service_drop(""), 0);
	assert_int_equal(geteuid(), before);
	assert_int_equal(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(sockets_are_counted_and_closed_on_exec),
		cmocka_unit_test(what_is_for_somebody_else_is_not_ours),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(a_path_and_an_abstract_name_are_told),
		cmocka_unit_test(nobody_to_tell_is_no_failure),
		cmocka_unit_test(signals_set_flags_and_interrupt),
		cmocka_unit_test(a_user_is_become_for_good),
		cmocka_unit_test(no_user_means_to_stay),
	};

	return cmocka_run_group_tests_name("service", tests, NULL, NULL);
}
