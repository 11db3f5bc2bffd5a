/*
 * file - whole files, read at once and replaced at once.
 *
 * Errors  -1 or NULL with errno set.
 * Memory  file_read() allocates; the caller frees.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

/* The octets and a NUL behind them; EFBIG past max. */
char *file_read(const char *path, size_t max, size_t *len);

/*
 * What a file was when it was read, for who keeps what it made of it: a file that looks
 * the same is the same.  Not if it was changed a moment before, as another change within
 * the same tick of the file system's clock would not show; then it is not settled.
 */
struct file_mark {
	bool settled;
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec modified, changed;
	int64_t looked_ms; /* of now_monotonic_ms(): when it was compared last */
};

/* file_read(), and what the file was all the while. */
char *file_read_marked(const char *path, size_t max, size_t *len, struct file_mark *mark);

/*
 * Whether path still is what mark says; -1 if it cannot be asked for.  Who asks within
 * FILE_LOOK_MS again gets the same answer.
 */
#define FILE_LOOK_MS 5
int file_unchanged(const char *path, struct file_mark *mark);

/*
 * Replaces path by a new file with these octets: readers see the old or the
 * new one, never half of it (temporary file, fsync, rename).
 */
int file_replace(const char *path, const void *octets, size_t len, unsigned mode);

/* True if path holds exactly these octets. */
bool file_holds(const char *path, const void *octets, size_t len);

/*
 * Gives a file that root has just made to the owner and the group of its
 * folder: the service that lives there is to write it as well.  Nothing happens
 * for others than root, nor where the owner is nobody that we could name.
 */
void file_adopt(int fd, const char *path);
