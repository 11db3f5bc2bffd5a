#include "config.h"

#include <string.h>

#include "tools/tftpd-lite/lookup.h"
#include "tools/tftpd-lite/names.h"
#include "tools/tftpd-lite/server.h"
#include "tools/tftpd-lite/way.h"

static const char *const refusals[TFTP_CODES] = {
	[TFTP_NOT_DEFINED] = "cannot be read",
	[TFTP_NOT_FOUND] = "no such file",
	[TFTP_ACCESS] = "access refused",
	[TFTP_ILLEGAL] = "illegal request",
};

/* FNV-1a. */
static uint64_t digest(const uint8_t *octets, size_t len)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ octets[i]) * 0x100000001b3;
	return hash;
}

/* A request, and all that is known of it. */
struct ask {
	int fd; /* that answers it */
	struct received *packet;
	struct tftp_packet request;
	struct asker asker;
};

static void refuse(struct server *sv, struct ask *ask, enum tftp_code code,
		   const char *why)
{
	server_error(sv, ask->fd, &ask->packet->peer, code, why);
	report_refused(&sv->report, &ask->asker, ask->request.name, code, why,
		       sv->now_us);
}

static bool is_one_of_ours(const struct server *sv, const char *interface)
{
	for (size_t i = 0; i < sv->interfaces; i++)
		if (strcmp(sv->interface[i], interface) == 0)
			return true;
	return sv->interfaces == 0;
}

/* Who asks; false if it is nobody whom we serve. */
static bool identify(struct server *sv, int listener, struct ask *ask)
{
	const struct peer *peer = &ask->packet->peer;
	const struct conf_network *network = NULL;
	char interface[IF_NAMESIZE] = "";
	bool served;

	ask->asker = (struct asker){ .peer = peer };
	if (sv->interfaces || asker_wants_interface(sv->conf))
		way_interface(listener, peer->interface, interface);
	served = asker_is_served(sv->conf, peer, interface, &network) &&
		 is_one_of_ours(sv, interface);
	if (network)
		ask->asker.network = networks_find(&sv->networks, network->name);
	ask->asker.has_mac = served && way_mac(sv->way, peer, &ask->asker.mac);
	return served;
}

/*
 * True if the request is an echo of one that has its transfer.  Else that client
 * has begun anew, and its old transfer is gone.
 */
static bool is_known(struct server *sv, struct transfer *t, uint64_t request)
{
	const struct session *s = &t->session;

	if (s->phase != SESSION_OVER && t->request == request) {
		if (!s->heard) {
			server_do(sv, t, session_again(&t->session, sv->now_us), NULL);
			return true;
		}
		if (sv->now_us - s->progress_us < SESSION_RESTART_US)
			return true;
	}
	if (s->phase != SESSION_OVER)
		server_end(sv, t, SESSION_REPLACED, NULL);
	transfers_remove(&sv->transfers, t);
	return false;
}

static void make_room(struct server *sv)
{
	struct transfer *t = transfers_surplus(&sv->transfers);

	if (!t)
		return;
	if (t->session.phase != SESSION_OVER)
		server_end(sv, t, SESSION_UNANSWERED, "dropped for a newer request");
	transfers_remove(&sv->transfers, t);
}

/* Whether there is room for one more; who is not answered will ask again. */
static bool has_room(struct server *sv, struct ask *ask)
{
	const struct network *n = ask->asker.network;
	const char *why = NULL;

	if (sv->max_client &&
	    clients_live(&sv->clients, ask->asker.peer) >= sv->max_client)
		why = "no answer: too many transfers of this address";
	if (n && n->transfers_max && n->live >= n->transfers_max)
		why = "no answer: too many transfers in its network";
	if (sv->heard >= sv->max)
		why = "no answer: too many transfers";
	if (why)
		report_refused(&sv->report, &ask->asker, ask->request.name,
			       TFTP_NOT_DEFINED, why, sv->now_us);
	return !why;
}

/* On request a block is never more than one packet of the way to its client. */
static struct tftp_limits limits_for(const struct server *sv, const struct peer *peer)
{
	struct tftp_limits limits = sv->limits;
	uint32_t address;
	unsigned headers = (peer_address4(peer, &address) ? 20 : 40) + 8 + TFTP_HEADER;
	unsigned mtu = sv->path_mtu ? way_mtu(peer) : 0;

	if (mtu >= headers + TFTP_BLKSIZE_MIN && mtu - headers < limits.blksize)
		limits.blksize = (uint16_t)(mtu - headers);
	return limits;
}

static void begin(struct server *sv, struct ask *ask, struct file *file, const char *path)
{
	const struct tftp_packet *request = &ask->request;
	bool text = request->mode == TFTP_NETASCII;
	int64_t size = text ? -1 : (int64_t)file->size;
	const struct tftp_limits limits = limits_for(sv, &ask->packet->peer);
	struct tftp_grant grant = tftp_negotiate(request, &limits, size);
	struct transfer *t;

	make_room(sv);
	t = transfers_add(&sv->transfers, ask->fd, &ask->packet->peer, request->name);
	if (!t) {
		files_close(file);
		refuse(sv, ask, TFTP_NOT_DEFINED, "too many transfers");
		return;
	}
	sv->transfers.live++;
	t->asker = ask->asker;
	t->asker.peer = &t->peer;
	t->file = file;
	t->path = strcmp(path, request->name) == 0 ? NULL : strdup(path);
	t->text = text;
	t->one_by_one = sv->no_segments;
	t->pace.rate = sv->rate;
	t->request = digest(ask->packet->octets, ask->packet->len);
	server_do(sv, t,
		  session_start(&t->session, &grant, size, sv->idle_us, sv->now_us),
		  NULL);
}

static void read_request(struct server *sv, struct ask *ask)
{
	const struct asker *a = &ask->asker;
	const struct lookup_asker whose = { .conf = sv->conf,
					    .mac = a->has_mac ? &a->mac : NULL,
					    .network = a->network ? a->network->name
								  : NULL };
	char path[NAMES_PATH];
	enum tftp_code code;
	struct file *file;
	const char *why;

	if (!names_map(ask->request.name, path, &why)) {
		refuse(sv, ask, TFTP_ACCESS, why);
		return;
	}
	file = lookup(&sv->files, &whose, path, &code);
	if (!file) {
		refuse(sv, ask, code, refusals[code]);
		return;
	}
	begin(sv, ask, file, path);
}

/* What does not begin a transfer and is no request is never answered: no loops of ERRORs.
 */
static bool is_request(const struct received *packet)
{
	uint16_t op = tftp_peek(packet->octets, packet->len);

	return op == TFTP_RRQ || op == TFTP_WRQ;
}

static void malformed(struct server *sv, int fd, struct received *packet, const char *why)
{
	if (is_request(packet))
		server_error(sv, fd, &packet->peer, TFTP_ILLEGAL, why);
	report_malformed(&sv->report, &packet->peer, why, sv->now_us);
}

/* One that is not served hears nothing: to it there is no server here. */
static bool is_served(struct server *sv, int listener, struct ask *ask)
{
	if (identify(sv, listener, ask))
		return true;
	report_refused(&sv->report, &ask->asker, ask->request.name, TFTP_NOT_DEFINED,
		       "no answer: no network of ours", sv->now_us);
	return false;
}

void server_request(struct server *sv, int listener, struct received *packet)
{
	struct ask ask = { .packet = packet };
	struct transfer *t;
	const char *why;

	if (peer_port(&packet->peer) == 0)
		return;
	ask.fd = sockets_answer(&sv->sockets, listener, sv->single_port, &packet->peer);
	if (!tftp_get(packet->octets, packet->len, &ask.request, &why)) {
		if (identify(sv, listener, &ask))
			malformed(sv, ask.fd, packet, why);
		return;
	}
	if (ask.request.op != TFTP_RRQ && ask.request.op != TFTP_WRQ)
		return;
	t = transfers_find(&sv->transfers, ask.fd, &packet->peer);
	if (t && is_known(sv, t, digest(packet->octets, packet->len)))
		return;
	if (!is_served(sv, listener, &ask))
		return;
	if (ask.request.op == TFTP_WRQ)
		refuse(sv, &ask, TFTP_ACCESS, "nothing is written here");
	else if (has_room(sv, &ask))
		read_request(sv, &ask);
}
