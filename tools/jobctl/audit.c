#include "config.h"

#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/order/listing.h"
#include "lib/sys/exits.h"
#include "lib/sys/print.h"
#include "lib/sys/table.h"
#include "tools/jobctl/jobctl.h"
#include "tools/jobctl/since.h"

enum { KEY_VERIFY = 256, KEY_HEAD, KEY_KEPT, KEY_LAST };

const struct verb_option audit_options[] = {
	{ "since", 's', "TIME", "only later ones; as for events" },
	{ "last", KEY_LAST, "NUMBER", "only the newest" },
	{ "verify", KEY_VERIFY, NULL,
	  "check the chain: 1 if a line was changed or removed" },
	{ "kept", KEY_KEPT, "HEAD",
	  "with --verify: the chain must still have this head, kept elsewhere" },
	{ "head", KEY_HEAD, NULL, "print the chain's head, to be kept elsewhere" },
	{ 0 },
};

struct request {
	int64_t since_ms, last;
	bool verify, print_head, has_kept;
	struct store_audit_head kept;
};

static void parse_head(const char *text, struct store_audit_head *out)
{
	if (!store_audit_head_parse(text, out))
		errx(EXIT_MISUSE, "--kept %s: is no head, as --head prints it", text);
}

static int64_t parse_last(const char *text)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	if (errno || *end || n < 1)
		errx(EXIT_MISUSE, "--last %s: is not a number from 1", text);
	return n;
}

static void parse(struct jobctl *ctl, int argc, char *argv[], struct request *r)
{
	int c;

	while ((c = options_next(ctl, argc, argv)) != -1) {
		r->verify |= c == KEY_VERIFY;
		r->print_head |= c == KEY_HEAD;
		if (c == 's')
			r->since_ms = since_parse(optarg);
		else if (c == KEY_LAST)
			r->last = parse_last(optarg);
		else if (c == KEY_KEPT)
			parse_head(optarg, &r->kept);
		r->has_kept |= c == KEY_KEPT;
	}
	options_arguments(ctl, argc, 0, 0);
	if (r->has_kept && !r->verify)
		errx(EXIT_MISUSE, "--kept: only together with --verify");
	jobctl_open(ctl, STORE_READ);
}

/* ---- the list ---- */

static void build(struct jsonout *j, const void *what)
{
	listing_audit(j, what);
}

static void put_object(struct table *t, const struct event *ev)
{
	char mac[MAC_TEXT];

	if (ev->job)
		table_cellf(t, "job %" PRId64, ev->job);
	else if (ev->key.has_mac)
		table_cell(t, print_mac(&ev->key.mac, mac));
	else
		table_cell(t, ev->key.uuid);
}

static void add_row(struct table *t, const struct store_audit_entry *e)
{
	const struct event *ev = &e->event;
	char time[PRINT_TIME];

	table_row(t);
	table_cellf(t, "%" PRId64, e->number);
	table_cell(t, print_clock(ev->time_ms, time));
	table_cell(t, ev->actor);
	table_cellf(t, "%s%s%s", ev->source, *ev->address ? " " : "", ev->address);
	table_cell(t, ev->action);
	put_object(t, ev);
	table_cellf(t, "%s%s%s%s%s", ev->old, *ev->old || *ev->new ? " -> " : "", ev->new,
		    *ev->text && (*ev->old || *ev->new) ? ": " : "", ev->text);
}

static int print_all(const struct jobctl *ctl, const struct request *r)
{
	static const struct table_column columns[] = {
		{ "N", 1, true, false },      { "TIME", 23, false, false },
		{ "WHO", 0.1, false, false }, { "FROM", 0.12, false, false },
		{ "DID", 0.1, false, false }, { "TO", 0.12, false, false },
		{ "WHAT", 0.3, false, true }, { 0 },
	};
	struct store_list *entries = store_audit(ctl->store, r->since_ms, r->last);
	struct print_list list = { .name = "audit" };
	struct store_audit_entry e;
	struct table table;

	if (!entries)
		return jobctl_result(ctl, STORE_FAILED);
	if (!ctl->json)
		table_begin(&table, columns);
	while (store_next_audit(entries, &e)) {
		if (ctl->json)
			print_list_item(&list, build, &e);
		else
			add_row(&table, &e);
	}
	if (ctl->json)
		print_list_end(&list);
	else
		table_end(&table);
	return jobctl_result(ctl, store_list_end(entries));
}

/* ---- the chain ---- */

struct verdict {
	const struct store_audit_head *head;
	const char *why; /* NULL: it is whole */
};

static void build_verdict(struct jsonout *j, const void *what)
{
	const struct verdict *v = what;

	listing_verdict(j, v->head, v->why);
}

static int print_head(const struct jobctl *ctl, const struct store_audit_head *head)
{
	const struct verdict verdict = { head, NULL };

	if (ctl->json)
		print_json(build_verdict, &verdict);
	else
		printf("%" PRId64 ":%s\n", head->number, head->hash);
	return EXIT_DONE;
}

static int verify(const struct jobctl *ctl, const struct request *r)
{
	struct store_audit_head head;
	enum store_result result =
		store_audit_verify(ctl->store, r->has_kept ? &r->kept : NULL, &head);
	const struct verdict verdict = { &head, result == STORE_NO ? store_why(ctl->store)
								   : NULL };

	if (ctl->json && (result == STORE_DONE || result == STORE_NO))
		print_json(build_verdict, &verdict);
	else if (result == STORE_DONE)
		printf("%" PRId64 " lines, none changed or removed\n", head.number);
	return jobctl_result(ctl, result);
}

int audit_main(struct jobctl *ctl, int argc, char *argv[])
{
	struct request r = { 0 };
	struct store_audit_head head;
	enum store_result result;

	parse(ctl, argc, argv, &r);
	if (r.verify)
		return verify(ctl, &r);
	if (!r.print_head)
		return print_all(ctl, &r);
	result = store_audit_head(ctl->store, &head);
	if (result != STORE_DONE)
		return jobctl_result(ctl, result);
	return print_head(ctl, &head);
}
