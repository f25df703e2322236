#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Does the controller sleep when it may, and lose nothing when it must?
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

# Channels that a client holds and copies with, across system sleep.
# sleep_at LEVEL STATE
sleep_at()
{
	local round noverify

	[ -e /sys/power/pm_test ] ||
		{ skip "the kernel has no CONFIG_PM_DEBUG"; return; }
	grep -qw "$1" /sys/power/pm_test && grep -qw "$2" /sys/power/state ||
		{ skip "the kernel has no pm_test level $1 for $2"; return; }
	echo "$1" > /sys/power/pm_test
	[ ! -e $suspend ] || echo 1 > $suspend
	# Its threads freeze only while they wait for a copy. A kernel with KASAN
	# verifies for seconds between two; there, only the copies' end is checked.
	noverify=N
	[ ! -e $debugfs/kmemleak ] || noverify=Y
	dmatest_start iterations=0 max_channels=4 test_buf_size=1048576 \
		noverify=$noverify ||
		{ fail "dmatest does not start"; return; }
	for round in 1 2 3; do
		echo "$2" > /sys/power/state ||
			{ dmatest_stop; fail "round $round: the system does not sleep"; return; }
	done
	echo none > /sys/power/pm_test
	dmatest_stop
	dmatest_verdict 0
}

# System sleep with the controller asleep already must not wake up wrong.
sleep_while_idle()
{
	local dev

	[ -e /sys/power/pm_test ] ||
		{ skip "the kernel has no CONFIG_PM_DEBUG"; return; }
	dev=$(idle_controller)
	[ -n "$dev" ] || { skip "clients have channels of every controller"; return; }
	becomes "$dev" suspended || return
	echo devices > /sys/power/pm_test
	[ ! -e $suspend ] || echo 1 > $suspend
	echo freeze > /sys/power/state || { fail "the system does not sleep"; return; }
	echo none > /sys/power/pm_test
	dmatest_start device="$dev" iterations=10 || { fail "dmatest does not start"; return; }
	dmatest_end
	dmatest_verdict 10
}

ktap_print_header
need_driver
need_module dmatest
ktap_set_plan 4
run "runtime: the controller sleeps while no client has a channel" sleeps_when_idle
run "runtime: it wakes for a client, and sleeps again after it" wakes_for_a_client
run "system sleep, three times, while copies run" sleep_at devices freeze
run "system sleep while the controller sleeps already" sleep_while_idle
ktap_finished
