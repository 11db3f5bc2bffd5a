#include "config.h"

#include "lib/sys/keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_DIGITS (2 * TOKEN_KEY)

static bool decode(const char *text, size_t len, struct token_key *out)
{
	size_t octets;

	if (len == KEY_DIGITS + 1 && text[KEY_DIGITS] == '\n')
		len--;
	return len == KEY_DIGITS &&
	       sodium_hex2bin(out->octet, TOKEN_KEY, text, len, NULL, &octets, NULL) ==
		       0 &&
	       octets == TOKEN_KEY;
}

static int read_fd(int fd, struct token_key *out)
{
	char text[KEY_DIGITS + 2];
	struct stat st;
	ssize_t n;
	bool good;

	if (fstat(fd, &st) < 0)
		return -1;
	if (st.st_mode & S_IRWXO) {
		errno = EPERM;
		return -1;
	}
	n = read(fd, text, sizeof(text));
	if (n < 0)
		return -1;
	good = decode(text, (size_t)n, out);
	sodium_memzero(text, sizeof(text));
	if (!good)
		errno = EINVAL;
	return good ? 0 : -1;
}

static void leave_no_core(void)
{
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
}

int keyfile_read(const char *path, struct token_key *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), saved, result;

	if (fd < 0)
		return -1;
	result = read_fd(fd, out);
	if (result == 0)
		leave_no_core();
	saved = errno;
	close(fd);
	errno = saved;
	return result;
}

static int write_key(int fd)
{
	char text[KEY_DIGITS + 1];
	struct token_key key;
	bool good;

	randombytes_buf(key.octet, sizeof(key.octet));
	sodium_bin2hex(text, sizeof(text), key.octet, sizeof(key.octet));
	text[KEY_DIGITS] = '\n';
	good = write(fd, text, sizeof(text)) == sizeof(text) && fchmod(fd, 0640) == 0 &&
	       fsync(fd) == 0;
	sodium_memzero(&key, sizeof(key));
	sodium_memzero(text, sizeof(text));
	return good ? 0 : -1;
}

/* link(2) refuses an existing name, so that two who start at once agree on one key. */
static int draw(const char *path)
{
	char *draft;
	int fd, saved, result = -1;

	if (asprintf(&draft, "%s.XXXXXX", path) < 0)
		return -1;
	fd = mkostemp(draft, O_CLOEXEC);
	if (fd >= 0) {
		if (write_key(fd) == 0 && (link(draft, path) == 0 || errno == EEXIST))
			result = 0;
		saved = errno;
		close(fd);
		unlink(draft);
		errno = saved;
	}
	saved = errno;
	free(draft);
	errno = saved;
	return result;
}

int keyfile_ensure(const char *path, struct token_key *out)
{
	if (keyfile_read(path, out) == 0)
		return 0;
	if (errno != ENOENT)
		return -1;
	if (sodium_init() < 0) {
		errno = ENOSYS;
		return -1;
	}
	if (draw(path) < 0)
		return -1;
	return keyfile_read(path, out);
}
