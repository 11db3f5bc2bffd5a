/*
 * tftp_torture ADDRESS PORT ROOT: what a TFTP server must bear, on the wire.
 *
 * A row is a request and what comes of it, written down as words; a play is a
 * transfer, step by step.  The names T01.. are those of a list of 82 cases that
 * packaged servers were tried with; what needs long silences is in the tests of
 * the session, which has a clock of its own.  Speaks TAP.
 */
#include "config.h"

#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/sys/exits.h"
#include "lib/wire/tftp.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define PATIENCE_MS 20000 /* for what must come */
#define SILENCE_MS 60     /* for what must not: longer finds more, never less */
#define EARLIER_MS 600    /* over half the longest round trip that a server counts */
#define SAID 512

static struct sockaddr_in server;
static const char *root;
static int tests, failures;

/* One client: its socket, and who answered. */
struct talk {
	int fd;
	struct sockaddr_in tid;
	bool answered;
	uint8_t octets[70000];
	size_t len;
};

static void result(const char *name, const char *got, const char *want)
{
	bool good = strcmp(got, want) == 0;

	printf("%sok %d - %s\n", good ? "" : "not ", ++tests, name);
	if (!good)
		printf("# got  %s\n# want %s\n", got, want);
	failures += !good;
}

static void talk_begin(struct talk *t)
{
	t->fd = socket(AF_INET, SOCK_DGRAM, 0);
	t->answered = false;
	t->len = 0;
	if (t->fd < 0)
		err(EXIT_FAILED, "socket");
}

static void send_to(int fd, const struct sockaddr_in *to, const void *octets, size_t len)
{
	if (sendto(fd, octets, len, 0, (const struct sockaddr *)to, sizeof(*to)) < 0)
		err(EXIT_FAILED, "sendto");
}

/* To the server's port, as requests go, or to where the answers come from. */
static void ask(struct talk *t, const void *octets, size_t len)
{
	send_to(t->fd, &server, octets, len);
}

static void reply(struct talk *t, const void *octets, size_t len)
{
	send_to(t->fd, &t->tid, octets, len);
}

static bool hear(struct talk *t, int ms)
{
	struct pollfd pfd = { .fd = t->fd, .events = POLLIN };
	struct sockaddr_in from;
	socklen_t from_len = sizeof(from);
	ssize_t len;

	if (poll(&pfd, 1, ms) <= 0)
		return false;
	len = recvfrom(t->fd, t->octets, sizeof(t->octets), 0, (struct sockaddr *)&from,
		       &from_len);
	if (len < 0)
		return false;
	t->len = (size_t)len;
	t->tid = from;
	t->answered = true;
	return true;
}

static void talk_end(struct talk *t)
{
	if (t->answered)
		reply(t, "\0\5\0\0end", 8);
	close(t->fd);
}

/* DATA 1 512, OACK blksize 8, ERROR 4; what its text must not have is marked. */
static void describe(const struct talk *t, char said[static SAID])
{
	struct tftp_packet p;
	const char *why;
	size_t used;

	if (!tftp_get(t->octets, t->len, &p, &why)) {
		snprintf(said, SAID, "nonsense: %s", why);
		return;
	}
	if (p.op == TFTP_DATA)
		snprintf(said, SAID, "DATA %u %zu", p.block, pkt_left(&p.data));
	else if (p.op == TFTP_ERROR)
		snprintf(said, SAID, "ERROR %u%s", p.code,
			 memmem(p.data.p, pkt_left(&p.data), root, strlen(root))
				 ? " with the path"
				 : "");
	else
		snprintf(said, SAID, "%s", p.op == TFTP_OACK ? "OACK" : "another opcode");
	for (size_t i = 0; i < p.options.count; i++) {
		used = strlen(said);
		snprintf(said + used, SAID - used, " %s %llu",
			 tftp_option_name(p.options.order[i]),
			 (unsigned long long)p.options.value[p.options.order[i]]);
	}
}

#define PACKET(text) text, sizeof(text) - 1

/* f1000 has 1000 octets, f1024 has 1024, empty none, huge 4 GiB and 7. */
static const struct row {
	const char *name;
	const void *octets;
	size_t len;
	const char *want; /* the first answer; "" for none */
} rows[] = {
	{ "T01 a plain request", PACKET("\0\1f1000\0octet\0"), "DATA 1 512" },
	{ "T02 an empty file", PACKET("\0\1empty\0octet\0"), "DATA 1 0" },
	{ "T05 the mode in mixed case", PACKET("\0\1f1000\0OcTeT\0"), "DATA 1 512" },
	{ "T07 netascii with tsize", PACKET("\0\1text\0netascii\0tsize\0000\0"),
	  "DATA 1 17" },
	{ "T08 options in capitals",
	  PACKET("\0\1f1000\0octet\0TSIZE\0000\0BLKSIZE\00099\0"),
	  "OACK tsize 1000 blksize 99" },
	{ "T09 only unknown options", PACKET("\0\1f1000\0octet\0foo\0001\0bar\0baz\0"),
	  "DATA 1 512" },
	{ "T10 multicast beside blksize",
	  PACKET("\0\1f1000\0octet\0multicast\0\0blksize\0001024\0"),
	  "OACK blksize 1024" },
	{ "T11 blksize 0", PACKET("\0\1f1000\0octet\0blksize\0000\0"), "DATA 1 512" },
	{ "T11 blksize 7", PACKET("\0\1f1000\0octet\0blksize\0007\0"), "DATA 1 512" },
	{ "T11 blksize -5", PACKET("\0\1f1000\0octet\0blksize\000-5\0"), "DATA 1 512" },
	{ "T12 blksize 8 with all others",
	  PACKET("\0\1f1000\0octet\0blksize\0008\0tsize\0000\0timeout\0009\0windowsize"
		 "\0003\0"),
	  "OACK blksize 8 tsize 1000 timeout 9 windowsize 3" },
	{ "T13 blksize abc", PACKET("\0\1f1000\0octet\0blksize\0abc\0"), "DATA 1 512" },
	{ "T13 blksize 12x", PACKET("\0\1f1000\0octet\0blksize\00012x\0"), "DATA 1 512" },
	{ "T13 blksize empty", PACKET("\0\1f1000\0octet\0blksize\0\0"), "DATA 1 512" },
	{ "T13 blksize of 20 digits",
	  PACKET("\0\1f1000\0octet\0blksize\00099999999999999999999\0"), "DATA 1 512" },
	{ "T14 blksize 65465", PACKET("\0\1f1000\0octet\0blksize\00065465\0"),
	  "OACK blksize 65464" },
	{ "T15 blksize twice",
	  PACKET("\0\1f1000\0octet\0blksize\000600\0blksize\000700\0"),
	  "OACK blksize 600" },
	{ "T16 tsize beyond 4 GiB", PACKET("\0\1huge\0octet\0tsize\0000\0"),
	  "OACK tsize 4294967303" },
	{ "T17 tsize asked with a number", PACKET("\0\1f1000\0octet\0tsize\000424242\0"),
	  "OACK tsize 1000" },
	{ "T18 timeout 0", PACKET("\0\1f1000\0octet\0timeout\0000\0"), "DATA 1 512" },
	{ "T18 timeout 256", PACKET("\0\1f1000\0octet\0timeout\000256\0"), "DATA 1 512" },
	{ "T18 timeout abc", PACKET("\0\1f1000\0octet\0timeout\0abc\0"), "DATA 1 512" },
	{ "T20 windowsize 0", PACKET("\0\1f1000\0octet\0windowsize\0000\0"),
	  "DATA 1 512" },
	{ "T20 windowsize 65536", PACKET("\0\1f1000\0octet\0windowsize\00065536\0"),
	  "DATA 1 512" },
	{ "T25 Windows' options",
	  PACKET("\0\1\\Boot\\BCD\0octet\0tsize\0000\0blksize\0001456\0windowsize\0004\0"
		 "msftwindow\00031416\0"),
	  "OACK tsize 51200 blksize 1456 windowsize 4" },
	{ "T41 no octet", "", 0, "" },
	{ "T41 one octet", PACKET("\0"), "" },
	{ "T41 an opcode alone", PACKET("\0\1"), "ERROR 4" },
	{ "T41 one octet of a name", PACKET("\0\1f"), "ERROR 4" },
	{ "T42 no NUL after the mode", PACKET("\0\1f1000\0octet"), "ERROR 4" },
	{ "T43 no mode", PACKET("\0\1f1000\0"), "ERROR 4" },
	{ "T44 no name", PACKET("\0\1\0octet\0"), "ERROR 2" },
	{ "T45 mode mail", PACKET("\0\1f1000\0mail\0"), "ERROR 4" },
	{ "T45 mode foo", PACKET("\0\1f1000\0foo\0"), "ERROR 4" },
	{ "T46 a write", PACKET("\0\2new\0octet\0"), "ERROR 2" },
	{ "T47 a write over a file", PACKET("\0\2f1000\0octet\0"), "ERROR 2" },
	{ "T48 opcode 0", PACKET("\0\0f1000\0octet\0"), "" },
	{ "T48 opcode 7", PACKET("\0\7f1000\0octet\0"), "" },
	{ "T48 opcode 255", PACKET("\0\377f1000\0octet\0"), "" },
	{ "T48 opcode 256", PACKET("\1\0f1000\0octet\0"), "" },
	{ "T49 an ERROR", PACKET("\0\5\0\4x\0"), "" },
	{ "T50 an ACK", PACKET("\0\4\0\1"), "" },
	{ "T50 a DATA", PACKET("\0\3\0\1x"), "" },
	{ "T50 an OACK", PACKET("\0\6blksize\000512\0"), "" },
	{ "T51 an option without a value", PACKET("\0\1f1000\0octet\0blksize\0"),
	  "DATA 1 512" },
	{ "T52 garbage behind the request", PACKET("\0\1f1000\0octet\0\377\377\377"),
	  "DATA 1 512" },
	{ "T53 NULs behind the request", PACKET("\0\1f1000\0octet\0\0\0\0\0\0"),
	  "DATA 1 512" },
	{ "T57 up", PACKET("\0\1../outside\0octet\0"), "ERROR 2" },
	{ "T57 up from the root", PACKET("\0\1/../outside\0octet\0"), "ERROR 2" },
	{ "T57 up with backslashes", PACKET("\0\1..\\outside\0octet\0"), "ERROR 2" },
	{ "T57 up in the middle", PACKET("\0\1Boot/../../outside\0octet\0"), "ERROR 2" },
	{ "T57 up behind a dot", PACKET("\0\1./../outside\0octet\0"), "ERROR 2" },
	{ "T57 up behind two slashes", PACKET("\0\1//../outside\0octet\0"), "ERROR 2" },
	{ "T57 three dots", PACKET("\0\1.../outside\0octet\0"), "ERROR 1" },
	{ "T57 up, percent-encoded", PACKET("\0\1%2e%2e/outside\0octet\0"), "ERROR 1" },
	{ "T57 up in overlong UTF-8", PACKET("\0\1\300\256\300\256/outside\0octet\0"),
	  "ERROR 1" },
	{ "T57 up and a NUL", PACKET("\0\1..\0octet\0"), "ERROR 2" },
	{ "T57 a drive's letter", PACKET("\0\1C:\\f1000\0octet\0"), "ERROR 1" },
	{ "T57 by /proc", PACKET("\0\1/proc/self/root/etc/passwd\0octet\0"), "ERROR 1" },
	{ "T58 an absolute name", PACKET("\0\1/f1000\0octet\0"), "DATA 1 512" },
	{ "T59 slashes", PACKET("\0\1//f1000\0octet\0"), "DATA 1 512" },
	{ "T59 dots", PACKET("\0\1/./f1000\0octet\0"), "DATA 1 512" },
	{ "T59 slashes inside", PACKET("\0\1Boot//BCD\0octet\0"), "DATA 1 512" },
	{ "T60 up and down", PACKET("\0\1Boot/x64/../BCD\0octet\0"), "ERROR 2" },
	{ "T61 backslashes", PACKET("\0\1\\Boot\\BCD\0octet\0"), "DATA 1 512" },
	{ "T62 another letter case", PACKET("\0\1\\BOOT\\bcd\0octet\0"), "ERROR 1" },
	{ "T63 blank and UTF-8", PACKET("\0\1a b\303\251\0octet\0"), "DATA 1 4" },
	{ "T64 controls and formats", PACKET("\0\1%s%n\33[2J\n\1\0octet\0"), "ERROR 1" },
	{ "T66 a link inside", PACKET("\0\1link-in\0octet\0"), "DATA 1 512" },
	{ "T67 a link to the outside", PACKET("\0\1link-out\0octet\0"), "ERROR 2" },
	{ "T67 an absolute link", PACKET("\0\1link-abs\0octet\0"), "ERROR 2" },
	{ "T68 a link to itself", PACKET("\0\1loop\0octet\0"), "ERROR 2" },
	{ "T68 a link to nothing", PACKET("\0\1dangling\0octet\0"), "ERROR 1" },
	{ "T69 a directory", PACKET("\0\1Boot\0octet\0"), "ERROR 2" },
	{ "T69 a directory with a slash", PACKET("\0\1Boot/\0octet\0"), "ERROR 2" },
	{ "T70 a FIFO", PACKET("\0\1fifo\0octet\0"), "ERROR 2" },
	{ "T72 not for others", PACKET("\0\1private\0octet\0"), "ERROR 2" },
	{ "T73 no file", PACKET("\0\1none\0octet\0"), "ERROR 1" },
	{ "T74 no directory", PACKET("\0\1x/y/z\0octet\0"), "ERROR 1" },
	{ "T74 a name below a file", PACKET("\0\1f1000/x\0octet\0"), "ERROR 1" },
};

static void first_answer(const char *name, const void *octets, size_t len,
			 const char *want)
{
	static struct talk t;
	char said[SAID] = "";

	talk_begin(&t);
	ask(&t, octets, len);
	if (hear(&t, *want ? PATIENCE_MS : SILENCE_MS))
		describe(&t, said);
	result(name, said, want);
	talk_end(&t);
}

/*
 * Steps and what follows, as STEP:BLOCKS; BLOCKS is 4-7, o (OACK), . (nothing) or
 * eN (ERROR N).  The request agrees on 255 s, so no timer has a part in it.
 *
 *   aN ACK   e ERROR   f ERROR of 4 octets   g ERROR without NUL   xN N octets of 0
 *   r w d o u: RRQ WRQ DATA OACK opcode-99 to the transfer   R the request again
 *   s a stranger's ACK: what he gets   m the ACK with a fifth octet
 *   W waits until no ACK can be about an earlier sending any more
 */
static const struct play {
	const char *name, *options, *steps;
} plays[] = {
	{ "T03 a multiple of the block size", "blksize 512",
	  "a0:1-1 a1:2-2 a2:3-3 a3:." },
	{ "T21 a window and no more", "blksize 8 windowsize 8", "a0:1-8 a8:9-16" },
	{ "T22 an ACK in mid-window", "blksize 8 windowsize 8", "a0:1-8 a3:4-11" },
	{ "T23 the first block lost", "blksize 8 windowsize 8", "a0:1-8 W:. a0:1-8" },
	{ "T24 eight times the same ACK", "blksize 8 windowsize 8",
	  "a0:1-8 a3:4-11 a3:. a3:. a3:. a3:. a3:. a3:. a3:." },
	{ "T25 ACKs of five octets", "blksize 8 windowsize 4", "m0:1-4 m4:5-8" },
	{ "T28 the Sorcerer's Apprentice", "blksize 8",
	  "a0:1-1 a1:2-2 a1:. a1:. a2:3-3 a2:. a1:. a3:4-4" },
	{ "T29 an ACK from the future", "blksize 8", "a0:1-1 a1001:. a1:2-2" },
	{ "T30 an old ACK", "blksize 8",
	  "a0:1-1 a1:2-2 a2:3-3 a3:4-4 a4:5-5 a5:6-6 a1:. a6:7-7" },
	{ "T31 runts", "blksize 8", "a0:1-1 x0:. x1:. x2:. x3:. a1:2-2" },
	{ "T32 what does not belong there", "blksize 8",
	  "a0:1-1 r:. w:. d:. o:. u:. a1:2-2" },
	{ "T33 an ERROR ends it", "blksize 8", "a0:1-1 e:. a1:." },
	{ "T34 an ERROR of four octets", "blksize 8", "a0:1-1 f:. a1:." },
	{ "T34 an ERROR without a NUL", "blksize 8", "a0:1-1 g:. a1:." },
	{ "T27 a probe for the size", "tsize 0", "e:. a0:." },
	{ "T35 a stranger", "blksize 8", "a0:1-1 s:e5 a1:2-2" },
	{ "T36 the request again", "blksize 8", "R:o R:o a0:1-1 a1:2-2" },
};

static size_t request(uint8_t *out, size_t size, const char *file, const char *options)
{
	size_t len = 2;

	out[0] = 0;
	out[1] = TFTP_RRQ;
	len += (size_t)snprintf((char *)out + len, size - len,
				"%s%coctet%ctimeout%c255%c%s", file, 0, 0, 0, 0, options);
	for (size_t i = len - strlen(options); i < len; i++)
		if (out[i] == ' ')
			out[i] = 0;
	return len + (*options != 0);
}

static void send_step(struct talk *t, const char *step, const uint8_t *rrq,
		      size_t rrq_len)
{
	uint8_t ack[5] = { 0, TFTP_ACK, 0, 0, 4 };
	unsigned number = (unsigned)strtoul(step + 1, NULL, 10);

	ack[2] = (uint8_t)(number >> 8);
	ack[3] = (uint8_t)number;
	switch (*step) {
	case 'a':
		reply(t, ack, 4);
		break;
	case 'm':
		reply(t, ack, 5);
		break;
	case 'x':
		reply(t, "\0\0\0", number);
		break;
	case 'e':
		reply(t, PACKET("\0\5\0\10User aborted\0"));
		break;
	case 'f':
		reply(t, PACKET("\0\5\0\0"));
		break;
	case 'g':
		reply(t, PACKET("\0\5\0\0no nul"));
		break;
	case 'r':
		reply(t, rrq, rrq_len);
		break;
	case 'w':
		reply(t, PACKET("\0\2f1000\0octet\0"));
		break;
	case 'd':
		reply(t, PACKET("\0\3\0\1x"));
		break;
	case 'o':
		reply(t, PACKET("\0\6blksize\0008\0"));
		break;
	case 'u':
		reply(t, PACKET("\0\143x"));
		break;
	case 'R':
		ask(t, rrq, rrq_len);
		break;
	}
}

/* Hears as many packets as the step should bring, then listens for one too many. */
static void hear_blocks(struct talk *t, unsigned first, unsigned last,
			char said[static SAID])
{
	char want[SAID], got[SAID];

	snprintf(said, SAID, "%u-%u", first, last);
	for (unsigned block = first; block <= last; block++) {
		if (!hear(t, PATIENCE_MS)) {
			snprintf(said, SAID, "silence at %u", block);
			return;
		}
		describe(t, got);
		snprintf(want, sizeof(want), "DATA %u %zu", block, t->len - TFTP_HEADER);
		if (strcmp(got, want) != 0) {
			snprintf(said, SAID, "%.200s at %u", got, block);
			return;
		}
	}
	if (hear(t, SILENCE_MS)) {
		describe(t, got);
		snprintf(said, SAID, "%u-%u and %.200s", first, last, got);
	}
}

static void hear_word(struct talk *t, const char *want, char said[static SAID])
{
	char got[SAID];
	unsigned first, last;

	if (sscanf(want, "%u-%u", &first, &last) == 2) {
		hear_blocks(t, first, last, said);
		return;
	}
	snprintf(said, SAID, ".");
	if (!hear(t, *want == '.' ? SILENCE_MS : PATIENCE_MS))
		return;
	describe(t, got);
	if (strncmp(got, "OACK", 4) == 0)
		snprintf(said, SAID, "o");
	else if (strncmp(got, "ERROR ", 6) == 0)
		snprintf(said, SAID, "e%.20s", got + 6);
	else
		snprintf(said, SAID, "%s", got);
}

static void stranger(struct talk *t, const char *want, char said[static SAID])
{
	static struct talk other;

	talk_begin(&other);
	other.tid = t->tid;
	reply(&other, "\0\4\0\1", 4);
	hear_word(&other, want, said);
	close(other.fd);
}

static void play(const struct play *p)
{
	static struct talk t;
	uint8_t rrq[512];
	char steps[256], said[SAID], got[SAID] = "", *save, *word, *want;
	size_t rrq_len = request(rrq, sizeof(rrq), "f1024", p->options);

	talk_begin(&t);
	ask(&t, rrq, rrq_len);
	hear_word(&t, "o", said);
	snprintf(steps, sizeof(steps), "%s", p->steps);
	for (word = strtok_r(steps, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		want = strchr(word, ':');
		*want++ = '\0';
		if (*word == 'W') {
			snprintf(said, SAID, "%s", hear(&t, EARLIER_MS) ? "more" : ".");
		} else if (*word == 's') {
			stranger(&t, want, said);
		} else {
			send_step(&t, word, rrq, rrq_len);
			hear_word(&t, want, said);
		}
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%.20s:%.60s",
			 *got ? " " : "", word, said);
	}
	result(p->name, got, p->steps);
	talk_end(&t);
}

static size_t copy(uint8_t *at, const void *octets, size_t len)
{
	memcpy(at, octets, len);
	return len;
}

/* Requests that are longer than any good one. */
static void long_requests(void)
{
	static uint8_t octets[60000];
	size_t len;

	len = request(octets, 1024, "f1024", "");
	while (len + 16 < 1400)
		len += copy(octets + len, PACKET("utimeout\0005\0"));
	first_answer("T54 1400 octets of unknown options", octets, len,
		     "OACK timeout 255");
	while (len + 16 < sizeof(octets))
		len += copy(octets + len, PACKET("utimeout\0007\0"));
	first_answer("T55 60000 octets", octets, len, "OACK timeout 255");
	len = request(octets, 1024, "f1024", "");
	for (int i = 0; i < 2000; i++)
		len += copy(octets + len, PACKET("blksize\00099\0"));
	first_answer("T56 one option 2000 times", octets, len,
		     "OACK timeout 255 blksize 99");
}

static void long_names(void)
{
	static const struct {
		size_t len;
		const char *want;
	} names[] = { { 255, "ERROR 1" },  { 256, "ERROR 1" },  { 1000, "ERROR 1" },
		      { 1500, "ERROR 2" }, { 5000, "ERROR 4" }, { 60000, "ERROR 4" } };
	static uint8_t octets[60100];
	char name[64];

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		memset(octets, 'x', sizeof(octets));
		copy(octets, PACKET("\0\1"));
		copy(octets + 2 + names[i].len, PACKET("\0octet\0"));
		snprintf(name, sizeof(name), "T65 a name of %zu octets", names[i].len);
		first_answer(name, octets, names[i].len + 9, names[i].want);
	}
}

static const char *in_root(const char *name)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/%s", root, name);
	return path;
}

static void write_file(const char *name, char c, size_t len)
{
	int fd = open(in_root(name), O_WRONLY | O_CREAT | O_TRUNC, 0644);

	for (size_t i = 0; i < len; i++)
		if (write(fd, &c, 1) != 1)
			err(EXIT_FAILED, "%s", in_root(name));
	fchmod(fd, 0644);
	close(fd);
}

/* Acknowledges to the end; says how it ended, and of what the octets were. */
static void to_the_end(struct talk *t, char said[static SAID])
{
	uint8_t ack[4] = { 0, TFTP_ACK, 0, 0 };
	size_t total = 0, foreign = 0;

	while (hear(t, PATIENCE_MS)) {
		if (t->octets[1] == TFTP_ERROR) {
			describe(t, said);
			return;
		}
		for (size_t i = TFTP_HEADER; i < t->len; i++)
			foreign += t->octets[i] != 'a';
		total += t->len - TFTP_HEADER;
		memcpy(ack + 2, t->octets + 2, 2);
		reply(t, ack, 4);
		if (t->len < TFTP_HEADER + 512)
			break;
	}
	snprintf(said, SAID, "%zu octets, %zu foreign", total, foreign);
}

/* change() comes when the first block is out. */
static void changing_file(const char *name, void (*change)(void), const char *want)
{
	static struct talk t;
	uint8_t rrq[128];
	char said[SAID];

	write_file("changing", 'a', 5000);
	talk_begin(&t);
	ask(&t, rrq, request(rrq, sizeof(rrq), "changing", "tsize 0"));
	hear(&t, PATIENCE_MS);
	change();
	reply(&t, "\0\4\0\0", 4);
	to_the_end(&t, said);
	result(name, said, want);
	talk_end(&t);
}

static void replace(void)
{
	char from[4096];

	write_file("changing.new", 'b', 5000);
	snprintf(from, sizeof(from), "%s", in_root("changing.new"));
	if (rename(from, in_root("changing")) < 0)
		err(EXIT_FAILED, "rename");
}

static void cut(void)
{
	if (truncate(in_root("changing"), 1000) < 0)
		err(EXIT_FAILED, "truncate");
}

static void cut_away(void)
{
	if (truncate(in_root("changing"), 0) < 0)
		err(EXIT_FAILED, "truncate");
}

static void grow(void)
{
	if (truncate(in_root("changing"), 9000) < 0)
		err(EXIT_FAILED, "truncate");
}

static void delete (void)
{
	if (unlink(in_root("changing")) < 0)
		err(EXIT_FAILED, "unlink");
}

/* 20000 packets that were good once; some go to a transfer. */
static void mutations(void)
{
	static struct talk t;
	uint8_t octets[128];

	talk_begin(&t);
	ask(&t, octets,
	    request(octets, sizeof(octets), "f1024", "blksize 8 windowsize 4"));
	hear(&t, PATIENCE_MS);
	srandom(7);
	for (int i = 0; i < 20000; i++) {
		size_t len = request(octets, sizeof(octets), "f1024",
				     "blksize 8 windowsize 4");

		for (long n = random() % 8; n >= 0; n--)
			octets[(size_t)random() % len] = (uint8_t)random();
		octets[0] = 0;
		octets[1] = (uint8_t)(random() % 8);
		len = (size_t)random() % (len + 1);
		send_to(t.fd, i % 2 ? &server : &t.tid, octets, len);
	}
	close(t.fd);
	first_answer("T82 served after 20000 mutated packets",
		     PACKET("\0\1f1000\0octet\0"), "DATA 1 512");
}

int main(int argc, char *argv[])
{
	if (argc != 4)
		errx(EXIT_MISUSE, "wants address, port and root");
	server.sin_family = AF_INET;
	server.sin_port = htons((uint16_t)strtoul(argv[2], NULL, 10));
	if (inet_pton(AF_INET, argv[1], &server.sin_addr) != 1)
		errx(EXIT_MISUSE, "%s: not an address", argv[1]);
	root = argv[3];
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		first_answer(rows[i].name, rows[i].octets, rows[i].len, rows[i].want);
	for (size_t i = 0; i < ARRAY_LEN(plays); i++)
		play(&plays[i]);
	long_requests();
	long_names();
	changing_file("T75 replaced by rename", replace, "5000 octets, 0 foreign");
	changing_file("deleted", delete, "5000 octets, 0 foreign");
	changing_file("T76 cut short", cut, "ERROR 0");
	changing_file("T76 cut to nothing", cut_away, "ERROR 0");
	changing_file("T77 grown", grow, "5000 octets, 0 foreign");
	mutations();
	printf("1..%d\n", tests);
	return failures ? EXIT_NO : EXIT_DONE;
}
