/*
 * judge - from facts to a verdict: the table of all faults that have a name.
 *
 * Pure: no I/O, no clock.
 */
#pragma once

#include "tools/pxeprobe/facts.h"

enum level {
	LEVEL_FAULT,
	LEVEL_SLOW, /* works, but not well */
	LEVEL_NOTE, /* worth knowing; nothing is wrong */
};

struct detail;

struct fault {
	const char *name;
	enum level level;
	const char *sentence; /* what is wrong, and what to do */
	/* True if it is there; then detail says where. */
	bool (*check)(const struct facts *f, struct detail *detail);
};

struct detail {
	char text[512];
	size_t len;
};

struct finding {
	const struct fault *fault;
	struct detail detail;
};

#define JUDGE_FINDINGS 40

/* Each fault at most once, in the order of the table. */
size_t judge(const struct facts *f, struct finding out[static JUDGE_FINDINGS]);

/* The worst level among them; LEVEL_NOTE if there is none worse. */
enum level judge_level(const struct finding finding[], size_t count);

/* The table, for --list-faults; ends with a name of NULL. */
extern const struct fault judge_faults[];
