// SPDX-License-Identifier: GPL-2.0-only
/*
 * The position in a loop without end, which program.c writes for a transfer that repeats.
 *
 * The program counter and the moving address give the position in a round, as in any
 * program. The number of rounds comes from a loop counter where the code leaves one
 * unused. Otherwise a position that is before the last one is in the next round. An
 * interrupt of each period, and the slice timer while these are off, have it read often
 * enough.
 */
#include "../compat.h"
#include "pl330.h"

/*
 * Read program counter, address and loop counter, such that they belong together: none of
 * the pieces and rounds has changed meanwhile. Returns false if the thread is too fast.
 */
static bool pl330_read_ring(struct pl330_chan *pc, struct pl330_piece *piece, u32 *off,
			    u32 *addr, u32 *lc)
{
	struct pl330 *p = to_pl330(pc->chan.rk);
	struct pl330_thread *t = pc->thread;
	void __iomem *lc1 = p->base + PL330_LC1(t->id);
	unsigned int tries = 16;
	struct pl330_piece after;

	while (tries--) {
		*lc = readl(lc1);
		*off = pl330_offset(t);
		/* At the DMALP before the round's code the counter has no meaning. */
		if (*off < t->ring.start || !pl330_find(t, *off, piece))
			continue;
		*addr = pl330_moving_address(pc, piece);
		if (pl330_find(t, pl330_offset(t), &after) && after.off == piece->off &&
		    readl(lc1) == *lc)
			return true;
	}
	return false;
}

/**
 * pl330_place_ring() - convert what a thread's registers show into a position
 * @pc: the channel, whose thread executes a loop without end
 * @piece: the piece that the program counter is in, by pl330_find()
 * @off: offset of the program counter in the program
 * @addr: the moving address
 * @lc: loop counter 1
 * @unfinished: bytes before @addr that do not count yet
 *
 * Sets &pl330_chan.now, and counts rounds.
 *
 * Context: vc.lock held.
 */
void pl330_place_ring(struct pl330_chan *pc, const struct pl330_piece *piece, u32 off,
		      u32 addr, u32 lc, u32 unfinished)
{
	struct pl330_ring *ring = &pc->thread->ring;
	struct pl330_cursor pos;
	u32 seg;

	/* Rounds are counted without @unfinished, with which a position can go back. */
	pl330_place(piece, off, addr, 0, &pos);
	/* The end of a round counts as its last segment's, not as the next round's start. */
	seg = pos.segs_done - ring->segs_done;
	if (ring->counted)
		ring->rounds += (PL330_LOOP_MAX - 1 - lc - ring->rounds) %
				PL330_LOOP_MAX;
	else if (seg < ring->seg || (seg == ring->seg && pos.done < ring->done))
		ring->rounds++;
	ring->seg = seg;
	ring->done = pos.done;

	if (unfinished)
		pl330_place(piece, off, addr, unfinished, &pos);
	pos.segs_done += ring->rounds * pos.desc->nr_segs;
	pl330_advance_to(pc, &pos);
}

/**
 * pl330_locate_ring() - read the position of a thread in a loop without end
 * @pc: the channel, whose thread executes one
 * @settled: all that was issued is done
 *
 * Sets &pl330_chan.now, unless the thread is faster than its registers can be read.
 *
 * Context: vc.lock held.
 */
void pl330_locate_ring(struct pl330_chan *pc, bool settled)
{
	struct pl330_piece piece;
	u32 off, addr, lc;

	if (pl330_read_ring(pc, &piece, &off, &addr, &lc))
		pl330_place_ring(pc, &piece, off, addr, lc,
				 settled ? 0 : pl330_unfinished(pc, piece.start.desc));
}
