/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The strict PL330's properties: its sizes, times and counters, injected errors, and a
 * knob for each thing that silicon may do otherwise.
 */
#include "qemu/osdep.h"
#include "rkdma-pl330.h"
#include "rkdma-model.h"

static const RkdmaCounter counters[] = {
#define COUNTER(name, field) { name, offsetof(RkdmaPl330, c.field) }
    COUNTER("mmio-reads", mmio_reads),
    COUNTER("mmio-writes", mmio_writes),
    COUNTER("fetches", fetches),
    COUNTER("instructions", instructions),
    COUNTER("bytes-read", bytes_read),
    COUNTER("bytes-written", bytes_written),
    COUNTER("irqs-raised", irqs_raised),
    COUNTER("aborts", aborts),
    COUNTER("guest-errors", guest_errors),
    COUNTER("busy-ns", busy_ns),
    COUNTER("idle-ns", idle_ns),
    COUNTER("bus-ns", bus_ns),
    COUNTER("fetch-time-ns", fetch_time_ns),
    COUNTER("latency-ns", latency_ns),
    COUNTER("request-wait-ns", request_wait_ns),
    COUNTER("gap-ns", gap_ns),
#undef COUNTER
};

/* Times that can also be set while it runs. */
static const struct {
    const char *name;
    size_t offset;
    uint64_t value;
} times[] = {
#define TIME(name, field, value) { name, offsetof(RkdmaPl330, field), value }
    TIME("clock-hz", clock_hz, 400 * 1000 * 1000),
    TIME("bus-hz", bus_hz, 400 * 1000 * 1000),
    TIME("fetch-ns", fetch_ns, 130),
    TIME("mem-latency-ns", mem_latency_ns, 120),
    TIME("write-latency-ns", write_latency_ns, 60),
    TIME("debug-ns", debug_ns, 20),
    TIME("abort-ns", abort_ns, 20),
    TIME("request-ns", request_ns, 10),
    TIME("watchdog", watchdog, 1024),
    TIME("quantum-ns", quantum_ns, 500),
    TIME("csr-late-ns", k.csr_late_ns, 0),
#undef TIME
};

static void set_reset_counters(Object *obj, bool value, Error **errp)
{
    RkdmaPl330 *s = RKDMA_PL330(obj);

    if (value) {
        memset(&s->c, 0, sizeof(s->c));
        for (int n = 0; n < PL_THREADS; n++) {
            s->thread[n].busy_ns = 0;
        }
    }
}

static bool get_reset_counters(Object *obj, Error **errp)
{
    return false;
}

void rkdma_pl330_add_properties(RkdmaPl330 *s)
{
    Object *obj = OBJECT(s);

    s->bus_time = true;
    for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
        uint64_t *time = (uint64_t *)((char *)s + times[i].offset);

        *time = times[i].value;
        object_property_add_uint64_ptr(obj, times[i].name, time, OBJ_PROP_FLAG_READWRITE);
    }
    rkdma_add_counters(obj, counters, ARRAY_SIZE(counters));
    for (int n = 0; n < PL_THREADS; n++) {
        g_autofree char *name = g_strdup_printf("thread%d-busy-ns", n);

        object_property_add_uint64_ptr(obj, name, &s->thread[n].busy_ns,
                                       OBJ_PROP_FLAG_READ);
    }
    rkdma_add_bool(obj, "bus-time", &s->bus_time);
    object_property_add_bool(obj, "reset-counters", get_reset_counters,
                             set_reset_counters);
    rkdma_add_inject(obj, &s->inject);
}

static RKDMA_PROPS_CONST Property properties[] = {
    DEFINE_PROP_UINT32("threads", RkdmaPl330, threads, 8),
    DEFINE_PROP_UINT32("lines", RkdmaPl330, lines, 32),
    DEFINE_PROP_UINT32("events", RkdmaPl330, events, 16),
    DEFINE_PROP_BOOL("mgr-ns", RkdmaPl330, mgr_ns, true),
    DEFINE_PROP_UINT32("icache-line", RkdmaPl330, icache_line, 4),
    DEFINE_PROP_UINT32("icache-lines", RkdmaPl330, icache_lines, 8),
    DEFINE_PROP_UINT32("boot-addr", RkdmaPl330, boot_addr, 0),
    DEFINE_PROP_UINT32("ins", RkdmaPl330, ins, 0xffff),
    DEFINE_PROP_UINT32("pns", RkdmaPl330, pns, 0xffffffff),
    DEFINE_PROP_UINT32("data-width", RkdmaPl330, data_width, 64),
    DEFINE_PROP_UINT32("rd-cap", RkdmaPl330, rd_cap, 8),
    DEFINE_PROP_UINT32("rd-queue", RkdmaPl330, rd_queue, 16),
    DEFINE_PROP_UINT32("wr-cap", RkdmaPl330, wr_cap, 8),
    DEFINE_PROP_UINT32("wr-queue", RkdmaPl330, wr_queue, 16),
    DEFINE_PROP_UINT32("buffer-lines", RkdmaPl330, buffer_lines, 128),
    DEFINE_PROP_UINT32("revision", RkdmaPl330, revision, 2),
    /* knobs */
    DEFINE_PROP_BOOL("cpc-end-stays", RkdmaPl330, k.cpc_end_stays, false),
    DEFINE_PROP_BOOL("cpc-barrier-behind", RkdmaPl330, k.cpc_barrier_behind, false),
    DEFINE_PROP_BOOL("cache-stale-end", RkdmaPl330, k.cache_stale_end, false),
    DEFINE_PROP_BOOL("cache-stale-kill", RkdmaPl330, k.cache_stale_kill, false),
    DEFINE_PROP_UINT32("cache-ahead", RkdmaPl330, k.cache_ahead, 0),
    DEFINE_PROP_BOOL("kill-stopped-stuck", RkdmaPl330, k.kill_stopped_stuck, false),
    DEFINE_PROP_BOOL("kill-clears", RkdmaPl330, k.kill_clears, false),
    DEFINE_PROP_UINT32("kill-ignored", RkdmaPl330, k.kill_ignored, 0),
    DEFINE_PROP_UINT32("kill-never", RkdmaPl330, k.kill_never, 0),
    DEFINE_PROP_UINT32("irq-wired", RkdmaPl330, k.irq_wired, 0xffffffff),
    DEFINE_PROP_BOOL("irq-event-passes", RkdmaPl330, k.irq_event_passes, false),
    DEFINE_PROP_BOOL("irq-clears-events", RkdmaPl330, k.irq_clears_events, false),
    DEFINE_PROP_BOOL("csr-event-shown", RkdmaPl330, k.wfe_shown, false),
    DEFINE_PROP_UINT32("request-stale", RkdmaPl330, k.request_stale, 0),
    DEFINE_PROP_BOOL("request-single", RkdmaPl330, k.request_single, false),
    DEFINE_PROP_BOOL("request-burst-only", RkdmaPl330, k.request_burst_only, true),
    DEFINE_PROP_BOOL("request-taken", RkdmaPl330, k.request_taken, false),
    DEFINE_PROP_BOOL("flush-nothing", RkdmaPl330, k.flush_nothing, false),
    DEFINE_PROP_BOOL("barrier-early", RkdmaPl330, k.barrier_early, false),
    DEFINE_PROP_BOOL("fault-blank", RkdmaPl330, k.fault_blank, false),
    DEFINE_PROP_BOOL("id-zero", RkdmaPl330, k.id_zero, false),
    DEFINE_PROP_BOOL("load-lock", RkdmaPl330, k.load_lock, true),
    RKDMA_PROPS_END
};

void rkdma_pl330_class_properties(DeviceClass *dc)
{
    device_class_set_props(dc, properties);
}
