/*
 * wait - how a writer waits for the writers before it.
 *
 * A crowd may keep one waiting for longer than any fixed bound, on a slow disk above all.
 * So the bound counts from the last moment at which the others got on.
 */
#pragma once

/*
 * SQLite's busy handler: sleeps a little and returns 1, or 0 once one writer has held the
 * database for STORE_WAIT_MS.  waiting is a struct store; times is 0 where a wait begins.
 */
int wait_for_others(void *waiting, int times);
