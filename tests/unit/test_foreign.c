/* Lines of other programs' logs, as events. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/foreign.h"

#define NOW INT64_C(1796056801000) /* 2026-11-30T16:40:01Z */

static struct row {
	const char *name;
	enum foreign_format format;
	const char *lines; /* the last one counts */
	const char *want;  /* the event without v and id; "nothing"; or why it is bad */
	const char *token;
} rows[] = {
	{ "combined: a script", FOREIGN_NGINX,
	  "10.77.0.20 - - [30/Nov/2026:17:40:01 +0100] \"GET "
	  "/boot/52-54-00-00-00-01.ipxe?uuid=4C4C4544-0042-3510-8052-b4c04f4d4e32"
	  "&arch=x86_64&platform=efi&serial=S1X4242&product=R%20640 HTTP/1.1\" 200 812 "
	  "\"-\" "
	  "\"iPXE/1.0.0\"",
	  "{\"time\":\"2026-11-30T16:40:01.000Z\",\"event\":\"script\",\"mac\":\"52:54:"
	  "00:"
	  "00:00:01\",\"source\":\"nginx\",\"uuid\":\"4c4c4544-0042-3510-8052-"
	  "b4c04f4d4e32\",\"serial\":\"S1X4242\",\"product\":\"R "
	  "640\",\"address\":\"10.77.0."
	  "20\",\"arch\":7,\"file\":\"52-54-00-00-00-01.ipxe\",\"octets\":812,"
	  "\"status\":200}",
	  "" },
	{ "combined: a report by GET", FOREIGN_NGINX,
	  "10.77.0.20 - - [30/Nov/2026:16:40:01 +0000] \"GET "
	  "/j/7-ab/report?state=booting&step=script HTTP/1.1\" 200 3 \"-\" \"-\"",
	  "{\"time\":\"2026-11-30T16:40:01.000Z\",\"event\":\"report\",\"source\":"
	  "\"nginx\",\"address\":\"10.77.0.20\",\"state\":\"booting\",\"step\":"
	  "\"script\"}",
	  "7-ab" },
	{ "combined: a report that was not taken is a fetch", FOREIGN_NGINX,
	  "10.77.0.20 - - [30/Nov/2026:16:40:01 +0000] \"GET "
	  "/j/7-ab/report?state=done HTTP/1.1\" 502 0 \"-\" \"-\"",
	  "{\"time\":\"2026-11-30T16:40:01.000Z\",\"event\":\"fetch\",\"source\":"
	  "\"nginx\",\"address\":\"10.77.0.20\",\"file\":\"report\",\"octets\":0,"
	  "\"status\":502}",
	  "7-ab" },
	{ "combined: a report nobody can read", FOREIGN_NGINX,
	  "10.77.0.20 - - [30/Nov/2026:16:40:01 +0000] \"GET /j/7-ab/report?state=flying "
	  "HTTP/1.1\" 200 3 \"-\" \"-\"",
	  "is not a report that bootweb would take", NULL },
	{ "combined: an image", FOREIGN_NGINX,
	  "10.77.0.20 - bob [30/Nov/2026:16:40:01 +0000] \"GET "
	  "/images/debian/1.0/rootfs.tar.gz HTTP/1.1\" 206 1000 \"-\" \"curl\"",
	  "{\"time\":\"2026-11-30T16:40:01.000Z\",\"event\":\"fetch\",\"source\":"
	  "\"nginx\",\"address\":\"10.77.0.20\",\"file\":\"images/debian/1.0/rootfs.tar."
	  "gz\",\"octets\":1000,\"status\":206}",
	  "" },
	{ "combined: a page of somebody else's", FOREIGN_NGINX,
	  "10.77.0.20 - - [30/Nov/2026:16:40:01 +0000] \"GET /wiki HTTP/1.1\" 200 3 "
	  "\"-\" \"-\"",
	  "nothing", NULL },
	{ "combined: octets that are no request", FOREIGN_NGINX,
	  "10.77.0.20 - - [30/Nov/2026:16:40:01 +0000] \"\\x16\\x03\" 400 150 \"-\" "
	  "\"-\"",
	  "nothing", NULL },
	{ "combined: a way out of the folder is nobody's", FOREIGN_NGINX,
	  "10.77.0.20 - - [30/Nov/2026:16:40:01 +0000] \"GET /images/../x HTTP/1.1\" 400 "
	  "1 \"-\" \"-\"",
	  "nothing", NULL },
	{ "combined: no date", FOREIGN_NGINX,
	  "10.77.0.20 - - [yesterday] \"GET / x\" 1 2", "is neither combined nor JSON",
	  NULL },
	{ "an empty line", FOREIGN_NGINX, "", "is neither combined nor JSON", NULL },
	{ "JSON: what was posted", FOREIGN_NGINX,
	  "{\"time\":\"1796056801.250\",\"id\":\"0123\",\"address\":\"10.77.0.20\","
	  "\"method\":\"POST\",\"uri\":\"/j/7-ab/report\",\"status\":\"200\",\"octets\":"
	  "\"3\",\"seconds\":\"0.001\",\"body\":\"state=installing&step=fetch&percent=42"
	  "&text=38%20of+91 MB\"}",
	  "{\"time\":\"2026-11-30T16:40:01.250Z\",\"event\":\"report\",\"id\":"
	  "\"nginx-0123\",\"source\":\"nginx\",\"address\":\"10.77.0.20\",\"state\":"
	  "\"installing\",\"step\":\"fetch\",\"percent\":42,\"text\":\"38 of 91 MB\"}",
	  "7-ab" },
	{ "JSON: a file with its time", FOREIGN_NGINX,
	  "{\"time\":\"1796056801.250\",\"id\":\"4\",\"address\":\"2001:db8::1\","
	  "\"method\":\"GET\",\"uri\":\"/deploy/vmlinuz\",\"status\":\"200\",\"octets\":"
	  "\"10\",\"seconds\":\"1.500\",\"body\":\"\"}",
	  "{\"time\":\"2026-11-30T16:40:01.250Z\",\"event\":\"fetch\",\"id\":\"nginx-4\","
	  "\"source\":\"nginx\",\"address\":\"2001:db8::1\",\"file\":\"deploy/vmlinuz\","
	  "\"octets\":10,\"ms\":1500,\"status\":200}",
	  "" },
	{ "JSON: broken", FOREIGN_NGINX, "{\"time\":", "is not JSON", NULL },
	{ "JSON: a time that is none", FOREIGN_NGINX, "{\"time\":\"soon\"}",
	  "time is not seconds and milliseconds since 1970", NULL },
	{ "JSON: a status that is none", FOREIGN_NGINX,
	  "{\"time\":\"1796056801.250\",\"status\":\"ok\",\"octets\":\"1\",\"seconds\":"
	  "\"1.000\"}",
	  "status, octets or seconds is not a number in quotes", NULL },

	{ "a DISCOVER that was answered", FOREIGN_DNSMASQ,
	  "dnsmasq-dhcp[70]: 12 vendor class: PXEClient:Arch:00007:UNDI:003000\n"
	  "Nov 30 16:40:01 boot dnsmasq-dhcp[70]: 12 PXE(eth0) 52:54:00:00:00:01 proxy",
	  "{\"time\":\"2026-11-30T16:40:01.000Z\",\"event\":\"offer\",\"mac\":\"52:54:00:"
	  "00:00:01\",\"source\":\"dnsmasq\",\"arch\":7,\"vendor_class\":\"PXEClient:"
	  "Arch:"
	  "00007:UNDI:003000\"}",
	  "" },
	{ "a request to port 4011", FOREIGN_DNSMASQ,
	  "dnsmasq-dhcp: 12 vendor class: PXEClient:Arch:00000:UNDI:003000\n"
	  "dnsmasq-dhcp: 12 user class: iPXE\n"
	  "2026-11-30T17:40:01+0100 boot dnsmasq-dhcp: 12 PXE(eth0) 10.0.0.9 "
	  "52:54:00:00:00:01 http://10.0.0.1/boot.ipxe",
	  "{\"time\":\"2026-11-30T16:40:01.000Z\",\"event\":\"ack\",\"mac\":\"52:54:00:"
	  "00:"
	  "00:01\",\"source\":\"dnsmasq\",\"address\":\"10.0.0.9\",\"arch\":0,\"vendor_"
	  "class\":\"PXEClient:Arch:00000:UNDI:003000\",\"user_class\":\"iPXE\",\"file\":"
	  "\"http://10.0.0.1/boot.ipxe\"}",
	  "" },
	{ "what one packet says is not said of the next", FOREIGN_DNSMASQ,
	  "dnsmasq-dhcp: 12 vendor class: PXEClient:Arch:00007:UNDI:003000\n"
	  "dnsmasq-dhcp: 13 PXE(eth0) 52:54:00:00:00:01 proxy",
	  "{\"time\":\"2026-11-30T16:40:01.000Z\",\"event\":\"offer\",\"mac\":\"52:54:00:"
	  "00:00:01\",\"source\":\"dnsmasq\"}",
	  "" },
	{ "a lease of a machine that boots", FOREIGN_DNSMASQ,
	  "dnsmasq-dhcp: 12 vendor class: HTTPClient:Arch:00016:UNDI:003000\n"
	  "dnsmasq-dhcp: 12 DHCPACK(br0) 10.0.0.9 52:54:00:00:00:01 web01",
	  "{\"time\":\"2026-11-30T16:40:01.000Z\",\"event\":\"ack\",\"mac\":\"52:54:00:"
	  "00:"
	  "00:01\",\"source\":\"dnsmasq\",\"address\":\"10.0.0.9\",\"arch\":16,\"vendor_"
	  "class\":\"HTTPClient:Arch:00016:UNDI:003000\"}",
	  "" },
	{ "a telephone's lease is nobody's business", FOREIGN_DNSMASQ,
	  "dnsmasq-dhcp: 12 vendor class: android-dhcp-13\n"
	  "dnsmasq-dhcp: 12 DHCPACK(br0) 10.0.0.9 52:54:00:00:00:01 phone",
	  "nothing", NULL },
	{ "a file sent", FOREIGN_DNSMASQ,
	  "dnsmasq-tftp[70]: sent /srv/to tftp/snponly.efi to 10.0.0.9",
	  "{\"time\":\"2026-11-30T16:40:01.000Z\",\"event\":\"transfer\",\"source\":"
	  "\"dnsmasq\",\"address\":\"10.0.0.9\",\"action\":\"done\",\"file\":\"/srv/to "
	  "tftp/snponly.efi\",\"status\":0}",
	  "" },
	{ "a file not sent", FOREIGN_DNSMASQ,
	  "dnsmasq-tftp[70]: failed sending /srv/tftp/snponly.efi to 10.0.0.9",
	  "{\"time\":\"2026-11-30T16:40:01.000Z\",\"event\":\"transfer\",\"source\":"
	  "\"dnsmasq\",\"address\":\"10.0.0.9\",\"action\":\"failed\",\"file\":\"/srv/"
	  "tftp/snponly.efi\",\"status\":0}",
	  "" },
	{ "a file that is not there", FOREIGN_DNSMASQ,
	  "dnsmasq-tftp[70]: file /srv/tftp/x not found for 10.0.0.9",
	  "{\"time\":\"2026-11-30T16:40:01.000Z\",\"event\":\"transfer\",\"source\":"
	  "\"dnsmasq\",\"address\":\"10.0.0.9\",\"action\":\"refused\",\"file\":\"/srv/"
	  "tftp/x\",\"status\":1}",
	  "" },
	{ "another program", FOREIGN_DNSMASQ, "Nov 30 16:40:01 boot kernel: PXE(x) y",
	  "nothing", NULL },
	{ "DNS", FOREIGN_DNSMASQ, "dnsmasq[70]: query[A] example.org from 10.0.0.9",
	  "nothing", NULL },
};

/* December in January's log is last year's. */
static void a_date_without_a_year_is_past(void **state)
{
	static const char line[] = "Dec 31 23:59:59 h dnsmasq-tftp: sent /x to 10.0.0.9";
	struct foreign_state before = { 0 };
	struct foreign seen;
	const char *why;
	char time[EVENT_TIME];

	(void)state;
	assert_int_equal(foreign_read(FOREIGN_DNSMASQ, line, strlen(line), NOW, &before,
				      &seen, &why),
			 FOREIGN_EVENT);
	event_time_format(seen.ev.time_ms, time);
	assert_string_equal(time, "2025-12-31T23:59:59.000Z");
	assert_true(seen.timed);
}

static void is_what_it_says(void **state)
{
	const struct row *row = *state;
	struct foreign_state before = { 0 };
	enum foreign_result result = FOREIGN_BAD;
	struct foreign seen = { 0 };
	const char *why = "", *line = row->lines, *end;
	char got[EVENT_LINE];

	do {
		end = line + strcspn(line, "\n");
		result = foreign_read(row->format, line, (size_t)(end - line), NOW,
				      &before, &seen, &why);
		line = end + 1;
	} while (*end);
	if (result != FOREIGN_EVENT) {
		assert_string_equal(result == FOREIGN_BAD ? why : "nothing", row->want);
		return;
	}
	event_format(&seen.ev, got);
	got[strcspn(got, "\n")] = '\0';
	assert_memory_equal(got, "{\"v\":1,", 7);
	memmove(got + 1, got + 7, strlen(got + 7) + 1);
	assert_string_equal(got, row->want);
	assert_string_equal(seen.token, row->token);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 1];

	setenv("TZ", "UTC", 1);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
						.test_func = is_what_it_says,
						.initial_state = &rows[i] };
	tests[ARRAY_LEN(rows)] =
		(struct CMUnitTest)cmocka_unit_test(a_date_without_a_year_is_past);
	return cmocka_run_group_tests_name("foreign", tests, NULL, NULL);
}
