/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests of preparation share. */
#ifndef RKDMA_TESTS_PREP_H
#define RKDMA_TESTS_PREP_H

#include "fake.h"

/* The tests' configuration, see rig_hold() */
#define PREP_WIDTH		4
#define PREP_BURST		4

/* The end of the addresses that the hardware can access */
#define PREP_BEYOND		(FAKE_ADDR_MASK + 1)

/* Check the segments of what a prep returned against a list of struct rkdma_seg. */
#define expect_segs(test, tx, ...)						\
do {										\
	static const struct rkdma_seg _want[] = { __VA_ARGS__ };		\
										\
	prep_expect_segs(test, tx, _want, ARRAY_SIZE(_want));			\
} while (0)

/* prep-test.c */
void prep_expect_segs(struct kunit *test, struct dma_async_tx_descriptor *tx,
		      const struct rkdma_seg *want, unsigned int n);
void prep_expect_refused(struct kunit *test, struct fake_chan *fc,
			 struct dma_async_tx_descriptor *tx);
void prep_drop(struct kunit *test, struct fake_chan *fc);

#endif
