/*
 * facts - what a probe has seen; the judge reads nothing else.
 *
 * Units   milliseconds, octets; addresses in host byte order; -1 is "not known".
 * Memory  plain values, all of it inside struct facts.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/core/mac.h"
#include "lib/wire/dhcp.h"

#define FACTS_ANSWERS 16
#define FACTS_CLIENTS 16
#define FACTS_FETCHES 96
#define FACTS_URL 1024
#define FACTS_WHY 160
#define FACTS_FEW_OCTETS (64 << 10) /* too few to say anything about a rate */

struct iface {
	char name[16];
	unsigned index;
	bool up, carrier, ethernet;
	uint32_t address, mask; /* 0: it has none */
	struct mac mac;
};

/* One packet that came back. */
struct answer {
	uint32_t from;
	uint16_t port;
	int64_t ms;      /* since the DISCOVER */
	const char *why; /* NULL, or why it is no DHCP packet */
	struct dhcp msg;
};

enum fetch_kind {
	FETCH_LOADER,
	FETCH_SCRIPT,
	FETCH_FILE,     /* a kernel, an initrd, what a script names */
	FETCH_MANIFEST, /* of the image whose files these are */
};

enum fetch_result {
	FETCH_OK,
	FETCH_UNREACHABLE, /* nobody there answers */
	FETCH_MISSING,     /* there is no such file */
	FETCH_REFUSED,     /* the server says another no */
	FETCH_CUT,         /* it began and did not end */
	FETCH_UNSUPPORTED, /* neither TFTP nor HTTP */
};

struct fetch {
	enum fetch_kind kind;
	enum fetch_result result;
	size_t client; /* for whom */
	char url[FACTS_URL];
	char why[FACTS_WHY]; /* the server's words, or the system's */
	int status;          /* of HTTP, the code of a TFTP ERROR; -1 */
	bool head;           /* only asked about, not transferred */
	bool is_script, is_program;
	int64_t size, ms;
	char sha256[65];                      /* "" if it was not transferred */
	char want_sha256[65], want_file[256]; /* what a manifest says of it */
	int64_t want_size;
};

/* One client that was played: a firmware, or iPXE as it runs after it. */
struct client {
	uint16_t arch;
	bool ipxe, http;
	struct answer answer[FACTS_ANSWERS];
	size_t answers;
	int chosen; /* the answer that such firmware follows; -1 */
	bool asked_4011, got_4011;
	uint32_t at_4011;
	int64_t ms_4011;
	uint32_t server; /* where the file is */
	char file[DHCP_TEXT];
	bool local; /* is told to boot from its own disk */
	bool extra; /* one of many architectures: nobody needs to serve it */
};

struct limits {
	int64_t answer_ms;  /* a longer wait is slow; so for scripts */
	int64_t rate_per_s; /* fewer octets per second are slow */
};

struct facts {
	struct iface iface;
	struct mac mac;
	struct limits limits;
	struct client client[FACTS_CLIENTS];
	size_t clients;
	struct fetch fetch[FACTS_FETCHES];
	size_t fetches;
	bool no_address; /* files were not fetched: the interface has no address */
};

/* ---- what can be said of one answer ---- */

/* It names a file or says where to ask for one. */
bool answer_is_pxe(const struct answer *a);

/* It offers an address. */
bool answer_is_dhcp(const struct answer *a);

/* It offers none, and is for network boot: a ProxyDHCP server's. */
bool answer_is_proxy(const struct answer *a);

/* The file it names, "" for none; the header's counts first, as iPXE has it. */
const char *answer_file(const struct answer *a);

/* Who it says it is: option 54, else the sender. */
uint32_t answer_server(const struct answer *a);

/* Where its file is: siaddr, else the server. */
uint32_t answer_next_server(const struct answer *a);

/* The answer that firmware of this kind follows, or -1. */
int client_choose(const struct client *c);

/* Whether that answer sends the client to port 4011 before there is a file. */
bool client_asks_4011(const struct client *c, const struct answer *a);

/* A menu whose only way is the local disk. */
bool answer_is_local(const struct answer *a);

/* Octets a second; -1 if it was not transferred, or is too short to tell. */
int64_t fetch_rate(const struct fetch *t);

/* Firmware knows one way to a file, TFTP or (HTTP Boot) a URL; iPXE knows both. */
bool client_takes(const struct client *c, const char *file);

/* A URL of any scheme. */
bool is_url(const char *name);
