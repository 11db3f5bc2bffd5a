/*
 * site - what every request needs of this site: its configuration, its key and
 * a handle on the database; and how they are read again while requests run.
 *
 * Errors  false; what went wrong is on standard error already, with the paths
 *         that no client may see.
 * Memory  site_close() frees what site_load() made.
 */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "lib/serve/serve.h"
#include "tools/bootweb/memo.h"

#define SITE_HANDLES 16
#define SITE_WRITTEN 1024

/* What the command line says instead of pxekit.conf; NULL: nothing. */
struct site_options {
	const char *config;
	const char *database, *images, *deploy, *tftp, *key, *www;
};

struct site_handle {
	struct store *store;
	struct memo *memo; /* of what was asked through it */
	dev_t device;      /* of the file that it has open */
	ino_t inode;
	int64_t looked_ms; /* when it was compared last */
};

struct site {
	const struct site_options *options;
	pthread_rwlock_t lock; /* requests read, site_load() writes */
	struct conf *conf;
	pthread_mutex_t mutex; /* of all that follows */
	struct token_key key;
	bool has_key; /* jobctl makes the key with the first job */
	int64_t complained_ms;
	struct site_pool {
		struct site_handle idle[SITE_HANDLES];
		size_t idles;
	} pool[2];                       /* of readers, of writers */
	struct kept *kept[SITE_HANDLES]; /* nobody's at the moment */
	size_t kepts;
	struct site_attempt {
		int64_t job, number;
	} written[SITE_WRITTEN]; /* those that reported so; a ring */
	size_t writtens;
};

/* What one request holds of it. */
struct site_visit {
	struct site *site;
	const struct conf *conf;
	struct serve serve; /* its store and key: after site_enter_store() */
	bool has_key;       /* without it, serve.key is one that no token holds */
	struct site_handle handle;
	bool in_transaction; /* all of a request sees one moment of the database */
	bool writes;
};

bool site_open(struct site *site, const struct site_options *options);

/* Reads the configuration and the key (again); if it is bad all stays as it was. */
bool site_load(struct site *site);
void site_close(struct site *site);

void site_enter(struct site *site, struct site_visit *visit);
void site_leave(struct site_visit *visit);

/* The same with the database; if it fails, there is nothing to leave. */
bool site_enter_store(struct site *site, struct site_visit *visit);

/* Where there is none yet. */
bool site_make_database(struct site *site);

/*
 * The same to write: nothing of it stays unless site_keep() has said STORE_DONE, and
 * until site_leave() no other writes.
 */
bool site_enter_writer(struct site *site, struct site_visit *visit);

/* The same, unless another writes just now: what may be done later as well. */
bool site_enter_writer_at_once(struct site *site, struct site_visit *visit);
enum store_result site_keep(struct site_visit *visit);

/*
 * Attempts (number of a job) that said here that their system is on the disk.  The
 * database hears of it by way of jobctl ingest, which may be late: until then the machine
 * must not be installed once more.  site_recall() finds those that an earlier run has
 * told, and that still wait in standard output.
 */
void site_wrote(struct site *site, int64_t job, int64_t number);
bool site_has_written(struct site *site, int64_t job, int64_t number);
void site_recall(struct site *site);
