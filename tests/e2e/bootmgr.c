/*
 * bootmgr - stands in for Microsoft's boot manager where the firmware has loaded it by
 * HTTP: asks the same server, by the firmware's own EFI_HTTP_PROTOCOL, for Boot/BCD
 * beside itself, and then for the boot.sdi and the boot.wim that this store names.  What
 * it got it says on the console: "bootmgr: 200 12345 Boot/BCD".
 *
 * Source  UEFI specification 2.10: sections 4.3, 4.4 (tables), 10.3.4 (device
 * paths), 29.6 (HTTP).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t status;
#define NOT_READY (1ull << 63 | 6)
#define EFI __attribute__((ms_abi))
#define LARGEST (8 << 20)

struct guid {
	uint32_t a;
	uint16_t b, c;
	uint8_t d[8];
};

struct text_out {
	void *reset;
	status(EFI *print)(struct text_out *out, const uint16_t *text);
};

/* The calls of a table by their number in it. */
enum { CREATE_EVENT = 7, HANDLE_PROTOCOL = 16, STALL = 28, LOCATE_PROTOCOL = 37 };

struct boot_services {
	uint8_t header[24];
	void *call[44];
};

struct system_table {
	uint8_t header[24];
	void *vendor;
	uint64_t revision;
	void *in_handle, *in, *out_handle;
	struct text_out *out;
	void *err_handle, *err, *runtime;
	struct boot_services *boot;
};

struct loaded_image {
	uint32_t revision;
	void *parent;
	struct system_table *system;
	void *device;
};

struct binding {
	status(EFI *create)(struct binding *binding, void **child);
};

struct __attribute__((packed)) ipv4_path {
	uint8_t type, subtype, len[2];
	uint8_t local[4], remote[4];
	uint16_t local_port, remote_port, protocol;
	uint8_t is_static, gateway[4], subnet[4];
};

struct access_point {
	bool use_default;
	uint8_t address[4], subnet[4];
	uint16_t port;
};

struct http_config {
	uint32_t version, timeout_ms;
	bool six;
	struct access_point *point;
};

struct http_header {
	const char *name, *value;
};

struct http_message {
	void *data;
	size_t headers;
	struct http_header *header;
	size_t len;
	void *body;
};

struct http_token {
	void *event;
	status status;
	struct http_message *message;
};

struct http {
	void *mode;
	status(EFI *configure)(struct http *http, struct http_config *config);
	status(EFI *request)(struct http *http, struct http_token *token);
	void *cancel;
	status(EFI *response)(struct http *http, struct http_token *token);
	status(EFI *poll)(struct http *http);
};

static const struct guid loaded_image_id = {
	0x5b1b31a1, 0x9562, 0x11d2, { 0x8e, 0x3f, 0, 0xa0, 0xc9, 0x69, 0x72, 0x3b }
};
static const struct guid device_path_id = {
	0x09576e91, 0x6d3f, 0x11d2, { 0x8e, 0x39, 0, 0xa0, 0xc9, 0x69, 0x72, 0x3b }
};
static const struct guid binding_id = {
	0xbdc8e6af, 0xd9bc, 0x4379, { 0xa7, 0x2a, 0xe0, 0xc4, 0xe7, 0x5d, 0xae, 0x1c }
};
static const struct guid http_id = {
	0x7a59b29b, 0x910b, 0x4171, { 0x82, 0x42, 0xa8, 0x5a, 0x0d, 0xf2, 0x5b, 0x5b }
};

static struct system_table *sys;
static struct http *http;
static uint16_t url[512];
static size_t base; /* of the URL, up to our own name */
static char host[128];
static uint8_t body[LARGEST];

void *memset(void *p, int c, size_t len)
{
	for (volatile uint8_t *to = p; len; len--)
		*to++ = (uint8_t)c;
	return p;
}

/* ---- the console ---- */

static void say(const char *text)
{
	uint16_t wide[2] = { 0, 0 };

	for (; *text; text++) {
		wide[0] = (uint8_t)*text;
		sys->out->print(sys->out, wide);
	}
}

static void say_number(uint64_t n)
{
	char digits[24], *p = digits + sizeof(digits) - 1;

	for (*p = '\0'; n || !*p; n /= 10)
		*--p = (char)('0' + n % 10);
	say(p);
}

static void fail(const char *what, status result)
{
	say("bootmgr: ");
	say(what);
	say(": ");
	say_number(result & 0xffff);
	say("\r\n");
}

/* ---- the firmware ---- */

static void *protocol(void *handle, const struct guid *id)
{
	status(EFI * call)(void *, const struct guid *, void **) =
		sys->boot->call[HANDLE_PROTOCOL];
	void *found = NULL;

	return call(handle, id, &found) ? NULL : found;
}

static void stall(size_t us)
{
	((status(EFI *)(size_t))sys->boot->call[STALL])(us);
}

static void *new_event(void)
{
	status(EFI * call)(uint32_t, size_t, void *, void *, void **) =
		sys->boot->call[CREATE_EVENT];
	void *event = NULL;

	return call(0, 0, NULL, NULL, &event) ? NULL : event;
}

/* Where we came from: the address that the firmware had, and the URL. */
static bool read_path(const uint8_t *node, struct access_point *point)
{
	bool there = false;

	for (; node[0] != 0x7f; node += node[2] | node[3] << 8) {
		size_t len = (size_t)(node[2] | node[3] << 8);

		if (node[0] == 3 && node[1] == 12) {
			const struct ipv4_path *ip = (const void *)node;

			for (int i = 0; i < 4; i++) {
				point->address[i] = ip->local[i];
				point->subnet[i] = ip->subnet[i];
			}
		} else if (node[0] == 3 && node[1] == 24) {
			for (size_t i = 4; i < len && i < 400; i++) {
				url[i - 4] = node[i];
				if (node[i] == '/')
					base = i - 3;
			}
			there = true;
		}
	}
	for (size_t i = 7; there && url[i] && url[i] != '/' && i < 120; i++)
		host[i - 7] = (char)url[i];
	return there;
}

static bool wait_for(struct http_token *token, const char *what)
{
	for (int i = 0; token->status == NOT_READY && i < 60000; i++) {
		http->poll(http);
		stall(1000);
	}
	if (token->status)
		fail(what, token->status);
	return !token->status;
}

/* ---- requests ---- */

static bool ask(void)
{
	struct {
		uint32_t method;
		uint16_t *url;
	} get = { 0, url };
	struct http_header header = { "Host", host };
	struct http_message message = { &get, 1, &header, 0, NULL };
	struct http_token token = { new_event(), NOT_READY, &message };
	status result = http->request(http, &token);

	if (result)
		fail("request", result);
	return !result && wait_for(&token, "request");
}

/* Status and headers first, then the body in pieces until there is no more of it. */
static size_t receive(uint32_t *code)
{
	struct http_message message = { code, 0, NULL, 0, NULL };
	struct http_token token = { new_event(), NOT_READY, &message };
	size_t len = 0, want = 0;

	if (http->response(http, &token) || !wait_for(&token, "response"))
		return 0;
	for (size_t i = 0; i < message.headers; i++) {
		const char *name = message.header[i].name, *p = message.header[i].value;

		if ((name[0] | 32) != 'c' || (name[8] | 32) != 'l')
			continue; /* Content-Length, and no other of ours */
		for (want = 0; *p >= '0' && *p <= '9'; p++)
			want = want * 10 + (size_t)(*p - '0');
	}
	while (len < want && len < LARGEST) {
		message =
			(struct http_message){ NULL, 0, NULL, LARGEST - len, body + len };
		token.status = NOT_READY;
		if (http->response(http, &token) || !wait_for(&token, "body"))
			break;
		len += message.len;
	}
	return len;
}

static size_t fetch(const char *name)
{
	uint32_t code = 0; /* EFI_HTTP_STATUS_CODE: 3 is 200, 4 to 43 go on from there */
	size_t len = 0, i = 0;

	for (; name[i]; i++)
		url[base + i] = (uint8_t)name[i];
	url[base + i] = 0;
	if (ask())
		len = receive(&code);
	say(code == 3 ? "bootmgr: 200 " : "bootmgr: other ");
	say_number(len);
	say(" ");
	say(name);
	say("\r\n");
	return len;
}

/* The path in the store that ends so, from the server's root. */
static bool named_in_store(size_t len, const char *end, char out[static 256])
{
	for (size_t at = 0; at + 2 < len; at++) {
		size_t n = 0, i = 0;

		if (body[at] != '\\' || body[at + 1])
			continue;
		for (; n < 255 && at + 2 * n + 1 < len && body[at + 2 * n]; n++)
			out[n] = body[at + 2 * n] == '\\' ? '/' : (char)body[at + 2 * n];
		out[n] = '\0';
		while (end[i])
			i++;
		for (size_t k = 0; n > i && out[n - i + k] == end[k]; k++)
			if (!end[k])
				return true;
	}
	return false;
}

static bool open_http(void *handle)
{
	struct loaded_image *image = protocol(handle, &loaded_image_id);
	status(EFI * locate)(const struct guid *, void *, void **) =
		sys->boot->call[LOCATE_PROTOCOL];
	struct access_point point = { 0 };
	struct http_config config = { 1, 30000, false, &point };
	struct binding *binding = NULL;
	void *child = NULL;
	const uint8_t *path = image ? protocol(image->device, &device_path_id) : NULL;
	status result;

	if (!path || !read_path(path, &point)) {
		fail("not from a URL", 0);
		return false;
	}
	if (locate(&binding_id, NULL, (void **)&binding) ||
	    binding->create(binding, &child) || !(http = protocol(child, &http_id))) {
		fail("no HTTP", 0);
		return false;
	}
	result = http->configure(http, &config);
	if (result)
		fail("configure", result);
	return !result;
}

EFI status efi_main(void *handle, struct system_table *table)
{
	char sdi[256], wim[256];
	bool named;
	size_t len;

	sys = table;
	say("bootmgr: started\r\n");
	if (open_http(handle)) {
		len = fetch("Boot/BCD");
		named = named_in_store(len, "boot.sdi", sdi) &&
			named_in_store(len, "boot.wim", wim);
		if (named) {
			fetch(sdi + 1);
			fetch(wim + 1);
		}
		say(named ? "bootmgr: that is all\r\n" : "bootmgr: no names\r\n");
	}
	for (;;)
		stall(1000000);
}
