#include "config.h"

#include "tools/jobctl/bars.h"

#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <langinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "lib/sys/exits.h"
#include "lib/sys/print.h"

#define LINES_MAX 512

/* ---- one frame, as text ---- */

static void append(struct bars *b, const char *text, size_t len)
{
	if (b->len + len > b->size) {
		b->size = 2 * (b->len + len);
		b->text = realloc(b->text, b->size);
		if (!b->text)
			err(EXIT_FAILED, "frame");
	}
	memcpy(b->text + b->len, text, len);
	b->len += len;
}

static void put(struct bars *b, const char *text)
{
	append(b, text, strlen(text));
}

/* An SGR sequence, where the terminal knows colours. */
static void paint(struct bars *b, const char *sgr)
{
	if (!b->colour)
		return;
	put(b, "\033[");
	put(b, sgr);
	put(b, "m");
}

/* At most `columns` columns of text; returns how many it took. */
static unsigned put_cut(struct bars *b, const char *text, unsigned columns)
{
	char safe[PRINT_SAFE];
	mbstate_t state = { 0 };
	unsigned used = 0;
	wchar_t c;

	print_safe(text, safe, sizeof(safe));
	for (const char *p = safe; *p;) {
		size_t len = mbrtowc(&c, p, strlen(p), &state);
		bool broken = len == (size_t)-1 || len == (size_t)-2;
		int width = broken ? 1 : wcwidth(c);

		if (used + (unsigned)(width > 0 ? width : 0) > columns)
			break;
		if (broken)
			state = (mbstate_t){ 0 };
		append(b, broken ? "?" : p, broken ? 1 : len);
		used += (unsigned)(width > 0 ? width : 0);
		p += broken ? 1 : len;
	}
	return used;
}

static void put_blanks(struct bars *b, unsigned count)
{
	while (count--)
		put(b, " ");
}

static void end_line(struct bars *b, unsigned width)
{
	put(b, "\033[K\r\n");
	if (b->lines < LINES_MAX)
		b->widths[b->lines++] = width;
}

/* ---- one job ---- */

static const char *colour_of(enum job_state state)
{
	static const char *const colours[JOB_STATES] = {
		[JOB_QUEUED] = "2",       [JOB_BOOTING] = "36", [JOB_INSTALLING] = "36",
		[JOB_CONFIGURING] = "36", [JOB_DONE] = "32",    [JOB_FAILED] = "31",
		[JOB_CANCELLED] = "33",
	};

	return colours[state];
}

static void put_bar(struct bars *b, const struct job *job, unsigned columns)
{
	unsigned full = (unsigned)job->percent * columns / 100;

	paint(b, colour_of(job->state));
	for (unsigned i = 0; i < columns; i++)
		put(b, i < full ? (b->utf8 ? "█" : "#") : (b->utf8 ? "░" : "."));
	paint(b, "0");
}

static void add_left(char *time, size_t size, int64_t left_ms)
{
	char left[PRINT_TIME];
	size_t len = strlen(time);

	snprintf(time + len, size - len, ", %s left", print_duration(left_ms, left));
}

/* "job 7  web1  debian12@1.0.0        installing  2 min 13 s, 4 min left" */
static void draw_head(struct bars *b, const struct bar *bar)
{
	const struct job *job = &bar->job;
	char left[4 * JOB_NAME], time[3 * PRINT_TIME], right[4 * JOB_NAME];
	unsigned room, used, width;

	snprintf(left, sizeof(left), "job %" PRId64 "%s%s  %s", job->id,
		 *job->hostname ? "  " : "", job->hostname, job->image);
	print_duration(bar->elapsed_ms, time);
	if (bar->job.left_ms >= 0 && b->columns >= 80)
		add_left(time, sizeof(time), bar->job.left_ms);
	snprintf(right, sizeof(right), "%s%s%s", job_state_name(job->state),
		 b->columns >= 60 ? "  " : "", b->columns >= 60 ? time : "");
	width = (unsigned)strlen(right);
	room = b->columns - 1 > width + 2 ? b->columns - 1 - width - 2 : 0;
	used = put_cut(b, left, room);
	put_blanks(b, room - used + 2);
	paint(b, colour_of(job->state));
	put_cut(b, right, b->columns - 1);
	paint(b, "0");
	end_line(b, room + 2 + width);
}

/* What stands behind the bar: the step, and what the machine says. */
static void say_step(const struct job *job, char *out, size_t size)
{
	char n[32] = "";

	if (job->state == JOB_DONE) {
		snprintf(out, size, "%s", job->text);
		return;
	}
	if (job->step_of)
		snprintf(n, sizeof(n), "%u/%u ", job->step_n, job->step_of);
	snprintf(out, size, "%s%s%s%s", n, job->step,
		 *job->step && *job->text ? ": " : "", job->text);
}

static void draw_progress(struct bars *b, const struct job *job, unsigned bar)
{
	char text[JOB_TEXT + 2 * JOB_NAME], percent[16];
	unsigned used = bar;

	put_bar(b, job, bar);
	snprintf(percent, sizeof(percent), " %3d %% ", job->percent);
	used += put_cut(b, percent, b->columns - 1 - used);
	say_step(job, text, sizeof(text));
	used += put_cut(b, text, b->columns - 1 - used);
	end_line(b, used);
}

/* One line for it all, where there are more jobs than rows. */
static void draw_short(struct bars *b, const struct bar *bar)
{
	const struct job *job = &bar->job;
	char text[4 * JOB_NAME];
	unsigned width = b->columns / 4, used;

	put_bar(b, job, width);
	snprintf(text, sizeof(text), " %3d %% %" PRId64 " %s%s%s %s", job->percent,
		 job->id, job->hostname, *job->hostname ? " " : "",
		 job_state_name(job->state), job->step);
	used = width + put_cut(b, text, b->columns - 1 - width);
	end_line(b, used);
}

/* ---- the terminal ---- */

static void measure(struct bars *b)
{
	struct winsize size = { 0 };

	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	b->columns = size.ws_col >= 20 ? size.ws_col : size.ws_col ? 20 : 80;
	b->rows = size.ws_row >= 3 ? size.ws_row : 24;
}

/* How many rows the old frame takes; a terminal that got narrower has wrapped it. */
static unsigned rows_drawn(const struct bars *b)
{
	unsigned rows = 0;

	for (size_t i = 0; i < b->lines; i++)
		rows += b->widths[i] ? (b->widths[i] - 1) / b->columns + 1 : 1;
	return rows;
}

static void write_frame(struct bars *b)
{
	const char *p = b->text;

	while (b->len > 0) {
		ssize_t n = write(STDOUT_FILENO, p, b->len);

		if (n < 0 && errno != EINTR)
			err(EXIT_FAILED, "standard output");
		if (n > 0) {
			p += n;
			b->len -= (size_t)n;
		}
	}
}

/* What the terminal is to be given back, also if an error ends us; "" if nothing. */
static const char *undo = "";

static void give_back(void)
{
	if (*undo && write(STDOUT_FILENO, undo, strlen(undo)) < 0)
		warn("standard output");
	undo = "";
}

bool bars_begin(struct bars *b, bool whole_screen)
{
	const char *term = getenv("TERM"), *no_colour = getenv("NO_COLOR");

	*b = (struct bars){ 0 };
	if (!isatty(STDOUT_FILENO) || !term || strcmp(term, "dumb") == 0)
		return false;
	b->widths = calloc(LINES_MAX, sizeof(*b->widths));
	if (!b->widths)
		err(EXIT_FAILED, "frame");
	b->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	b->colour = !no_colour || !*no_colour;
	b->whole_screen = whole_screen;
	put(b, whole_screen ? "\033[?1049h\033[?25l" : "\033[?25l");
	undo = whole_screen ? "\033[?25h\033[?1049l" : "\033[?25h";
	atexit(give_back);
	return true;
}

static size_t draw_jobs(struct bars *b, const struct bar *jobs, size_t count)
{
	size_t room = b->rows - 2, each = 2 * count <= room ? 2 : 1;
	size_t shown = each * count <= room ? count : room;

	for (size_t i = 0; i < shown; i++) {
		if (each == 1) {
			draw_short(b, &jobs[i]);
			continue;
		}
		draw_head(b, &jobs[i]);
		draw_progress(b, &jobs[i].job, b->columns / 2);
	}
	return shown;
}

void bars_draw(struct bars *b, const struct bar *jobs, size_t count)
{
	char text[64];
	unsigned up;
	size_t shown;

	measure(b);
	up = rows_drawn(b);
	b->lines = 0;
	if (b->whole_screen) {
		put(b, "\033[H");
	} else if (up) {
		snprintf(text, sizeof(text), "\r\033[%uA", up);
		put(b, text);
	}
	shown = draw_jobs(b, jobs, count);
	if (shown < count || !count) {
		if (count)
			snprintf(text, sizeof(text), "and %zu more", count - shown);
		else
			snprintf(text, sizeof(text), "No job is under way.");
		end_line(b, put_cut(b, text, b->columns - 1));
	}
	put(b, "\033[J");
	write_frame(b);
}

void bars_end(struct bars *b, const struct bar *jobs, size_t count)
{
	give_back();
	if (b->whole_screen) {
		b->whole_screen = false;
		b->lines = 0;
		bars_draw(b, jobs, count);
	}
	free(b->text);
	free(b->widths);
}
