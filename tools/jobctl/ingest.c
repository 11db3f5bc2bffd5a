#include "config.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/sys/exits.h"
#include "lib/sys/file.h"
#include "lib/sys/print.h"
#include "lib/sys/service.h"
#include "tools/jobctl/beat.h"
#include "tools/jobctl/intake.h"
#include "tools/jobctl/jobctl.h"
#include "tools/jobctl/translate.h"
#include "tools/jobctl/welcome.h"

#define BATCH 1000
#define LINE_OCTETS 16384 /* no line is longer; ours are at most EVENT_LINE */
#define COMPLAINTS 10     /* of one batch; the rest are counted */
#define MODE 0640
#define ROOM_MS 1000
#define NAP_MS 50

const struct verb_option ingest_options[] = {
	{ "reject", 'r', "FILE",
	  "set lines aside here that cannot be read (default: the database's name and "
	  ".rejects)" },
	{ "from", 'f', "FORMAT",
	  "the lines are another program's log: nginx or dnsmasq" },
	{ "batch", 'b', "NUMBER",
	  "at most so many lines in one transaction (default 1000)" },
	{ 0 },
};

/* One line of a batch, or a part of one that is too long to be any. */
struct line {
	char *text;          /* its newline is a NUL now */
	size_t len;          /* without the newline */
	bool newline, first; /* of a line's parts */
	const char *why;     /* not NULL: it is set aside */
};

struct counts {
	int64_t ingested, repeated, refused, malformed;
};

struct ingest {
	struct jobctl *ctl;
	bool foreign; /* lines go through from */
	struct translate from;
	struct welcome welcome;
	struct intake in;
	struct line *lines; /* of this batch */
	size_t count, batch;
	int64_t number; /* of lines taken so far */
	bool inside;    /* a line that is too long */
	struct counts total;
	char *reject, *database;
	struct beat beat;
	char why[JOB_TEXT]; /* the database failed */
};

/* ---- a batch: lines out of octets ---- */

static const char too_long[] = "is longer than 16384 octets";

/* The octets up to and with the next newline, or all if there is none. */
static size_t cut(struct ingest *g, size_t from, bool ended, struct line *line)
{
	char *text = g->in.octets + from;
	size_t left = g->in.seen - from;
	char *newline = memchr(text, '\n', left);
	bool endless = !newline &&
		       (left >= LINE_OCTETS || (g->in.full && from == 0) || g->inside);

	if (!newline && !endless && !ended)
		return 0;
	*line = (struct line){ .text = text, .newline = newline, .first = !g->inside };
	line->len = newline ? (size_t)(newline - text) : left;
	text[line->len] = '\0';
	if (g->inside || endless || line->len >= LINE_OCTETS)
		line->why = too_long;
	g->inside = endless;
	return line->len + (newline != NULL);
}

/* How many octets the batch's lines take; 0: there is no whole line. */
static size_t cut_batch(struct ingest *g, bool ended)
{
	size_t octets = 0, len;

	g->count = 0;
	while (g->count < g->batch && octets < g->in.seen) {
		len = cut(g, octets, ended, &g->lines[g->count]);
		if (len == 0)
			break;
		octets += len;
		g->count++;
	}
	return octets;
}

/* ---- a batch: into the database ---- */

/*
 * A line without an id is known by its text, so that it is not applied twice
 * either.
 */
static void name_by_text(struct event *ev, const struct line *line)
{
	unsigned char hash[16];
	char hex[2 * sizeof(hash) + 1];

	if (*ev->id)
		return;
	crypto_generichash(hash, sizeof(hash), (const unsigned char *)line->text,
			   line->len, NULL, 0);
	sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	snprintf(ev->id, sizeof(ev->id), "text-%s", hex);
}

/* STORE_NO: there is no event in it, and line->why says so if there should be one. */
static enum store_result read_line(struct ingest *g, struct line *line, struct event *ev)
{
	if (line->why || line->len == 0)
		return STORE_NO;
	if (g->foreign)
		return translate_line(&g->from, line->text, line->len, ev, &line->why);
	return event_parse(line->text, line->len, ev, &line->why) ? STORE_DONE : STORE_NO;
}

static enum store_result apply_line(struct ingest *g, struct line *line,
				    struct counts *counts)
{
	enum store_verdict verdict = STORE_REFUSED;
	enum store_result result;
	struct event ev;

	result = read_line(g, line, &ev);
	if (result != STORE_DONE)
		return result == STORE_NO ? STORE_DONE : result;
	line->why = NULL;
	name_by_text(&ev, line);
	/* What others log may hold a token; what an event says of it does not. */
	result =
		store_apply(g->ctl->store, &ev, g->foreign ? NULL : line->text, &verdict);
	if (result == STORE_NO) {
		line->why = "the database refuses it";
		return STORE_DONE;
	}
	if (result == STORE_DONE) {
		counts->ingested += verdict == STORE_APPLIED;
		counts->repeated += verdict == STORE_REPEATED;
		counts->refused += verdict == STORE_REFUSED;
	}
	if (result == STORE_DONE && verdict == STORE_APPLIED)
		result = welcome(&g->welcome, &ev);
	return result;
}

static enum store_result apply_once(struct ingest *g, struct counts *counts)
{
	enum store_result result = store_begin(g->ctl->store);
	const struct foreign_state before = g->from.state;

	*counts = (struct counts){ 0 };
	if (result != STORE_DONE)
		return result;
	welcome_begin(&g->welcome, g->ctl->conf, g->ctl->store);
	for (size_t i = 0; result == STORE_DONE && i < g->count; i++)
		result = apply_line(g, &g->lines[i], counts);
	order_site_end(&g->welcome.site);
	if (result == STORE_DONE) {
		result = store_end(g->ctl->store, true);
		snprintf(g->why, sizeof(g->why), "%s",
			 result == STORE_DONE ? "" : store_why(g->ctl->store));
	} else {
		snprintf(g->why, sizeof(g->why), "%s", store_why(g->ctl->store));
		store_end(g->ctl->store, false);
	}
	if (result != STORE_DONE)
		g->from.state = before;
	return result;
}

/* What cannot be written for want of room stays in the pipe until there is some. */
static bool wait_for_room(struct ingest *g, bool *said)
{
	if (!*said)
		warnx("%s; waiting for room", g->why);
	*said = true;
	for (int i = 0; i < ROOM_MS / NAP_MS; i++) {
		if (intake_stopped())
			return false;
		poll(NULL, 0, NAP_MS);
	}
	return true;
}

/* Another writer is waited for as long as it takes, and so is room on the disk. */
static int apply_batch(struct ingest *g, struct counts *counts)
{
	enum store_result result;
	bool said = false;

	*g->why = '\0';
	while ((result = apply_once(g, counts)) == STORE_BUSY ||
	       (result == STORE_FAILED && store_is_full(g->ctl->store))) {
		if (result == STORE_FAILED && !wait_for_room(g, &said))
			return EXIT_FAILED;
		if (result == STORE_FAILED)
			continue;
		warnx("%s: another program holds it; still waiting", g->ctl->database);
		if (intake_stopped())
			return EXIT_BUSY;
	}
	if (said && result == STORE_DONE)
		warnx("%s: there is room again", g->ctl->database);
	if (result == STORE_DONE)
		return EXIT_DONE;
	warnx("%s", *g->why ? g->why : store_why(g->ctl->store));
	return EXIT_FAILED;
}

/* ---- a batch: what cannot be read ---- */

static int write_all(int fd, const char *octets, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, octets, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		octets += n;
		len -= (size_t)n;
	}
	return 0;
}

/* As it came, so that it can be mended and ingested again. */
static int set_aside(int fd, const struct line *line)
{
	if (write_all(fd, line->text, line->len) < 0)
		return -1;
	return line->newline || line->why != too_long ? write_all(fd, "\n", 1) : 0;
}

static int open_reject(const char *path)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);

	if (fd >= 0 || errno != ENOENT)
		return fd;
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, MODE);
	if (fd >= 0)
		file_adopt(fd, path);
	return fd;
}

static int set_aside_all(const struct ingest *g)
{
	int fd = open_reject(g->reject);
	bool done = fd >= 0;

	for (size_t i = 0; done && i < g->count; i++)
		if (g->lines[i].why)
			done = set_aside(fd, &g->lines[i]) == 0;
	done = done && fsync(fd) == 0;
	if (!done)
		warn("%s", g->reject);
	if (fd >= 0)
		close(fd);
	return done ? 0 : -1;
}

static int64_t complain(struct ingest *g)
{
	int64_t malformed = 0;

	for (size_t i = 0; i < g->count; i++) {
		g->number += g->lines[i].first;
		if (!g->lines[i].why || !g->lines[i].first)
			continue;
		if (malformed++ < COMPLAINTS)
			warnx("line %" PRId64 ": %s; set aside in %s", g->number,
			      g->lines[i].why, g->reject);
	}
	if (malformed > COMPLAINTS)
		warnx("and %" PRId64 " more like these, up to line %" PRId64,
		      malformed - COMPLAINTS, g->number);
	return malformed;
}

static bool any_to_set_aside(const struct ingest *g)
{
	for (size_t i = 0; i < g->count; i++)
		if (g->lines[i].why)
			return true;
	return false;
}

/* ---- all batches ---- */

/* What a network's policy says may change.  The database stays the one it is. */
static void reload(struct ingest *g)
{
	struct conf *conf;

	if (!service_reload)
		return;
	service_reload = 0;
	service_notify("RELOADING=1");
	conf = conf_load(g->ctl->config);
	if (conf) {
		conf_free(g->ctl->conf);
		g->ctl->conf = conf;
	} else {
		warnx("the configuration is not reloaded; the old one stays");
	}
	service_notify("READY=1");
}

/* First the database, then the reject file, and only then out of the pipe. */
static int take_batch(struct ingest *g, size_t octets)
{
	struct counts counts;
	int code = apply_batch(g, &counts);

	if (code != EXIT_DONE)
		return code;
	if (any_to_set_aside(g) && set_aside_all(g) < 0)
		return EXIT_FAILED;
	counts.malformed = complain(g);
	if (intake_take(&g->in, octets) < 0) {
		warn("standard input");
		return EXIT_FAILED;
	}
	g->total.ingested += counts.ingested;
	/* A record that cannot be made now is made with the next batch. */
	record_all(g->ctl);
	g->total.repeated += counts.repeated;
	g->total.refused += counts.refused;
	g->total.malformed += counts.malformed;
	return EXIT_DONE;
}

static int take_all(struct ingest *g)
{
	enum intake_result seen;
	size_t octets;
	int code;

	for (;;) {
		seen = intake_look(&g->in);
		if (seen == INTAKE_FAILED) {
			warn("standard input");
			return EXIT_FAILED;
		}
		if (seen == INTAKE_STOPPED)
			return EXIT_DONE;
		reload(g);
		beat(&g->beat, g->ctl);
		if (seen == INTAKE_IDLE)
			continue;
		do {
			octets = cut_batch(g, seen == INTAKE_END);
			code = octets ? take_batch(g, octets) : EXIT_DONE;
			if (code != EXIT_DONE)
				return code;
		} while (octets && g->in.seen && !intake_stopped());
		if (seen == INTAKE_END || intake_stopped())
			return EXIT_DONE;
	}
}

static void build(struct jsonout *j, const void *what)
{
	const struct counts *c = what;

	jsonout_int(j, "ingested", c->ingested);
	jsonout_int(j, "repeated", c->repeated);
	jsonout_int(j, "refused", c->refused);
	jsonout_int(j, "malformed", c->malformed);
}

static void summarize(const struct ingest *g)
{
	const struct counts *c = &g->total;

	if (g->ctl->json)
		print_json(build, c);
	else
		printf("ingested %" PRId64 ", repeated %" PRId64 ", refused %" PRId64
		       ", malformed %" PRId64 "\n",
		       c->ingested, c->repeated, c->refused, c->malformed);
}

/* ---- the beginning ---- */

static size_t parse_batch(const char *text)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(text, &end, 10);
	if (errno || *end || *text < '0' || *text > '9' || n < 1 || n > 100000)
		errx(EXIT_MISUSE, "--batch %s: is not a number from 1 to 100000", text);
	return n;
}

static void parse_format(struct ingest *g, const char *name)
{
	g->from.ctl = g->ctl;
	g->foreign = foreign_parse(name, &g->from.format);
	if (!g->foreign)
		errx(EXIT_MISUSE, "--from %s: is neither nginx nor dnsmasq", name);
}

static void parse(struct jobctl *ctl, int argc, char *argv[], struct ingest *g)
{
	const char *reject = NULL;
	int c;

	*g = (struct ingest){ .ctl = ctl, .batch = BATCH };
	while ((c = options_next(ctl, argc, argv)) != -1) {
		if (c == 'r')
			reject = optarg;
		else if (c == 'f')
			parse_format(g, optarg);
		else
			g->batch = parse_batch(optarg);
	}
	options_arguments(ctl, argc, 0, 0);
	jobctl_open(ctl, STORE_WRITE);
	if (reject)
		g->reject = strdup(reject);
	else if (asprintf(&g->reject, "%s.rejects", ctl->database) < 0)
		g->reject = NULL;
	g->lines = calloc(g->batch, sizeof(*g->lines));
	ctl->database = g->database = strdup(ctl->database);
	if (!g->reject || !g->lines || !g->database)
		err(EXIT_FAILED, "batch");
}

/* They come in while intake_look() waits, and at no other time. */
static void hold_signals(void)
{
	sigset_t held;

	service_signals();
	sigemptyset(&held);
	sigaddset(&held, SIGTERM);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGHUP);
	sigprocmask(SIG_BLOCK, &held, NULL);
}

int ingest_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct ingest g;
	int code;

	parse(ctl, argc, argv, &g);
	if (sodium_init() < 0)
		errx(EXIT_FAILED, "libsodium does not start");
	if (intake_open(&g.in, STDIN_FILENO) < 0)
		err(EXIT_FAILED, "standard input");
	if (intake_locked(&g.in)) {
		warnx("another jobctl ingest reads this pipe; waiting for its end");
		if (intake_lock(&g.in) < 0)
			err(EXIT_FAILED, "standard input");
	}
	hold_signals();
	if (g.in.pipe)
		beat(&g.beat, ctl);
	service_notify("READY=1");
	code = take_all(&g);
	service_notify("STOPPING=1");
	if (service_stop)
		beat_end(&g.beat, ctl);
	summarize(&g);
	intake_close(&g.in);
	free(g.lines);
	free(g.reject);
	free(g.database);
	ctl->database = NULL;
	return code;
}
