// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lists that program.c writes, byte by byte. What is expected was written by hand
 * from the description of list items in docs/hardware.md.
 */
#include <kunit/test.h>
#include <linux/platform_device.h>

#include "lli.h"

/* Bus addresses of the tests' blocks: block n begins at TEST_DMA + n * TEST_STEP. */
#define TEST_DMA	0x40001000
#define TEST_STEP	0x10000
#define TEST_BLOCKS	3
#define TEST_SEGS	(TEST_BLOCKS * LLI_LARGE_ITEMS)
/*
 * A copy's trf_ctl1 on an 8-byte bus: both ends increment (bit 0), width 3 (4:2), bursts
 * of 16 (10:5), 4 outstanding (14:11), and the same in the upper half.
 */
#define TEST_M2M	0x19ed19ed

/**
 * struct test_list - a controller, a channel, and a descriptor with room for a list
 * @lli: the controller
 * @chan: the channel
 * @d: the descriptor
 */
struct test_list {
	struct lli lli;
	struct rkdma_chan chan;
	struct rkdma_desc *d;
};

static struct rkdma_desc *test_desc(struct kunit *test, dma_addr_t dma, bool small)
{
	struct lli_program *p;
	struct rkdma_desc *d;
	unsigned int i;

	p = kunit_kzalloc(test, struct_size(p, blocks, TEST_BLOCKS), GFP_KERNEL);
	d = kunit_kzalloc(test, struct_size(d, segs, TEST_SEGS), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_ASSERT_NOT_NULL(test, d);
	p->small = small;
	p->nr_blocks = small ? 1 : TEST_BLOCKS;
	for (i = 0; i < p->nr_blocks; i++) {
		p->blocks[i].items = kunit_kcalloc(test, small ? LLI_SMALL_SLOTS : LLI_LARGE_SLOTS,
						   sizeof(struct lli_item), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, p->blocks[i].items);
		p->blocks[i].dma = dma + i * TEST_STEP;
	}
	d->program = p;
	d->max_segs = small ? RKDMA_SMALL_SEGS : TEST_SEGS;
	d->room = d->max_segs;
	return d;
}

static struct test_list *test_list(struct kunit *test, bool small)
{
	struct test_list *l = kunit_kzalloc(test, sizeof(*l), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, l);
	l->lli.m2m_ctl1 = TEST_M2M;
	/* 4 transactions, as the field has it */
	l->lli.outstanding = 3;
	l->chan.rk = &l->lli.rk;
	l->d = test_desc(test, TEST_DMA, small);
	return l;
}

/* A segment of a descriptor, behind the ones that it has */
static void add(struct rkdma_desc *d, dma_addr_t src, dma_addr_t dst, u32 len)
{
	d->segs[d->nr_segs++] = (struct rkdma_seg) { src, dst, len };
	d->len += len;
}

static void write(struct kunit *test, struct test_list *l)
{
	KUNIT_EXPECT_EQ(test, lli_prepare(&l->chan, l->d), 0);
}

static struct lli_item *slot(struct rkdma_desc *d, unsigned int i)
{
	struct lli_program *p = d->program;

	return &p->blocks[i / LLI_LARGE_ITEMS].items[i % LLI_LARGE_ITEMS];
}

#define expect_item(test, item, ...)						\
do {										\
	static const u8 _want[64] = { __VA_ARGS__ };				\
										\
	KUNIT_EXPECT_MEMEQ(test, item, _want, sizeof(_want));			\
} while (0)

/* A copy of 0x1234 bytes from 0x12_3456_7890 to 0xab_cdef_0123, with an interrupt */
static void program_copy(struct kunit *test)
{
	struct test_list *l = test_list(test, true);
	struct lli_program *p = l->d->program;

	l->d->dir = DMA_MEM_TO_MEM;
	l->d->attr.irq = true;
	add(l->d, 0x1234567890, 0xabcdef0123, 0x1234);
	write(test, l);
	expect_item(test, slot(l->d, 0),
		    0x0b, 0x00, 0x00, 0x00,	/* trf_ctl0: VALID, LAST, IOC */
		    0xed, 0x19, 0xed, 0x19,	/* trf_ctl1 */
		    0x90, 0x78, 0x56, 0x34,	/* sar */
		    0x23, 0x01, 0xef, 0xcd,	/* dar */
		    0x34, 0x12, 0x00, 0x00,	/* block_ts */
		    0x40, 0x10, 0x00, 0x40,	/* llp_nxt: the slot behind it */
		    0x12, 0x00, 0xab, 0x00,	/* sar_high, dar_high */
		    0x00, 0x00, 0x00, 0x00);	/* llp_nxt_high, lli_idx */
	/* Both types are lists, memory to memory, no stride. */
	KUNIT_EXPECT_EQ(test, p->trf_cfg, 0x0022);
	KUNIT_EXPECT_EQ(test, p->stride_inc, 0);
	KUNIT_EXPECT_PTR_EQ(test, p->last, slot(l->d, 0));
}

/* To a peripheral: 4-byte accesses, bursts of 4 */
static void program_to_device(struct kunit *test)
{
	struct test_list *l = test_list(test, true);
	struct lli_program *p = l->d->program;

	l->d->dir = DMA_MEM_TO_DEV;
	l->d->width = 4;
	l->d->burst = 4;
	add(l->d, 0x10000000, 0xfe000040, 0x100);
	add(l->d, 0x20000000, 0xfe000040, 0x0c);
	write(test, l);
	expect_item(test, slot(l->d, 0),
		    0x01, 0x00, 0x08, 0x00,	/* VALID, MSIZE 16 in 31:15 */
		    0x69, 0x18, 0x68, 0x18,	/* the source increments; width 2, burst 3 */
		    0x00, 0x00, 0x00, 0x10,
		    0x40, 0x00, 0x00, 0xfe,
		    0x00, 0x01, 0x00, 0x00,
		    0x40, 0x10, 0x00, 0x40);
	expect_item(test, slot(l->d, 1),
		    0x03, 0x00, 0x08, 0x00,	/* VALID, LAST */
		    0x69, 0x18, 0x68, 0x18,
		    0x00, 0x00, 0x00, 0x20,
		    0x40, 0x00, 0x00, 0xfe,
		    0x0c, 0x00, 0x00, 0x00,
		    0x80, 0x10, 0x00, 0x40);
	KUNIT_EXPECT_EQ(test, p->trf_cfg, 0x0122);
	KUNIT_EXPECT_EQ(test, p->end, TEST_DMA + 2 * 64);
}

/* From a peripheral: single bytes, three items, of which the last has the interrupt */
static void program_from_device(struct kunit *test)
{
	struct test_list *l = test_list(test, true);
	struct lli_program *p = l->d->program;

	l->d->dir = DMA_DEV_TO_MEM;
	l->d->width = 1;
	l->d->burst = 1;
	l->d->attr.irq = true;
	add(l->d, 0xfe000041, 0x1000, 1);
	add(l->d, 0xfe000041, 0x2000, 2);
	add(l->d, 0xfe000041, 0x7f00000003, 0x1000000);
	write(test, l);
	expect_item(test, slot(l->d, 0),
		    0x01, 0x80, 0x00, 0x00,	/* MSIZE 1 */
		    0x00, 0x18, 0x01, 0x18,	/* the destination increments */
		    0x41, 0x00, 0x00, 0xfe,
		    0x00, 0x10, 0x00, 0x00,
		    0x01, 0x00, 0x00, 0x00,
		    0x40, 0x10, 0x00, 0x40);
	expect_item(test, slot(l->d, 2),
		    0x0b, 0x80, 0x00, 0x00,
		    0x00, 0x18, 0x01, 0x18,
		    0x41, 0x00, 0x00, 0xfe,
		    0x03, 0x00, 0x00, 0x00,
		    0x00, 0x00, 0x00, 0x01,	/* 16 MiB */
		    0xc0, 0x10, 0x00, 0x40,
		    0x00, 0x00, 0x7f, 0x00);
	KUNIT_EXPECT_EQ(test, p->trf_cfg, 0x0222);
}

/* The widest accesses and the longest bursts */
static void program_widths(struct kunit *test)
{
	struct test_list *l = test_list(test, true);

	l->lli.outstanding = 15;
	l->d->dir = DMA_MEM_TO_DEV;
	l->d->width = 16;
	l->d->burst = 16;
	add(l->d, 0x1000, 0x2000, 0x100);
	write(test, l);
	/* MSIZE 256; width 4, burst 15, outstanding 15 in both halves */
	KUNIT_EXPECT_EQ(test, le32_to_cpu(slot(l->d, 0)->trf_ctl0), 0x00800003);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(slot(l->d, 0)->trf_ctl1), 0x79f079f1);
	l->d->width = 2;
	l->d->burst = 5;
	write(test, l);
	/* MSIZE 10; width 1, burst 4 */
	KUNIT_EXPECT_EQ(test, le32_to_cpu(slot(l->d, 0)->trf_ctl0), 0x00050003);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(slot(l->d, 0)->trf_ctl1), 0x78847885);
}

/* Strides: the MSIZE of a copy is the chunk, and the mode selects the end that skips. */
static void program_stride(struct kunit *test)
{
	struct test_list *l = test_list(test, true);
	struct lli_program *p = l->d->program;

	l->d->dir = DMA_MEM_TO_MEM;
	l->d->chunk = 0x30;
	l->d->skip = 0xfffff0;
	add(l->d, 0x1000, 0x2000, 0x300);
	write(test, l);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(slot(l->d, 0)->trf_ctl0), 0x00180003);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(slot(l->d, 0)->trf_cfg), 0);
	KUNIT_EXPECT_EQ(test, p->trf_cfg, 0x3022);
	KUNIT_EXPECT_EQ(test, p->stride_inc, 0xfffff0);
	l->d->attr.skip_dst = true;
	write(test, l);
	KUNIT_EXPECT_EQ(test, p->trf_cfg, 0x5022);
	/* With a peripheral the memory skips (mode 0), and MSIZE is the bytes of a request. */
	l->d->dir = DMA_DEV_TO_MEM;
	l->d->width = 4;
	l->d->burst = 12;
	write(test, l);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(slot(l->d, 0)->trf_ctl0), 0x00180003);
	KUNIT_EXPECT_EQ(test, p->trf_cfg, 0x1222);
	/* The next use of the list skips nothing. */
	l->d->chunk = 0;
	write(test, l);
	KUNIT_EXPECT_EQ(test, p->trf_cfg, 0x0222);
	KUNIT_EXPECT_EQ(test, p->stride_inc, 0);
}

/* Successors within a block and from block to block, of lists of each length */
static void program_blocks(struct kunit *test)
{
	struct test_list *l = test_list(test, false);
	struct lli_program *p = l->d->program;
	unsigned int n, i;

	l->d->dir = DMA_MEM_TO_MEM;
	for (n = 1; n <= TEST_SEGS; n++) {
		add(l->d, 0x1000 * n, 0x100000 + 0x1000 * n, n);
		write(test, l);
		for (i = 0; i < n; i++) {
			struct lli_item *item = slot(l->d, i);
			/* 63 items are in a block; the slot behind ends a list. */
			u32 nxt = TEST_DMA + (i + 1) / 63 * TEST_STEP + (i + 1) % 63 * 64;

			if (i == n - 1)
				nxt = TEST_DMA + i / 63 * TEST_STEP + (i % 63 + 1) * 64;
			KUNIT_ASSERT_EQ(test, le32_to_cpu(item->llp_nxt), nxt);
			KUNIT_ASSERT_EQ(test, le32_to_cpu(item->trf_ctl0), i == n - 1 ? 3 : 1);
			KUNIT_ASSERT_EQ(test, le32_to_cpu(item->sar), 0x1000 * (i + 1));
			KUNIT_ASSERT_EQ(test, le32_to_cpu(item->dar), 0x101000 + 0x1000 * i);
			KUNIT_ASSERT_EQ(test, le32_to_cpu(item->block_ts), i + 1);
			KUNIT_ASSERT_PTR_EQ(test, lli_item(l->d, i), item);
			KUNIT_ASSERT_EQ(test, lli_seg_by_next(l->d, nxt), i);
		}
		KUNIT_ASSERT_PTR_EQ(test, p->last, slot(l->d, n - 1));
		KUNIT_ASSERT_EQ(test, lli_seg_by_next(l->d, TEST_DMA), -1);
		KUNIT_ASSERT_EQ(test, lli_seg_by_next(l->d, TEST_DMA - 64), -ENOENT);
		KUNIT_ASSERT_EQ(test, lli_seg_by_next(l->d, 0x12345640), -ENOENT);
	}
}

/*
 * A loop begins with a copy of its first item. The last item of each period has IOC, and
 * no item has LAST.
 */
static void program_loop(struct kunit *test)
{
	struct test_list *l = test_list(test, true);
	struct lli_program *p = l->d->program;

	l->d->dir = DMA_DEV_TO_MEM;
	l->d->width = 4;
	l->d->burst = 1;
	l->d->attr.irq = true;
	l->d->attr.repeat = true;
	l->d->period_segs = 1;
	add(l->d, 0xfe000000, 0x1000, 0x40);
	add(l->d, 0xfe000000, 0x2000, 0x40);
	write(test, l);
	expect_item(test, slot(l->d, 0),
		    0x09, 0x00, 0x02, 0x00,	/* VALID, IOC, MSIZE 4 */
		    0x08, 0x18, 0x09, 0x18,
		    0x00, 0x00, 0x00, 0xfe,
		    0x00, 0x10, 0x00, 0x00,
		    0x40, 0x00, 0x00, 0x00,
		    0x80, 0x10, 0x00, 0x40);	/* the second item of the loop */
	expect_item(test, slot(l->d, 1),
		    0x09, 0x00, 0x02, 0x00,
		    0x08, 0x18, 0x09, 0x18,
		    0x00, 0x00, 0x00, 0xfe,
		    0x00, 0x10, 0x00, 0x00,
		    0x40, 0x00, 0x00, 0x00,
		    0x80, 0x10, 0x00, 0x40);
	expect_item(test, slot(l->d, 2),
		    0x09, 0x00, 0x02, 0x00,
		    0x08, 0x18, 0x09, 0x18,
		    0x00, 0x00, 0x00, 0xfe,
		    0x00, 0x20, 0x00, 0x00,
		    0x40, 0x00, 0x00, 0x00,
		    0x40, 0x10, 0x00, 0x40);	/* back to the first of the loop */
	KUNIT_EXPECT_EQ(test, p->end, 0);
	KUNIT_EXPECT_EQ(test, lli_seg_by_next(l->d, TEST_DMA), -1);
	KUNIT_EXPECT_EQ(test, lli_seg_by_next(l->d, TEST_DMA + 0x80), 0);
	KUNIT_EXPECT_EQ(test, lli_seg_by_next(l->d, TEST_DMA + 0x40), 1);
	KUNIT_EXPECT_EQ(test, lli_seg_by_next(l->d, TEST_DMA + 0xc0), -ENOENT);
}

/* Periods of two segments, and a loop of uniform ones: only the first is stored. */
static void program_periods(struct kunit *test)
{
	struct test_list *l = test_list(test, false);
	unsigned int i;

	l->d->dir = DMA_MEM_TO_DEV;
	l->d->width = 1;
	l->d->burst = 1;
	l->d->attr.irq = true;
	l->d->attr.repeat = true;
	l->d->period_segs = 2;
	for (i = 0; i < 4; i++)
		add(l->d, 0x1000 * i, 0xfe000000, 8);
	write(test, l);
	/* The additional item, then the loop: IOC in each second one */
	for (i = 0; i < 5; i++)
		KUNIT_EXPECT_EQ(test, le32_to_cpu(slot(l->d, i)->trf_ctl0),
				i == 2 || i == 4 ? 0x8009 : 0x8001);
	l->d->attr.irq = false;
	write(test, l);
	for (i = 0; i < 5; i++)
		KUNIT_EXPECT_EQ(test, le32_to_cpu(slot(l->d, i)->trf_ctl0), 0x8001);

	l->d->attr.uniform = true;
	l->d->period_segs = 1;
	l->d->nr_segs = 150;
	l->d->segs[1] = (struct rkdma_seg) {};
	write(test, l);
	for (i = 0; i <= 150; i++) {
		struct lli_item *item = slot(l->d, i);

		KUNIT_ASSERT_EQ(test, le32_to_cpu(item->sar), i ? (i - 1) * 8 : 0);
		KUNIT_ASSERT_EQ(test, le32_to_cpu(item->dar), 0xfe000000);
		KUNIT_ASSERT_EQ(test, lli_seg_by_next(l->d, le32_to_cpu(item->llp_nxt)),
				i ? i - 1 : 0);
	}
	/* Item 150 of the loop is in slot 24 of the third block. */
	KUNIT_EXPECT_EQ(test, le32_to_cpu(slot(l->d, 149)->llp_nxt),
			TEST_DMA + 2 * TEST_STEP + 24 * 64);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(slot(l->d, 150)->llp_nxt), TEST_DMA + 0x40);
}

/* A link changes the successor and clears LAST, nothing else; unlinking undoes it. */
static void program_link(struct kunit *test)
{
	struct test_list *l = test_list(test, true);
	struct rkdma_desc *next = test_desc(test, 0x50002000, true);
	struct lli_item before[LLI_SMALL_SLOTS];

	l->d->dir = DMA_MEM_TO_MEM;
	l->d->attr.irq = true;
	add(l->d, 0x1000, 0x2000, 0x10);
	add(l->d, 0x3000, 0x4000, 0x20);
	write(test, l);
	memcpy(before, slot(l->d, 0), sizeof(before));

	lli_link(l->d, next);
	expect_item(test, slot(l->d, 1),
		    0x09, 0x00, 0x00, 0x00,	/* VALID, IOC */
		    0xed, 0x19, 0xed, 0x19,
		    0x00, 0x30, 0x00, 0x00,
		    0x00, 0x40, 0x00, 0x00,
		    0x20, 0x00, 0x00, 0x00,
		    0x00, 0x20, 0x00, 0x50);
	KUNIT_EXPECT_MEMEQ(test, slot(l->d, 0), before, sizeof(*before));
	/* The hardware may have read the old successor: that slot still means the last item. */
	KUNIT_EXPECT_EQ(test, lli_seg_by_next(l->d, TEST_DMA + 0x80), 1);
	KUNIT_EXPECT_EQ(test, lli_seg_by_next(l->d, 0x50002000), -ENOENT);

	lli_unlink(l->d);
	KUNIT_EXPECT_MEMEQ(test, slot(l->d, 0), before, sizeof(before));
	lli_unlink(l->d);
	KUNIT_EXPECT_MEMEQ(test, slot(l->d, 0), before, sizeof(before));
}

/* A loop ends by LAST in its last item, and may be linked; unlinking closes it again. */
static void program_end_loop(struct kunit *test)
{
	struct test_list *l = test_list(test, true);
	struct rkdma_desc *next = test_desc(test, 0x50002000, true);
	struct lli_item before[LLI_SMALL_SLOTS];

	l->d->dir = DMA_MEM_TO_MEM;
	l->d->attr.repeat = true;
	l->d->attr.irq = true;
	l->d->period_segs = 2;
	add(l->d, 0x1000, 0x2000, 0x10);
	add(l->d, 0x3000, 0x4000, 0x20);
	write(test, l);
	memcpy(before, slot(l->d, 0), sizeof(before));

	lli_end_loop(l->d);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(slot(l->d, 2)->trf_ctl0), 0x0b);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(slot(l->d, 2)->llp_nxt), TEST_DMA + 0x40);
	lli_link(l->d, next);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(slot(l->d, 2)->trf_ctl0), 0x09);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(slot(l->d, 2)->llp_nxt), 0x50002000);
	KUNIT_EXPECT_MEMEQ(test, slot(l->d, 0), before, 2 * sizeof(*before));
	lli_unlink(l->d);
	KUNIT_EXPECT_MEMEQ(test, slot(l->d, 0), before, sizeof(before));
}

/* Programs of each size, from real pools: room for a loop, aligned, and given back */
static void program_pools(struct kunit *test)
{
	static const unsigned int sizes[] = { 1, 2, 3, 4, 61, 62, 63, 64, 125, 126, 189 };
	struct test_list *l = test_list(test, false);
	struct platform_device *pdev;
	struct lli_program *p;
	unsigned int i, j, n;

	pdev = platform_device_register_simple("rkdma-lli-test", PLATFORM_DEVID_NONE, NULL, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR(pdev));
	l->lli.rk.dev = &pdev->dev;
	KUNIT_ASSERT_EQ(test, lli_pools_create(&l->lli), 0);
	l->d->dir = DMA_MEM_TO_MEM;
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		n = sizes[i];
		while (l->d->nr_segs < n)
			add(l->d, 0x1000, 0x2000, 8);
		l->d->max_segs = n;
		l->d->period_segs = n;
		l->d->program = NULL;
		for (j = 0; j < 2; j++) {
			/* A list, then a loop in the same program */
			l->d->attr.repeat = j;
			write(test, l);
			p = l->d->program;
			KUNIT_EXPECT_EQ(test, p->small, n <= 3);
			KUNIT_EXPECT_EQ(test, p->nr_blocks, n <= 3 ? 1 : n / 63 + 1);
			KUNIT_EXPECT_GE(test, p->nr_blocks * (n <= 3 ? 4 : 63), n + 1);
			KUNIT_EXPECT_EQ(test, p->blocks[p->nr_blocks - 1].dma % 64, 0);
		}
		lli_release(&l->chan, l->d);
		KUNIT_EXPECT_NULL(test, l->d->program);
	}
	/* This warns, and so fails the run, if a block was not freed. */
	lli_pools_destroy(&l->lli);
	platform_device_unregister(pdev);
}

static struct kunit_case program_cases[] = {
	KUNIT_CASE(program_copy),
	KUNIT_CASE(program_to_device),
	KUNIT_CASE(program_from_device),
	KUNIT_CASE(program_widths),
	KUNIT_CASE(program_stride),
	KUNIT_CASE(program_blocks),
	KUNIT_CASE(program_loop),
	KUNIT_CASE(program_periods),
	KUNIT_CASE(program_link),
	KUNIT_CASE(program_end_loop),
	KUNIT_CASE(program_pools),
	{}
};

static struct kunit_suite program_suite = {
	.name = "rkdma-lli-program",
	.test_cases = program_cases,
};

kunit_test_suite(program_suite);
