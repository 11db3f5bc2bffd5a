/*
 * tftp_torture ADDRESS PORT ROOT EVENTS: what a TFTP server must bear, on the wire.
 * EVENTS is the file to which it writes its events.
 *
 * The names T01 to T82 are those of a list of cases that packaged servers were tried
 * with; each of them is here.  What has no number is of the list of further ones.
 * tftp_torture_rows.c holds the first answers, tftp_torture_plays.c dialogues step by
 * step, tftp_torture_whole.c whole files, tftp_torture_late.c what takes its time.
 * Speaks TAP.
 */
#include "config.h"

#include "tests/integration/tftp_torture.h"

#include <arpa/inet.h>
#include <err.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/sys/exits.h"
#include "lib/wire/tftp.h"

struct subject server;
static int tests, failures;

void result(const char *name, const char *got, const char *want)
{
	bool good = strcmp(got, want) == 0;

	printf("%sok %d - %s\n", good ? "" : "not ", ++tests, name);
	if (!good)
		printf("# got  %s\n# want %s\n", got, want);
	failures += !good;
}

void talk_begin(struct talk *t)
{
	int octets = 4 << 20;

	t->fd = socket(AF_INET, SOCK_DGRAM, 0);
	t->answered = false;
	t->len = 0;
	if (t->fd < 0)
		err(EXIT_FAILED, "socket");
	/* Room for a window of large blocks, where we may have it. */
	setsockopt(t->fd, SOL_SOCKET, SO_RCVBUFFORCE, &octets, sizeof(octets));
}

void send_to(int fd, const struct sockaddr_in *to, const void *octets, size_t len)
{
	if (sendto(fd, octets, len, 0, (const struct sockaddr *)to, sizeof(*to)) < 0)
		err(EXIT_FAILED, "sendto");
}

void ask(struct talk *t, const void *octets, size_t len)
{
	send_to(t->fd, &server.address, octets, len);
}

void reply(struct talk *t, const void *octets, size_t len)
{
	send_to(t->fd, &t->tid, octets, len);
}

void reply_ack(struct talk *t, uint16_t block)
{
	uint8_t ack[TFTP_HEADER] = { 0, TFTP_ACK, (uint8_t)(block >> 8), (uint8_t)block };

	reply(t, ack, sizeof(ack));
}

bool hear(struct talk *t, int ms)
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

void talk_end(struct talk *t)
{
	if (t->answered)
		reply(t, "\0\5\0\0end", 8);
	close(t->fd);
}

/* What the text of an ERROR must not have: a path of the server, a control octet. */
static const char *bad_text(const struct pkt_rd *text)
{
	if (memmem(text->p, pkt_left(text), server.root, strlen(server.root)))
		return " with the path";
	for (size_t i = 0; i < pkt_left(text); i++)
		if (text->p[i] < ' ' || text->p[i] == 127)
			return " with controls";
	return "";
}

void describe(const struct talk *t, char said[static SAID])
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
		snprintf(said, SAID, "ERROR %u%s", p.code, bad_text(&p.data));
	else
		snprintf(said, SAID, "%s", p.op == TFTP_OACK ? "OACK" : "another opcode");
	for (size_t i = 0; i < p.options.count; i++) {
		used = strlen(said);
		snprintf(said + used, SAID - used, " %s %llu",
			 tftp_option_name(p.options.order[i]),
			 (unsigned long long)p.options.value[p.options.order[i]]);
	}
}

size_t request(uint8_t *out, size_t size, const char *file, const char *options)
{
	size_t len = 2;

	out[0] = 0;
	out[1] = TFTP_RRQ;
	len += (size_t)snprintf((char *)out + len, size - len, "%s%coctet%c%s", file, 0,
				0, options);
	for (size_t i = len - strlen(options); i < len; i++)
		if (out[i] == ' ')
			out[i] = 0;
	return len + (*options != 0);
}

void first_answer(const char *name, const void *octets, size_t len, const char *want)
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

const char *in_root(const char *name)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/%s", server.root, name);
	return path;
}

int main(int argc, char *argv[])
{
	if (argc != 5)
		errx(EXIT_MISUSE, "wants address, port, root and events");
	server.address.sin_family = AF_INET;
	server.address.sin_port = htons((uint16_t)strtoul(argv[2], NULL, 10));
	if (inet_pton(AF_INET, argv[1], &server.address.sin_addr) != 1)
		errx(EXIT_MISUSE, "%s: not an address", argv[1]);
	server.root = argv[3];
	server.events = argv[4];
	torture_late_begin();
	torture_rows();
	torture_plays();
	torture_whole();
	torture_changes();
	torture_late_end();
	torture_floods();
	printf("1..%d\n", tests);
	return failures ? EXIT_NO : EXIT_DONE;
}
