/*
 * handover systemd|inetd ADDRESS PORT COMMAND...: binds a UDP socket and starts
 * COMMAND with it, as systemd (LISTEN_FDS) or inetd (descriptor 0, "wait") do.
 */
#include "config.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/sys/exits.h"
#include "lib/sys/service.h"
#include "lib/sys/udp.h"

static void place(int fd, int at)
{
	if (fd != at && (dup2(fd, at) < 0 || close(fd) < 0))
		err(EXIT_FAILED, "descriptor %d", at);
}

int main(int argc, char *argv[])
{
	char pid[32];
	int fd;

	if (argc < 5)
		errx(EXIT_MISUSE, "wants systemd or inetd, address, port and command");
	fd = udp_bind(argv[2], (uint16_t)strtoul(argv[3], NULL, 10));
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
