#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Tests the tracepoints of a transfer, from prep to its end.
. "$(dirname "$(readlink -f "$0")")/lib.sh"

tracing=/sys/kernel/tracing
[ -d $tracing/events ] || tracing=/sys/kernel/debug/tracing
log=/tmp/rkdma-trace.$$
trap 'rm -f $log' EXIT

# traced COMMAND...: run it and keep its events in $log.
traced()
{
	echo 4096 > $tracing/buffer_size_kb
	echo > $tracing/trace
	echo 1 > $tracing/events/rkdma/enable
	"$@"
	echo 0 > $tracing/events/rkdma/enable
	cat $tracing/trace > $log
	echo > $tracing/trace
}

events()
{
	grep -c "rkdma_$1:" $log
}

ten_copies()
{
	dmatest_start iterations=10 max_channels=1 timeout=20000
	dmatest_end
}

copies_are_traced()
{
	local event

	[ -d /sys/module/dmatest ] || modprobe -q dmatest ||
		{ skip "no module dmatest for this kernel"; return; }
	traced ten_copies
	for event in prep start complete; do
		expect "rkdma_$event of ten copies" 10 "$(events $event)" || return
	done
	[ "$(events interrupt)" -ge 1 ] || fail "no rkdma_interrupt"
}

queued_copies()
{
	echo "copy 65536 50 1" > $debugfs/rkdma_bench/run
}

links_are_traced()
{
	[ -d /sys/module/rkdma_bench ] || modprobe -q rkdma_bench ||
		{ skip "no module rkdma_bench for this kernel"; return; }
	traced queued_copies
	expect "starts and links of 50 copies" 50 \
		$(($(events start) + $(events link))) || return
	[ "$(events link)" -ge 1 ] || fail "no copy was linked to a running list"
}

client_test()
{
	echo "$1" > "$client/run"
}

# traces EVENT TEST: a test of the client module shows an event.
traces()
{
	modprobe -q rkdma_client
	for client in $debugfs/rkdma_client/*; do
		[ -e "$client/run" ] && break
	done
	[ -e "$client/run" ] ||
		{ skip "no device tree node for the client test module"; return; }
	traced client_test "$2"
	grep -q '^ok.*# SKIP' "$client/results" &&
		{ skip "the client's test $2 cannot run here"; return; }
	[ "$(events "$1")" -ge 1 ] || fail "no rkdma_$1 in $2"
}

ktap_print_header
need_driver
[ -d $tracing/events/rkdma ] || skip_all "the kernel has no tracepoints"
ktap_set_plan 4
run "ten copies show ten times prep, start, complete" copies_are_traced
run "a queued copy shows as started or linked" links_are_traced
run "terminate shows" traces terminate terminate.with-queue
run "a bus error shows" traces error error.next-runs
ktap_finished
