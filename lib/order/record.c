#include "config.h"

#include "lib/order/record.h"

#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/core/object.h"
#include "lib/media/catalogue.h"
#include "lib/render/artefact.h"

static bool sum_of(int fd, char out[static IMAGE_SHA256])
{
	unsigned char octets[65536], hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state;
	ssize_t n;

	crypto_hash_sha256_init(&state);
	while ((n = read(fd, octets, sizeof(octets))) > 0)
		crypto_hash_sha256_update(&state, octets, (size_t)n);
	crypto_hash_sha256_final(&state, hash);
	sodium_bin2hex(out, IMAGE_SHA256, hash, sizeof(hash));
	return n == 0;
}

/* null for a file that cannot be read. */
static void put_sum(struct jsonout *j, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char sum[IMAGE_SHA256];

	if (fd >= 0 && sum_of(fd, sum))
		jsonout_text(j, "sha256", sum);
	else
		jsonout_null(j, "sha256");
	if (fd >= 0)
		close(fd);
}

static void put_machine(struct jsonout *j, const struct machine *m)
{
	char mac[MAC_TEXT];

	mac_format(&m->mac, ':', mac);
	jsonout_open(j, "machine", '{');
	jsonout_int(j, "id", m->id);
	jsonout_text(j, "mac", mac);
	jsonout_text(j, "uuid", m->uuid);
	jsonout_text(j, "serial", m->serial);
	jsonout_text(j, "manufacturer", m->manufacturer);
	jsonout_text(j, "product", m->product);
	jsonout_int(j, "arch", m->arch);
	jsonout_close(j, '}');
}

static void put_loader(struct jsonout *j, const struct conf *conf,
		       const struct machine *m)
{
	const struct conf_loader *l =
		m->arch >= 0 ? conf_loader_for(conf, (unsigned)m->arch) : NULL;
	char path[PATH_MAX];

	if (!l) {
		jsonout_null(j, "loader");
		return;
	}
	jsonout_open(j, "loader", '{');
	jsonout_text(j, "name", l->name);
	jsonout_text(j, "file", l->file);
	snprintf(path, sizeof(path), "%s/%s", conf->tftp, l->file);
	put_sum(j, path);
	jsonout_close(j, '}');
}

/* A word of a driver's line, and the blank behind it. */
static const char *put_word(struct jsonout *j, const char *name, const char *word)
{
	size_t len = strcspn(word, " \n");
	char text[JOB_NAME * 2];

	snprintf(text, sizeof(text), "%.*s", (int)len, word);
	if (len > 0)
		jsonout_text(j, name, text);
	else
		jsonout_null(j, name);
	return word + len + (word[len] == ' ');
}

static void put_drivers(struct jsonout *j, const struct image *image)
{
	jsonout_open(j, "drivers", '[');
	for (const char *p = image->drivers; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		jsonout_open(j, NULL, '{');
		p = put_word(j, "name", p);
		p = put_word(j, "version", p);
		p = put_word(j, "sha256", p);
		jsonout_close(j, '}');
	}
	jsonout_close(j, ']');
}

static void put_files(struct jsonout *j, const struct image *image)
{
	jsonout_open(j, "files", '[');
	for (size_t i = 0; i < image->files; i++) {
		jsonout_open(j, NULL, '{');
		jsonout_text(j, "name", image->file[i].name);
		jsonout_text(j, "sha256", image->file[i].sha256);
		jsonout_close(j, '}');
	}
	jsonout_close(j, ']');
}

static void put_templates(struct jsonout *j, const struct conf *conf,
			  const struct image *image)
{
	char path[PATH_MAX];

	jsonout_open(j, "templates", '[');
	for (size_t i = 0; i < artefact_count; i++) {
		if (!(artefacts[i].kinds & 1u << image->kind))
			continue;
		jsonout_open(j, NULL, '{');
		jsonout_text(j, "name", artefacts[i].template);
		if (artefact_template(conf, &artefacts[i], path))
			put_sum(j, path);
		else
			jsonout_null(j, "sha256");
		jsonout_close(j, '}');
	}
	jsonout_close(j, ']');
}

static void put_image(struct jsonout *j, const struct conf *conf, const char *reference,
		      const char *edition)
{
	char path[PATH_MAX], name[JOB_NAME], version[JOB_NAME], why[CATALOGUE_WHY];
	struct image image = { 0 };

	jsonout_text(j, "image", reference);
	jsonout_text(j, "edition", edition);
	if (!image_reference(reference, name, version) ||
	    !catalogue_load(conf->images, reference, &image, why)) {
		jsonout_null(j, "manifest");
		return;
	}
	jsonout_open(j, "manifest", '{');
	snprintf(path, sizeof(path), "%s/%s/%s/MANIFEST", conf->images, name, version);
	put_sum(j, path);
	jsonout_close(j, '}');
	put_files(j, &image);
	put_drivers(j, &image);
	put_templates(j, conf, &image);
	image_free(&image);
}

/* A job may be gone by now; its edition is then. */
static void edition_of(struct store *store, int64_t job, char out[static JOB_NAME * 4])
{
	struct settings settings = { 0 };

	*out = '\0';
	if (store_job_settings(store, job, &settings) == STORE_DONE)
		snprintf(out, JOB_NAME * 4, "%s", settings_get(&settings, "edition"));
	settings_free(&settings);
}

bool record_make(const struct conf *conf, struct store *store,
		 const struct store_install *install, char *out, size_t size)
{
	struct jsonout j = jsonout_begin(out, size);
	char actor[JOB_NAME], edition[JOB_NAME * 4];
	struct machine machine;
	size_t len;

	if (store_machine_by_id(store, install->machine, &machine) != STORE_DONE)
		return false;
	store_job_actor(store, install->job, actor);
	edition_of(store, install->job, edition);
	jsonout_open(&j, NULL, '{');
	jsonout_int(&j, "v", 1);
	object_time(&j, "time", install->time_ms);
	jsonout_text(&j, "site", conf->site);
	jsonout_int(&j, "job", install->job);
	jsonout_int(&j, "attempt", install->attempt);
	jsonout_text(&j, "actor", actor);
	jsonout_text(&j, "hostname", install->hostname);
	put_machine(&j, &machine);
	put_loader(&j, conf, &machine);
	put_image(&j, conf, install->image, edition);
	jsonout_close(&j, '}');
	return jsonout_end(&j, &len);
}
