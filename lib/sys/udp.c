#include "config.h"

#include "lib/sys/udp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int option_of_stdin(int option)
{
	int value;
	socklen_t len = sizeof(value);

	return getsockopt(0, SOL_SOCKET, option, &value, &len) == 0 ? value : -1;
}

int udp_inherited(void)
{
	int family = option_of_stdin(SO_DOMAIN);

	if (option_of_stdin(SO_TYPE) == SOCK_DGRAM)
		return 1;
	if (family != AF_INET && family != AF_INET6)
		return 0;
	errno = EPROTOTYPE;
	return -1;
}

static int give_up(int fd)
{
	int saved = errno;

	close(fd);
	errno = saved;
	return -1;
}

int udp_bind(const char *addr, uint16_t port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd;

	if (inet_pton(AF_INET, addr, &sin.sin_addr) != 1) {
		errno = EINVAL;
		return -1;
	}
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	return bind(fd, (const struct sockaddr *)&sin, sizeof(sin)) < 0 ? give_up(fd)
									: fd;
}

/* A network behind a router is reached by the routes, not by an interface of ours. */
int udp_broadcast(const char *interface)
{
	const int yes = 1;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &yes, sizeof(yes)) < 0 ||
	    (*interface && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface,
				      (socklen_t)strlen(interface)) < 0))
		return give_up(fd);
	return fd;
}
