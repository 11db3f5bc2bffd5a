/*
 * Dialogues, step by step.
 */
#include "config.h"

#include "tests/integration/tftp_torture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/wire/tftp.h"

#define EARLIER_MS 600 /* over half the longest round trip that a server counts */

/*
 * Steps and what follows, as STEP:BLOCKS; BLOCKS is 4-7, o (OACK), . (nothing) or
 * eN (ERROR N).  The request agrees on 255 s, so no timer has a part in it.
 *
 *   aN ACK   e ERROR   f ERROR of 4 octets   g ERROR without NUL   xN N octets of 0
 *   r w d o u: RRQ WRQ DATA OACK opcode-99 to the transfer   R the request again
 *   s a stranger's ACK: what he gets   m the ACK with a fifth octet
 *   p the client's own ACK 1, to another of the server's ports
 *   N a request for another file
   N a request for another file
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
	{ "an ACK to another port", "blksize 8", "a0:1-1 p:. p:. a1:2-2" },
	{ "T36 the request again", "blksize 8", "R:o R:o a0:1-1 a1:2-2" },
	{ "another file from the same port", "blksize 8",
	  "a0:1-1 a1:2-2 N:o a0:1-1 a1:2-2" },
	{ "the request again, in mid-transfer", "blksize 8 windowsize 4",
	  "a0:1-4 R:. R:. a4:5-8" },
	{ "options of many kinds, again and again",
	  "tsize 0 blksize 8 windowsize 4 msftwindow 31416",
	  "R:o R:o m0:1-4 R:. m4:5-8" },
};

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
	case 'N':
		ask(t, PACKET("\0\1f1000\0octet\0blksize\0008\0timeout\000255\0"));
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

/* The transfers of other clients show the ports that the server has. */
static void other_port(struct talk *t, const char *want, char said[static SAID])
{
	static struct talk other;
	bool found = false;

	for (int i = 0; i < 1000 && !found; i++) {
		talk_begin(&other);
		ask(&other, PACKET("\0\1f1000\0octet\0blksize\0008\0"));
		found = hear(&other, PATIENCE_MS) &&
			other.tid.sin_port != t->tid.sin_port;
		if (found)
			send_to(t->fd, &other.tid, PACKET("\0\4\0\1"));
		talk_end(&other);
	}
	hear_word(t, want, said);
	if (!found)
		snprintf(said, SAID, "one port for all");
}

static void play(const struct play *p)
{
	static struct talk t;
	uint8_t rrq[512];
	char options[256], steps[256], said[SAID], got[SAID] = "", *save, *word, *want;
	size_t rrq_len;

	snprintf(options, sizeof(options), "timeout 255 %s", p->options);
	rrq_len = request(rrq, sizeof(rrq), "f1024", options);
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
		} else if (*word == 'p') {
			other_port(&t, want, said);
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

void torture_plays(void)
{
	for (size_t i = 0; i < ARRAY_LEN(plays); i++)
		play(&plays[i]);
}
