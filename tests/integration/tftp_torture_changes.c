/*
 * A file that changes while it is fetched.
 */
#include "config.h"

#include "tests/integration/tftp_torture.h"

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/sys/exits.h"
#include "lib/wire/tftp.h"

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
	size_t total = 0, foreign = 0;

	while (hear(t, PATIENCE_MS)) {
		if (t->octets[1] == TFTP_ERROR) {
			describe(t, said);
			return;
		}
		for (size_t i = TFTP_HEADER; i < t->len; i++)
			foreign += t->octets[i] != 'a';
		total += t->len - TFTP_HEADER;
		reply_ack(t, (uint16_t)(t->octets[2] << 8 | t->octets[3]));
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
	reply_ack(&t, 0);
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

/* The same length, other octets. */
static void overwrite(void)
{
	int fd = open(in_root("changing"), O_WRONLY);

	if (pwrite(fd, "bbbb", 4, 2000) != 4)
		err(EXIT_FAILED, "pwrite");
	close(fd);
}

static void delete (void)
{
	if (unlink(in_root("changing")) < 0)
		err(EXIT_FAILED, "unlink");
}

void torture_changes(void)
{
	changing_file("T75 replaced by rename", replace, "5000 octets, 0 foreign");
	changing_file("deleted in mid-transfer", delete, "5000 octets, 0 foreign");
	changing_file("T76 cut short", cut, "ERROR 0");
	changing_file("T76 cut to nothing", cut_away, "ERROR 0");
	changing_file("T77 grown", grow, "5000 octets, 0 foreign");
	changing_file("written over in mid-transfer", overwrite, "ERROR 0");
}
