#include "config.h"

#include "tools/tftpd-lite/window.h"

struct window window_new(uint64_t last, uint32_t size)
{
	return (struct window){ .last = last, .size = size };
}

static enum window_news nothing_new(struct window *w, bool may_repeat)
{
	if (!may_repeat || w->size < 2 || w->answered || w->sent == w->acked)
		return WINDOW_AGAIN;
	w->answered = true;
	w->sent = w->acked;
	return WINDOW_REPEAT;
}

/*
 * Short of the end, the ACK reports a gap: the next window begins there at once,
 * and the same ACK once more is of the same gap.  While a window is still going out by
 * and by, it is of a client that counts its windows from another block than we do.
 * So is one that lacks only the last block: nothing behind it went out by which the
 * client could have noticed.  To send that one again would be answered again, for ever.
 */
static enum window_news moved(struct window *w, uint64_t acked)
{
	bool whole = w->sent == w->last || w->sent >= w->acked + w->size;
	bool lacks_one = w->sent == acked + 1 && w->sent < w->last;

	w->acked = acked;
	w->answered = whole && acked < w->sent && !lacks_one;
	if ((whole && !lacks_one) || w->sent < acked)
		w->sent = acked;
	return acked == w->last ? WINDOW_DONE : WINDOW_MOVED;
}

enum window_news window_ack(struct window *w, uint16_t block, bool may_repeat)
{
	uint16_t ahead = (uint16_t)(block - (uint16_t)w->acked);

	if (ahead == 0)
		return nothing_new(w, may_repeat);
	if (ahead > w->high - w->acked)
		return WINDOW_NOTHING;
	return moved(w, w->acked + ahead);
}

uint64_t window_room(const struct window *w)
{
	uint64_t in_window = w->acked + w->size - w->sent, in_file = w->last - w->sent;

	return in_window < in_file ? in_window : in_file;
}

void window_sent(struct window *w, uint64_t blocks)
{
	w->sent += blocks;
	if (w->sent > w->high)
		w->high = w->sent;
}

void window_back(struct window *w)
{
	w->sent = w->acked;
	w->answered = false;
}
