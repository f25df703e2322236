/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers and list items of the linked-list controller, versions 1.1 and 1.2.
 * docs/hardware.md describes the controller, and lists what is assumed of it.
 */
#ifndef RKDMA_LLI_REGS_H
#define RKDMA_LLI_REGS_H

#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/types.h>

/* "hiword" registers: bits 31:16 say which of bits 15:0 are written. */
#define LLI_HIWORD(mask, val)		((mask) << 16 | (val))

#define LLI_CMN_VER			0x00
#define LLI_CMN_VER_MAJOR		GENMASK(31, 16)
#define LLI_CMN_VER_MINOR		GENMASK(15, 0)
#define LLI_CMN_CFG			0x04	/* hiword */
#define LLI_CMN_CFG_EN			BIT(0)
#define LLI_CMN_CFG_SRST		BIT(1)
#define LLI_CMN_CFG_IE_EN		BIT(2)
#define LLI_CMN_DYNCTL			0x14
#define LLI_CMN_DYNCTL_GATES		GENMASK(4, 0)
#define LLI_CMN_IS(w)			(0x18 + 4 * (w))
#define LLI_CMN_IE(w)			(0x20 + 4 * (w))	/* from version 1.2 on */
#define LLI_CMN_CAP0			0x30
#define LLI_CAP0_LCHS			GENMASK(5, 0)
#define LLI_CAP0_PCHS			GENMASK(11, 6)
#define LLI_CAP0_STRIDE			BIT(13)
#define LLI_CAP0_M2M			BIT(14)
#define LLI_CAP0_M2P			BIT(15)
#define LLI_CAP0_P2M			BIT(16)
#define LLI_CAP0_LLI			BIT(20)
#define LLI_CAP0_BUF_DEPTH		GENMASK(31, 21)
#define LLI_CMN_CAP1			0x34
#define LLI_CAP1_WIDTH			GENMASK(2, 0)
#define LLI_CAP1_BURST			GENMASK(10, 3)
#define LLI_CAP1_ADDR_BITS		GENMASK(18, 14)
#define LLI_CAP1_OUTSTANDING		GENMASK(23, 19)
#define LLI_CMN_PCH_EN			0x40	/* hiword */

#define LLI_LCH(n)			(0x100 + 0x40 * (n))
#define LLI_LCH_CTL0			0x00
#define LLI_LCH_CTL0_CH_EN		BIT(0)
#define LLI_LCH_CMDBA			0x08
#define LLI_LCH_TRF_CMD			0x0c	/* hiword */
#define LLI_TRF_CMD_START		BIT(0)
#define LLI_TRF_CMD_KILL		BIT(1)
#define LLI_TRF_CMD_SRC_TYPE		GENMASK(11, 10)
#define LLI_TRF_CMD_DST_TYPE		GENMASK(13, 12)
#define LLI_TRF_CMD_TT_FC		GENMASK(15, 14)
#define LLI_LCH_CMDBA_HIGH		0x10
#define LLI_LCH_IS			0x14
#define LLI_LCH_IE			0x18
#define LLI_LCH_INT_DMA_DONE		BIT(0)
#define LLI_LCH_INT_BLOCK_DONE		BIT(1)
#define LLI_LCH_INT_SRC_RD_ERR		BIT(6)
#define LLI_LCH_INT_DST_WR_ERR		BIT(7)
#define LLI_LCH_INT_CMD_RD_ERR		BIT(8)
#define LLI_LCH_INT_CMD_WR_ERR		BIT(9)
#define LLI_LCH_INT_LLI_RD_ERR		BIT(10)
#define LLI_LCH_INT_LLI_INVALID		BIT(11)
/* Faults of data accesses. They belong to the item that the command entry shows. */
#define LLI_LCH_INT_DATA_FAULTS		(LLI_LCH_INT_SRC_RD_ERR | LLI_LCH_INT_DST_WR_ERR)
#define LLI_LCH_INT_READ_FAULTS		(LLI_LCH_INT_SRC_RD_ERR | LLI_LCH_INT_CMD_RD_ERR | \
					 LLI_LCH_INT_LLI_RD_ERR | LLI_LCH_INT_LLI_INVALID)
#define LLI_LCH_INT_WRITE_FAULTS	(LLI_LCH_INT_DST_WR_ERR | LLI_LCH_INT_CMD_WR_ERR)
#define LLI_LCH_INT_FAULTS		(LLI_LCH_INT_READ_FAULTS | LLI_LCH_INT_WRITE_FAULTS)

#define LLI_LCH_LLI_CNT			0x30	/* list items done, 16 bits */

/* Multi-block type of source and destination: follow the list. */
#define LLI_TYPE_LIST			2
#define LLI_TT_FC_M2M			0
#define LLI_TT_FC_M2P			1
#define LLI_TT_FC_P2M			2

/**
 * struct lli_item - a list item, and also a channel's command entry
 * @trf_ctl0: flags, and bytes per request of a peripheral (LLI_CTL0)
 * @trf_ctl1: how source and destination are accessed (LLI_CTL1)
 * @sar: source address, low 32 bits
 * @dar: destination address, low 32 bits
 * @block_ts: bytes of the item
 * @llp_nxt: address of the next item, low 32 bits
 * @sar_high: bits 47:32 of the source address
 * @dar_high: bits 47:32 of the destination address
 * @llp_nxt_high: bits 47:32 of the next item's address
 * @lli_idx: not used
 * @trf_cfg: type of the list and stride mode (LLI_CFG); of the entry alone
 * @block_cs: bytes of the item that are done; of the entry alone
 * @sar_reload: not used, as are the five fields that follow
 * @dar_reload: not used
 * @sar_reload_high: not used
 * @dar_reload_high: not used
 * @stride_ch_num: not used
 * @stride_ch_size: not used
 * @reserved0: zero
 * @stride_inc: bytes skipped after each MSIZE bytes; of the entry alone
 * @reserved1: zero
 *
 * 64 bytes, aligned to 64, little endian. The hardware fetches an item by one
 * read of 64 bytes, lowest address first (docs/hardware.md, assumption 2).
 */
struct lli_item {
	__le32 trf_ctl0;
	__le32 trf_ctl1;
	__le32 sar;
	__le32 dar;
	__le32 block_ts;
	__le32 llp_nxt;
	__le16 sar_high;
	__le16 dar_high;
	__le16 llp_nxt_high;
	__le16 lli_idx;
	__le32 trf_cfg;
	__le32 block_cs;
	__le32 sar_reload;
	__le32 dar_reload;
	__le16 sar_reload_high;
	__le16 dar_reload_high;
	u8 stride_ch_num;
	u8 stride_ch_size;
	__le16 reserved0;
	__le32 stride_inc;
	__le32 reserved1;
};

#define LLI_CTL0_VALID			BIT(0)
#define LLI_CTL0_LAST			BIT(1)
#define LLI_CTL0_IOC			BIT(3)
#define LLI_CTL0_MSIZE			GENMASK(31, 15)

#define LLI_CTL1_SRC_INC		BIT(0)
#define LLI_CTL1_SRC_WIDTH		GENMASK(4, 2)
#define LLI_CTL1_SRC_BURST		GENMASK(10, 5)
#define LLI_CTL1_SRC_OUTSTANDING	GENMASK(14, 11)
#define LLI_CTL1_DST_INC		BIT(16)
#define LLI_CTL1_DST_WIDTH		GENMASK(20, 18)
#define LLI_CTL1_DST_BURST		GENMASK(26, 21)
#define LLI_CTL1_DST_OUTSTANDING	GENMASK(30, 27)

#define LLI_CFG_SRC_TYPE		GENMASK(1, 0)
#define LLI_CFG_DST_TYPE		GENMASK(5, 4)
#define LLI_CFG_TT_FC			GENMASK(9, 8)
#define LLI_CFG_STRIDE_EN		BIT(12)
#define LLI_CFG_STRIDE_MODE		GENMASK(14, 13)

#define LLI_STRIDE_INC			GENMASK(23, 0)

/* STRIDE_MODE: bytes are skipped in a peripheral transfer's memory, or at one end of a copy. */
#define LLI_STRIDE_MEMORY		0
#define LLI_STRIDE_SRC			1
#define LLI_STRIDE_DST			2

#endif
