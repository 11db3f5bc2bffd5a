/*
 * event - what a program saw, as a struct and as one line of JSON.
 *
 * A line is at most EVENT_LINE octets with its newline (PIPE_BUF), so that one
 * write(2) puts it whole into a pipe that many programs share.
 *
 * Units   times are milliseconds since 1970 UTC; ms is a duration.
 * Errors  event_parse() returns false and points *why at a constant text.
 * Memory  an event holds all its texts; longer ones are cut.
 * Source  pxekit-events(5) documents every name; version 1.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/core/job.h"
#include "lib/core/machine.h"

#define EVENT_VERSION 1
#define EVENT_LINE 4096
#define EVENT_ID 64

enum event_kind {
	EVENT_STARTED,   /* a daemon is ready */
	EVENT_STOPPED,   /* and ended in order */
	EVENT_ALIVE,     /* it still runs; not kept */
	EVENT_OFFER,     /* pxeproxy answered a DISCOVER */
	EVENT_ACK,       /* pxeproxy answered on port 4011 */
	EVENT_SILENT,    /* pxeproxy did not answer; rule says why */
	EVENT_MALFORMED, /* a packet or request that could not be read */
	EVENT_TRANSFER,  /* tftpd-lite ended a transfer */
	EVENT_SCRIPT,    /* bootweb gave a machine its script */
	EVENT_FETCH,     /* bootweb gave a file */
	EVENT_REPORT,    /* a machine told how its job goes */
	EVENT_DISKS,     /* a machine listed its disks; text is the gate's answer */
	EVENT_REFUSED,   /* a request that had no right */
	EVENT_ADMIN,     /* a person changed something with jobctl */
	EVENT_RELEASE,   /* a file with a secret is about to be given, once */
	EVENT_NEXT,      /* what a machine was to boot once is used up, or expired */
	EVENT_LOST,      /* lines that a program could not keep; text says how many */
	EVENT_KINDS,
};

struct event {
	char id[EVENT_ID]; /* unique for all time; "" if the source gives none */
	int64_t time_ms;
	char source[JOB_NAME]; /* the program */
	/* Of a program that tells that it runs: where, as what, and which version. */
	char site[JOB_NAME], host[JOB_NAME], service[JOB_NAME], version[JOB_NAME];
	char networks[JOB_TEXT]; /* which it serves: "NAME SUBNET ADDRESS, ..." */
	enum event_kind kind;

	struct machine_key key; /* mac, uuid, serial of the machine it is about */
	char manufacturer[JOB_NAME], product[JOB_NAME], asset[JOB_NAME];
	char address[46]; /* the client's */
	int64_t arch;     /* DHCP option 93; -1 if not said */
	char vendor_class[JOB_NAME], user_class[JOB_NAME];
	char network[JOB_NAME], relay[46];

	char action[JOB_NAME], rule[JOB_NAME]; /* of plan_for, or the admin's verb */
	int64_t job, attempt;                  /* 0 if none */
	char state[JOB_NAME], step[JOB_NAME];
	int64_t step_n, step_of; /* 0 if not said */
	int64_t percent;         /* -1 if not said */

	char file[256];
	int64_t octets, ms, status; /* -1 if not said */
	int64_t repeats;            /* how many more like it were not told; 0 if none */
	char text[JOB_TEXT];
	char actor[JOB_NAME];    /* who, for EVENT_ADMIN */
	char old[256], new[256]; /* what it was, and what it became by EVENT_ADMIN */
};

const char *event_kind_name(enum event_kind kind);
bool event_kind_parse(const char *name, enum event_kind *out);

/* An event in which nothing is said yet but its kind. */
struct event event_new(enum event_kind kind);

/* The line with its newline; if it is too long, text is cut until it fits. */
size_t event_format(const struct event *ev, char line[static EVENT_LINE]);

/* len octets without the newline; unknown names are passed over. */
bool event_parse(const char *line, size_t len, struct event *out, const char **why);

/* 2026-11-22T01:02:03.456Z, in at most EVENT_TIME octets with the NUL. */
#define EVENT_TIME 25
void event_time_format(int64_t time_ms, char out[static EVENT_TIME]);
bool event_time_parse(const char *text, int64_t *out_ms);
