/*
 * page_record - what was installed, down to checksums, on the pages of a job and of a
 * machine.
 */
#pragma once

#include "tools/bootweb/page.h"

/* Of a job that is done its record, else what its image holds. */
void page_put_record(struct page *page, const struct job *job);

/* All of a machine, the oldest first; false: there was none, and newest is not set. */
bool page_put_installs(struct page *page, int64_t machine, struct store_install *newest);
