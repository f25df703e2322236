#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Tests runtime power management and system sleep.
. "$(dirname "$(readlink -f "$0")")/lib.sh"

suspend=/sys/module/suspend/parameters/pm_test_delay

power()
{
	cat "$DMA_DRIVER/$1/power/$2"
}

# Wait for a controller's runtime status, for at most two seconds.
becomes()
{
	local i=0

	while [ "$(power "$1" runtime_status)" != "$2" ]; do
		i=$((i + 1))
		[ $i -le 20 ] ||
			fail "$1 is $(power "$1" runtime_status), expected $2" ||
			return
		sleep 0.1
	done
}

# A controller of which no client has a channel.
idle_controller()
{
	local dev

	for dev in $(controllers); do
		sed -n "/^dma[0-9]* ($dev)/,/^$/p" $debugfs/dmaengine/summary |
			grep -q '^ ' || { echo "$dev"; return; }
	done
}

sleeps_when_idle()
{
	local dev

	dev=$(idle_controller)
	[ -n "$dev" ] || { skip "clients have channels of every controller"; return; }
	becomes "$dev" suspended
}

wakes_for_a_client()
{
	local dev

	dev=$(idle_controller)
	[ -n "$dev" ] || { skip "clients have channels of every controller"; return; }
	dmatest_start device="$dev" iterations=50 max_channels=1 ||
		{ fail "dmatest does not start"; return; }
	becomes "$dev" active || return
	dmatest_end
	dmatest_verdict 50 || return
	becomes "$dev" suspended
}

# Set up pm_test, by which the kernel suspends and resumes all devices and leaves out only
# the platform's own sleep.
sleep_prepare()
{
	[ -e /sys/power/pm_test ] || skip "the kernel has no CONFIG_PM_DEBUG" ||
		return
	grep -qw platform /sys/power/pm_test && grep -qw freeze /sys/power/state ||
		skip "the kernel has no pm_test level platform for freeze" || return
	echo platform > /sys/power/pm_test
	[ ! -e $suspend ] || echo 1 > $suspend
}

# sleep_once WHEN
sleep_once()
{
	echo freeze > /sys/power/state && return
	echo "the system does not sleep $1; last failure:" \
	     "$(cat /sys/power/suspend_stats/last_failed_step)" \
	     "$(cat /sys/power/suspend_stats/last_failed_dev)"
	return 1
}

# dmatest's threads freeze only while they wait for a copy. So copies are large and not
# verified; otherwise the kernel gives up freezing them. If dmatest is stopped, its threads
# count their present copy as failed, so it has to end by itself.
sleep_while_copying()
{
	local round status=0

	sleep_prepare || return
	dmatest_start iterations=25 max_channels=4 test_buf_size=4194304 \
		transfer_size=4000000 noverify=Y ||
		{ fail "dmatest does not start"; return; }
	for round in 1 2 3; do
		sleep_once "in round $round" || status=1
	done
	dmatest_end
	dmatest_verdict 25 && return $status
}

# System sleep interrupts transfers, which must complete afterwards.
sleep_in_transfers()
{
	local dir

	sleep_prepare || return
	[ -d $debugfs/rkdma_client ] || modprobe -q rkdma_client ||
		skip "no module rkdma_client for this kernel" || return
	dir=$debugfs/rkdma_client/$(ls $debugfs/rkdma_client | head -n 1)
	[ -e "$dir/run" ] ||
		skip "no device tree node is compatible with the client test module" ||
		return
	echo sleep > "$dir/run" &
	sleep 1
	sleep_once "in a transfer" || { wait; return 1; }
	wait
	cat "$dir/results"
	! grep -q '^ok.* # SKIP' "$dir/results" ||
		skip "$(sed -n 's/^ok.* # SKIP //p' "$dir/results")" || return
	grep -q '^ok' "$dir/results" && ! grep -q '^not ok' "$dir/results"
}

# After system sleep a controller that was runtime-suspended must be so again.
sleep_while_idle()
{
	local dev

	sleep_prepare || return
	dev=$(idle_controller)
	[ -n "$dev" ] || { skip "clients have channels of every controller"; return; }
	becomes "$dev" suspended || return
	sleep_once "while the controller sleeps" || return
	becomes "$dev" suspended || return
	dmatest_start device="$dev" iterations=10 || { fail "dmatest does not start"; return; }
	dmatest_end
	dmatest_verdict 10
}

ktap_print_header
need_driver
need_module dmatest
ktap_set_plan 5
run "runtime: the controller sleeps while no client has a channel" sleeps_when_idle
run "runtime: it wakes for a client, and sleeps again after it" wakes_for_a_client
run "system sleep, three times, while memory is copied" sleep_while_copying
run "system sleep in the middle of peripheral transfers" sleep_in_transfers
run "system sleep while the controller sleeps already" sleep_while_idle
[ ! -e /sys/power/pm_test ] || echo none > /sys/power/pm_test
ktap_finished
