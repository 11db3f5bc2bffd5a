/*
 * stall_fs DIRECTORY SOURCE: a file system on a disk that stalls.  Below DIRECTORY each
 * name of one letter is a file with the octets of SOURCE; who reads one for the first
 * time waits until SIGUSR1 comes, and with SIGUSR2 that begins anew.  It says "mounted",
 * then "stalled" for each request to read that it keeps waiting.
 *
 * Exit status 3 if it may not mount anything.
 * Source  linux/fuse.h, fuse(4).
 */
#include "config.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/sys/exits.h"

#define REQUEST_OCTETS (256 << 10)
#define KEPT 64
#define LONG_S 86400 /* what the kernel knows, it knows for so long */

static int fuse = -1, source = -1;
static uint64_t size;
static volatile sig_atomic_t flowing;

/* Requests to read that wait. */
static struct kept {
	uint64_t unique;
	struct fuse_read_in in;
} kept[KEPT];
static unsigned kept_count;

static void on_signal(int number)
{
	flowing = number == SIGUSR1;
}

static void answer(uint64_t unique, int error, const void *octets, size_t len)
{
	struct fuse_out_header out = { .len = (uint32_t)(sizeof(out) + len),
				       .error = -error,
				       .unique = unique };
	struct iovec iov[2] = { { &out, sizeof(out) },
				{ (void *)(uintptr_t)octets, len } };

	/* ENOENT: who asked has gone. */
	if (writev(fuse, iov, len ? 2 : 1) < 0 && errno != ENOENT)
		err(EXIT_FAILED, "answer");
}

static struct fuse_attr attributes(uint64_t node)
{
	bool is_root = node == FUSE_ROOT_ID;

	return (struct fuse_attr){ .ino = node,
				   .size = is_root ? 0 : size,
				   .mode = is_root ? S_IFDIR | 0755 : S_IFREG | 0444,
				   .nlink = 1,
				   .mtime = 1,
				   .blksize = 4096 };
}

static void look_up(uint64_t unique, const char *name)
{
	uint64_t node = (uint64_t)(unsigned char)name[0] + FUSE_ROOT_ID;
	struct fuse_entry_out out = { .nodeid = node,
				      .entry_valid = LONG_S,
				      .attr_valid = LONG_S,
				      .attr = attributes(node) };

	if (strlen(name) == 1)
		answer(unique, 0, &out, sizeof(out));
	else
		answer(unique, ENOENT, NULL, 0);
}

static void get_attributes(uint64_t unique, uint64_t node)
{
	struct fuse_attr_out out = { .attr_valid = LONG_S, .attr = attributes(node) };

	answer(unique, 0, &out, sizeof(out));
}

static void initialise(uint64_t unique, const struct fuse_init_in *in)
{
	struct fuse_init_out out = { .major = FUSE_KERNEL_VERSION,
				     .minor = FUSE_KERNEL_MINOR_VERSION,
				     .max_readahead = in->max_readahead,
				     .max_write = 4096 };

	answer(unique, 0, &out, sizeof(out));
}

static void give(uint64_t unique, const struct fuse_read_in *in)
{
	static char octets[REQUEST_OCTETS];
	size_t want = in->size < sizeof(octets) ? in->size : sizeof(octets);
	ssize_t len = pread(source, octets, want, (off_t)in->offset);

	answer(unique, len < 0 ? errno : 0, octets, len < 0 ? 0 : (size_t)len);
}

static void read_file(uint64_t unique, const struct fuse_read_in *in)
{
	if (flowing) {
		give(unique, in);
		return;
	}
	if (kept_count == KEPT)
		errx(EXIT_FAILED, "too many wait");
	kept[kept_count++] = (struct kept){ unique, *in };
	puts("stalled");
}

static void flow(void)
{
	while (flowing && kept_count) {
		struct kept next = kept[--kept_count];

		give(next.unique, &next.in);
	}
}

static void request(const struct fuse_in_header *in, const void *rest)
{
	const struct fuse_open_out opened = { .open_flags = FOPEN_KEEP_CACHE };

	switch (in->opcode) {
	case FUSE_INIT:
		initialise(in->unique, rest);
		break;
	case FUSE_LOOKUP:
		look_up(in->unique, rest);
		break;
	case FUSE_GETATTR:
		get_attributes(in->unique, in->nodeid);
		break;
	case FUSE_OPEN:
		answer(in->unique, 0, &opened, sizeof(opened));
		break;
	case FUSE_READ:
		read_file(in->unique, rest);
		break;
	case FUSE_RELEASE:
	case FUSE_FLUSH:
		answer(in->unique, 0, NULL, 0);
		break;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		break;
	default:
		answer(in->unique, ENOSYS, NULL, 0);
	}
}

/* Signals come only while it waits. */
static void serve(const sigset_t *blocked)
{
	static _Alignas(uint64_t) char octets[REQUEST_OCTETS];
	sigset_t open;
	fd_set set;

	sigprocmask(SIG_BLOCK, blocked, &open);
	for (;;) {
		ssize_t len;

		FD_ZERO(&set);
		FD_SET(fuse, &set);
		if (pselect(fuse + 1, &set, NULL, NULL, NULL, &open) < 0) {
			flow();
			continue;
		}
		len = read(fuse, octets, sizeof(octets) - 1);
		if (len < 0 && errno == ENODEV)
			return;
		if (len < (ssize_t)sizeof(struct fuse_in_header))
			continue;
		octets[len] = '\0';
		request((const void *)octets, octets + sizeof(struct fuse_in_header));
	}
}

static void mount_at(const char *directory)
{
	char options[128];

	fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	snprintf(options, sizeof(options),
		 "fd=%d,rootmode=40755,user_id=0,group_id=0,allow_other", fuse);
	if (fuse < 0 ||
	    mount("stall_fs", directory, "fuse", MS_NOSUID | MS_NODEV, options) < 0)
		err(EXIT_FAILED, "%s", directory);
}

int main(int argc, char *argv[])
{
	const struct sigaction action = { .sa_handler = on_signal };
	struct stat st;
	sigset_t ours;

	if (argc != 3)
		errx(EXIT_MISUSE, "wants a directory and a file");
	source = open(argv[2], O_RDONLY | O_CLOEXEC);
	if (source < 0 || fstat(source, &st) < 0)
		err(EXIT_MISUSE, "%s", argv[2]);
	size = (uint64_t)st.st_size;
	setvbuf(stdout, NULL, _IOLBF, 0);
	sigemptyset(&ours);
	sigaddset(&ours, SIGUSR1);
	sigaddset(&ours, SIGUSR2);
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGUSR2, &action, NULL);
	mount_at(argv[1]);
	puts("mounted");
	serve(&ours);
	return EXIT_DONE;
}
