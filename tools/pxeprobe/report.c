#include "config.h"

#include "tools/pxeprobe/report.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tools/pxeprobe/checks.h"

/* What servers send must not reach a terminal as it is. */
static void print_safe(const char *text)
{
	for (; *text; text++)
		putchar(isprint((unsigned char)*text) ? *text : '?');
}

/* ---- text ---- */

static void print_head(const struct facts *f)
{
	char mac[MAC_TEXT], address[ADDRESS_TEXT];

	mac_format(&f->mac, ':', mac);
	address_text(f->iface.address, address);
	printf("pxeprobe on %s (%s) as %s\n", f->iface.name,
	       f->iface.address ? address : "no address", mac);
}

static void print_answer(const struct client *c, size_t i)
{
	const struct answer *a = &c->answer[i];
	char server[ADDRESS_TEXT], offered[ADDRESS_TEXT];

	address_text(answer_server(a), server);
	address_text(a->msg.yiaddr, offered);
	printf("  %c %-15s ", c->chosen == (int)i ? '>' : ' ', server);
	if (a->why)
		printf("broken: %s", a->why);
	else if (answer_is_dhcp(a))
		printf("DHCP offers %s", offered);
	else
		printf("%s", answer_is_pxe(a) ? "proxy" : "says nothing");
	if (!a->why && *answer_file(a)) {
		printf(", names ");
		print_safe(answer_file(a));
	}
	if (!a->why && answer_is_local(a))
		printf(", local boot");
	if (!a->why && answer_is_dhcp(a) && *a->msg.vendor_class) {
		printf(", class ");
		print_safe(a->msg.vendor_class);
	}
	printf(" (%" PRId64 " ms)\n", a->ms);
}

static void print_fetch(const struct fetch *t)
{
	printf("    ");
	print_safe(t->url);
	if (t->result != FETCH_OK) {
		printf(": ");
		print_safe(*t->why ? t->why : "not looked at");
	} else if (t->head) {
		printf(": there");
		if (t->size >= 0)
			printf(", %" PRId64 " octets", t->size);
	} else {
		printf(": %" PRId64 " octets in %" PRId64 " ms", t->size, t->ms);
		if (fetch_rate(t) >= 0)
			printf(" (%" PRId64 " KiB/s)", fetch_rate(t) / 1024);
		printf(", sha256 %.16s...", t->sha256);
	}
	putchar('\n');
}

static void print_client(const struct facts *f, size_t i)
{
	const struct client *c = &f->client[i];
	char text[CLIENT_TEXT], at[ADDRESS_TEXT];

	client_text(c, text);
	printf("%s\n", text);
	for (size_t k = 0; k < c->answers; k++)
		print_answer(c, k);
	if (!c->answers)
		printf("    no answer\n");
	if (c->asked_4011) {
		address_text(c->at_4011, at);
		printf("    %s port 4011: ", at);
		print_safe(!c->got_4011 ? "no answer" : *c->file ? c->file : "no file");
		putchar('\n');
	}
	for (size_t k = 0; k < f->fetches; k++)
		if (f->fetch[k].client == i)
			print_fetch(&f->fetch[k]);
}

static void print_finding(const struct finding *finding)
{
	static const char *const names[] = {
		[LEVEL_FAULT] = "FAULT", [LEVEL_SLOW] = "SLOW", [LEVEL_NOTE] = "note"
	};

	printf("%s %s: ", names[finding->fault->level], finding->fault->name);
	print_safe(finding->detail.text);
	printf("\n    %s\n", finding->fault->sentence);
}

static size_t count_worse(const struct finding finding[], size_t count)
{
	size_t worse = 0;

	for (size_t i = 0; i < count; i++)
		worse += finding[i].fault->level != LEVEL_NOTE;
	return worse;
}

/* The last line alone is to be enough: the names of all that is not mere remark. */
static void print_names(const struct finding finding[], size_t count, enum level least)
{
	const char *before = ": ";

	for (size_t i = 0; i < count; i++) {
		if (finding[i].fault->level > least)
			continue;
		printf("%s%s", before, finding[i].fault->name);
		before = ", ";
	}
}

void report_text(const struct facts *f, const struct finding finding[], size_t count)
{
	size_t worse = count_worse(finding, count);

	print_head(f);
	for (size_t i = 0; i < f->clients; i++)
		print_client(f, i);
	for (size_t i = 0; i < count; i++)
		print_finding(&finding[i]);
	if (worse)
		printf("verdict: %zu fault%s", worse, worse == 1 ? "" : "s");
	else
		printf("verdict: fine");
	print_names(finding, count, worse ? LEVEL_SLOW : LEVEL_NOTE);
	putchar('\n');
}

/* ---- a monitoring plugin's line ---- */

static int64_t slowest_ms(const struct facts *f)
{
	int64_t ms = 0;

	for (size_t i = 0; i < f->clients; i++)
		if (f->client[i].chosen >= 0 &&
		    f->client[i].answer[f->client[i].chosen].ms > ms)
			ms = f->client[i].answer[f->client[i].chosen].ms;
	return ms;
}

static void print_plain(const char *text)
{
	for (; *text; text++)
		putchar(isprint((unsigned char)*text) && *text != '|' ? *text : '?');
}

int report_plugin(const struct facts *f, const struct finding finding[], size_t count)
{
	enum level level = judge_level(finding, count);
	bool first = true;

	printf("PXE %s", level == LEVEL_FAULT  ? "CRITICAL"
			 : level == LEVEL_SLOW ? "WARNING"
					       : "OK");
	for (size_t i = 0; i < count; i++) {
		if (finding[i].fault->level == LEVEL_NOTE)
			continue;
		printf("%s%s: ", first ? " - " : "; ", finding[i].fault->name);
		print_plain(finding[i].detail.text);
		first = false;
	}
	printf(" | offer=%" PRId64 "ms faults=%zu\n", slowest_ms(f),
	       count_worse(finding, count));
	return level == LEVEL_FAULT ? 2 : level == LEVEL_SLOW ? 1 : 0;
}

int report_unknown(const char *interface, const char *what, int error)
{
	printf("PXE UNKNOWN - ");
	print_plain(interface);
	printf(": %s%s%s\n", what ? what : "", what ? ": " : "", strerror(error));
	return 3;
}
