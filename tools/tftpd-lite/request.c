#include "config.h"

#include "tools/tftpd-lite/names.h"
#include "tools/tftpd-lite/server.h"

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

static void refuse(struct server *sv, int fd, struct peer *peer, const char *name,
		   enum tftp_code code, const char *why)
{
	server_error(sv, fd, peer, code, why);
	report_refused(&sv->report, peer, name, code, why, sv->now_us);
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

static void begin(struct server *sv, int fd, struct received *packet,
		  const struct tftp_packet *request, struct file *file)
{
	bool text = request->mode == TFTP_NETASCII;
	int64_t size = text ? -1 : (int64_t)file->size;
	struct tftp_grant grant = tftp_negotiate(request, &sv->limits, size);
	struct transfer *t;

	make_room(sv);
	t = transfers_add(&sv->transfers, fd, &packet->peer, request->name);
	if (!t) {
		files_close(file);
		refuse(sv, fd, &packet->peer, request->name, TFTP_NOT_DEFINED,
		       "too many transfers");
		return;
	}
	sv->transfers.live++;
	t->file = file;
	t->text = text;
	t->one_by_one = sv->no_segments;
	t->request = digest(packet->octets, packet->len);
	server_do(sv, t,
		  session_start(&t->session, &grant, size, sv->idle_us, sv->now_us),
		  NULL);
}

static void read_request(struct server *sv, int fd, struct received *packet,
			 const struct tftp_packet *request)
{
	char path[NAMES_PATH];
	enum tftp_code code;
	struct file *file;
	const char *why;

	if (!names_map(request->name, path, &why)) {
		refuse(sv, fd, &packet->peer, request->name, TFTP_ACCESS, why);
		return;
	}
	file = files_open(&sv->files, path, &code);
	if (!file) {
		refuse(sv, fd, &packet->peer, request->name, code, refusals[code]);
		return;
	}
	begin(sv, fd, packet, request, file);
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

void server_request(struct server *sv, int fd, struct received *packet)
{
	struct tftp_packet request;
	struct transfer *t;
	const char *why;

	if (peer_port(&packet->peer) == 0)
		return;
	if (!tftp_get(packet->octets, packet->len, &request, &why)) {
		malformed(sv, fd, packet, why);
		return;
	}
	if (request.op == TFTP_WRQ) {
		refuse(sv, fd, &packet->peer, request.name, TFTP_ACCESS,
		       "nothing is written here");
		return;
	}
	if (request.op != TFTP_RRQ)
		return;
	t = transfers_find(&sv->transfers, fd, &packet->peer);
	if (t && is_known(sv, t, digest(packet->octets, packet->len)))
		return;
	read_request(sv, fd, packet, &request);
}
