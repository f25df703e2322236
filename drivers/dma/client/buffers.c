// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers of tests, filled with guard bytes. Before a transfer each byte of its
 * destination is set to the complement of the byte that must arrive. So a check finds
 * bytes that were not written, and guard bytes that were.
 */
#include <linux/dma-mapping.h>
#include <linux/minmax.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "client.h"

#define GUARD	0xa5

static void to_device(struct buf *b, size_t off, size_t len)
{
	if (len)
		dma_sync_single_for_device(b->dev, b->dma + off, len,
					   DMA_BIDIRECTIONAL);
}

static void to_cpu(struct buf *b, size_t off, size_t len)
{
	if (len)
		dma_sync_single_for_cpu(b->dev, b->dma + off, len,
					DMA_BIDIRECTIONAL);
}

/**
 * buf_new() - allocate a contiguous buffer full of guard bytes
 * @run: the running test, which frees it
 * @chan: the channel whose device will access it
 * @size: bytes
 *
 * Context: may sleep.
 * Return: the buffer, or NULL after a failure was reported. If more than 4 MiB are not
 * available, the test is skipped instead.
 */
struct buf *buf_new(struct test_run *run, struct dma_chan *chan, size_t size)
{
	struct buf *b = kzalloc(sizeof(*b), GFP_KERNEL);

	if (!EXPECT(run, b, "expected memory, got none"))
		return NULL;
	b->dev = dmaengine_get_dma_device(chan);
	b->size = PAGE_ALIGN(size);
	b->page = dma_alloc_pages(b->dev, b->size, &b->dma, DMA_BIDIRECTIONAL,
				  GFP_KERNEL | __GFP_NOWARN);
	if (!b->page) {
		kfree(b);
		if (size > SZ_4M)
			run_skip(run, "no %zu bytes of contiguous memory", size);
		else
			run_fail(run, "expected %zu bytes of memory, got none",
				 size);
		return NULL;
	}
	get_device(b->dev);
	b->virt = page_address(b->page);
	list_add(&b->node, &run->bufs);
	buf_guard(b, 0, b->size);
	return b;
}

/**
 * buf_free() - free what buf_new() allocated
 * @b: the buffer
 */
void buf_free(struct buf *b)
{
	list_del(&b->node);
	dma_free_pages(b->dev, b->size, b->page, b->dma, DMA_BIDIRECTIONAL);
	put_device(b->dev);
	kfree(b);
}

/**
 * buf_guard() - make bytes guard bytes
 * @b: the buffer
 * @off: first byte
 * @len: bytes
 */
void buf_guard(struct buf *b, size_t off, size_t len)
{
	to_cpu(b, off, len);
	memset(b->virt + off, GUARD, len);
	to_device(b, off, len);
}

/*
 * prandom_bytes_state() stores single bytes, which takes a kernel with KASAN
 * seconds for the large buffers. The state is never 0.
 */
static u64 xorshift(u64 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/**
 * buf_fill() - write pseudo-random bytes, the same for the same seed
 * @b: the buffer
 * @off: first byte
 * @len: bytes
 * @seed: the seed
 */
void buf_fill(struct buf *b, size_t off, size_t len, u32 seed)
{
	u64 state = (u64)seed << 32 | ~seed, word;
	u8 *to = b->virt + off, *end = to + len;

	to_cpu(b, off, len);
	for (; end - to >= sizeof(word); to += sizeof(word)) {
		word = xorshift(&state);
		memcpy(to, &word, sizeof(word));
	}
	while (to < end)
		*to++ = xorshift(&state);
	to_device(b, off, len);
}

/**
 * buf_invert() - set bytes to the complement of what will be copied over them
 * @b: the buffer that a transfer will write
 * @off: first byte
 * @from: the buffer that it will read
 * @from_off: first byte there
 * @len: bytes
 */
void buf_invert(struct buf *b, size_t off, struct buf *from, size_t from_off,
		size_t len)
{
	const u8 *other = from->virt + from_off;
	u8 *to = b->virt + off, *end = to + len;
	u64 word;

	to_cpu(b, off, len);
	for (; end - to >= sizeof(word); to += sizeof(word), other += sizeof(word)) {
		memcpy(&word, other, sizeof(word));
		word = ~word;
		memcpy(to, &word, sizeof(word));
	}
	while (to < end)
		*to++ = ~*other++;
	to_device(b, off, len);
}

/**
 * buf_guarded() - expect that bytes are still guard bytes
 * @run: the running test
 * @b: the buffer
 * @off: first byte
 * @len: bytes
 *
 * Return: whether they are; if not, that has been reported.
 */
bool buf_guarded(struct test_run *run, struct buf *b, size_t off, size_t len)
{
	u8 *bad;

	to_cpu(b, off, len);
	bad = memchr_inv(b->virt + off, GUARD, len);
	return EXPECT(run, !bad,
		      "expected guard byte %#04x at offset %zu, got %#04x",
		      GUARD, bad - b->virt, *bad);
}

/**
 * buf_equal() - expect that bytes arrived
 * @run: the running test
 * @b: the buffer that was written
 * @off: first byte
 * @from: the buffer that was read
 * @from_off: first byte there
 * @len: bytes
 *
 * Return: whether they did; if not, that has been reported.
 */
bool buf_equal(struct test_run *run, struct buf *b, size_t off,
	       struct buf *from, size_t from_off, size_t len)
{
	const u8 *got = b->virt + off, *want = from->virt + from_off;
	size_t i;

	to_cpu(b, off, len);
	if (!memcmp(got, want, len))
		return true;
	for (i = 0; got[i] == want[i]; i++)
		;
	run_fail(run, "expected byte %zu of %zu to be %#04x, got %#04x",
		 i, len, want[i], got[i]);
	return false;
}

/**
 * buf_counts() - expect that bytes count up
 * @run: the running test
 * @b: the buffer
 * @off: first byte
 * @len: bytes
 * @first: what the first byte must be
 *
 * Return: whether they do; if not, that has been reported.
 */
bool buf_counts(struct test_run *run, struct buf *b, size_t off, size_t len,
		u8 first)
{
	size_t i;

	to_cpu(b, off, len);
	for (i = 0; i < len; i++)
		if (!EXPECT(run, b->virt[off + i] == (u8)(first + i),
			    "expected byte %zu of %zu to be %#04x, got %#04x",
			    i, len, (u8)(first + i), b->virt[off + i]))
			return false;
	return true;
}

/**
 * buf_cycled() - expect a buffer that a cyclic transfer filled with counting bytes
 * @run: the running test
 * @b: the buffer, guard bytes before
 * @len: bytes of the cyclic transfer's buffer
 * @count: bytes that were received in all, the first of which was 0
 *
 * Return: whether they are as expected; if not, that has been reported.
 */
bool buf_cycled(struct test_run *run, struct buf *b, size_t len, u32 count)
{
	size_t i, round = count / len * len;
	u8 want;

	to_cpu(b, 0, len);
	for (i = 0; i < len && i < count; i++) {
		/* Up to the end of the last round its bytes, then those of the round before. */
		want = round + i < count ? round + i : round + i - len;
		if (!EXPECT(run, b->virt[i] == want,
			    "expected byte %zu of %zu to be %#04x after %u bytes, got %#04x",
			    i, len, want, count, b->virt[i]))
			return false;
	}
	return buf_guarded(run, b, i, b->size - i);
}

/**
 * buf_copied() - expect that one range was copied and all around it kept
 * @run: the running test
 * @dst: the buffer that was written, guard bytes before
 * @dst_off: first byte written
 * @src: the buffer that was read
 * @src_off: first byte read
 * @len: bytes copied
 *
 * Return: whether they are as expected; if not, that has been reported.
 */
bool buf_copied(struct test_run *run, struct buf *dst, size_t dst_off,
		struct buf *src, size_t src_off, size_t len)
{
	return buf_equal(run, dst, dst_off, src, src_off, len) &&
	       buf_guarded(run, dst, 0, dst_off) &&
	       buf_guarded(run, dst, dst_off + len,
			   dst->size - dst_off - len);
}

/**
 * segs_new() - allocate a list of segments, yet to be placed
 * @run: the running test, which frees it
 * @b: the buffer that they will lie in
 * @count: segments
 *
 * Return: the list, or NULL after a failure has been reported.
 */
struct segs *segs_new(struct test_run *run, struct buf *b, unsigned int count)
{
	struct segs *s = run_alloc(run, sizeof(*s));

	if (!s)
		return NULL;
	s->seg = run_alloc(run, count * sizeof(*s->seg));
	s->sgl = run_alloc(run, count * sizeof(*s->sgl));
	if (!s->seg || !s->sgl)
		return NULL;
	s->buf = b;
	s->count = count;
	sg_init_table(s->sgl, count);
	return s;
}

/**
 * segs_set() - place a segment
 * @s: the list
 * @i: which segment
 * @off: its first byte in the buffer
 * @len: its bytes
 */
void segs_set(struct segs *s, unsigned int i, size_t off, size_t len)
{
	struct scatterlist *sg = &s->sgl[i];

	s->total += len - s->seg[i].len;
	s->seg[i].off = off;
	s->seg[i].len = len;
	sg_set_buf(sg, s->buf->virt + off, len);
	sg_dma_address(sg) = s->buf->dma + off;
	sg_dma_len(sg) = len;
}

/**
 * segs_spread() - make a list of equal segments with gaps between
 * @run: the running test, which frees it
 * @b: the buffer
 * @count: segments
 * @len: bytes of each
 * @gap: bytes before each; the last is followed by guard bytes too
 *
 * Return: the list, or NULL after a failure has been reported.
 */
struct segs *segs_spread(struct test_run *run, struct buf *b,
			 unsigned int count, size_t len, size_t gap)
{
	struct segs *s = segs_new(run, b, count);
	unsigned int i;

	if (s)
		for (i = 0; i < count; i++)
			segs_set(s, i, gap + i * (len + gap), len);
	return s;
}

/**
 * segs_guarded() - expect guard bytes around every segment
 * @run: the running test
 * @dst: the list, in ascending order
 *
 * Return: whether they are all there; if not, that has been reported.
 */
bool segs_guarded(struct test_run *run, struct segs *dst)
{
	unsigned int i;
	size_t end = 0;

	for (i = 0; i < dst->count; i++) {
		if (!buf_guarded(run, dst->buf, end, dst->seg[i].off - end))
			return false;
		end = dst->seg[i].off + dst->seg[i].len;
	}
	return buf_guarded(run, dst->buf, end, dst->buf->size - end);
}

/**
 * segs_equal() - expect that one list's bytes arrived in another
 * @run: the running test
 * @dst: the list that was written
 * @src: the list that was read, of at least as many bytes in all
 *
 * Return: whether they did; if not, that has been reported.
 */
bool segs_equal(struct test_run *run, struct segs *dst, struct segs *src)
{
	size_t done = 0, skip = 0, n;
	unsigned int d = 0, s = 0;

	/* done bytes of segment d have been compared, skip bytes of s used */
	while (d < dst->count) {
		n = min(dst->seg[d].len - done, src->seg[s].len - skip);
		if (!buf_equal(run, dst->buf, dst->seg[d].off + done, src->buf,
			       src->seg[s].off + skip, n))
			return false;
		done += n;
		skip += n;
		if (done == dst->seg[d].len) {
			d++;
			done = 0;
		}
		if (skip == src->seg[s].len) {
			s++;
			skip = 0;
		}
	}
	return segs_guarded(run, dst);
}

/**
 * segs_count() - expect that a list's bytes count up, and then stay untouched
 * @run: the running test
 * @dst: the list that was written
 * @len: bytes that must have arrived
 * @first: what the first byte must be
 *
 * Return: whether they are as expected; if not, that has been reported.
 */
bool segs_count(struct test_run *run, struct segs *dst, size_t len, u8 first)
{
	unsigned int i;
	size_t n;

	for (i = 0; i < dst->count; i++) {
		n = min(dst->seg[i].len, len);
		if (!buf_counts(run, dst->buf, dst->seg[i].off, n, first) ||
		    !buf_guarded(run, dst->buf, dst->seg[i].off + n,
				 dst->seg[i].len - n))
			return false;
		len -= n;
		first += n;
	}
	return segs_guarded(run, dst);
}
