/*
 * Whole files, compared octet by octet, and the numbers of their blocks.
 */
#include "config.h"

#include "tests/integration/tftp_torture.h"

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/sys/exits.h"
#include "lib/wire/tftp.h"

#define AGAIN_MS 2000 /* a client's own patience */
#define TRIES 10

/* What should arrive. */
struct file {
	const uint8_t *octets;
	size_t len;
};

/* What has arrived, and how it was agreed on. */
struct fetch {
	uint64_t blocks, octets, blksize, window, in_window;
	bool ended, wrong, refused;
};

static struct file file_in_root(const char *name)
{
	struct stat st;
	int fd = open(in_root(name), O_RDONLY);
	struct file f = { 0 };

	if (fd < 0 || fstat(fd, &st) < 0)
		err(EXIT_FAILED, "%s", in_root(name));
	f.len = (size_t)st.st_size;
	if (f.len)
		f.octets = mmap(NULL, f.len, PROT_READ, MAP_SHARED, fd, 0);
	if (f.octets == MAP_FAILED)
		err(EXIT_FAILED, "%s", in_root(name));
	close(fd);
	return f;
}

/* RFC 764: LF is CR LF on the wire, CR is CR NUL. */
static struct file as_netascii(struct file f)
{
	uint8_t *out = malloc(2 * f.len);
	size_t len = 0;

	if (!out)
		err(EXIT_FAILED, "memory");
	for (size_t i = 0; i < f.len; i++) {
		if (f.octets[i] == '\n')
			out[len++] = '\r';
		out[len++] = f.octets[i];
		if (f.octets[i] == '\r')
			out[len++] = '\0';
	}
	return (struct file){ out, len };
}

static void granted(struct fetch *f, const struct tftp_options *o)
{
	if (tftp_has(o, TFTP_BLKSIZE))
		f->blksize = o->value[TFTP_BLKSIZE];
	if (tftp_has(o, TFTP_WINDOWSIZE))
		f->window = o->value[TFTP_WINDOWSIZE];
}

static void take_block(struct fetch *f, const struct tftp_packet *p, struct file want)
{
	uint64_t offset = f->blocks * f->blksize;
	size_t len = pkt_left(&p->data);

	if (p->block != (uint16_t)(f->blocks + 1))
		return;
	if (offset + len > want.len ||
	    (len && memcmp(want.octets + offset, p->data.p, len) != 0))
		f->wrong = true;
	f->blocks++;
	f->in_window++;
	f->octets += len;
	f->ended = len < f->blksize;
}

/* True if an ACK is due. */
static bool take(struct fetch *f, const struct talk *t, struct file want)
{
	struct tftp_packet p;
	const char *why;

	if (!tftp_get(t->octets, t->len, &p, &why) || p.op == TFTP_ERROR) {
		f->refused = true;
		return false;
	}
	if (p.op == TFTP_OACK)
		granted(f, &p.options);
	if (p.op == TFTP_DATA)
		take_block(f, &p, want);
	return p.op == TFTP_OACK || f->ended || f->in_window == f->window;
}

/* Until the file is over, or blocks have come; acknowledges all but the last of them. */
static struct fetch fetch(struct talk *t, struct file want, uint64_t blocks)
{
	struct fetch f = { .blksize = TFTP_BLKSIZE_DEFAULT, .window = 1 };

	for (int silent = 0; silent < TRIES && !f.wrong && !f.refused && !f.ended;) {
		if (!hear(t, AGAIN_MS)) {
			silent++;
			f.in_window = 0;
			reply_ack(t, (uint16_t)f.blocks);
			continue;
		}
		silent = 0;
		if (!take(&f, t, want))
			continue;
		if (blocks && f.blocks == blocks)
			break;
		f.in_window = 0;
		reply_ack(t, (uint16_t)f.blocks);
	}
	return f;
}

static void say(const struct fetch *f, char said[static SAID])
{
	snprintf(said, SAID, "%llu octets%s%s%s", (unsigned long long)f->octets,
		 f->wrong ? ", wrong" : "", f->refused ? ", refused" : "",
		 f->ended ? "" : ", no end");
}

/* octets: the whole packet; the file is compared with want. */
static void whole(const char *name, const uint8_t *octets, size_t len, struct file want)
{
	static struct talk t;
	struct fetch f;
	char said[SAID], wanted[SAID];

	talk_begin(&t);
	ask(&t, octets, len);
	f = fetch(&t, want, 0);
	say(&f, said);
	snprintf(wanted, sizeof(wanted), "%zu octets", want.len);
	result(name, said, wanted);
	talk_end(&t);
}

static const struct row {
	const char *name, *file, *options;
} rows[] = {
	{ "T01 to its end", "f1000", "" },
	{ "T02 to its end", "empty", "" },
	{ "T03 to its end", "f1024", "" },
	{ "T04 more than 65535 blocks", "wrap", "" },
	{ "T04 the same in windows", "wrap", "windowsize 64" },
	{ "a window in the midst of which the numbers wrap", "wrap", "windowsize 48" },
	{ "T12 blocks of 8 octets, and all options", "f1024",
	  "blksize 8 tsize 0 timeout 9 windowsize 3" },
	{ "T26 every option, blocks of 65464 octets", "big",
	  "tsize 0 blksize 65464 timeout 9 windowsize 2" },
	{ "T80 one client is not held up", "big", "blksize 1468" },
};

static void rows_whole(void)
{
	uint8_t rrq[256];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		whole(rows[i].name, rrq,
		      request(rrq, sizeof(rrq), rows[i].file, rows[i].options),
		      file_in_root(rows[i].file));
	whole("T06 netascii", (const uint8_t *)PACKET("\0\1lines\0netascii\0"),
	      as_netascii(file_in_root("lines")));
	whole("T07 netascii with tsize, to its end",
	      (const uint8_t *)PACKET(
		      "\0\1lines\0netascii\0tsize\0000\0blksize\000100\0"),
	      as_netascii(file_in_root("lines")));
}

/* Block 65536 is 0 on the wire; 65535 and 65534 are old then. */
static void old_numbers_after_the_wrap(void)
{
	static struct talk t;
	uint8_t rrq[256];
	char said[SAID] = "silence";

	talk_begin(&t);
	ask(&t, rrq,
	    request(rrq, sizeof(rrq), "wrap", "blksize 8 windowsize 64 timeout 255"));
	fetch(&t, file_in_root("wrap"), 65536);
	reply_ack(&t, 0);
	for (int i = 1; i <= 64; i++)
		hear(&t, PATIENCE_MS);
	reply_ack(&t, 65535);
	reply_ack(&t, 65534);
	if (hear(&t, SILENCE_MS))
		describe(&t, said);
	result("old ACKs when the numbers have wrapped", said, "silence");
	reply_ack(&t, 64);
	hear(&t, PATIENCE_MS);
	describe(&t, said);
	result("and the right one", said, "DATA 65 8");
	talk_end(&t);
}

/* Asked at its second address, the server answers from there. */
static void second_address(void)
{
	static struct talk t;
	struct sockaddr_in there = server.address;
	uint8_t rrq[256];
	bool same;

	there.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 8);
	talk_begin(&t);
	send_to(t.fd, &there, rrq, request(rrq, sizeof(rrq), "f1000", ""));
	same = hear(&t, PATIENCE_MS) && t.tid.sin_addr.s_addr == there.sin_addr.s_addr;
	result("T81 the second address", same ? "answers" : "does not", "answers");
	talk_end(&t);
}

void torture_whole(void)
{
	static struct talk stalled;
	uint8_t rrq[256];

	/* For T80: has its first window, and says no more. */
	talk_begin(&stalled);
	ask(&stalled, rrq,
	    request(rrq, sizeof(rrq), "big", "blksize 1468 windowsize 64"));
	hear(&stalled, PATIENCE_MS);
	reply_ack(&stalled, 0);
	rows_whole();
	old_numbers_after_the_wrap();
	second_address();
	talk_end(&stalled);
}
