/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests of program.c share. */
#ifndef RKDMA_PL330_PROGRAM_TEST_H
#define RKDMA_PL330_PROGRAM_TEST_H

#include <kunit/test.h>
#include <linux/prandom.h>

#include "pl330.h"

#define TEST_CODE	0x60000000
#define TEST_EVENT	3
#define TEST_GATE	19
#define TEST_LINES	32
/* The number of a channel that copies memory */
#define TEST_COPY	32

/**
 * struct test_program - a controller with a thread, and a channel that has it
 * @test: the test
 * @p: the controller
 * @t: the thread
 * @pc: the channel
 */
struct test_program {
	struct kunit *test;
	struct pl330 *p;
	struct pl330_thread *t;
	struct pl330_chan *pc;
};

/* program-test.c */
struct test_program *test_program(struct kunit *test, unsigned int id);
struct rkdma_desc *test_desc(struct test_program *tp, enum dma_transfer_direction dir,
			     unsigned int max_segs);
void test_seg(struct rkdma_desc *d, dma_addr_t src, dma_addr_t dst, u32 len);
struct rkdma_desc *test_copy(struct test_program *tp, u32 src, u32 dst, u32 len, bool irq);
void test_set_burst(struct test_program *tp, u32 width, u32 burst);

/* A random number that is less than @limit */
static inline u32 test_below(struct rnd_state *rnd, u32 limit)
{
	return prandom_u32_state(rnd) % limit;
}

#endif
