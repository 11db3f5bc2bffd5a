/*
 * service - what a daemon shares with whoever started it: sockets handed over,
 * readiness, signals, and the rights it gives up.
 *
 * Errors  -1 with errno set.
 * Source  sd_listen_fds(3) and sd_notify(3) (the protocols, not the library);
 *         inetd(8) "wait" leaves the socket on descriptor 0.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many descriptors systemd handed over, from SERVICE_FIRST on; unsets LISTEN_*. */
#define SERVICE_FIRST 3
int service_listen_fds(void);

/* "READY=1", "RELOADING=1", "STATUS=...", "STOPPING=1"; nothing without NOTIFY_SOCKET. */
void service_notify(const char *state);

/*
 * Milliseconds within which the watchdog wants to hear of us, 0 if there is none; then
 * service_notify("WATCHDOG=1") is due twice in that time.
 */
int64_t service_watchdog_ms(void);

/*
 * SIGTERM and SIGINT set service_stop, SIGHUP sets service_reload; neither
 * restarts a blocking call.  SIGPIPE is ignored.
 */
extern volatile sig_atomic_t service_stop, service_reload;
void service_signals(void);

/* Whether we are not root and hold capabilities. */
bool service_is_capable(void);

/*
 * Starts the same program again in this process, with these descriptors handed over as
 * systemd does it: execve(2) takes all capabilities from all but root, also where
 * capset(2) is forbidden.  Returns only on failure.
 */
int service_start_again(char *const argv[], const int *fds, size_t count);

/*
 * Becomes user (no more root, no way back), if we are root and user is not "".
 * Gives up all capabilities unless that leaves us root; no_new_privs always.
 */
int service_drop(const char *user);

/*
 * The same, and root becomes the root of this process before that: no other file can be
 * opened from then on, but service_notify() still finds its way.  When it fails,
 * *entered is false if that was because of root.
 */
int service_drop_into(const char *root, const char *user, bool *entered);
