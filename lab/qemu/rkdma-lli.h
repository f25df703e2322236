/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * State of the linked-list DMA controller's model: what its three files share.
 * rkdma-lli.c has the registers, rkdma-lli-run.c what happens in time, and
 * rkdma-lli-bus.c what crosses the bus.
 */
#ifndef RKDMA_LLI_H
#define RKDMA_LLI_H

#include "compat.h"
#include "rkdma-inject.h"
#include "qemu/timer.h"
#include "qom/object.h"

#define TYPE_RKDMA_LLI "rkdma-lli"
OBJECT_DECLARE_SIMPLE_TYPE(RkdmaLli, RKDMA_LLI)

#define RKDMA_MAX_LCH   64
#define RKDMA_ENTRY     64      /* bytes of a list item and of an entry */

/* LCH_IS and LCH_IE */
#define INT_DMA_DONE    (1u << 0)
#define INT_BLOCK_DONE  (1u << 1)
#define INT_SRC_RD_ERR  (1u << 6)
#define INT_DST_WR_ERR  (1u << 7)
#define INT_CMD_RD_ERR  (1u << 8)
#define INT_CMD_WR_ERR  (1u << 9)
#define INT_LLI_RD_ERR  (1u << 10)
#define INT_LLI_INVALID (1u << 11)
#define INT_LLI_WAIT    (1u << 12)
#define INT_ALL         0x1fffu

/* trf_ctl0 */
#define CTL0_VALID      (1u << 0)
#define CTL0_LAST       (1u << 1)
#define CTL0_WAIT       (1u << 2)
#define CTL0_IOC        (1u << 3)
#define CTL0_CNT_CLR    (1u << 4)

/* TT_FC */
enum { TT_M2M, TT_M2P, TT_P2M, TT_P2P };

/* LCH_DBGS0 states, those that the model is ever seen in */
enum {
    ST_IDLE = 0,
    ST_BLK_START = 2,
    ST_PERI_WAIT = 3,
    ST_TRANS = 5,
    ST_SUSPD = 11,
    ST_ERR = 12,
    ST_DONE = 13,
};

/* What a logical channel does next. */
typedef enum {
    LCH_STOPPED,        /* nothing */
    LCH_ENTRY,          /* read the command entry at due */
    LCH_FETCH,          /* have the next item at due */
    LCH_DATA,           /* move data, from due on */
    LCH_SUSPENDED,      /* wait for RESUME */
} RkdmaPhase;

typedef struct RkdmaLch {
    /* registers */
    bool en;
    uint32_t ctl1, is, ie, state, lli_cnt, dbgc0;
    uint64_t cmdba;

    RkdmaPhase phase;
    int64_t due;        /* ns of virtual time */
    bool stop;          /* CH_EN was cleared while a burst is in flight */
    int pch;            /* bound physical channel, -1 if none */
    uint32_t tt_fc;

    /* from the entry */
    bool stride_en;
    uint32_t stride_mode, stride_inc;

    /* the item being processed */
    uint32_t ctl0, tctl1, len, done;
    uint64_t src, dst;  /* where the next byte comes from and goes to */
    uint64_t next;
    uint16_t idx;

    uint64_t busy_ns;
} RkdmaLch;

/* Counters, all readable as QOM properties of the same names. */
typedef struct RkdmaCounters {
    uint64_t mmio_reads, mmio_writes, item_fetches, entry_writes;
    uint64_t bytes_read, bytes_written, irqs_raised, guest_errors;
    uint64_t busy_ns, idle_ns, bus_ns, fetch_time_ns, latency_ns;
    uint64_t request_wait_ns, gap_ns;
} RkdmaCounters;

struct RkdmaLli {
    SysBusDevice parent_obj;
    MemoryRegion mmio;
    qemu_irq irq;
    QEMUTimer *timer;

    /* properties */
    uint32_t lchs, pchs, lines, bus_width, max_burst, buffer_depth, addr_bits;
    uint32_t version;
    uint64_t bus_hz, mem_latency_ns, fetch_ns, pch_switch_ns;
    bool bus_time;
    RkdmaInject inject;

    /* registers */
    uint32_t cfg, ctl[2], axictl, dynctl, pch_en, pch_sel;
    uint32_t cmn_is[2], cmn_ie[2];
    bool irq_level;

    RkdmaLch lch[RKDMA_MAX_LCH];
    uint64_t request;   /* request lines that are up */

    /* the burst, or run of bursts, that is on the bus */
    int cur;            /* its LCH, -1 if the bus is free */
    int64_t cur_start, cur_end;
    uint32_t cur_len;
    int turn;           /* LCH that had the bus last */
    int64_t t;          /* model time: everything up to it has happened */
    int pch_owner[RKDMA_MAX_LCH];

    uint8_t buf[256 * 1024];
    RkdmaCounters c;
};

/* rkdma-lli.c */
void rkdma_lli_event(RkdmaLli *s, int n, uint32_t bits);
void rkdma_lli_guest_error(RkdmaLli *s, const char *fmt, ...) G_GNUC_PRINTF(2, 3);

/* rkdma-lli-run.c */
void rkdma_lli_run(void *opaque);
void rkdma_lli_kick(RkdmaLli *s);
void rkdma_lli_start(RkdmaLli *s, int n, uint32_t tt_fc);
void rkdma_lli_stop(RkdmaLli *s, int n);
void rkdma_lli_kill(RkdmaLli *s, int n);
void rkdma_lli_resume(RkdmaLli *s, int n);

/* rkdma-lli-bus.c */
bool rkdma_lli_read_words(RkdmaLli *s, uint64_t addr, uint64_t *words, char kind);
bool rkdma_lli_write_entry(RkdmaLli *s, RkdmaLch *l, bool whole);
uint32_t rkdma_lli_chunk(RkdmaLli *s, RkdmaLch *l, bool alone);
int64_t rkdma_lli_duration(RkdmaLli *s, RkdmaLch *l, uint32_t len);
uint32_t rkdma_lli_move(RkdmaLli *s, RkdmaLch *l, uint32_t len);
uint32_t rkdma_lli_burst(RkdmaLli *s, RkdmaLch *l);

#endif
