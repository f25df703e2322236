/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers and instructions of Arm's PL330 (DMA-330). Names, offsets and
 * encodings are those of its manual, Arm DDI 0424: chapter 3 has the registers,
 * chapter 4 the instructions.
 */
#ifndef RKDMA_PL330_REGS_H
#define RKDMA_PL330_REGS_H

#include <linux/bitfield.h>
#include <linux/bits.h>

#define PL330_ID		0x00041330
#define PL330_ID_MASK		0x000fffff

/* Manager */
#define DSR			0x000
#define DSR_DNS			BIT(9)	/* it is non-secure */
#define DPC			0x004
#define INTEN			0x020	/* 1: the event is an interrupt */
#define INTMIS			0x028
#define INTCLR			0x02c
#define FSRD			0x030
#define FSRC			0x034
#define FTRD			0x038

/* Channel threads */
#define FTR(n)			(0x040 + 0x4 * (n))
#define CSR(n)			(0x100 + 0x8 * (n))
#define CSR_STATUS		GENMASK(3, 0)
#define CPC(n)			(0x104 + 0x8 * (n))
#define SAR(n)			(0x400 + 0x20 * (n))
#define DAR(n)			(0x404 + 0x20 * (n))

/* CSR_STATUS */
#define THREAD_STOPPED		0x0
#define THREAD_AT_EVENT		0x4	/* DMAWFE */
#define THREAD_AT_PERIPHERAL	0x7	/* DMAWFP */
#define THREAD_FAULT_COMPLETING	0xe
#define THREAD_FAULT		0xf

/* FTR and FTRD: why a thread, or the manager, faults */
#define FT_UNDEF_INSTR		BIT(0)
#define FT_OPERAND_INVALID	BIT(1)
#define FT_DMAGO_ERR		BIT(4)
#define FT_EVENT_ERR		BIT(5)
#define FT_PERIPH_ERR		BIT(6)
#define FT_RDWR_ERR		BIT(7)
#define FT_MFIFO_ERR		BIT(12)
#define FT_ST_UNAVAILABLE	BIT(13)
#define FT_FETCH_ERR		BIT(16)
#define FT_WRITE_ERR		BIT(17)
#define FT_READ_ERR		BIT(18)
#define FT_LOCKUP_ERR		BIT(31)

/* The debug interface, by which the CPU has an instruction executed */
#define DBGSTATUS		0xd00
#define DBGSTATUS_BUSY		BIT(0)
#define DBGCMD			0xd04
#define DBGINST0		0xd08
#define DBGINST0_CHANNEL	BIT(0)	/* by a channel, not by the manager */
#define DBGINST0_NR		GENMASK(10, 8)
#define DBGINST0_BYTE0		GENMASK(23, 16)
#define DBGINST0_BYTE1		GENMASK(31, 24)
#define DBGINST1		0xd0c

/* Configuration */
#define CR0			0xe00
#define CR0_PERIPH_REQ		BIT(0)
#define CR0_MGR_NS_AT_RST	BIT(2)
#define CR0_NUM_CHNLS		GENMASK(6, 4)
#define CR0_NUM_PERIPH_REQ	GENMASK(16, 12)
#define CR0_NUM_EVENTS		GENMASK(21, 17)
#define CR3			0xe0c	/* events that are non-secure */
#define CR4			0xe10	/* request lines that are non-secure */
#define CRD			0xe14
#define CRD_DATA_WIDTH		GENMASK(2, 0)
#define CRD_WR_Q_DEP		GENMASK(11, 8)
#define CRD_DATA_BUFFER_DEP	GENMASK(29, 20)

/* The channel control register, as DMAMOV sets it */
#define CCR_SRC_INC		BIT(0)
#define CCR_SRC_SIZE		GENMASK(3, 1)
#define CCR_SRC_LEN		GENMASK(7, 4)
#define CCR_SRC_NS		BIT(9)
#define CCR_DST_INC		BIT(14)
#define CCR_DST_SIZE		GENMASK(17, 15)
#define CCR_DST_LEN		GENMASK(21, 18)
#define CCR_DST_NS		BIT(23)

/* Instructions: the first byte */
#define DMAEND			0x00
#define DMAKILL			0x01
#define DMALD			0x04
#define DMAST			0x08
#define DMAWMB			0x13
#define DMANOP			0x18
#define DMALP			0x20
#define DMALP_LC1		BIT(1)
#define DMALDP			0x25
#define DMASTP			0x29
#define DMAxP_BURST		BIT(1)
#define DMAWFP			0x30
#define DMAWFP_BURST		BIT(1)
#define DMASEV			0x34
#define DMAFLUSHP		0x35
#define DMAWFE			0x36
#define DMALPEND		0x38	/* of a loop that DMALP began */
#define DMALPEND_LC1		BIT(2)
#define DMAGO			0xa0
#define DMAGO_NS		BIT(1)
#define DMAMOV			0xbc

/* The second byte: of DMAMOV the register, of others a number shifted. */
#define MOV_SAR			0
#define MOV_CCR			1
#define MOV_DAR			2
#define OPERAND_NR		GENMASK(7, 3)

/* What the loop counters and the jump back of DMALPEND have room for */
#define LOOP_MAX		256
#define JUMP_MAX		255
#define BURST_MAX		16

#endif
