#include "config.h"

#include "tools/bootweb/site.h"

#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "lib/sys/file.h"
#include "lib/sys/keyfile.h"
#include "lib/sys/now.h"

#define COMPLAIN_MS 5000

bool site_open(struct site *site, const struct site_options *options)
{
	*site = (struct site){ .options = options };
	pthread_rwlock_init(&site->lock, NULL);
	pthread_mutex_init(&site->mutex, NULL);
	return site_load(site);
}

static void close_handle(struct site_handle *handle)
{
	memo_free(handle->memo);
	store_close(handle->store);
}

static void close_idle(struct site *site)
{
	for (size_t i = 0; i < 2; i++)
		while (site->pool[i].idles > 0)
			close_handle(&site->pool[i].idle[--site->pool[i].idles]);
	while (site->kepts > 0)
		kept_free(site->kept[--site->kepts]);
}

void site_close(struct site *site)
{
	close_idle(site);
	conf_free(site->conf);
	pthread_mutex_destroy(&site->mutex);
	pthread_rwlock_destroy(&site->lock);
}

/* ---- configuration ---- */

static bool override(char **value, const char *with)
{
	char *copy;

	if (!with)
		return true;
	copy = strdup(with);
	if (!copy)
		return false;
	free(*value);
	*value = copy;
	return true;
}

static struct conf *load_conf(const struct site_options *o)
{
	struct conf *conf = conf_load(o->config);

	if (!conf)
		return NULL;
	if (override(&conf->database, o->database) &&
	    override(&conf->images, o->images) && override(&conf->deploy, o->deploy) &&
	    override(&conf->tftp, o->tftp) && override(&conf->key, o->key) &&
	    override(&conf->admin.www, o->www))
		return conf;
	warn("configuration");
	conf_free(conf);
	return NULL;
}

/* A site that has no job yet has no key either, and that is no failure. */
static bool load_key(struct site *site)
{
	struct token_key key;

	site->has_key = keyfile_read(site->conf->key, &key) == 0;
	if (site->has_key)
		site->key = key;
	return site->has_key || errno == ENOENT;
}

bool site_load(struct site *site)
{
	struct conf *conf = load_conf(site->options), *old = site->conf;

	if (!conf)
		return false;
	pthread_rwlock_wrlock(&site->lock);
	site->conf = conf;
	close_idle(site);
	if (!load_key(site))
		warn("%s", conf->key);
	pthread_rwlock_unlock(&site->lock);
	conf_free(old);
	return true;
}

/* ---- requests ---- */

static struct kept *take_kept(struct site *site)
{
	struct kept *kept;

	pthread_mutex_lock(&site->mutex);
	kept = site->kepts > 0 ? site->kept[--site->kepts] : NULL;
	pthread_mutex_unlock(&site->mutex);
	return kept ? kept : kept_new();
}

static void put_kept(struct site *site, struct kept *kept)
{
	pthread_mutex_lock(&site->mutex);
	if (kept && site->kepts < SITE_HANDLES) {
		site->kept[site->kepts++] = kept;
		kept = NULL;
	}
	pthread_mutex_unlock(&site->mutex);
	kept_free(kept);
}

void site_enter(struct site *site, struct site_visit *visit)
{
	pthread_rwlock_rdlock(&site->lock);
	*visit = (struct site_visit){ .site = site, .conf = site->conf };
	visit->serve.conf = site->conf;
	visit->serve.kept = take_kept(site);
}

static bool take_idle(struct site *site, bool writer, struct site_handle *out)
{
	struct site_pool *pool = &site->pool[writer];

	*out = (struct site_handle){ 0 };
	pthread_mutex_lock(&site->mutex);
	if (pool->idles > 0)
		*out = pool->idle[--pool->idles];
	pthread_mutex_unlock(&site->mutex);
	return out->store;
}

/* Whether it is the file of that name, which restore may have replaced. */
static bool is_current(struct site_handle *handle, const char *path, bool writes)
{
	int64_t now = now_monotonic_ms();
	struct stat st;

	if (!writes && now - handle->looked_ms < FILE_LOOK_MS)
		return true;
	handle->looked_ms = now;
	return stat(path, &st) == 0 && handle->device == st.st_dev &&
	       handle->inode == st.st_ino;
}

/* What each request would say again is said once in a while. */
static void complain(struct site *site, const char *path, const char *why)
{
	int64_t now = now_monotonic_ms();
	bool due;

	pthread_mutex_lock(&site->mutex);
	due = site->complained_ms == 0 || now - site->complained_ms > COMPLAIN_MS;
	if (due)
		site->complained_ms = now;
	pthread_mutex_unlock(&site->mutex);
	if (due)
		warnx("%s: %s", path, why);
}

static bool open_handle(struct site_visit *visit, const char *path)
{
	struct site_handle *h = &visit->handle;

	if (store_open(path, visit->writes ? STORE_WRITE : STORE_READ, &h->store) ==
	    STORE_DONE)
		return true;
	complain(visit->site, path, h->store ? store_why(h->store) : strerror(ENOMEM));
	if (h->store)
		store_close(h->store);
	h->store = NULL;
	return false;
}

static bool take_handle(struct site_visit *visit)
{
	const char *path = visit->conf->database;
	struct stat st;

	while (take_idle(visit->site, visit->writes, &visit->handle)) {
		if (is_current(&visit->handle, path, visit->writes))
			return true;
		close_handle(&visit->handle);
		visit->handle.store = NULL;
	}
	if (stat(path, &st) < 0) {
		complain(visit->site, path, strerror(errno));
		return false;
	}
	visit->handle = (struct site_handle){ .device = st.st_dev, .inode = st.st_ino };
	return open_handle(visit, path);
}

static bool take_key(struct site_visit *visit)
{
	struct site *site = visit->site;
	int failed = 0;

	pthread_mutex_lock(&site->mutex);
	if (!site->has_key && !load_key(site))
		failed = errno;
	visit->has_key = site->has_key;
	visit->serve.key = site->key;
	pthread_mutex_unlock(&site->mutex);
	if (failed)
		complain(site, visit->conf->key, strerror(failed));
	if (visit->has_key || failed)
		return !failed;
	return getrandom(&visit->serve.key, sizeof(visit->serve.key), 0) ==
	       (ssize_t)sizeof(visit->serve.key);
}

static bool enter(struct site *site, struct site_visit *visit, bool writes,
		  enum store_result (*begin)(struct store *))
{
	site_enter(site, visit);
	visit->writes = writes;
	if (!take_key(visit) || !take_handle(visit)) {
		site_leave(visit);
		return false;
	}
	visit->serve.store = visit->handle.store;
	visit->in_transaction = begin(visit->serve.store) == STORE_DONE;
	return true;
}

bool site_make_database(struct site *site)
{
	struct site_visit visit = { .site = site, .conf = site->conf, .writes = true };

	if (!open_handle(&visit, site->conf->database))
		return false;
	store_close(visit.handle.store);
	return true;
}

bool site_enter_store(struct site *site, struct site_visit *visit)
{
	return enter(site, visit, false, store_begin);
}

/* Without the transaction it would write one thing and not the other. */
bool site_enter_writer(struct site *site, struct site_visit *visit)
{
	if (!enter(site, visit, true, store_begin))
		return false;
	if (visit->in_transaction)
		return true;
	complain(site, visit->conf->database, store_why(visit->serve.store));
	site_leave(visit);
	return false;
}

bool site_enter_writer_at_once(struct site *site, struct site_visit *visit)
{
	if (!enter(site, visit, true, store_begin_at_once))
		return false;
	if (!visit->in_transaction)
		site_leave(visit);
	return visit->in_transaction;
}

enum store_result site_keep(struct site_visit *visit)
{
	visit->in_transaction = false;
	return store_end(visit->serve.store, true);
}

void site_leave(struct site_visit *visit)
{
	struct site *site = visit->site;
	struct site_pool *pool = &site->pool[visit->writes];

	if (visit->in_transaction)
		store_end(visit->handle.store, false);
	if (visit->handle.store) {
		pthread_mutex_lock(&site->mutex);
		if (pool->idles < SITE_HANDLES) {
			pool->idle[pool->idles++] = visit->handle;
			visit->handle.store = NULL;
		}
		pthread_mutex_unlock(&site->mutex);
	}
	if (visit->handle.store)
		close_handle(&visit->handle);
	put_kept(site, visit->serve.kept);
	pthread_rwlock_unlock(&site->lock);
}

/* ---- what is newer than the database ---- */

static bool is_listed(const struct site *site, int64_t job, int64_t number)
{
	for (size_t i = 0; i < SITE_WRITTEN && i < site->writtens; i++)
		if (site->written[i].job == job && site->written[i].number == number)
			return true;
	return false;
}

void site_wrote(struct site *site, int64_t job, int64_t number)
{
	pthread_mutex_lock(&site->mutex);
	if (!is_listed(site, job, number))
		site->written[site->writtens++ % SITE_WRITTEN] =
			(struct site_attempt){ .job = job, .number = number };
	pthread_mutex_unlock(&site->mutex);
}

bool site_has_written(struct site *site, int64_t job, int64_t number)
{
	bool listed;

	pthread_mutex_lock(&site->mutex);
	listed = is_listed(site, job, number);
	pthread_mutex_unlock(&site->mutex);
	return listed;
}
