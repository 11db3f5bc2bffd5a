#include "config.h"

#include "tools/pxeprobe/httpget.h"

#include <curl/curl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "lib/sys/now.h"

#define SIZE_MAX_KEPT (64 << 20) /* no script and no loader is so large */

struct sink {
	struct fetch *f;
	struct kept *kept;
	crypto_hash_sha256_state hash;
};

void httpget_begin(void)
{
	curl_global_init(CURL_GLOBAL_DEFAULT);
}

static size_t take(char *octets, size_t one, size_t len, void *to)
{
	struct sink *s = to;
	size_t room;

	len *= one;
	if (s->kept && s->f->size > SIZE_MAX_KEPT)
		return 0;
	s->f->size += (int64_t)len;
	crypto_hash_sha256_update(&s->hash, (const unsigned char *)octets, len);
	if (s->kept) {
		room = sizeof(s->kept->text) - s->kept->len;
		memcpy(s->kept->text + s->kept->len, octets, len < room ? len : room);
		s->kept->len += len < room ? len : room;
	}
	return len;
}

/* No proxy, no name but the URL's, no way but the interface. */
static void set_up(CURL *curl, const struct iface *iface, int64_t timeout_ms,
		   struct sink *s)
{
	char device[32];

	snprintf(device, sizeof(device), "if!%s", iface->name);
	curl_easy_setopt(curl, CURLOPT_URL, s->f->url);
	curl_easy_setopt(curl, CURLOPT_INTERFACE, device);
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 5L);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "pxeprobe/" PACKAGE_VERSION);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)timeout_ms);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)((timeout_ms + 999) / 1000));
	curl_easy_setopt(curl, CURLOPT_NOBODY, s->f->head ? 1L : 0L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, s);
}

static enum fetch_result result_of(CURLcode code, long status)
{
	if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT)
		return FETCH_UNSUPPORTED;
	if (code != CURLE_OK)
		return status ? FETCH_CUT : FETCH_UNREACHABLE;
	if (status == 404 || status == 410)
		return FETCH_MISSING;
	return status >= 200 && status < 300 ? FETCH_OK : FETCH_REFUSED;
}

static void end(CURL *curl, CURLcode code, struct sink *s)
{
	uint8_t digest[crypto_hash_sha256_BYTES];
	struct fetch *f = s->f;
	curl_off_t size = -1;
	long status = 0;

	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	f->status = status ? (int)status : -1;
	f->result = result_of(code, status);
	if (code != CURLE_OK)
		snprintf(f->why, sizeof(f->why), "%s", curl_easy_strerror(code));
	else if (f->result != FETCH_OK)
		snprintf(f->why, sizeof(f->why), "HTTP %ld", status);
	if (f->head) {
		curl_easy_getinfo(curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &size);
		f->size = size;
	} else if (f->result == FETCH_OK) {
		crypto_hash_sha256_final(&s->hash, digest);
		sodium_bin2hex(f->sha256, sizeof(f->sha256), digest, sizeof(digest));
	}
}

void httpget(const struct iface *iface, int64_t timeout_ms, struct fetch *f,
	     struct kept *kept)
{
	struct sink s = { .f = f, .kept = kept };
	CURL *curl = curl_easy_init();
	int64_t began_ms = now_monotonic_ms();
	CURLcode code;

	f->size = 0;
	if (!curl) {
		f->result = FETCH_UNREACHABLE;
		snprintf(f->why, sizeof(f->why), "out of memory");
		return;
	}
	crypto_hash_sha256_init(&s.hash);
	set_up(curl, iface, timeout_ms, &s);
	code = curl_easy_perform(curl);
	end(curl, code, &s);
	curl_easy_cleanup(curl);
	f->ms = now_monotonic_ms() - began_ms;
}

/* libcurl joins a relative name to a URL as RFC 3986 section 5 has it. */
bool url_join(const char *base, const char *name, char out[static FACTS_URL])
{
	const unsigned odd = CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE;
	char *text = NULL;
	CURLU *url = curl_url();
	bool ok = url && curl_url_set(url, CURLUPART_URL, base, odd) == CURLUE_OK &&
		  curl_url_set(url, CURLUPART_URL, name, odd) == CURLUE_OK &&
		  curl_url_get(url, CURLUPART_URL, &text, 0) == CURLUE_OK &&
		  strlen(text) < FACTS_URL;

	if (ok)
		snprintf(out, FACTS_URL, "%s", text);
	curl_free(text);
	curl_url_cleanup(url);
	return ok;
}
