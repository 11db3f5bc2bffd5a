#include "config.h"

#include "tools/bootweb/spool.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/bootweb/admin_json.h"

static int open_folder_of(const char *path)
{
	char *copy = strdup(path), *slash = copy ? strrchr(copy, '/') : NULL;
	int fd;

	if (slash)
		slash[slash == copy] = '\0';
	fd = copy ? open(slash ? copy : ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600) : -1;
	free(copy);
	return fd;
}

FILE *spool_open(const struct conf *conf)
{
	int fd = open_folder_of(conf->database), saved;
	FILE *spool = fd < 0 ? NULL : fdopen(fd, "w+");

	if (!spool && fd >= 0) {
		saved = errno;
		close(fd);
		errno = saved;
	}
	return spool;
}

enum MHD_Result spool_failed(struct web_request *r, int error)
{
	bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;

	warnx("a file beside the database: %s", strerror(error));
	return admin_problem(
		r, full ? MHD_HTTP_INSUFFICIENT_STORAGE : MHD_HTTP_INTERNAL_SERVER_ERROR,
		"a file beside the server's database: %s", strerror(error));
}

/* stdio keeps that something failed, but not why: so it is tried once more. */
static bool is_whole(FILE *spool)
{
	if (fflush(spool) == 0 && !ferror(spool))
		return true;
	clearerr(spool);
	if (putc('\n', spool) != EOF && fflush(spool) == 0)
		errno = EIO;
	return false;
}

static struct MHD_Response *whole(FILE *spool)
{
	struct MHD_Response *response = NULL;
	struct stat st;
	int fd;

	if (!is_whole(spool))
		return NULL;
	fd = fcntl(fileno(spool), F_DUPFD_CLOEXEC, 0);
	if (fd >= 0 && fstat(fd, &st) == 0)
		response = MHD_create_response_from_fd64((uint64_t)st.st_size, fd);
	if (!response && fd >= 0)
		close(fd);
	return response;
}

enum MHD_Result spool_give(struct web_request *r, FILE *spool, const char *type,
			   const char *filename)
{
	struct MHD_Response *response;
	char disposition[128];
	int error;

	response = whole(spool);
	error = errno;
	fclose(spool);
	if (!response)
		return spool_failed(r, error);
	snprintf(disposition, sizeof(disposition), "attachment; filename=\"%.90s\"",
		 filename);
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_DISPOSITION,
				disposition);
	MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	return web_queue(r, MHD_HTTP_OK, response);
}
