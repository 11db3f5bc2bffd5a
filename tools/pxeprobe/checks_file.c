#include "config.h"

#include "tools/pxeprobe/checks.h"

#include <inttypes.h>
#include <string.h>

#include "lib/wire/arch.h"

/* ---- all fetches of a kind that ended in one way ---- */

static void add_fetch(struct detail *d, const struct fetch *t)
{
	if (*t->why)
		detail_add(d, "%s (%s)", t->url, t->why);
	else
		detail_add(d, "%s", t->url);
}

static void add_all(struct detail *d, const struct facts *f, enum fetch_kind kind,
		    enum fetch_result result)
{
	for (size_t i = 0; i < f->fetches; i++)
		if (f->fetch[i].kind == kind && f->fetch[i].result == result)
			add_fetch(d, &f->fetch[i]);
}

bool check_next_server(const struct facts *f, struct detail *d)
{
	add_all(d, f, FETCH_LOADER, FETCH_UNREACHABLE);
	return d->len;
}

bool check_file_missing(const struct facts *f, struct detail *d)
{
	add_all(d, f, FETCH_LOADER, FETCH_MISSING);
	add_all(d, f, FETCH_FILE, FETCH_MISSING);
	return d->len;
}

bool check_file_refused(const struct facts *f, struct detail *d)
{
	add_all(d, f, FETCH_LOADER, FETCH_REFUSED);
	add_all(d, f, FETCH_FILE, FETCH_REFUSED);
	return d->len;
}

bool check_transfer_cut(const struct facts *f, struct detail *d)
{
	for (size_t i = 0; i < f->fetches; i++)
		if (f->fetch[i].result == FETCH_CUT)
			add_fetch(d, &f->fetch[i]);
	return d->len;
}

bool check_file_unreachable(const struct facts *f, struct detail *d)
{
	add_all(d, f, FETCH_FILE, FETCH_UNREACHABLE);
	return d->len;
}

bool check_script_missing(const struct facts *f, struct detail *d)
{
	add_all(d, f, FETCH_SCRIPT, FETCH_MISSING);
	return d->len;
}

bool check_script_unreachable(const struct facts *f, struct detail *d)
{
	add_all(d, f, FETCH_SCRIPT, FETCH_UNREACHABLE);
	return d->len;
}

bool check_script_refused(const struct facts *f, struct detail *d)
{
	add_all(d, f, FETCH_SCRIPT, FETCH_REFUSED);
	return d->len;
}

bool check_not_looked_at(const struct facts *f, struct detail *d)
{
	for (size_t i = 0; i < f->fetches; i++)
		if (f->fetch[i].result == FETCH_UNSUPPORTED)
			add_fetch(d, &f->fetch[i]);
	return d->len;
}

bool check_no_manifest(const struct facts *f, struct detail *d)
{
	for (size_t i = 0; i < f->fetches; i++)
		if (f->fetch[i].kind == FETCH_MANIFEST && f->fetch[i].result != FETCH_OK)
			add_fetch(d, &f->fetch[i]);
	return d->len;
}

/* ---- what iPXE is told ---- */

static bool same_machine(const struct client *a, const struct client *b)
{
	return arch_plain(a->arch) == arch_plain(b->arch);
}

/* The name that the firmware was given, or the same octets under another one. */
static bool is_loader(const struct facts *f, const struct client *ipxe)
{
	const struct fetch *script = NULL;

	for (size_t i = 0; i < f->clients; i++)
		if (!f->client[i].ipxe && same_machine(&f->client[i], ipxe) &&
		    client_takes(&f->client[i], ipxe->file) &&
		    strcmp(f->client[i].file, ipxe->file) == 0)
			return true;
	for (size_t i = 0; i < f->fetches && !script; i++)
		if (f->fetch[i].kind == FETCH_SCRIPT && *f->fetch[i].sha256)
			script = &f->fetch[i];
	for (size_t i = 0; script && i < f->fetches; i++)
		if (f->fetch[i].kind == FETCH_LOADER &&
		    strcmp(f->fetch[i].sha256, script->sha256) == 0)
			return true;
	return false;
}

bool check_loader_loop(const struct facts *f, struct detail *d)
{
	for (size_t i = 0; i < f->clients; i++) {
		const struct client *c = &f->client[i];

		if (c->ipxe && *c->file && is_loader(f, c))
			detail_add(d, "%s", c->file);
	}
	return d->len;
}

bool check_no_script(const struct facts *f, struct detail *d)
{
	const struct client *ipxe = NULL;
	bool loader = false;

	for (size_t i = 0; i < f->clients; i++) {
		if (f->client[i].ipxe)
			ipxe = &f->client[i];
		else
			loader = loader || *f->client[i].file;
	}
	detail_add(d, "iPXE");
	return ipxe && ipxe->chosen < 0 && loader;
}

/* What iPXE may also start begins with MZ, or is larger than any text. */
bool check_not_a_script(const struct facts *f, struct detail *d)
{
	struct detail unused = { .len = 0 };

	if (check_loader_loop(f, &unused))
		return false;
	for (size_t i = 0; i < f->fetches; i++) {
		const struct fetch *t = &f->fetch[i];

		if (t->kind == FETCH_SCRIPT && t->result == FETCH_OK && !t->is_script &&
		    !t->is_program)
			add_fetch(d, t);
	}
	return d->len;
}

/* ---- what the files are ---- */

bool check_checksum_wrong(const struct facts *f, struct detail *d)
{
	for (size_t i = 0; i < f->fetches; i++) {
		const struct fetch *t = &f->fetch[i];

		if (t->result != FETCH_OK || !*t->want_file)
			continue;
		if (*t->sha256 && strcmp(t->sha256, t->want_sha256) != 0)
			detail_add(d, "%s", t->url);
		else if (t->want_size >= 0 && t->size >= 0 && t->size != t->want_size)
			detail_add(d,
				   "%s (%" PRId64 " octets, its manifest says %" PRId64
				   ")",
				   t->url, t->size, t->want_size);
	}
	return d->len;
}

bool check_slow_file(const struct facts *f, struct detail *d)
{
	for (size_t i = 0; i < f->fetches; i++) {
		const struct fetch *t = &f->fetch[i];

		if (fetch_rate(t) >= 0 && fetch_rate(t) < f->limits.rate_per_s)
			detail_add(d, "%s: %" PRId64 " KiB/s", t->url,
				   fetch_rate(t) / 1024);
	}
	return d->len;
}
