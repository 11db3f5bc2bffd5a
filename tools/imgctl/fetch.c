#include "config.h"

#include "tools/imgctl/fetch.h"

#include <curl/curl.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define HEADERS_MOST (64 << 10)
#define REDIRECTS_MOST 5L
#define CONNECT_SECONDS 30L
#define TRICKLE 1000L /* octets a second; slower than that is nothing */

struct fetch {
	CURL *curl;
	struct fetch_options options;
	char error[CURL_ERROR_SIZE];
	size_t headers; /* octets of them */
	/* What the last answer's headers say. */
	char etag[FETCH_ETAG];
	int64_t first; /* of a part; -1 */
	/* A small file, */
	char *text;
	size_t len, most;
	/* or a large one. */
	struct fetch_file *file;
	int64_t limit;           /* octets of the whole; -1 until the body begins */
	char why[CATALOGUE_WHY]; /* we have stopped it */
};

/* ---- headers ---- */

static const char *value_of(const char *line, size_t len, const char *name, size_t *out)
{
	size_t skip = strlen(name);

	if (len <= skip || strncasecmp(line, name, skip) != 0)
		return NULL;
	line += skip;
	len -= skip;
	for (; len && (*line == ' ' || *line == '\t'); len--)
		line++;
	while (len && strchr(" \t\r\n", line[len - 1]))
		len--;
	*out = len;
	return line;
}

/* A weak one ("W/...") does not promise the same octets. RFC 9110 section 8.8.3 */
static void take_etag(struct fetch *f, const char *value, size_t len)
{
	f->etag[0] = '\0';
	if (len < 2 || len >= sizeof(f->etag) || value[0] != '"' || value[len - 1] != '"')
		return;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)value[i] <= 0x20 || (unsigned char)value[i] >= 0x7f)
			return;
	memcpy(f->etag, value, len);
	f->etag[len] = '\0';
}

static void take_range(struct fetch *f, const char *value, size_t len)
{
	char text[96];

	f->first = -1;
	if (len >= sizeof(text))
		return;
	memcpy(text, value, len);
	text[len] = '\0';
	if (sscanf(text, "bytes %" SCNd64 "-", &f->first) != 1)
		f->first = -1;
}

static size_t on_header(char *line, size_t one, size_t len, void *context)
{
	struct fetch *f = context;
	const char *value;
	size_t n;

	len *= one;
	f->headers += len;
	if (f->headers > HEADERS_MOST) {
		snprintf(f->why, sizeof(f->why), "its headers have no end");
		return 0;
	}
	if (len > 5 && strncmp(line, "HTTP/", 5) == 0) { /* the next of several answers */
		f->etag[0] = '\0';
		f->first = -1;
	}
	if ((value = value_of(line, len, "etag:", &n)))
		take_etag(f, value, n);
	else if ((value = value_of(line, len, "content-range:", &n)))
		take_range(f, value, n);
	return len;
}

/* ---- bodies ---- */

static size_t on_text(char *octets, size_t one, size_t len, void *context)
{
	struct fetch *f = context;
	char *more;

	len *= one;
	if (len > f->most - f->len) {
		snprintf(f->why, sizeof(f->why), "is longer than %zu octets", f->most);
		return 0;
	}
	more = realloc(f->text, f->len + len + 1);
	if (!more)
		return 0;
	f->text = more;
	memcpy(more + f->len, octets, len);
	f->len += len;
	more[f->len] = '\0';
	return len;
}

static bool wrong(struct fetch *f, const char *why)
{
	snprintf(f->why, sizeof(f->why), "%s", why);
	f->file->hopeless = true;
	return false;
}

static bool failed(struct fetch *f)
{
	f->file->error = errno;
	snprintf(f->why, sizeof(f->why), "%s", strerror(errno));
	return false;
}

/* 200: all of it, whatever we have; 206: the part that we asked for. */
static bool begin_file(struct fetch *f)
{
	struct fetch_file *file = f->file;
	curl_off_t length = -1;
	long status = 0;

	curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(f->curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	if (status == 206 && (file->have == 0 || f->first != file->have))
		return wrong(f, "is answered by another part than was asked for");
	if (status == 200)
		file->have = 0;
	else if (status != 206)
		return false;
	if (ftruncate(file->fd, file->have) < 0)
		return failed(f);
	f->limit = file->size >= 0 ? file->size : length >= 0 ? file->have + length : -1;
	if (f->limit < 0)
		return wrong(f,
			     "neither the manifest nor the server says how long it is");
	if (length >= 0 && file->have + length != f->limit)
		return wrong(f, "is not as long as the manifest says");
	snprintf(file->etag, sizeof(file->etag), "%s", f->etag);
	return file->begins(file->context, file) || failed(f);
}

static bool write_at(struct fetch_file *file, const char *octets, size_t len)
{
	while (len > 0) {
		ssize_t n = pwrite(file->fd, octets, len, file->have);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		octets += n;
		len -= (size_t)n;
		file->have += n;
		file->came += n;
	}
	return true;
}

static size_t on_file(char *octets, size_t one, size_t len, void *context)
{
	struct fetch *f = context;

	len *= one;
	if (f->limit < 0 && !begin_file(f))
		return 0;
	if ((int64_t)len > f->limit - f->file->have)
		return wrong(f, "is longer than the manifest says");
	return write_at(f->file, octets, len) || failed(f) ? len : 0;
}

static int on_progress(void *context, curl_off_t total, curl_off_t now, curl_off_t up,
		       curl_off_t upped)
{
	struct fetch *f = context;

	(void)total;
	(void)up;
	(void)upped;
	if (!f->options.told || f->options.told(f->options.context, now))
		return 0;
	snprintf(f->why, sizeof(f->why), "interrupted");
	if (f->file)
		f->file->error = EINTR;
	return 1;
}

/* ---- requests ---- */

struct fetch *fetch_open(const struct fetch_options *options)
{
	struct fetch *f = calloc(1, sizeof(*f));

	if (f)
		f->curl = curl_easy_init();
	if (!f || !f->curl) {
		free(f);
		return NULL;
	}
	f->options = *options;
	return f;
}

void fetch_close(struct fetch *f)
{
	if (!f)
		return;
	curl_easy_cleanup(f->curl);
	free(f->text);
	free(f);
}

/* The limit below which a body trickles must be below what --limit lets through. */
static long trickle(const struct fetch *f)
{
	return f->options.rate && f->options.rate < 4 * TRICKLE
		       ? (long)f->options.rate / 4 + 1
		       : TRICKLE;
}

/* The connection is kept from one file to the next. */
static void prepare(struct fetch *f, const char *url)
{
	bool tls = strncasecmp(url, "https:", 6) == 0;

	curl_easy_reset(f->curl);
	f->error[0] = f->why[0] = f->etag[0] = '\0';
	f->headers = 0;
	f->first = f->limit = -1;
	curl_easy_setopt(f->curl, CURLOPT_URL, url);
	curl_easy_setopt(f->curl, CURLOPT_ERRORBUFFER, f->error);
	curl_easy_setopt(f->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(f->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(f->curl, CURLOPT_REDIR_PROTOCOLS_STR,
			 tls ? "https" : "http,https");
	curl_easy_setopt(f->curl, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(f->curl, CURLOPT_MAXREDIRS, REDIRECTS_MOST);
	curl_easy_setopt(f->curl, CURLOPT_USERAGENT, "imgctl/" PACKAGE_VERSION);
	curl_easy_setopt(f->curl, CURLOPT_CONNECTTIMEOUT,
			 f->options.patience < CONNECT_SECONDS ? f->options.patience
							       : CONNECT_SECONDS);
	curl_easy_setopt(f->curl, CURLOPT_LOW_SPEED_LIMIT, trickle(f));
	curl_easy_setopt(f->curl, CURLOPT_LOW_SPEED_TIME, f->options.patience);
	curl_easy_setopt(f->curl, CURLOPT_MAX_RECV_SPEED_LARGE,
			 (curl_off_t)f->options.rate);
	if (f->options.cacert)
		curl_easy_setopt(f->curl, CURLOPT_CAINFO, f->options.cacert);
	curl_easy_setopt(f->curl, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(f->curl, CURLOPT_HEADERDATA, f);
	curl_easy_setopt(f->curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(f->curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(f->curl, CURLOPT_XFERINFODATA, f);
	curl_easy_setopt(f->curl, CURLOPT_WRITEDATA, f);
}

static bool finish(struct fetch *f, const char *url, CURLcode code, long *status,
		   char why[static CATALOGUE_WHY])
{
	const char *reason = *f->why ? f->why : *f->error ? f->error : NULL;

	*status = 0;
	curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, status);
	if (*status && (*status < 200 || *status > 299) && !*f->why &&
	    (code == CURLE_OK || *status > 399))
		return catalogue_refuse(why, "%.300s: the server says %ld", url, *status);
	if (code == CURLE_OK)
		return true;
	return catalogue_refuse(why, "%.300s: %.150s", url,
				reason ? reason : curl_easy_strerror(code));
}

bool fetch_text(struct fetch *f, const char *url, size_t most, char **text, size_t *len,
		long *status, char why[static CATALOGUE_WHY])
{
	CURLcode code;
	bool good;

	prepare(f, url);
	free(f->text);
	f->text = calloc(1, 1);
	f->len = 0;
	f->most = most;
	curl_easy_setopt(f->curl, CURLOPT_WRITEFUNCTION, on_text);
	code = f->text ? curl_easy_perform(f->curl) : CURLE_OUT_OF_MEMORY;
	good = finish(f, url, code, status, why);
	if (!good)
		return false;
	*text = f->text;
	*len = f->len;
	f->text = NULL;
	return true;
}

/* An empty file has no body that would call begin_file(). */
static bool finish_file(struct fetch *f, const char *url, char why[static CATALOGUE_WHY])
{
	if (f->limit < 0 && !begin_file(f))
		return catalogue_refuse(why, "%.300s: %.150s", url, f->why);
	if (f->file->have == f->limit)
		return true;
	return catalogue_refuse(why, "%.300s: ended before its end", url);
}

bool fetch_file(struct fetch *f, const char *url, struct fetch_file *file,
		char why[static CATALOGUE_WHY])
{
	struct curl_slist *headers = NULL;
	char range[32], same[FETCH_ETAG + 16];
	CURLcode code;
	long status;
	bool good;

	prepare(f, url);
	f->file = file;
	file->came = 0;
	file->hopeless = false;
	file->error = 0;
	if (file->have > 0) {
		snprintf(range, sizeof(range), "%" PRId64 "-", file->have);
		curl_easy_setopt(f->curl, CURLOPT_RANGE, range);
	}
	if (file->have > 0 && *file->etag) {
		snprintf(same, sizeof(same), "If-Range: %s", file->etag);
		headers = curl_slist_append(NULL, same);
		curl_easy_setopt(f->curl, CURLOPT_HTTPHEADER, headers);
	}
	curl_easy_setopt(f->curl, CURLOPT_WRITEFUNCTION, on_file);
	code = curl_easy_perform(f->curl);
	good = finish(f, url, code, &status, why) && finish_file(f, url, why);
	if (status >= 400 && status < 500)
		file->hopeless = true;
	curl_slist_free_all(headers);
	f->file = NULL;
	return good;
}

bool fetch_url(const char *base, const char *path, char **url)
{
	size_t len = 0, size = 0;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);
	bool good = out != NULL;

	for (len = strlen(base); len && base[len - 1] == '/';)
		len--;
	if (out)
		fprintf(out, "%.*s", (int)len, base);
	while (good && path) {
		size_t segment = strcspn(path, "/");
		char *escaped = curl_easy_escape(NULL, path, (int)segment);

		good = escaped && fprintf(out, "/%s", escaped) > 0;
		curl_free(escaped);
		path = path[segment] ? path + segment + 1 : NULL;
	}
	if (out && fclose(out) != 0)
		good = false;
	if (good)
		*url = text;
	else
		free(text);
	return good;
}
