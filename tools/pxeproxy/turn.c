#include "tools/pxeproxy/turn.h"

#include <string.h>

#define WAYS 4
#define SAME_MS 500       /* one DISCOVER, by two relays or two switches */
#define NEW_BOOT_MS 90000 /* firmware's longest wait is 32 s */

static const enum boot_style order[] = { STYLE_DIRECT, STYLE_BINL, STYLE_MENU };

#define ORDERS (sizeof(order) / sizeof(order[0]))

static struct turn_row *first_of(struct turns *turns, const uint8_t mac[static 6])
{
	uint32_t hash = 2166136261;

	for (size_t i = 0; i < 6; i++)
		hash = (hash ^ mac[i]) * 16777619;
	return &turns->row[(hash ^ hash >> 15) % (TURNS / WAYS) * WAYS];
}

static struct turn_row *find(struct turns *turns, const uint8_t mac[static 6])
{
	struct turn_row *row = first_of(turns, mac);

	for (size_t i = 0; i < WAYS; i++)
		if (row[i].used && memcmp(row[i].mac, mac, sizeof(row[i].mac)) == 0)
			return &row[i];
	return NULL;
}

static struct turn_row *begin(struct turns *turns, const uint8_t mac[static 6],
			      int64_t now)
{
	struct turn_row *row = first_of(turns, mac), *oldest = row;

	for (size_t i = 0; i < WAYS; i++) {
		if (!row[i].used) {
			oldest = &row[i];
			break;
		}
		if (row[i].asked_ms < oldest->asked_ms)
			oldest = &row[i];
	}
	*oldest = (struct turn_row){ .used = true, .asked_ms = now, .step_ms = now };
	memcpy(oldest->mac, mac, sizeof(oldest->mac));
	return oldest;
}

enum boot_style turns_style(struct turns *turns, const uint8_t mac[static 6],
			    int64_t monotonic_ms)
{
	struct turn_row *row = find(turns, mac);

	if (!row)
		row = begin(turns, mac, monotonic_ms);
	if (row->taken || monotonic_ms - row->asked_ms > NEW_BOOT_MS) {
		row->step = row->first;
		row->step_ms = monotonic_ms;
		row->taken = false;
	} else if (monotonic_ms - row->step_ms >= SAME_MS) {
		row->step = (uint8_t)((row->step + 1) % ORDERS);
		row->step_ms = monotonic_ms;
	}
	row->asked_ms = monotonic_ms;
	return order[row->step];
}

void turns_taken(struct turns *turns, const uint8_t mac[static 6])
{
	struct turn_row *row = find(turns, mac);

	if (!row)
		return;
	row->taken = true;
	row->first = row->step;
}
