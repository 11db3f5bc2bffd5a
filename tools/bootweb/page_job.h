/*
 * page_job - what the files of the page of one job share.
 */
#pragma once

#include "lib/core/seal.h"
#include "tools/bootweb/page.h"

/* The phases of an attempt as a picture and a table; false: no memory. */
bool page_put_timeline(struct page *page, const struct job *job);
