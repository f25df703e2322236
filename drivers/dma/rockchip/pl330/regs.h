/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers and instructions of Arm's PL330 (DMA-330). Names, offsets and
 * encodings are those of the manual, Arm DDI 0424: registers are in chapter 3,
 * instructions in chapter 4.
 */
#ifndef RKDMA_PL330_REGS_H
#define RKDMA_PL330_REGS_H

#include <linux/bitfield.h>
#include <linux/bits.h>

#define PL330_ID			0x00041330
#define PL330_ID_MASK			0x000fffff
#define PL330_ID_REVISION		GENMASK(23, 20)

/* Manager */
#define PL330_DSR			0x000
#define PL330_DSR_DNS			BIT(9)	/* the manager is non-secure */
#define PL330_DPC			0x004
#define PL330_INTEN			0x020	/* 1: the event is an interrupt */
#define PL330_INTMIS			0x028
#define PL330_INTCLR			0x02c
#define PL330_FSRD			0x030
#define PL330_FSRC			0x034
#define PL330_FTRD			0x038

/* Channel threads */
#define PL330_FTR(n)			(0x040 + 0x4 * (n))
#define PL330_CSR(n)			(0x100 + 0x8 * (n))
#define PL330_CSR_STATUS		GENMASK(3, 0)
#define PL330_CPC(n)			(0x104 + 0x8 * (n))
#define PL330_SAR(n)			(0x400 + 0x20 * (n))
#define PL330_DAR(n)			(0x404 + 0x20 * (n))
#define PL330_LC1(n)			(0x410 + 0x20 * (n))

/* CSR_STATUS */
#define PL330_THREAD_STOPPED		0x0
#define PL330_THREAD_AT_EVENT		0x4	/* DMAWFE */
#define PL330_THREAD_AT_PERIPHERAL	0x7	/* DMAWFP */
#define PL330_THREAD_KILLING		0x8
#define PL330_THREAD_COMPLETING		0x9	/* DMAEND */
#define PL330_THREAD_FAULT_COMPLETING	0xe
#define PL330_THREAD_FAULT		0xf

/* FTR and FTRD: cause of a fault of a channel thread, and of the manager */
#define PL330_FT_UNDEF_INSTR		BIT(0)
#define PL330_FT_OPERAND_INVALID	BIT(1)
#define PL330_FT_DMAGO_ERR		BIT(4)
#define PL330_FT_EVENT_ERR		BIT(5)
#define PL330_FT_PERIPH_ERR		BIT(6)
#define PL330_FT_RDWR_ERR		BIT(7)
#define PL330_FT_MFIFO_ERR		BIT(12)
#define PL330_FT_ST_UNAVAILABLE		BIT(13)
#define PL330_FT_FETCH_ERR		BIT(16)
#define PL330_FT_WRITE_ERR		BIT(17)
#define PL330_FT_READ_ERR		BIT(18)
#define PL330_FT_LOCKUP_ERR		BIT(31)

/* Debug interface: the CPU injects an instruction */
#define PL330_DBGSTATUS			0xd00
#define PL330_DBGSTATUS_BUSY		BIT(0)
#define PL330_DBGCMD			0xd04
#define PL330_DBGINST0			0xd08
#define PL330_DBGINST0_CHANNEL		BIT(0)	/* 0: the manager executes it */
#define PL330_DBGINST0_NR		GENMASK(10, 8)
#define PL330_DBGINST0_BYTE0		GENMASK(23, 16)
#define PL330_DBGINST0_BYTE1		GENMASK(31, 24)
#define PL330_DBGINST1			0xd0c

/* Configuration */
#define PL330_CR0			0xe00
#define PL330_CR0_PERIPH_REQ		BIT(0)
#define PL330_CR0_MGR_NS_AT_RST		BIT(2)
#define PL330_CR0_NUM_CHNLS		GENMASK(6, 4)
#define PL330_CR0_NUM_PERIPH_REQ	GENMASK(16, 12)
#define PL330_CR0_NUM_EVENTS		GENMASK(21, 17)
#define PL330_CR1			0xe04
#define PL330_CR1_ICACHE_LEN		GENMASK(2, 0)	/* logarithm of bytes */
#define PL330_CR1_ICACHE_LINES		GENMASK(7, 4)
#define PL330_CR3			0xe0c	/* 1: the event is non-secure */
#define PL330_CR4			0xe10	/* 1: the request line is non-secure */
#define PL330_CRD			0xe14
#define PL330_CRD_DATA_WIDTH		GENMASK(2, 0)
#define PL330_CRD_WR_CAP		GENMASK(6, 4)
#define PL330_CRD_WR_Q_DEP		GENMASK(11, 8)
#define PL330_CRD_DATA_BUFFER_DEP	GENMASK(29, 20)

/* Channel control register, written by DMAMOV */
#define PL330_CCR_SRC_INC		BIT(0)
#define PL330_CCR_SRC_SIZE		GENMASK(3, 1)
#define PL330_CCR_SRC_LEN		GENMASK(7, 4)
#define PL330_CCR_SRC_NS		BIT(9)
#define PL330_CCR_DST_INC		BIT(14)
#define PL330_CCR_DST_SIZE		GENMASK(17, 15)
#define PL330_CCR_DST_LEN		GENMASK(21, 18)
#define PL330_CCR_DST_NS		BIT(23)

/* Opcodes: the first byte of an instruction */
#define PL330_OP_DMAEND			0x00
#define PL330_OP_DMAKILL		0x01
#define PL330_OP_DMALD			0x04
#define PL330_OP_DMAST			0x08
#define PL330_OP_DMASTZ			0x0c
#define PL330_OP_DMARMB			0x12
#define PL330_OP_DMAWMB			0x13
#define PL330_OP_DMANOP			0x18
#define PL330_OP_DMALP			0x20
#define PL330_OP_DMALP_LC1		BIT(1)
#define PL330_OP_DMALDP			0x25
#define PL330_OP_DMASTP			0x29
#define PL330_OP_PERIPH_BURST		BIT(1)
#define PL330_OP_DMAWFP			0x30
#define PL330_OP_DMAWFP_BURST		BIT(1)
#define PL330_OP_DMASEV			0x34
#define PL330_OP_DMAFLUSHP		0x35
#define PL330_OP_DMAWFE			0x36
#define PL330_OP_DMALPEND		0x38	/* ends a loop that DMALP began */
#define PL330_OP_DMALPEND_LC1		BIT(2)
#define PL330_OP_DMALPFE		0x28	/* the same, without a counter: for ever */
#define PL330_OP_DMAGO			0xa0
#define PL330_OP_DMAGO_NS		BIT(1)
#define PL330_OP_DMAMOV			0xbc

/* The second byte: DMAMOV's register; the event or request line of others */
#define PL330_MOV_SAR			0
#define PL330_MOV_CCR			1
#define PL330_MOV_DAR			2
#define PL330_OPERAND_NR		GENMASK(7, 3)
#define PL330_DMAWFE_INVALID		BIT(1)	/* drop the thread's cached code */

/* Limits: rounds of a loop, bytes that DMALPEND jumps back, beats of a burst */
#define PL330_LOOP_MAX			256
#define PL330_JUMP_MAX			255
#define PL330_BURST_MAX			16

#endif
