/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The strict PL330's instructions, as Arm DDI 0424 describes them (chapter 4), and what a
 * change of SAR, DAR and CCR does to data that are in the buffer (chapter 2).
 */
#include "qemu/osdep.h"
#include "rkdma-pl330.h"
#include "trace.h"

/* CCR: each side's fields, at bit 0 for the source and at bit 14 for the destination */
#define SRC(ccr)        ((ccr) & 0x3fff)
#define DST(ccr)        ((ccr) >> 14 & 0x3fff)
#define INC(side)       ((side) & 1)
#define SIZE_LOG(side)  ((side) >> 1 & 7)
#define BEATS(side)     (((side) >> 4 & 0xf) + 1)
#define NONSECURE(side) ((side) >> 9 & 1)
#define SWAP(ccr)       ((ccr) >> 28 & 7)

#define LINE(arg)       ((arg) >> 3)

/* DMAMOV's registers */
enum { SAR, CCR, DAR };

static uint32_t imm32(const uint8_t *b)
{
    return b[0] | b[1] << 8 | b[2] << 16 | (uint32_t)b[3] << 24;
}

/* The instruction cannot be executed yet. */
static bool stall(PlThread *t, PlStall what, uint32_t state)
{
    t->stall = what;
    t->state = state;
    return false;
}

/* An abort that is precise: pc stays at the instruction. */
static bool fault(RkdmaPl330 *s, PlThread *t, uint32_t why)
{
    rkdma_pl330_fault(s, t, why);
    return false;
}

/* An encoding that nobody may rely on is the program's error, too. */
static bool bad(RkdmaPl330 *s, PlThread *t, uint32_t why, const char *what)
{
    rkdma_pl330_guest_error(s, "thread %d at %#x: %s", t->id, t->pc, what);
    return fault(s, t, why);
}

/* The request line of an instruction, checked. False: the thread faults. */
static bool check_line(RkdmaPl330 *s, PlThread *t, uint8_t arg)
{
    if (arg & 7 || LINE(arg) >= s->lines) {
        return fault(s, t, PL_OPERAND);
    }
    if (t->ns && !(s->pns >> LINE(arg) & 1)) {
        return fault(s, t, PL_PERIPH_ERR);
    }
    return true;
}

static bool check_event(RkdmaPl330 *s, PlThread *t, uint8_t arg, uint8_t zero)
{
    if (arg & zero || LINE(arg) >= s->events) {
        return fault(s, t, PL_OPERAND);
    }
    if (t->ns && !(s->ins >> LINE(arg) & 1)) {
        return fault(s, t, PL_EVENT_ERR);
    }
    return true;
}

/* Whether an instruction of this kind is for another kind of request: then it does nothing. */
static bool other_kind(PlThread *t, uint8_t bs)
{
    return (bs == 1 && t->request == REQ_BURST) || (bs == 3 && t->request == REQ_SINGLE);
}

/* Describe a load or store. False: the thread faults. */
static bool describe(RkdmaPl330 *s, PlThread *t, bool write, uint8_t bs, PlAccess *a)
{
    uint32_t side = write ? DST(t->ccr) : SRC(t->ccr), off;

    *a = (PlAccess) {
        .thread = t->id, .line = -1, .inc = INC(side), .addr = write ? t->dar : t->sar,
        .size = 1u << SIZE_LOG(side), .beats = bs == 1 ? 1 : BEATS(side),
        .ack = bs == 1 ? REQ_SINGLE : REQ_BURST,
    };
    if (a->size > s->data_width / 8) {
        return bad(s, t, PL_OPERAND, "beats wider than the bus");
    }
    if (SWAP(t->ccr)) {
        return bad(s, t, PL_OPERAND, "the model does not swap bytes");
    }
    off = a->addr % a->size;
    a->bytes = a->inc ? a->beats * a->size - off : a->beats * (a->size - off);
    return true;
}

static bool load(RkdmaPl330 *s, PlThread *t, uint8_t bs, int line)
{
    uint32_t lane = t->lane, w = s->data_width / 8, used, end, need;
    PlAccess a;

    if (other_kind(t, bs)) {
        return true;
    }
    if (!describe(s, t, false, bs, &a)) {
        return false;
    }
    if (t->loaded == t->freed) {
        lane = (t->dar - (uint32_t)t->loaded) % w;
    }
    used = rkdma_pl330_lines_used(s, t);
    end = DIV_ROUND_UP(t->loaded + a.bytes + lane, w);
    need = end - (t->freed + lane) / w;
    /* There is no room even when all stores so far are done. */
    if (end - (t->claimed + lane) / w > s->buffer_lines) {
        return fault(s, t, PL_MFIFO_ERR);
    }
    if ((s->load_lock >= 0 && s->load_lock != t->id) ||
        rkdma_pl330_lines_free(s) < need - used) {
        t->number = need - used;
        return stall(t, STALL_MFIFO, PL_EXECUTING);
    }
    if (!rkdma_pl330_has_room(s, false)) {
        return stall(t, STALL_QUEUE, PL_EXECUTING);
    }
    a.pos = t->loaded;
    a.line = line;
    rkdma_pl330_queue(s, false, &a);
    if (line >= 0) {
        rkdma_pl330_take(s, line, a.ack);
    }
    t->lane = lane;
    t->loaded += a.bytes;
    t->sar += a.inc ? a.bytes : 0;
    if (s->k.load_lock) {
        s->load_lock = t->id;
    }
    return true;
}

static bool store(RkdmaPl330 *s, PlThread *t, uint8_t bs, int line, bool zero)
{
    PlAccess a;

    if (other_kind(t, bs)) {
        return true;
    }
    if (!describe(s, t, true, bs, &a)) {
        return false;
    }
    if (!zero && t->loaded - t->claimed < a.bytes) {
        return fault(s, t, PL_ST_UNAVAIL);
    }
    if (!rkdma_pl330_has_room(s, true)) {
        return stall(t, STALL_QUEUE, PL_EXECUTING);
    }
    a.zero = zero;
    a.pos = t->claimed;
    a.line = line;
    rkdma_pl330_queue(s, true, &a);
    if (line >= 0) {
        rkdma_pl330_take(s, line, a.ack);
    }
    t->claimed += zero ? 0 : a.bytes;
    t->dar += a.inc ? a.bytes : 0;
    rkdma_pl330_release_lock(s, t);
    return true;
}

static bool exec_ld(RkdmaPl330 *s, PlThread *t, const uint8_t *b)
{
    if ((b[0] & 3) == 2) {
        return fault(s, t, PL_UNDEF);
    }
    return load(s, t, b[0] & 3, -1);
}

static bool exec_st(RkdmaPl330 *s, PlThread *t, const uint8_t *b)
{
    if ((b[0] & 3) == 2) {
        return fault(s, t, PL_UNDEF);
    }
    return store(s, t, b[0] & 3, -1, false);
}

static bool exec_stz(RkdmaPl330 *s, PlThread *t, const uint8_t *b)
{
    return store(s, t, 0, -1, true);
}

static bool exec_ldp(RkdmaPl330 *s, PlThread *t, const uint8_t *b)
{
    return check_line(s, t, b[1]) && load(s, t, b[0] & 3, LINE(b[1]));
}

static bool exec_stp(RkdmaPl330 *s, PlThread *t, const uint8_t *b)
{
    return check_line(s, t, b[1]) && store(s, t, b[0] & 3, LINE(b[1]), false);
}

/* A barrier holds the thread until its accesses are done. */
static bool hold(RkdmaPl330 *s, PlThread *t, PlStall what)
{
    bool reads = what != STALL_WRITES, writes = what != STALL_READS;

    rkdma_pl330_release_lock(s, t);
    if (t->stall == what || rkdma_pl330_is_idle(s, t, reads, writes)) {
        return true;
    }
    return stall(t, what, PL_AT_BARRIER);
}

static bool exec_rmb(RkdmaPl330 *s, PlThread *t, const uint8_t *b)
{
    return hold(s, t, STALL_READS);
}

static bool exec_wmb(RkdmaPl330 *s, PlThread *t, const uint8_t *b)
{
    return hold(s, t, STALL_WRITES);
}

static bool exec_end(RkdmaPl330 *s, PlThread *t, const uint8_t *b)
{
    rkdma_pl330_release_lock(s, t);
    if (t->stall != STALL_ALL && !rkdma_pl330_is_idle(s, t, true, true)) {
        return stall(t, STALL_ALL, PL_COMPLETING);
    }
    t->pc += s->k.cpc_end_stays ? 0 : 1;
    rkdma_pl330_stop(s, t, false);
    return false;
}

static bool exec_kill(RkdmaPl330 *s, PlThread *t, const uint8_t *b)
{
    t->pc++;
    rkdma_pl330_kill(s, t);
    return false;
}

static bool exec_nop(RkdmaPl330 *s, PlThread *t, const uint8_t *b)
{
    return true;
}

static bool exec_lp(RkdmaPl330 *s, PlThread *t, const uint8_t *b)
{
    t->lc[b[0] >> 1 & 1] = b[1];
    return true;
}

static bool exec_lpend(RkdmaPl330 *s, PlThread *t, const uint8_t *b)
{
    uint8_t *lc = &t->lc[b[0] >> 2 & 1];
    bool counted = b[0] & 0x10;

    if ((b[0] & 3) == 2) {
        return fault(s, t, PL_UNDEF);
    }
    if (other_kind(t, b[0] & 3) || (counted && !*lc)) {
        return true;
    }
    *lc -= counted;
    t->next_pc = t->pc - b[1];
    return true;
}

static uint32_t *address_of(PlThread *t, unsigned reg)
{
    return reg == SAR ? &t->sar : &t->dar;
}

/*
 * Give SAR, CCR or DAR a value. If that breaks the stream of the source, the thread
 * waits for its reads; if it breaks the destination's, for all accesses, and then what
 * is left in the buffer is dropped.
 */
static bool set_register(RkdmaPl330 *s, PlThread *t, unsigned reg, uint32_t val)
{
    uint32_t lanes = s->data_width / 8 - 1;
    bool src = false, dst = false;

    if (reg == CCR) {
        uint32_t x = t->ccr ^ val;

        if (t->ns && !(NONSECURE(SRC(val)) && NONSECURE(DST(val)))) {
            return fault(s, t, PL_RDWR_ERR);
        }
        src = INC(SRC(x)) || SIZE_LOG(SRC(x));
        dst = INC(DST(x)) || (!INC(DST(val)) && SIZE_LOG(DST(x)));
    } else if (reg == SAR) {
        src = (t->sar ^ val) & lanes;
    } else {
        dst = (t->dar ^ val) & lanes;
    }
    if ((src || dst) && t->stall == STALL_NONE && !rkdma_pl330_is_idle(s, t, true, dst)) {
        return stall(t, dst ? STALL_ALL : STALL_READS, PL_EXECUTING);
    }
    if (dst) {
        rkdma_pl330_discard(t);
    }
    if (reg == CCR) {
        t->ccr = val;
    } else {
        *address_of(t, reg) = val;
    }
    return true;
}

static bool exec_mov(RkdmaPl330 *s, PlThread *t, const uint8_t *b)
{
    return b[1] > DAR ? fault(s, t, PL_OPERAND) : set_register(s, t, b[1], imm32(b + 2));
}

/* DMAADDH and DMAADNH */
static bool exec_add(RkdmaPl330 *s, PlThread *t, const uint8_t *b)
{
    uint32_t add = b[1] | b[2] << 8 | (b[0] & 0x08 ? 0xffff0000 : 0);
    unsigned reg = b[0] & 2 ? DAR : SAR;

    return set_register(s, t, reg, *address_of(t, reg) + add);
}

static bool exec_sev(RkdmaPl330 *s, PlThread *t, const uint8_t *b)
{
    if (!check_event(s, t, b[1], 7)) {
        return false;
    }
    rkdma_pl330_signal(s, LINE(b[1]));
    return true;
}

static bool exec_wfe(RkdmaPl330 *s, PlThread *t, const uint8_t *b)
{
    if (!check_event(s, t, b[1], 5)) {
        return false;
    }
    rkdma_pl330_release_lock(s, t);
    t->number = LINE(b[1]);
    if (!(s->event >> t->number & 1)) {
        return stall(t, STALL_EVENT, PL_AT_EVENT);
    }
    /* Whoever else waits for it goes on as well. */
    for (int n = 0; n < s->threads; n++) {
        PlThread *peer = &s->thread[n];

        if (peer != t && peer->state == PL_AT_EVENT && peer->number == t->number) {
            peer->stall = STALL_NONE;
            peer->state = PL_EXECUTING;
            peer->pc += 2;
            if (peer->insn[1] & 2) {
                rkdma_pl330_invalidate(s, peer);
            }
            peer->have = 0;
        }
    }
    s->event &= ~(1u << t->number);
    if (b[1] & 2) {
        rkdma_pl330_invalidate(s, t);
    }
    return true;
}

static bool exec_wfp(RkdmaPl330 *s, PlThread *t, const uint8_t *b)
{
    static const uint8_t shown[] = { 0, 2, 1 };   /* single, peripheral, burst */
    PlRequest asked;

    if ((b[0] & 3) == 3) {
        return fault(s, t, PL_UNDEF);
    }
    if (!check_line(s, t, b[1])) {
        return false;
    }
    rkdma_pl330_release_lock(s, t);
    t->wfp = shown[b[0] & 3];
    t->number = LINE(b[1]);
    asked = rkdma_pl330_requested(s, t->number);
    if (!rkdma_pl330_passes(t, asked)) {
        return stall(t, STALL_REQUEST, PL_AT_PERIPHERAL);
    }
    t->request = t->wfp == 0 ? REQ_SINGLE : asked;
    if (s->k.request_taken) {
        rkdma_pl330_take(s, t->number, t->request);
    }
    return true;
}

static bool exec_flushp(RkdmaPl330 *s, PlThread *t, const uint8_t *b)
{
    if (!check_line(s, t, b[1])) {
        return false;
    }
    rkdma_pl330_flush(s, LINE(b[1]));
    return true;
}

/* What the manager alone executes, and nobody. */
static bool exec_undefined(RkdmaPl330 *s, PlThread *t, const uint8_t *b)
{
    return fault(s, t, PL_UNDEF);
}

/**
 * struct PlInsn - an instruction
 * @op: its first byte, without operands
 * @mask: the bits of it that are not operands
 * @len: bytes
 * @exec: executes it; false if it waits, faults, or ends the thread
 */
typedef struct PlInsn {
    uint8_t op, mask, len;
    bool (*exec)(RkdmaPl330 *s, PlThread *t, const uint8_t *b);
} PlInsn;

/* The first one that fits: DMASTP's encoding is within DMALPEND's. */
static const PlInsn insns[] = {
    { 0x00, 0xff, 1, exec_end }, { 0x01, 0xff, 1, exec_kill },
    { 0x04, 0xfc, 1, exec_ld }, { 0x08, 0xfc, 1, exec_st },
    { 0x0c, 0xff, 1, exec_stz }, { 0x12, 0xff, 1, exec_rmb },
    { 0x13, 0xff, 1, exec_wmb }, { 0x18, 0xff, 1, exec_nop },
    { 0x20, 0xfd, 2, exec_lp }, { 0x25, 0xfd, 2, exec_ldp },
    { 0x29, 0xfd, 2, exec_stp }, { 0x28, 0xe8, 2, exec_lpend },
    { 0x30, 0xfc, 2, exec_wfp }, { 0x34, 0xff, 2, exec_sev },
    { 0x35, 0xff, 2, exec_flushp }, { 0x36, 0xff, 2, exec_wfe },
    { 0x54, 0xfd, 3, exec_add }, { 0x5c, 0xfd, 3, exec_add },
    { 0xbc, 0xff, 6, exec_mov }, { 0x00, 0x00, 1, exec_undefined },
};

void rkdma_pl330_execute(RkdmaPl330 *s, PlThread *t)
{
    const PlInsn *i = insns;

    if (!rkdma_pl330_fetched(s, t, 1)) {
        return;
    }
    while ((t->insn[0] & i->mask) != i->op) {
        i++;
    }
    if (!rkdma_pl330_fetched(s, t, i->len)) {
        return;
    }
    t->next_pc = t->pc + i->len;
    trace_rkdma_pl330_insn(t->id, t->pc, t->insn[0], i->len > 1 ? t->insn[1] : 0);
    if (!i->exec(s, t, t->insn)) {
        return;
    }
    s->c.instructions++;
    t->state = PL_EXECUTING;
    t->stall = STALL_NONE;
    t->pc = t->next_pc;
    t->have = 0;
}
