/*
 * handover systemd|inetd ADDRESS PORT COMMAND...: binds a UDP socket and starts
 * COMMAND with it, as systemd (LISTEN_FDS) or inetd (descriptor 0, "wait") do.
 * ADDRESS "any" is one socket for both families, with PassPacketInfo=.
 */
#include "config.h"

#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/sys/exits.h"
#include "lib/sys/service.h"
#include "lib/sys/udp.h"

static void place(int fd, int at)
{
	if (fd != at && (dup2(fd, at) < 0 || close(fd) < 0))
		err(EXIT_FAILED, "descriptor %d", at);
}

static int bind_both(uint16_t port)
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	int fd = socket(AF_INET6, SOCK_DGRAM, 0), off = 0, on = 1;

	if (setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)) < 0 ||
	    setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)) < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on)) < 0 ||
	    bind(fd, (struct sockaddr *)&any, sizeof(any)) < 0)
		return -1;
	return fd;
}

int main(int argc, char *argv[])
{
	char pid[32];
	uint16_t port;
	int fd;

	if (argc < 5)
		errx(EXIT_MISUSE, "wants systemd or inetd, address, port and command");
	port = (uint16_t)strtoul(argv[3], NULL, 10);
	fd = strcmp(argv[2], "any") == 0 ? bind_both(port) : udp_bind(argv[2], port);
	if (fd < 0)
		err(EXIT_FAILED, "%s port %s", argv[2], argv[3]);
	if (strcmp(argv[1], "systemd") == 0) {
		place(dup(fd), SERVICE_FIRST);
		snprintf(pid, sizeof(pid), "%ld", (long)getpid());
		setenv("LISTEN_PID", pid, 1);
		setenv("LISTEN_FDS", "1", 1);
	} else {
		place(dup(fd), STDIN_FILENO);
	}
	execv(argv[4], argv + 4);
	err(EXIT_FAILED, "%s", argv[4]);
}
