#include "config.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/core/foreign.h"

#define DAY_MS (24 * 3600 * INT64_C(1000))

/* ---- what stands before the message ---- */

/* syslog's "Nov 30 16:40:01", of the year that makes it past. */
static bool read_syslog_time(const char *line, int64_t now_ms, int64_t *out_ms)
{
	time_t now = (time_t)(now_ms / 1000);
	struct tm tm, today;
	const char *rest;

	localtime_r(&now, &today);
	for (int back = 0; back < 2; back++) {
		tm = (struct tm){ .tm_year = today.tm_year - back, .tm_isdst = -1 };
		rest = strptime(line, "%b %d %H:%M:%S", &tm);
		if (!rest || *rest != ' ')
			return false;
		*out_ms = (int64_t)mktime(&tm) * 1000;
		if (*out_ms <= now_ms + DAY_MS)
			return true;
	}
	return false;
}

/* journalctl -o short-iso: "2026-11-30T16:40:01+0100" */
static bool read_iso_time(const char *line, int64_t *out_ms)
{
	struct tm tm = { 0 };
	const char *rest = strptime(line, "%Y-%m-%dT%H:%M:%S%z", &tm);
	long offset = tm.tm_gmtoff;

	if (!rest || *rest != ' ')
		return false;
	*out_ms = ((int64_t)timegm(&tm) - offset) * 1000;
	return true;
}

/* The message behind "dnsmasq-dhcp[7]: " or "dnsmasq-dhcp: "; NULL: another program's. */
static char *message_of(char *line, const char *program)
{
	char *name = strstr(line, program), *rest;

	if (!name || (name != line && name[-1] != ' '))
		return NULL;
	rest = name + strlen(program);
	if (*rest == '[')
		rest += strspn(rest, "[0123456789]");
	return strncmp(rest, ": ", 2) == 0 ? rest + 2 : NULL;
}

/* ---- DHCP ---- */

/* With log-dhcp each message begins with the packet's number, which ends a former one. */
static char *take_packet(char *message, struct foreign_state *state)
{
	size_t digits = strspn(message, "0123456789");

	if (digits == 0 || digits >= sizeof(state->packet) || message[digits] != ' ')
		return message;
	if (strncmp(message, state->packet, digits) != 0 || state->packet[digits]) {
		*state = (struct foreign_state){ 0 };
		memcpy(state->packet, message, digits);
	}
	return message + digits + 1;
}

/* "PXEClient:Arch:00007:UNDI:003016" (RFC 4578, section 2.4 of PXE 2.1) */
static int64_t arch_of(const char *vendor_class)
{
	const char *arch = strstr(vendor_class, ":Arch:");

	if (!arch || strspn(arch + 6, "0123456789") != 5)
		return -1;
	return strtol(arch + 6, NULL, 10);
}

static bool boots_from_network(const char *vendor_class)
{
	return strncmp(vendor_class, "PXEClient", 9) == 0 ||
	       strncmp(vendor_class, "HTTPClient", 10) == 0;
}

/* The words behind "(eth0) "; the next one, or "". */
static char *next_word(char **at)
{
	char *word = *at;

	*at += strcspn(word, " ");
	if (**at)
		*(*at)++ = '\0';
	return word;
}

/* [ADDRESS] MAC REST */
static bool read_machine(char **at, struct event *ev)
{
	struct in_addr parsed;
	const char *why;
	char *word = next_word(at);

	if (inet_pton(AF_INET, word, &parsed) == 1) {
		snprintf(ev->address, sizeof(ev->address), "%s", word);
		word = next_word(at);
	}
	ev->key.has_mac = mac_parse(word, &ev->key.mac, &why);
	return ev->key.has_mac;
}

static void describe(const struct foreign_state *state, struct event *ev)
{
	snprintf(ev->vendor_class, sizeof(ev->vendor_class), "%s", state->vendor_class);
	snprintf(ev->user_class, sizeof(ev->user_class), "%s", state->user_class);
	ev->arch = arch_of(state->vendor_class);
}

/* PXE(eth0) [ADDRESS] MAC proxy, or the file's name */
static enum foreign_result pxe(char *words, const struct foreign_state *state,
			       struct event *ev)
{
	if (!read_machine(&words, ev))
		return FOREIGN_NOTHING;
	describe(state, ev);
	ev->kind = *ev->address ? EVENT_ACK : EVENT_OFFER;
	if (strcmp(words, "proxy") != 0)
		snprintf(ev->file, sizeof(ev->file), "%s", words);
	return FOREIGN_EVENT;
}

/* DHCPACK(eth0) ADDRESS MAC [NAME]: of machines that boot from the network only. */
static enum foreign_result lease(char *words, const struct foreign_state *state,
				 struct event *ev)
{
	if (!boots_from_network(state->vendor_class) || !read_machine(&words, ev) ||
	    !*ev->address)
		return FOREIGN_NOTHING;
	describe(state, ev);
	ev->kind = EVENT_ACK;
	return FOREIGN_EVENT;
}

static enum foreign_result dhcp(char *message, struct foreign_state *state,
				struct event *ev)
{
	static const char vendor[] = "vendor class: ", user[] = "user class: ";
	char *words;

	message = take_packet(message, state);
	if (strncmp(message, vendor, sizeof(vendor) - 1) == 0)
		snprintf(state->vendor_class, sizeof(state->vendor_class), "%s",
			 message + sizeof(vendor) - 1);
	if (strncmp(message, user, sizeof(user) - 1) == 0)
		snprintf(state->user_class, sizeof(state->user_class), "%s",
			 message + sizeof(user) - 1);
	words = strstr(message, ") ");
	if (!words)
		return FOREIGN_NOTHING;
	words += 2;
	if (strncmp(message, "PXE(", 4) == 0)
		return pxe(words, state, ev);
	return strncmp(message, "DHCPACK(", 8) == 0 ? lease(words, state, ev)
						    : FOREIGN_NOTHING;
}

/* ---- TFTP ---- */

/* Ends: sent FILE to ADDRESS; failed sending FILE to ADDRESS; file FILE not found for
 * ADDRESS */
static const struct tftp_end {
	const char *before, *between, *action;
	int64_t status;
} tftp_ends[] = {
	{ "sent ", " to ", "done", 0 },
	{ "failed sending ", " to ", "failed", 0 },
	{ "file ", " not found for ", "refused", 1 },
};

static char *last_of(char *text, const char *what)
{
	char *found = NULL;

	for (char *at = text; (at = strstr(at, what)); at++)
		found = at;
	return found;
}

static bool tftp_end(char *message, const struct tftp_end *end, struct event *ev)
{
	size_t len = strlen(end->before);
	char *between;
	struct in6_addr parsed;

	if (strncmp(message, end->before, len) != 0)
		return false;
	between = last_of(message + len, end->between);
	if (!between)
		return false;
	*between = '\0';
	between += strlen(end->between);
	between[strcspn(between, " ")] = '\0';
	if (inet_pton(AF_INET, between, &parsed) != 1 &&
	    inet_pton(AF_INET6, between, &parsed) != 1)
		return false;
	snprintf(ev->file, sizeof(ev->file), "%s", message + len);
	snprintf(ev->address, sizeof(ev->address), "%s", between);
	snprintf(ev->action, sizeof(ev->action), "%s", end->action);
	ev->status = end->status;
	ev->kind = EVENT_TRANSFER;
	return true;
}

static enum foreign_result tftp(char *message, struct event *ev)
{
	for (size_t i = 0; i < sizeof(tftp_ends) / sizeof(tftp_ends[0]); i++)
		if (tftp_end(message, &tftp_ends[i], ev))
			return FOREIGN_EVENT;
	return FOREIGN_NOTHING;
}

enum foreign_result foreign_dnsmasq(char *line, int64_t now_ms,
				    struct foreign_state *state, struct foreign *out,
				    const char **why)
{
	char *message;

	*why = "";
	out->timed = read_syslog_time(line, now_ms, &out->ev.time_ms) ||
		     read_iso_time(line, &out->ev.time_ms);
	if (!out->timed)
		out->ev.time_ms = now_ms;
	snprintf(out->ev.source, sizeof(out->ev.source), "dnsmasq");
	message = message_of(line, "dnsmasq-dhcp");
	if (message)
		return dhcp(message, state, &out->ev);
	message = message_of(line, "dnsmasq-tftp");
	return message ? tftp(message, &out->ev) : FOREIGN_NOTHING;
}
