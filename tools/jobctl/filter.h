/*
 * filter - which jobs list and export are about.
 */
#pragma once

#include "tools/jobctl/jobctl.h"

enum { FILTER_IMAGE = 400, FILTER_NETWORK, FILTER_SINCE, FILTER_TEXT };

#define FILTER_OPTIONS                                                                   \
	{ "state", 's', "STATE",                                                         \
	  "those in this state: queued, booting, installing, configuring, done, failed " \
	  "or cancelled" },                                                              \
		{ "image", FILTER_IMAGE, "NAME[@VERSION]", "those of this image" },      \
		{ "network", FILTER_NETWORK, "NAME",                                     \
		  "those whose job or machine is of this network" },                     \
		{ "since", FILTER_SINCE, "TIME",                                         \
		  "those that changed since: 15m, 2h, 7d ago, or a time" },              \
	{                                                                                \
		"text", FILTER_TEXT, "TEXT",                                             \
			"those that have it in name, MAC, image, step or text"           \
	}

struct filter {
	struct job_filter job;
};

/* Exits EXIT_MISUSE if the value is wrong; false if the key is none of these. */
bool filter_option(const struct jobctl *ctl, struct filter *f, int key,
		   const char *value);
