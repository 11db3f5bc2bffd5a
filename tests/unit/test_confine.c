/* What a daemon cannot do any more, and what it still can. */
#include "config.h"

#include "tests/test.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/sys/confine.h"

#define CANNOT 77 /* the kernel has no landlock */

static bool refused(int result)
{
	return result < 0 && errno == EACCES;
}

/* In a process of its own; says which promise was broken. */
static int confined(int out)
{
	if (dup2(out, STDOUT_FILENO) < 0)
		return 1;
	if (confine_writes() < 0)
		return errno == ENOSYS || errno == EOPNOTSUPP ? CANNOT : 2;
	if (open("here", O_RDONLY) < 0)
		return 3;
	if (!refused(open("here", O_WRONLY)) || !refused(open("here", O_RDWR)))
		return 4;
	if (!refused(open("new", O_CREAT | O_WRONLY, 0600)) ||
	    !refused(mkdir("dir", 0700)))
		return 5;
	if (!refused(unlink("here")) || !refused(rename("here", "there")))
		return 6;
	if (!refused(execl("/bin/true", "true", (char *)NULL)))
		return 7;
	if (write(STDOUT_FILENO, "1", 1) != 1)
		return 8;
	return open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK) < 0 ? 9 : 0;
}

static void reads_and_writes_only_what_is_open(void **state)
{
	const int flags = O_RDWR | O_NONBLOCK;
	char folder[] = "/tmp/confineXXXXXX";
	int fifo, fd, status;
	pid_t child;

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chdir(folder), 0);
	fd = open("here", O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	fifo = open("fifo", flags);
	assert_true(fifo >= 0);
	child = fork();
	if (child == 0)
		_exit(confined(fifo));
	assert_int_equal(waitpid(child, &status, 0), child);
	close(fifo);
	unlink("here");
	unlink("fifo");
	assert_int_equal(chdir("/"), 0);
	rmdir(folder);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == CANNOT)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* The calls that a daemon needs go on as before. */
static int bounded(void)
{
	int fd;

	if (confine_calls() < 0)
		return errno == ENOSYS || errno == EINVAL ? CANNOT : 1;
	if (execl("/bin/true", "true", (char *)NULL) == 0 || errno != EPERM)
		return 2;
	if (socket(AF_PACKET, SOCK_DGRAM, 0) >= 0 || errno != EPERM)
		return 3;
	if (setuid(getuid()) == 0 || errno != EPERM)
		return 4;
	if (unshare(CLONE_NEWUSER) == 0 || errno != EPERM)
		return 5;
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	return fd < 0 || close(fd) < 0 ? 6 : 0;
}

static void makes_no_call_of_an_intruder(void **state)
{
	pid_t child = fork();
	int status;

	(void)state;
	if (child == 0)
		_exit(bounded());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == CANNOT)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_and_writes_only_what_is_open),
		cmocka_unit_test(makes_no_call_of_an_intruder),
	};

	return cmocka_run_group_tests_name("confine", tests, NULL, NULL);
}
