#include "config.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tools/bootweb/web.h"

#define BACKLOG 1024

static int listen_on(const struct addrinfo *ai)
{
	int on = 1, saved;
	int fd = socket(ai->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
	    bind(fd, ai->ai_addr, ai->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

/* Cuts ADDR:PORT or [ADDR]:PORT in place; ADDR may be missing. */
static bool split(char *where, char **host, char **port)
{
	char *colon = strrchr(where, ':');
	size_t len;

	*host = where;
	*port = colon ? colon + 1 : where;
	if (!colon) {
		*host = NULL;
		return *where != '\0';
	}
	*colon = '\0';
	len = strlen(where);
	if (where[0] == '[') {
		if (len < 3 || where[len - 1] != ']')
			return false;
		where[len - 1] = '\0';
		++*host;
	} else if (strchr(where, ':')) {
		return false;
	}
	if (**host == '\0')
		*host = NULL;
	return **port != '\0';
}

/* One that a former life has left is in the way, and nobody listens on it. */
static int listen_at(const char *path)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd, saved;

	if (strlen(path) >= sizeof(sun.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(sun.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)&sun, sizeof(sun)) < 0 &&
	    errno == ECONNREFUSED)
		unlink(path);
	if (bind(fd, (struct sockaddr *)&sun, sizeof(sun)) == 0 &&
	    chmod(path, 0660) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

int web_listen(const char *where)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
				  .ai_flags =
					  AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV };
	struct addrinfo *found;
	char copy[128], *host, *port;
	int fd;

	if (*where == '/')
		return listen_at(where);
	if (snprintf(copy, sizeof(copy), "%s", where) >= (int)sizeof(copy) ||
	    !split(copy, &host, &port) || getaddrinfo(host, port, &hints, &found) != 0) {
		errno = EINVAL;
		return -1;
	}
	fd = listen_on(found);
	freeaddrinfo(found);
	return fd;
}

void web_where(int fd, char out[static WEB_WHERE])
{
	struct sockaddr_storage ss = { 0 };
	socklen_t len = sizeof(ss);
	char host[64], port[16];

	snprintf(out, WEB_WHERE, "unix");
	if (getsockname(fd, (struct sockaddr *)&ss, &len) < 0 || ss.ss_family == AF_UNIX)
		return;
	if (getnameinfo((struct sockaddr *)&ss, len, host, sizeof(host), port,
			sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return;
	snprintf(out, WEB_WHERE, ss.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host,
		 port);
}

bool web_is_local(int fd)
{
	struct sockaddr_storage ss = { 0 };
	socklen_t len = sizeof(ss);
	struct sockaddr_in sin;
	struct sockaddr_in6 sin6;

	if (getsockname(fd, (struct sockaddr *)&ss, &len) < 0)
		return false;
	if (ss.ss_family == AF_UNIX)
		return true;
	if (ss.ss_family == AF_INET) {
		memcpy(&sin, &ss, sizeof(sin));
		return ntohl(sin.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
	}
	memcpy(&sin6, &ss, sizeof(sin6));
	return ss.ss_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&sin6.sin6_addr);
}
