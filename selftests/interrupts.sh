#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Counts the interrupts of queued work.
. "$(dirname "$(readlink -f "$0")")/lib.sh"

# Interrupts of a controller so far, on all CPUs.
count()
{
	awk -v dev="$1" '$NF == dev {
		for (i = 2; $i ~ /^[0-9]+$/; i++) n += $i
	} END { print n + 0 }' /proc/interrupts
}

all_counts()
{
	local n=0 dev

	for dev in $(controllers); do
		n=$((n + $(count "$dev")))
	done
	echo $n
}

# taken MOST SCENARIO...: check that a scenario of rkdma_bench takes at most MOST interrupts.
taken()
{
	local most=$1 before after

	shift
	before=$(all_counts)
	echo "$*" > $debugfs/rkdma_bench/run ||
		{ skip "rkdma_bench cannot run '$*' on this machine"; return; }
	after=$(all_counts)
	echo "$((after - before)) interrupts"
	[ $((after - before)) -gt 0 ] ||
		fail "no interrupt: is this the controller's line in /proc/interrupts?" || return
	[ $((after - before)) -le "$most" ] || fail "expected at most $most"
}

ktap_print_header
need_driver
need_module rkdma_bench
ktap_set_plan 3
# If the hardware reaches the end between two appends, there is one more interrupt.
run "10 rounds of 200 queued copies, the last with DMA_PREP_INTERRUPT: at most 20" \
    taken 20 copy 4096 200 10
run "1000 queued copies in one go: at most 2" taken 2 copy 64 1000 1
run "10 lists of 128 segments: at most 10" taken 10 list 128 4096 10
ktap_finished
