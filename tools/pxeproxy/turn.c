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

static bool is_kind(const struct turn_kind *a, const struct turn_kind *b)
{
	return a->arch == b->arch && memcmp(a->maker, b->maker, sizeof(a->maker)) == 0 &&
	       memcmp(a->undi, b->undi, sizeof(a->undi)) == 0;
}

/* What such machines took last; 0 is the first of the order. */
static struct turn_kind kind_of(const struct turns *turns, const struct dhcp *discover)
{
	struct turn_kind kind = { .arch = discover->arch[0] };

	memcpy(kind.maker, discover->chaddr, sizeof(kind.maker));
	memcpy(kind.undi, discover->undi, sizeof(kind.undi));
	for (size_t i = 0; i < TURN_KINDS; i++)
		if (turns->kind[i].taken_ms && is_kind(&turns->kind[i], &kind))
			kind.first = turns->kind[i].first;
	return kind;
}

static void keep_kind(struct turns *turns, const struct turn_row *row)
{
	struct turn_kind *to = turns->kind;

	for (size_t i = 0; i < TURN_KINDS; i++) {
		struct turn_kind *k = &turns->kind[i];

		if (k->taken_ms && is_kind(k, &row->kind)) {
			to = k;
			break;
		}
		if (k->taken_ms < to->taken_ms)
			to = k;
	}
	*to = row->kind;
	to->first = row->first;
	to->taken_ms = row->asked_ms + 1;
}

static struct turn_row *begin(struct turns *turns, const struct dhcp *discover,
			      int64_t now)
{
	struct turn_row *row = first_of(turns, discover->chaddr), *oldest = row;
	const struct turn_kind kind = kind_of(turns, discover);

	for (size_t i = 0; i < WAYS; i++) {
		if (!row[i].used) {
			oldest = &row[i];
			break;
		}
		if (row[i].asked_ms < oldest->asked_ms)
			oldest = &row[i];
	}
	*oldest = (struct turn_row){ .used = true,
				     .first = kind.first,
				     .step = kind.first,
				     .asked_ms = now,
				     .step_ms = now,
				     .kind = kind };
	memcpy(oldest->mac, discover->chaddr, sizeof(oldest->mac));
	return oldest;
}

enum boot_style turns_style(struct turns *turns, const struct dhcp *discover,
			    int64_t monotonic_ms)
{
	struct turn_row *row = find(turns, discover->chaddr);

	if (!row)
		row = begin(turns, discover, monotonic_ms);
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
	keep_kind(turns, row);
}
