// SPDX-License-Identifier: GPL-2.0-only
/*
 * The test FIFO, a peripheral with one request line for each direction. In one mode,
 * data that is written to it can be read back. In the other it drops what is written,
 * and reads return bytes that count up. Its depth, rate and errors can be set.
 */
#include <linux/bits.h>
#include <linux/io.h>

#include "client.h"

#define FIFO_CTRL		0x004
#define FIFO_CTRL_EN		BIT(0)
#define FIFO_CTRL_TX_DMA	BIT(1)
#define FIFO_CTRL_RX_DMA	BIT(2)
#define FIFO_CTRL_COUNT		BIT(4)
#define FIFO_CTRL_RESET		BIT(31)
#define FIFO_STATUS		0x008
#define FIFO_STATUS_TX_OVERRUN	BIT(8)
#define FIFO_STATUS_RX_UNDERRUN	BIT(9)
#define FIFO_TX_THRESH		0x00c
#define FIFO_RX_THRESH		0x010
#define FIFO_RX_COUNT		0x014
#define FIFO_RATE		0x020
#define FIFO_DEPTH		0x024
#define FIFO_TX_ERR_AFTER	0x028
#define FIFO_RX_ERR_AFTER	0x02c
#define FIFO_TX_BYTES		0x030
#define FIFO_RX_BYTES		0x034
#define FIFO_DATA		0x100

#define FIFO_MAX_DEPTH		4096

static unsigned int setup_width(const struct fifo_setup *setup)
{
	return setup->width ?: 4;
}

static unsigned int setup_burst(const struct fifo_setup *setup)
{
	return setup->burst ?: 4;
}

/**
 * fifo_data() - where a channel reads and writes the FIFO
 * @client: the client that has it
 *
 * Return: its bus address.
 */
phys_addr_t fifo_data(struct client *client)
{
	return client->fifo_phys + FIFO_DATA;
}

/**
 * fifo_tx_bytes() - bytes written to the FIFO since it was started
 * @client: the client that has it
 *
 * Return: bytes.
 */
u32 fifo_tx_bytes(struct client *client)
{
	return readl(client->fifo + FIFO_TX_BYTES);
}

/**
 * fifo_rx_bytes() - bytes read from the FIFO since it was started
 * @client: the client that has it
 *
 * Return: bytes.
 */
u32 fifo_rx_bytes(struct client *client)
{
	return readl(client->fifo + FIFO_RX_BYTES);
}

/**
 * fifo_read() - read bytes from the FIFO without DMA
 * @client: the client that has it
 * @to: where to
 * @len: bytes, a multiple of 4
 */
void fifo_read(struct client *client, void *to, size_t len)
{
	readsl(client->fifo + FIFO_DATA, to, len / 4);
}

/**
 * fifo_stop() - empty the FIFO and clear its request lines
 * @client: the client that has it
 */
void fifo_stop(struct client *client)
{
	writel(FIFO_CTRL_RESET, client->fifo + FIFO_CTRL);
	writel(0, client->fifo + FIFO_CTRL);
}

/**
 * fifo_config() - configure a channel for a device
 * @run: the running test
 * @chan: the channel
 * @dir: the direction that it will be used in
 * @addr: address of the device
 * @width: bytes of an access
 * @burst: accesses per request
 *
 * Return: whether the channel accepted; if not, that has been reported.
 */
bool fifo_config(struct test_run *run, struct dma_chan *chan,
		 enum dma_transfer_direction dir, phys_addr_t addr,
		 unsigned int width, unsigned int burst)
{
	struct dma_slave_config config = { .direction = dir };
	int ret;

	if (dir == DMA_MEM_TO_DEV) {
		config.dst_addr = addr;
		config.dst_addr_width = width;
		config.dst_maxburst = burst;
	} else {
		config.src_addr = addr;
		config.src_addr_width = width;
		config.src_maxburst = burst;
	}
	ret = dmaengine_slave_config(chan, &config);
	return EXPECT(run, !ret,
		      "expected slave_config with width %u, burst %u to return 0, got %d",
		      width, burst, ret);
}

/**
 * fifo_start() - set up the FIFO and the channels that the test has
 * @run: the running test
 * @setup: how
 *
 * Return: whether the channels accepted; if not, that has been reported.
 */
bool fifo_start(struct test_run *run, const struct fifo_setup *setup)
{
	unsigned int width = setup_width(setup), burst = setup_burst(setup);
	struct client *client = run->client;
	u32 ctrl = FIFO_CTRL_EN;

	fifo_stop(client);
	writel(setup->depth ?: FIFO_MAX_DEPTH, client->fifo + FIFO_DEPTH);
	writel(width * burst, client->fifo + FIFO_TX_THRESH);
	writel(width * burst, client->fifo + FIFO_RX_THRESH);
	writel(setup->expect, client->fifo + FIFO_RX_COUNT);
	writel(setup->rate, client->fifo + FIFO_RATE);
	writel(setup->tx_error ?: FIFO_NEVER, client->fifo + FIFO_TX_ERR_AFTER);
	writel(setup->rx_error ?: FIFO_NEVER, client->fifo + FIFO_RX_ERR_AFTER);
	if (setup->mode == FIFO_COUNT)
		ctrl |= FIFO_CTRL_COUNT;
	if (run->tx)
		ctrl |= FIFO_CTRL_TX_DMA;
	if (run->rx)
		ctrl |= FIFO_CTRL_RX_DMA;
	writel(ctrl, client->fifo + FIFO_CTRL);

	return (!run->tx || fifo_config(run, run->tx, DMA_MEM_TO_DEV,
					fifo_data(client), width, burst)) &&
	       (!run->rx || fifo_config(run, run->rx, DMA_DEV_TO_MEM,
					fifo_data(client), width, burst));
}

/**
 * fifo_clean() - expect neither overrun nor underrun of the FIFO
 * @run: the running test
 *
 * Return: whether none was; if not, that has been reported.
 */
bool fifo_clean(struct test_run *run)
{
	u32 status = readl(run->client->fifo + FIFO_STATUS);

	return EXPECT(run, !(status & (FIFO_STATUS_TX_OVERRUN |
				       FIFO_STATUS_RX_UNDERRUN)),
		      "expected accesses on request only, got%s%s",
		      status & FIFO_STATUS_TX_OVERRUN ? " an overrun" : "",
		      status & FIFO_STATUS_RX_UNDERRUN ? " an underrun" : "");
}

/**
 * fifo_loop() - send one list through the FIFO into another and compare
 * @run: the running test
 * @dst: where to, guard bytes before
 * @src: where from; of as many bytes
 * @width: bytes of an access
 * @burst: accesses per request
 *
 * Context: may sleep.
 * Return: whether all arrived and nothing else changed.
 */
bool fifo_loop(struct test_run *run, struct segs *dst, struct segs *src,
	       unsigned int width, unsigned int burst)
{
	struct fifo_setup setup = {
		.mode = FIFO_LOOP,
		.width = width,
		.burst = burst,
		.expect = dst->total,
	};
	struct xfer *x = xfer_new(run, 2);

	return x && fifo_start(run, &setup) &&
	       xfer_slave(&x[0], run->rx, dst, DMA_DEV_TO_MEM,
			  DMA_PREP_INTERRUPT) &&
	       xfer_slave(&x[1], run->tx, src, DMA_MEM_TO_DEV,
			  DMA_PREP_INTERRUPT) &&
	       xfer_start(&x[0]) && xfer_start(&x[1]) &&
	       xfer_wait(&x[1]) && xfer_wait(&x[0]) && fifo_clean(run) &&
	       segs_equal(run, dst, src);
}

/**
 * fifo_loop_works() - expect that both channels still work
 * @run: the running test
 * @when: for the report: after what
 *
 * Context: may sleep.
 * Return: whether they do; if not, that has been reported.
 */
bool fifo_loop_works(struct test_run *run, const char *when)
{
	struct buf *from = buf_new(run, run->tx, 8192);
	struct buf *to = buf_new(run, run->rx, 8192);
	struct segs *src, *dst;

	if (!from || !to)
		return false;
	buf_fill(from, 0, from->size, seed);
	src = segs_spread(run, from, 4, 1024, 64);
	dst = segs_spread(run, to, 4, 1024, 64);
	return src && dst &&
	       EXPECT(run, fifo_loop(run, dst, src, 4, 4),
		      "expected the channels to work %s, they do not", when);
}
