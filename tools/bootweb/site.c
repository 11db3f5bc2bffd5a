#include "config.h"

#include "tools/bootweb/site.h"

#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/sys/keyfile.h"

bool site_open(struct site *site, const struct site_options *options)
{
	*site = (struct site){ .options = options };
	pthread_rwlock_init(&site->lock, NULL);
	pthread_mutex_init(&site->mutex, NULL);
	return site_load(site);
}

static void close_idle(struct site *site)
{
	while (site->idles > 0)
		store_close(site->idle[--site->idles].store);
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
	    override(&conf->tftp, o->tftp) && override(&conf->key, o->key))
		return conf;
	warn("configuration");
	conf_free(conf);
	return NULL;
}

/* Without its key a site still gives out files; it is tried again when asked for. */
static void load_key(struct site *site)
{
	struct token_key key;

	if (keyfile_read(site->conf->key, &key) < 0) {
		warn("%s", site->conf->key);
		return;
	}
	site->key = key;
	site->has_key = true;
}

bool site_load(struct site *site)
{
	struct conf *conf = load_conf(site->options), *old = site->conf;

	if (!conf)
		return false;
	pthread_rwlock_wrlock(&site->lock);
	site->conf = conf;
	close_idle(site);
	load_key(site);
	pthread_rwlock_unlock(&site->lock);
	conf_free(old);
	return true;
}

/* ---- requests ---- */

void site_enter(struct site *site, struct site_visit *visit)
{
	pthread_rwlock_rdlock(&site->lock);
	*visit = (struct site_visit){ .site = site, .conf = site->conf };
}

/* A handle that is still the file of that name, which restore may have replaced. */
static bool take_idle(struct site *site, const struct stat *st, struct site_handle *out)
{
	struct site_handle stale;

	for (;;) {
		pthread_mutex_lock(&site->mutex);
		stale = site->idles > 0 ? site->idle[--site->idles]
					: (struct site_handle){ 0 };
		pthread_mutex_unlock(&site->mutex);
		if (!stale.store)
			return false;
		if (stale.device == st->st_dev && stale.inode == st->st_ino) {
			*out = stale;
			return true;
		}
		store_close(stale.store);
	}
}

static bool take_handle(struct site_visit *visit)
{
	const char *path = visit->conf->database;
	struct site_handle *h = &visit->handle;
	struct stat st;

	if (stat(path, &st) < 0) {
		warn("%s", path);
		return false;
	}
	if (take_idle(visit->site, &st, h))
		return true;
	*h = (struct site_handle){ .device = st.st_dev, .inode = st.st_ino };
	if (store_open(path, STORE_READ, &h->store) == STORE_DONE)
		return true;
	warnx("%s: %s", path, h->store ? store_why(h->store) : strerror(ENOMEM));
	if (h->store)
		store_close(h->store);
	h->store = NULL;
	return false;
}

static bool take_key(struct site_visit *visit)
{
	struct site *site = visit->site;
	bool has_key;

	pthread_mutex_lock(&site->mutex);
	if (!site->has_key)
		load_key(site);
	has_key = site->has_key;
	visit->serve.key = site->key;
	pthread_mutex_unlock(&site->mutex);
	return has_key;
}

bool site_enter_store(struct site *site, struct site_visit *visit)
{
	site_enter(site, visit);
	visit->serve.conf = visit->conf;
	if (take_key(visit) && take_handle(visit)) {
		visit->serve.store = visit->handle.store;
		return true;
	}
	site_leave(visit);
	return false;
}

void site_leave(struct site_visit *visit)
{
	struct site *site = visit->site;

	if (visit->handle.store) {
		pthread_mutex_lock(&site->mutex);
		if (site->idles < SITE_HANDLES) {
			site->idle[site->idles++] = visit->handle;
			visit->handle.store = NULL;
		}
		pthread_mutex_unlock(&site->mutex);
	}
	if (visit->handle.store)
		store_close(visit->handle.store);
	pthread_rwlock_unlock(&site->lock);
}
