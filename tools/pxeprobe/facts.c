#include "config.h"

#include "tools/pxeprobe/facts.h"

#include <string.h>

const char *answer_file(const struct answer *a)
{
	return *a->msg.file ? a->msg.file : a->msg.bootfile;
}

static bool has_class(const struct answer *a)
{
	return dhcp_has_class(&a->msg, "PXEClient") ||
	       dhcp_has_class(&a->msg, "HTTPClient");
}

bool answer_is_pxe(const struct answer *a)
{
	return !a->why && (*answer_file(a) || has_class(a));
}

bool answer_is_dhcp(const struct answer *a)
{
	return !a->why && a->msg.yiaddr;
}

bool answer_is_proxy(const struct answer *a)
{
	return !answer_is_dhcp(a) && answer_is_pxe(a);
}

uint32_t answer_server(const struct answer *a)
{
	return a->msg.server ? a->msg.server : a->from;
}

uint32_t answer_next_server(const struct answer *a)
{
	return a->msg.siaddr ? a->msg.siaddr : answer_server(a);
}

bool answer_is_local(const struct answer *a)
{
	return !a->why && a->msg.pxe.has_menu && a->msg.pxe.menu_type == 0 &&
	       !*answer_file(a);
}

bool is_url(const char *name)
{
	return strstr(name, "://") != NULL;
}

int64_t fetch_rate(const struct fetch *t)
{
	if (t->head || t->result != FETCH_OK || t->size < FACTS_FEW_OCTETS)
		return -1;
	return t->size * 1000 / (t->ms ? t->ms : 1);
}

bool client_takes(const struct client *c, const char *file)
{
	return c->ipxe || c->http == is_url(file);
}

/* EDK2 drops an OFFER that has no option 54 or is not from port 67. */
static bool heard(const struct client *c, const struct answer *a)
{
	if (a->why)
		return false;
	return c->ipxe || (a->msg.server && a->port == DHCP_SERVER_PORT);
}

/*
 * How much firmware likes an answer.  EDK2 takes a DHCP server's PXEClient before
 * it looks for a proxy, and so does iPXE; HTTP Boot wants its own class.
 */
static int rank(const struct client *c, const struct answer *a)
{
	const char *class = c->http ? "HTTPClient" : "PXEClient";
	bool classed = dhcp_has_class(&a->msg, class);

	if (!heard(c, a))
		return 0;
	if (classed)
		return answer_is_dhcp(a) ? 3 : 2;
	return !c->http && *answer_file(a) ? 1 : 0;
}

int client_choose(const struct client *c)
{
	int chosen = -1, best = 0, r;

	for (size_t i = 0; i < c->answers; i++) {
		r = rank(c, &c->answer[i]);
		if (r > best) {
			best = r;
			chosen = (int)i;
		}
	}
	return chosen;
}

/* iPXE is content with a file; EDK2 asks even then, if nothing tells it not to. */
bool client_asks_4011(const struct client *c, const struct answer *a)
{
	if (c->http || !dhcp_has_class(&a->msg, "PXEClient") || answer_is_local(a))
		return false;
	if (a->msg.pxe.has_control && a->msg.pxe.control & DHCP_PXE_BOOT_FILE &&
	    *answer_file(a))
		return false;
	return !(c->ipxe && *answer_file(a) && a->msg.siaddr);
}
