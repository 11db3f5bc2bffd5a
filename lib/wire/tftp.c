#include "config.h"

#include "lib/wire/tftp.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *const option_names[TFTP_OPTIONS] = {
	[TFTP_BLKSIZE] = "blksize",       [TFTP_TSIZE] = "tsize",
	[TFTP_TIMEOUT] = "timeout",       [TFTP_WINDOWSIZE] = "windowsize",
	[TFTP_MSFTWINDOW] = "msftwindow",
};

static const char *const mode_names[] = {
	[TFTP_OCTET] = "octet",
	[TFTP_NETASCII] = "netascii",
};

const char *tftp_option_name(enum tftp_option option)
{
	return option_names[option];
}

bool tftp_has(const struct tftp_options *options, enum tftp_option option)
{
	for (size_t i = 0; i < options->count; i++)
		if (options->order[i] == option)
			return true;
	return false;
}

void tftp_add(struct tftp_options *options, enum tftp_option option, uint64_t value)
{
	if (tftp_has(options, option))
		return;
	options->order[options->count++] = option;
	options->value[option] = value;
}

/*
 * Decimal digits alone.  A leading zero is refused: there are clients that
 * read such a number as octal, so nobody can say what is meant.
 */
static bool number(const char *text, uint64_t *out)
{
	uint64_t n = 0;

	if (!*text || (text[0] == '0' && text[1]))
		return false;
	for (; *text; text++) {
		unsigned digit = (unsigned char)*text - '0';

		if (digit > 9 || n > (UINT64_MAX - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*out = n;
	return true;
}

static void option_read(struct tftp_options *out, const char *name, const char *text)
{
	uint64_t value;

	for (enum tftp_option o = 0; o < TFTP_OPTIONS; o++)
		if (strcasecmp(name, option_names[o]) == 0 && number(text, &value))
			tftp_add(out, o, value);
}

/*
 * An empty value is a value (RFC 2090's multicast has one) and does not end the
 * list; what is left without a NUL is old firmware's garbage.
 */
static void options_read(struct pkt_rd *rd, struct tftp_options *out)
{
	const char *name, *value;

	while (pkt_get_str(rd, &name) && pkt_get_str(rd, &value))
		option_read(out, name, value);
}

static bool mode_read(const char *text, enum tftp_mode *out)
{
	for (enum tftp_mode m = TFTP_OCTET; m <= TFTP_NETASCII; m++)
		if (strcasecmp(text, mode_names[m]) == 0) {
			*out = m;
			return true;
		}
	return false;
}

static bool request_read(struct pkt_rd *rd, struct tftp_packet *out, const char **why)
{
	const char *mode;

	*why = "no NUL after the file name";
	if (!pkt_get_str(rd, &out->name))
		return false;
	*why = "no NUL after the mode";
	if (!pkt_get_str(rd, &mode))
		return false;
	*why = "unknown mode";
	if (!mode_read(mode, &out->mode))
		return false;
	options_read(rd, &out->options);
	return true;
}

static bool block_read(struct pkt_rd *rd, struct tftp_packet *out, const char **why)
{
	*why = "no block number";
	return pkt_get_u16(rd, &out->block);
}

static bool data_read(struct pkt_rd *rd, struct tftp_packet *out, const char **why)
{
	if (!block_read(rd, out, why))
		return false;
	out->data = *rd;
	return true;
}

static bool ack_read(struct pkt_rd *rd, struct tftp_packet *out, const char **why)
{
	uint8_t next;

	if (!block_read(rd, out, why))
		return false;
	if (pkt_get_u8(rd, &next))
		out->next_window = next;
	return true;
}

/* An ERROR is one as soon as its opcode is: firmware leaves out the code or the NUL. */
static void error_read(struct pkt_rd *rd, struct tftp_packet *out)
{
	const uint8_t *nul;

	if (!pkt_get_u16(rd, &out->code))
		return;
	out->data = *rd;
	nul = memchr(rd->p, '\0', pkt_left(rd));
	if (nul)
		out->data.end = nul;
}

uint16_t tftp_peek(const void *octets, size_t len)
{
	struct pkt_rd rd = pkt_rd(octets, len);
	uint16_t op;

	return pkt_get_u16(&rd, &op) ? op : 0;
}

bool tftp_get(const void *octets, size_t len, struct tftp_packet *out, const char **why)
{
	struct pkt_rd rd = pkt_rd(octets, len);
	uint16_t op;

	*out = (struct tftp_packet){ .data = pkt_rd(octets, 0) };
	*why = "no opcode";
	if (!pkt_get_u16(&rd, &op))
		return false;
	out->op = op;
	switch (op) {
	case TFTP_RRQ:
	case TFTP_WRQ:
		return request_read(&rd, out, why);
	case TFTP_DATA:
		return data_read(&rd, out, why);
	case TFTP_ACK:
		return ack_read(&rd, out, why);
	case TFTP_ERROR:
		error_read(&rd, out);
		return true;
	case TFTP_OACK:
		options_read(&rd, &out->options);
		return true;
	}
	*why = "unknown opcode";
	return false;
}

static void put_text(struct pkt_wr *wr, const char *text)
{
	pkt_put_bytes(wr, text, strlen(text) + 1);
}

static void put_options(struct pkt_wr *wr, const struct tftp_options *options)
{
	char digits[24];

	for (size_t i = 0; i < options->count; i++) {
		enum tftp_option o = options->order[i];

		snprintf(digits, sizeof(digits), "%" PRIu64, options->value[o]);
		put_text(wr, option_names[o]);
		put_text(wr, digits);
	}
}

void tftp_put_request(struct pkt_wr *wr, enum tftp_op op, const char *name,
		      enum tftp_mode mode, const struct tftp_options *options)
{
	pkt_put_u16(wr, op);
	put_text(wr, name);
	put_text(wr, mode_names[mode]);
	put_options(wr, options);
}

void tftp_put_data(struct pkt_wr *wr, uint16_t block, const void *octets, size_t len)
{
	pkt_put_u16(wr, TFTP_DATA);
	pkt_put_u16(wr, block);
	pkt_put_bytes(wr, octets, len);
}

void tftp_put_ack(struct pkt_wr *wr, uint16_t block)
{
	pkt_put_u16(wr, TFTP_ACK);
	pkt_put_u16(wr, block);
}

void tftp_put_error(struct pkt_wr *wr, enum tftp_code code, const char *text)
{
	pkt_put_u16(wr, TFTP_ERROR);
	pkt_put_u16(wr, code);
	put_text(wr, text);
}

void tftp_put_oack(struct pkt_wr *wr, const struct tftp_options *options)
{
	pkt_put_u16(wr, TFTP_OACK);
	put_options(wr, options);
}

static uint64_t at_most(uint64_t value, uint64_t limit)
{
	return value < limit ? value : limit;
}

static void grant_blksize(struct tftp_grant *g, uint64_t asked,
			  const struct tftp_limits *limits)
{
	if (asked < TFTP_BLKSIZE_MIN)
		return;
	g->blksize = (uint16_t)at_most(asked, limits->blksize);
	tftp_add(&g->oack, TFTP_BLKSIZE, g->blksize);
}

static void grant_windowsize(struct tftp_grant *g, uint64_t asked,
			     const struct tftp_limits *limits)
{
	if (asked < 1 || asked > TFTP_WINDOWSIZE_MAX || limits->windowsize < 2)
		return;
	g->windowsize = (uint16_t)at_most(asked, limits->windowsize);
	tftp_add(&g->oack, TFTP_WINDOWSIZE, g->windowsize);
}

static void grant_timeout(struct tftp_grant *g, uint64_t asked)
{
	if (asked < 1 || asked > TFTP_TIMEOUT_MAX)
		return;
	g->timeout_s = (uint8_t)asked;
	tftp_add(&g->oack, TFTP_TIMEOUT, asked);
}

static void grant_msftwindow(struct tftp_grant *g, uint64_t asked,
			     const struct tftp_limits *limits)
{
	if (asked != TFTP_MSFTWINDOW_ASKED || !limits->msftwindow)
		return;
	g->msftwindow = true;
	tftp_add(&g->oack, TFTP_MSFTWINDOW, TFTP_MSFTWINDOW_GRANTED);
}

/* The window's limit in octets counts the block size, wherever that stands in the
 * request. */
static void window_fit(struct tftp_grant *g, const struct tftp_limits *limits)
{
	uint64_t blocks = limits->window_octets / g->blksize;

	if (!tftp_has(&g->oack, TFTP_WINDOWSIZE) || blocks >= g->windowsize)
		return;
	g->windowsize = blocks ? (uint16_t)blocks : 1;
	g->oack.value[TFTP_WINDOWSIZE] = g->windowsize;
}

struct tftp_grant tftp_negotiate(const struct tftp_packet *request,
				 const struct tftp_limits *limits, int64_t size)
{
	struct tftp_grant g = { .blksize = TFTP_BLKSIZE_DEFAULT, .windowsize = 1 };
	const struct tftp_options *asked = &request->options;
	bool octet = request->mode == TFTP_OCTET;

	for (size_t i = 0; i < asked->count; i++) {
		enum tftp_option o = asked->order[i];

		if (o == TFTP_BLKSIZE)
			grant_blksize(&g, asked->value[o], limits);
		else if (o == TFTP_TIMEOUT)
			grant_timeout(&g, asked->value[o]);
		else if (o == TFTP_TSIZE && octet && size >= 0)
			tftp_add(&g.oack, o, (uint64_t)size);
		else if (o == TFTP_WINDOWSIZE && octet)
			grant_windowsize(&g, asked->value[o], limits);
		else if (o == TFTP_MSFTWINDOW && octet)
			grant_msftwindow(&g, asked->value[o], limits);
	}
	window_fit(&g, limits);
	return g;
}
