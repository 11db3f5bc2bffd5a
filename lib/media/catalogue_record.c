/* What is remembered of a verified version; bootweb reads it too, without nettle. */
#include "config.h"

#include <inttypes.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media/catalogue_verify.h"
#include "lib/sys/file.h"
#include "lib/sys/now.h"

#define MANIFEST_LARGEST (1 << 20) /* as catalogue.c reads it */

static const char *const states[VERIFY_STATES] = {
	[VERIFY_NEVER] = "never",
	[VERIFY_GOOD] = "good",
	[VERIFY_BAD] = "bad",
	[VERIFY_OLD] = "outdated",
};

const char *verify_state_name(enum verify_state state)
{
	return state < VERIFY_STATES ? states[state] : "";
}

bool catalogue_manifest_sum(const char *images, const char *name, const char *version,
			    char out[static IMAGE_SHA256])
{
	unsigned char digest[crypto_hash_sha256_BYTES];
	char path[PATH_MAX], *text;
	size_t len;

	snprintf(path, sizeof(path), "%s/%s/%s/MANIFEST", images, name, version);
	text = file_read(path, MANIFEST_LARGEST, &len);
	if (!text)
		return false;
	crypto_hash_sha256(digest, (const unsigned char *)text, len);
	sodium_bin2hex(out, IMAGE_SHA256, digest, sizeof(digest));
	free(text);
	return true;
}

static void record_path(const char *images, const char *name, const char *version,
			char path[static PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s/%s/.%s.verified", images, name, version);
}

void verify_recall(const char *images, const char *name, const char *version,
		   struct verify_record *out)
{
	char path[PATH_MAX], sha256[IMAGE_SHA256], was[IMAGE_SHA256], *text;
	size_t len;

	*out = (struct verify_record){ 0 };
	record_path(images, name, version, path);
	text = file_read(path, 256, &len);
	if (text && sscanf(text, "%64[0-9a-f] %" SCNd64 " %zu", was, &out->time_ms,
			   &out->faults) == 3)
		out->state = !catalogue_manifest_sum(images, name, version, sha256) ||
					     strcmp(was, sha256) != 0
				     ? VERIFY_OLD
			     : out->faults ? VERIFY_BAD
					   : VERIFY_GOOD;
	free(text);
}

int verify_remember(const char *images, const char *name, const char *version,
		    size_t faults)
{
	char path[PATH_MAX], text[256], sha256[IMAGE_SHA256];
	int len;

	if (!catalogue_manifest_sum(images, name, version, sha256))
		return -1;
	record_path(images, name, version, path);
	len = snprintf(text, sizeof(text), "%s %" PRId64 " %zu\n", sha256, now_ms(),
		       faults);
	return file_replace(path, text, (size_t)len, 0644);
}
