#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Runs the kernel's dmatest on every memcpy channel. It checks each byte in and around the
# copy. Unless stated otherwise, sizes are random from 1 byte to test_buf_size, and so are
# offsets.
. "$(dirname "$(readlink -f "$0")")/lib.sh"

: "${DMATEST_ITERATIONS:=200}"

# copies ITERATIONS PARAMETER=VALUE...
copies()
{
	local iterations=$1

	shift
	dmatest_start "iterations=$iterations" "$@" ||
		{ fail "dmatest does not start"; return; }
	dmatest_end
	dmatest_verdict "$iterations"
}

few=$(((DMATEST_ITERATIONS + 9) / 10))
# The default is the largest size that kmalloc allows for dmatest's buffers.
large=${DMATEST_LARGE:-$((4 << 20))}

ktap_print_header
need_driver
need_module dmatest
ktap_set_plan 6
run "random sizes and alignments, two threads a channel" \
    copies "$DMATEST_ITERATIONS" threads_per_chan=2
run "sizes of 1 to 64 bytes" copies "$DMATEST_ITERATIONS" test_buf_size=64
run "sizes of up to $((large >> 10)) KiB" copies 4 "test_buf_size=$large"
run "aligned and of one size" \
    copies "$few" norandom=Y transfer_size=4096 test_buf_size=8192
run "polled, without an interrupt" copies "$few" polled=Y
run "eight threads on one channel" \
    copies "$few" threads_per_chan=8 max_channels=1
ktap_finished
