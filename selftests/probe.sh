#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Tests that the driver is bound to its controllers, and that dmaengine shows them.
. "$(dirname "$(readlink -f "$0")")/lib.sh"

two_devices()
{
	local dev n

	for dev in $(controllers); do
		n=$(grep -c "^dma[0-9]* ($dev)" $debugfs/dmaengine/summary)
		[ "$n" -ge 1 ] && [ "$n" -le 2 ] ||
			fail "$dev: $n dma_devices, not one for request lines and one for copies" ||
			return
		grep "^dma[0-9]* ($dev)" $debugfs/dmaengine/summary
	done
}

channels_in_sysfs()
{
	local dev shown there

	for dev in $(controllers); do
		shown=$(sed -n "s/^dma[0-9]* ($dev): number of channels: //p" \
			$debugfs/dmaengine/summary | awk '{ n += $1 } END { print n + 0 }')
		there=0
		for chan in /sys/class/dma/*; do
			case $(readlink -f "$chan") in
			*"/$dev/"*) there=$((there + 1)) ;;
			esac
		done
		expect "channels of $dev" "$shown" "$there" || return
		[ "$there" -gt 0 ] || fail "$dev has no channel" || return
	done
}

# The summary shows a channel with its client while it is in use, and not afterwards.
summary_shows_client()
{
	local before during after

	[ -d /sys/module/dmatest ] || modprobe -q dmatest ||
		{ skip "no module dmatest for this kernel"; return; }
	before=$(grep -c '^ dma' $debugfs/dmaengine/summary)
	dmatest_start iterations=3 || { fail "dmatest does not start"; return; }
	during=$(grep -c '^ dma' $debugfs/dmaengine/summary)
	dmatest_end
	after=$(grep -c '^ dma' $debugfs/dmaengine/summary)
	expect "channels shown after dmatest" "$before" "$after" || return
	[ "$during" -gt "$before" ] || fail "no channel shown while dmatest had some"
}

ktap_print_header
need_driver
ktap_set_plan 3
run "a controller has a dma_device for lines and one for copies" two_devices
run "every channel is in sysfs" channels_in_sysfs
run "the summary shows a channel while a client has it" summary_shows_client
ktap_finished
