#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Fails each allocation of probe and of a channel request in turn.
#
# The kernel lets the n-th allocation of a task fail. n counts up to the last one: the
# first $FIRST one by one, then every $STEP-th, since a controller's many channels are
# alike. kmemleak reports leaks, KASAN misuse.
. "$(dirname "$(readlink -f "$0")")/lib.sh"

: "${FIRST:=100}" "${STEP:=31}"

# fail_nth N COMMAND...: run it with the n-th allocation failing; returns 0
# while there is an n-th, 1 once there is none.
fail_nth()
(
	echo "$1" > /proc/self/fail-nth || exit 2
	shift
	"$@" 2>/dev/null
	read -r left < /proc/self/fail-nth
	echo 0 > /proc/self/fail-nth
	[ "$left" = 0 ]
)

to_file()
{
	echo "$1" > "$2"
}

# every FILE WORD AFTER: write the word with each allocation failing in turn,
# and run AFTER each time.
every()
{
	local n=1 failed=0

	while fail_nth $n to_file "$2" "$1"; do
		"$3" || return
		failed=$((failed + 1))
		n=$((n < FIRST ? n + 1 : n + STEP))
		[ $n -lt 5000 ] || { fail "no end after $n allocations"; return; }
	done
	"$3" || return
	echo "$failed of about $n allocations failed, one at a time"
	[ $failed -gt 0 ] || fail "no allocation failed: is fault injection enabled?"
}

unbind()
{
	[ ! -e "$DMA_DRIVER/$dev" ] || echo "$dev" > "$DMA_DRIVER/unbind"
}

probe_fails_everywhere()
{
	unbind || return
	every "$DMA_DRIVER/bind" "$dev" unbind || return
	echo "$dev" > "$DMA_DRIVER/bind" && [ -e "$DMA_DRIVER/$dev" ] ||
		fail "$dev does not bind any more"
}

still_works()
{
	dmatest_start iterations=20 && dmatest_end && dmatest_verdict 20
}

release()
{
	dmatest_set run 0
}

# Writing dmatest's "channel" requests the channels, in this task.
channels_fail_everywhere()
{
	every /sys/module/dmatest/parameters/channel "" release || return
	still_works
}

ktap_print_header
need_driver
need_module dmatest
[ -d $debugfs/failslab ] && [ -e /proc/self/fail-nth ] ||
	skip_all "the kernel has no CONFIG_FAILSLAB and CONFIG_FAULT_INJECTION_DEBUG_FS"
echo N > $debugfs/failslab/ignore-gfp-wait
echo 0 > $debugfs/failslab/verbose
echo 100 > $debugfs/failslab/probability
echo -1 > $debugfs/failslab/times
echo Y > $debugfs/failslab/task-filter
dev=$(controllers | head -n 1)
ktap_set_plan 2
run "probe fails cleanly at each allocation" probe_fails_everywhere
run "taking channels fails cleanly at each allocation" channels_fail_everywhere
ktap_finished
