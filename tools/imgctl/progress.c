#include "config.h"

#include "tools/imgctl/progress.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "lib/sys/now.h"
#include "lib/sys/print.h"

#define BAR 24         /* columns */
#define EVERY_MS 200   /* between two bars */
#define SILENT_MS 1000 /* at the beginning */

static volatile sig_atomic_t stopped;
static struct {
	int64_t began, drawn; /* milliseconds */
	int tenth;            /* the last that was told */
	bool terminal, shown;
} state;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

void progress_begin(void)
{
	struct sigaction action = { .sa_handler = stop, .sa_flags = SA_RESTART };

	state.began = state.drawn = now_ms();
	state.tenth = 0;
	state.terminal = isatty(STDERR_FILENO);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

static void draw_bar(int64_t done, int64_t total, int64_t rate, int64_t left_ms)
{
	char a[PRINT_TIME], b[PRINT_TIME], c[PRINT_TIME], d[PRINT_TIME];
	int full = (int)(done * BAR / total);

	fprintf(stderr, "\r\033[K[%.*s%*s] %3d%%  %s of %s, %s/s, %s left", full,
		"########################", BAR - full, "", (int)(done * 100 / total),
		print_octets(done, a), print_octets(total, b), print_octets(rate, c),
		print_duration(left_ms, d));
	state.shown = true;
}

static void tell_line(int64_t done, int64_t total, int64_t rate, int64_t left_ms)
{
	char a[PRINT_TIME], b[PRINT_TIME], c[PRINT_TIME], d[PRINT_TIME];

	fprintf(stderr, "imgctl: %d%%: %s of %s, %s/s, %s left\n",
		(int)(done * 100 / total), print_octets(done, a), print_octets(total, b),
		print_octets(rate, c), print_duration(left_ms, d));
}

bool progress_told(int64_t done, int64_t total)
{
	int64_t now = now_ms(), took = now - state.began, rate, left_ms;
	int tenth = total > 0 ? (int)(done / (total / 10 + 1)) : 0;

	if (stopped)
		return false;
	if (took < SILENT_MS || total <= 0 || done <= 0)
		return true;
	rate = done / took * 1000 + done % took * 1000 / took;
	left_ms = rate > 0 ? (total - done) / rate * 1000 +
				     (total - done) % rate * 1000 / rate
			   : 0;
	if (state.terminal && now - state.drawn >= EVERY_MS) {
		draw_bar(done, total, rate, left_ms);
		state.drawn = now;
	} else if (!state.terminal && tenth > state.tenth) {
		tell_line(done, total, rate, left_ms);
		state.tenth = tenth;
	}
	return true;
}

void progress_end(void)
{
	if (state.shown)
		fputs("\r\033[K", stderr);
	state.shown = false;
}
