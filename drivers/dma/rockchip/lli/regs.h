/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers and list items of the linked-list controller, versions 1.1 and 1.2
 * (docs/hardware.md has the whole of it, and what of it is assumed).
 */
#ifndef RKDMA_LLI_REGS_H
#define RKDMA_LLI_REGS_H

#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/types.h>

/* "hiword" registers: bits 31:16 say which of bits 15:0 are written. */
#define HIWORD(mask, val)	((mask) << 16 | (val))

#define CMN_VER			0x00
#define CMN_VER_MAJOR		GENMASK(31, 16)
#define CMN_VER_MINOR		GENMASK(15, 0)
#define CMN_CFG			0x04	/* hiword */
#define CMN_CFG_EN		BIT(0)
#define CMN_CFG_SRST		BIT(1)
#define CMN_CFG_IE_EN		BIT(2)
#define CMN_DYNCTL		0x14
#define CMN_DYNCTL_GATES	GENMASK(4, 0)
#define CMN_IS(w)		(0x18 + 4 * (w))
#define CMN_IE(w)		(0x20 + 4 * (w))	/* from version 1.2 on */
#define CMN_CAP0		0x30
#define CAP0_LCHS		GENMASK(5, 0)
#define CAP0_PCHS		GENMASK(11, 6)
#define CAP0_STRIDE		BIT(13)
#define CAP0_M2M		BIT(14)
#define CAP0_M2P		BIT(15)
#define CAP0_P2M		BIT(16)
#define CAP0_LLI		BIT(20)
#define CAP0_BUF_DEPTH		GENMASK(31, 21)
#define CMN_CAP1		0x34
#define CAP1_WIDTH		GENMASK(2, 0)
#define CAP1_BURST		GENMASK(10, 3)
#define CAP1_ADDR_BITS		GENMASK(18, 14)
#define CAP1_OUTSTANDING	GENMASK(23, 19)
#define CMN_PCH_EN		0x40	/* hiword */

#define LCH(n)			(0x100 + 0x40 * (n))
#define LCH_CTL0		0x00
#define LCH_CTL0_CH_EN		BIT(0)
#define LCH_CMDBA		0x08
#define LCH_TRF_CMD		0x0c	/* hiword */
#define TRF_CMD_START		BIT(0)
#define TRF_CMD_KILL		BIT(1)
#define TRF_CMD_SRC_TYPE	GENMASK(11, 10)
#define TRF_CMD_DST_TYPE	GENMASK(13, 12)
#define TRF_CMD_TT_FC		GENMASK(15, 14)
#define LCH_CMDBA_HIGH		0x10
#define LCH_IS			0x14
#define LCH_IE			0x18
#define LCH_INT_DMA_DONE	BIT(0)
#define LCH_INT_BLOCK_DONE	BIT(1)
#define LCH_INT_SRC_RD_ERR	BIT(6)
#define LCH_INT_DST_WR_ERR	BIT(7)
#define LCH_INT_CMD_RD_ERR	BIT(8)
#define LCH_INT_CMD_WR_ERR	BIT(9)
#define LCH_INT_LLI_RD_ERR	BIT(10)
#define LCH_INT_LLI_INVALID	BIT(11)
#define LCH_INT_READ_FAULTS	(LCH_INT_SRC_RD_ERR | LCH_INT_CMD_RD_ERR | \
				 LCH_INT_LLI_RD_ERR | LCH_INT_LLI_INVALID)
#define LCH_INT_WRITE_FAULTS	(LCH_INT_DST_WR_ERR | LCH_INT_CMD_WR_ERR)
#define LCH_INT_FAULTS		(LCH_INT_READ_FAULTS | LCH_INT_WRITE_FAULTS)

#define LCH_LLI_CNT		0x30	/* list items done, 16 bits */

/* Multi-block type of source and destination: follow the list. */
#define LLI_TYPE_LIST		2
#define TT_FC_M2M		0
#define TT_FC_M2P		1
#define TT_FC_P2M		2

/**
 * struct lli_item - a list item, and also a channel's command entry
 * @trf_ctl: trf_ctl0 in the low word, trf_ctl1 in the high one
 * @addr: low 32 bits of the source in the low word, of the destination above
 * @len_nxt: block_ts (bytes) in the low word, low 32 bits of the next item above
 * @high: bits 47:32 of source, destination and next item, then lli_idx
 * @cfg: trf_cfg in the low word, block_cs (bytes done) in the high one
 * @reload: reload addresses
 * @reload_high: their high halves, then stride's unused bytes
 * @stride: stride_inc in the low word
 *
 * 64 bytes, 64-byte aligned, little endian (hardware document, "List item and
 * command entry"). Written as 64-bit words, for that is what makes a long list
 * cheap to prepare; the hardware reads no item while it is being written.
 */
struct lli_item {
	__le64 trf_ctl;
	__le64 addr;
	__le64 len_nxt;
	__le64 high;
	__le64 cfg;
	__le64 reload;
	__le64 reload_high;
	__le64 stride;
};

#define LLI_CTL_VALID		BIT_ULL(0)
#define LLI_CTL_LAST		BIT_ULL(1)
#define LLI_CTL_IOC		BIT_ULL(3)
#define LLI_CTL_MSIZE		GENMASK_ULL(31, 15)
#define LLI_CTL_SRC_INC		BIT_ULL(32)
#define LLI_CTL_SRC_WIDTH	GENMASK_ULL(36, 34)
#define LLI_CTL_SRC_BURST	GENMASK_ULL(42, 37)
#define LLI_CTL_SRC_OUTSTANDING	GENMASK_ULL(46, 43)
#define LLI_CTL_DST_INC		BIT_ULL(48)
#define LLI_CTL_DST_WIDTH	GENMASK_ULL(52, 50)
#define LLI_CTL_DST_BURST	GENMASK_ULL(58, 53)
#define LLI_CTL_DST_OUTSTANDING	GENMASK_ULL(62, 59)

#define LLI_ADDR_SRC		GENMASK_ULL(31, 0)
#define LLI_ADDR_DST		GENMASK_ULL(63, 32)
#define LLI_LEN			GENMASK_ULL(24, 0)
#define LLI_NXT			GENMASK_ULL(63, 32)
#define LLI_HIGH_SRC		GENMASK_ULL(15, 0)
#define LLI_HIGH_DST		GENMASK_ULL(31, 16)
#define LLI_HIGH_NXT		GENMASK_ULL(47, 32)

#define LLI_CFG_SRC_TYPE	GENMASK_ULL(1, 0)
#define LLI_CFG_DST_TYPE	GENMASK_ULL(5, 4)
#define LLI_CFG_TT_FC		GENMASK_ULL(9, 8)
#define LLI_CFG_STRIDE_EN	BIT_ULL(12)
#define LLI_CFG_STRIDE_MODE	GENMASK_ULL(14, 13)
#define LLI_CFG_STRIDE_INC	GENMASK_ULL(55, 32)

/* What skips: the memory of a peripheral transfer, or an end of a copy. */
#define LLI_STRIDE_MEMORY	0
#define LLI_STRIDE_SRC		1
#define LLI_STRIDE_DST		2

#endif
