/*
 * The first answers: a row is a request and what comes of it, written down as words.
 */
#include "config.h"

#include "tests/integration/tftp_torture.h"

#include <stdio.h>
#include <string.h>

/* f1000 has 1000 octets, f1024 has 1024, empty none, huge 4 GiB and 7. */
static const struct row {
	const char *name;
	const void *octets;
	size_t len;
	const char *want; /* the first answer; "" for none */
} rows[] = {
	{ "T01 a plain request", PACKET("\0\1f1000\0octet\0"), "DATA 1 512" },
	{ "T02 an empty file", PACKET("\0\1empty\0octet\0"), "DATA 1 0" },
	{ "T05 the mode in mixed case", PACKET("\0\1f1000\0OcTeT\0"), "DATA 1 512" },
	{ "T07 netascii with tsize", PACKET("\0\1text\0netascii\0tsize\0000\0"),
	  "DATA 1 17" },
	{ "T08 options in capitals",
	  PACKET("\0\1f1000\0octet\0TSIZE\0000\0BLKSIZE\00099\0"),
	  "OACK tsize 1000 blksize 99" },
	{ "T09 only unknown options", PACKET("\0\1f1000\0octet\0foo\0001\0bar\0baz\0"),
	  "DATA 1 512" },
	{ "T10 multicast beside blksize",
	  PACKET("\0\1f1000\0octet\0multicast\0\0blksize\0001024\0"),
	  "OACK blksize 1024" },
	{ "T11 blksize 0", PACKET("\0\1f1000\0octet\0blksize\0000\0"), "DATA 1 512" },
	{ "T11 blksize 7", PACKET("\0\1f1000\0octet\0blksize\0007\0"), "DATA 1 512" },
	{ "T11 blksize -5", PACKET("\0\1f1000\0octet\0blksize\000-5\0"), "DATA 1 512" },
	{ "T12 blksize 8 with all others",
	  PACKET("\0\1f1000\0octet\0blksize\0008\0tsize\0000\0timeout\0009\0windowsize"
		 "\0003\0"),
	  "OACK blksize 8 tsize 1000 timeout 9 windowsize 3" },
	{ "T13 blksize abc", PACKET("\0\1f1000\0octet\0blksize\0abc\0"), "DATA 1 512" },
	{ "T13 blksize 12x", PACKET("\0\1f1000\0octet\0blksize\00012x\0"), "DATA 1 512" },
	{ "T13 blksize empty", PACKET("\0\1f1000\0octet\0blksize\0\0"), "DATA 1 512" },
	{ "T13 blksize of 20 digits",
	  PACKET("\0\1f1000\0octet\0blksize\00099999999999999999999\0"), "DATA 1 512" },
	{ "T14 blksize 65465", PACKET("\0\1f1000\0octet\0blksize\00065465\0"),
	  "OACK blksize 65464" },
	{ "T15 blksize twice",
	  PACKET("\0\1f1000\0octet\0blksize\000600\0blksize\000700\0"),
	  "OACK blksize 600" },
	{ "T16 tsize beyond 4 GiB", PACKET("\0\1huge\0octet\0tsize\0000\0"),
	  "OACK tsize 4294967303" },
	{ "T17 tsize asked with a number", PACKET("\0\1f1000\0octet\0tsize\000424242\0"),
	  "OACK tsize 1000" },
	{ "T18 timeout 0", PACKET("\0\1f1000\0octet\0timeout\0000\0"), "DATA 1 512" },
	{ "T18 timeout 256", PACKET("\0\1f1000\0octet\0timeout\000256\0"), "DATA 1 512" },
	{ "T18 timeout abc", PACKET("\0\1f1000\0octet\0timeout\0abc\0"), "DATA 1 512" },
	{ "T20 windowsize 0", PACKET("\0\1f1000\0octet\0windowsize\0000\0"),
	  "DATA 1 512" },
	{ "T20 windowsize 65536", PACKET("\0\1f1000\0octet\0windowsize\00065536\0"),
	  "DATA 1 512" },
	{ "T25 Windows' options",
	  PACKET("\0\1\\Boot\\BCD\0octet\0tsize\0000\0blksize\0001456\0windowsize\0004\0"
		 "msftwindow\00031416\0"),
	  "OACK tsize 51200 blksize 1456 windowsize 4" },
	{ "T26 every option at once",
	  PACKET("\0\1f1000\0octet\0multicast\0\0tsize\0000\0blksize\00065464\0"
		 "timeout\0009\0windowsize\0002\0rollover\0000\0"),
	  "OACK tsize 1000 blksize 65464 timeout 9 windowsize 2" },
	{ "T41 no octet", "", 0, "" },
	{ "T41 one octet", PACKET("\0"), "" },
	{ "T41 an opcode alone", PACKET("\0\1"), "ERROR 4" },
	{ "T41 one octet of a name", PACKET("\0\1f"), "ERROR 4" },
	{ "T42 no NUL after the mode", PACKET("\0\1f1000\0octet"), "ERROR 4" },
	{ "T43 no mode", PACKET("\0\1f1000\0"), "ERROR 4" },
	{ "T44 no name", PACKET("\0\1\0octet\0"), "ERROR 2" },
	{ "T45 mode mail", PACKET("\0\1f1000\0mail\0"), "ERROR 4" },
	{ "T45 mode foo", PACKET("\0\1f1000\0foo\0"), "ERROR 4" },
	{ "T46 a write", PACKET("\0\2new\0octet\0"), "ERROR 2" },
	{ "T47 a write over a file", PACKET("\0\2f1000\0octet\0"), "ERROR 2" },
	{ "T48 opcode 0", PACKET("\0\0f1000\0octet\0"), "" },
	{ "T48 opcode 7", PACKET("\0\7f1000\0octet\0"), "" },
	{ "T48 opcode 255", PACKET("\0\377f1000\0octet\0"), "" },
	{ "T48 opcode 256", PACKET("\1\0f1000\0octet\0"), "" },
	{ "T49 an ERROR", PACKET("\0\5\0\4x\0"), "" },
	{ "T50 an ACK", PACKET("\0\4\0\1"), "" },
	{ "T50 a DATA", PACKET("\0\3\0\1x"), "" },
	{ "T50 an OACK", PACKET("\0\6blksize\000512\0"), "" },
	{ "T51 an option without a value", PACKET("\0\1f1000\0octet\0blksize\0"),
	  "DATA 1 512" },
	{ "T52 garbage behind the request", PACKET("\0\1f1000\0octet\0\377\377\377"),
	  "DATA 1 512" },
	{ "T53 NULs behind the request", PACKET("\0\1f1000\0octet\0\0\0\0\0\0"),
	  "DATA 1 512" },
	{ "T57 up", PACKET("\0\1../outside\0octet\0"), "ERROR 2" },
	{ "T57 up from the root", PACKET("\0\1/../outside\0octet\0"), "ERROR 2" },
	{ "T57 up with backslashes", PACKET("\0\1..\\outside\0octet\0"), "ERROR 2" },
	{ "T57 up in the middle", PACKET("\0\1Boot/../../outside\0octet\0"), "ERROR 2" },
	{ "T57 up behind a dot", PACKET("\0\1./../outside\0octet\0"), "ERROR 2" },
	{ "T57 up behind two slashes", PACKET("\0\1//../outside\0octet\0"), "ERROR 2" },
	{ "T57 three dots", PACKET("\0\1.../outside\0octet\0"), "ERROR 1" },
	{ "T57 up, percent-encoded", PACKET("\0\1%2e%2e/outside\0octet\0"), "ERROR 1" },
	{ "T57 up in overlong UTF-8", PACKET("\0\1\300\256\300\256/outside\0octet\0"),
	  "ERROR 1" },
	{ "T57 up and a NUL", PACKET("\0\1..\0octet\0"), "ERROR 2" },
	{ "T57 a drive's letter", PACKET("\0\1C:\\f1000\0octet\0"), "ERROR 1" },
	{ "T57 by /proc", PACKET("\0\1/proc/self/root/etc/passwd\0octet\0"), "ERROR 1" },
	{ "T58 an absolute name", PACKET("\0\1/f1000\0octet\0"), "DATA 1 512" },
	{ "T59 slashes", PACKET("\0\1//f1000\0octet\0"), "DATA 1 512" },
	{ "T59 dots", PACKET("\0\1/./f1000\0octet\0"), "DATA 1 512" },
	{ "T59 slashes inside", PACKET("\0\1Boot//BCD\0octet\0"), "DATA 1 512" },
	{ "T60 up and down", PACKET("\0\1Boot/x64/../BCD\0octet\0"), "ERROR 2" },
	{ "T61 backslashes", PACKET("\0\1\\Boot\\BCD\0octet\0"), "DATA 1 512" },
	{ "T62 another letter case", PACKET("\0\1\\BOOT\\bcd\0octet\0"), "ERROR 1" },
	{ "T63 blank and UTF-8", PACKET("\0\1a b\303\251\0octet\0"), "DATA 1 4" },
	{ "T64 controls and formats", PACKET("\0\1%s%n\33[2J\n\1\0octet\0"), "ERROR 1" },
	{ "T66 a link inside", PACKET("\0\1link-in\0octet\0"), "DATA 1 512" },
	{ "T67 a link to the outside", PACKET("\0\1link-out\0octet\0"), "ERROR 2" },
	{ "T67 an absolute link", PACKET("\0\1link-abs\0octet\0"), "ERROR 2" },
	{ "T68 a link to itself", PACKET("\0\1loop\0octet\0"), "ERROR 2" },
	{ "T68 a link to nothing", PACKET("\0\1dangling\0octet\0"), "ERROR 1" },
	{ "T69 a directory", PACKET("\0\1Boot\0octet\0"), "ERROR 2" },
	{ "T69 a directory with a slash", PACKET("\0\1Boot/\0octet\0"), "ERROR 2" },
	{ "T70 a FIFO", PACKET("\0\1fifo\0octet\0"), "ERROR 2" },
	{ "T71 a device without end", PACKET("\0\1zero\0octet\0"), "ERROR 2" },
	{ "T72 not for others", PACKET("\0\1private\0octet\0"), "ERROR 2" },
	{ "T73 no file", PACKET("\0\1none\0octet\0"), "ERROR 1" },
	{ "T74 no directory", PACKET("\0\1x/y/z\0octet\0"), "ERROR 1" },
	{ "T74 a name below a file", PACKET("\0\1f1000/x\0octet\0"), "ERROR 1" },
};

static size_t copy(uint8_t *at, const void *octets, size_t len)
{
	memcpy(at, octets, len);
	return len;
}

/* Requests that are longer than any good one. */
static void long_requests(void)
{
	static uint8_t octets[60000];
	size_t len;

	len = request(octets, 1024, "f1024", "timeout 255");
	while (len + 16 < 1400)
		len += copy(octets + len, PACKET("utimeout\0005\0"));
	first_answer("T54 1400 octets of unknown options", octets, len,
		     "OACK timeout 255");
	while (len + 16 < sizeof(octets))
		len += copy(octets + len, PACKET("utimeout\0007\0"));
	first_answer("T55 60000 octets", octets, len, "OACK timeout 255");
	len = request(octets, 1024, "f1024", "timeout 255");
	for (int i = 0; i < 2000; i++)
		len += copy(octets + len, PACKET("blksize\00099\0"));
	first_answer("T56 one option 2000 times", octets, len,
		     "OACK timeout 255 blksize 99");
}

static void long_names(void)
{
	static const struct {
		size_t len;
		const char *want;
	} names[] = { { 255, "ERROR 1" },  { 256, "ERROR 1" },  { 1000, "ERROR 1" },
		      { 1500, "ERROR 2" }, { 5000, "ERROR 4" }, { 60000, "ERROR 4" } };
	static uint8_t octets[60100];
	char name[64];

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		memset(octets, 'x', sizeof(octets));
		copy(octets, PACKET("\0\1"));
		copy(octets + 2 + names[i].len, PACKET("\0octet\0"));
		snprintf(name, sizeof(name), "T65 a name of %zu octets", names[i].len);
		first_answer(name, octets, names[i].len + 9, names[i].want);
	}
}

void torture_rows(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		first_answer(rows[i].name, rows[i].octets, rows[i].len, rows[i].want);
	long_requests();
	long_names();
}
