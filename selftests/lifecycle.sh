#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Binds, unbinds, loads and unloads the driver, while clients are idle and busy.
. "$(dirname "$(readlink -f "$0")")/lib.sh"

: "${ROUNDS:=100}"

sleep_ms()
{
	sleep "0.$(printf %03d "$1")"
}

# The kernel may report a failed bind only by the missing link.
bind()
{
	echo "$1" > "$DMA_DRIVER/bind" && [ -e "$DMA_DRIVER/$1" ] ||
		fail "$1 does not bind"
}

unbind()
{
	echo "$1" > "$DMA_DRIVER/unbind" && [ ! -e "$DMA_DRIVER/$1" ] ||
		fail "$1 does not unbind"
}

channels()
{
	ls /sys/class/dma | wc -l
}

again_and_again()
{
	local before i

	before=$(channels)
	for i in $(seq "$ROUNDS"); do
		for dev in $devices; do
			unbind "$dev" || return
		done
		for dev in $devices; do
			bind "$dev" || return
		done
	done
	expect "channels after $ROUNDS rounds" "$before" "$(channels)"
}

# clients_return NUMBER: wait until as many clients are bound again.
clients_return()
{
	local i

	[ "$1" = 0 ] && return
	for i in $(seq 50); do
		[ "$(client_count)" = "$1" ] && return
		sleep 0.1
	done
	fail "$(client_count) clients, expected $1"
}

client_count()
{
	ls $debugfs/rkdma_client 2>/dev/null | wc -l
}

# Clients of request lines stay bound. With device links (fw_devlink.strict=1) they are
# unbound first and bound again.
with_clients()
{
	local before i

	modprobe -q rkdma_client
	before=$(client_count)
	[ "$before" -gt 0 ] ||
		{ skip "no device tree node for the client test module"; return; }
	for i in $(seq $((ROUNDS / 10))); do
		for dev in $devices; do
			unbind "$dev" && bind "$dev" || return
		done
		clients_return "$before" || return
	done
	for dir in $debugfs/rkdma_client/*; do
		echo channel > "$dir/run"
		! grep '^not ok' "$dir/results" || return 1
	done
}

# dmatest holds channels without a device link, so the driver is unbound under it.
under_dmatest()
{
	local i

	modprobe -q dmatest || { skip "no module dmatest for this kernel"; return; }
	for i in $(seq $((ROUNDS / 20))); do
		dmatest_start iterations=0 timeout=200 threads_per_chan=2 ||
			{ fail "dmatest does not start"; return; }
		sleep_ms $((i * 13))
		for dev in $devices; do
			unbind "$dev" || return
		done
		dmatest_set run 0
		for dev in $devices; do
			bind "$dev" || return
		done
	done
	dmatest_start iterations=20 && dmatest_end && dmatest_verdict 20
}

# Modules that use the channels have to go first.
reload()
{
	local i

	grep -q "^$DMA_MODULE " /proc/modules ||
		{ skip "$DMA_MODULE is no module here"; return; }
	for i in $(seq $((ROUNDS / 10))); do
		modprobe -qr dmatest 2>/dev/null
		modprobe -qr rkdma_client 2>/dev/null
		modprobe -qr rkdma_bench 2>/dev/null
		modprobe -r "$DMA_MODULE" || { fail "round $i: no unload"; return; }
		[ ! -e "$DMA_DRIVER" ] || { fail "the driver stays in sysfs"; return; }
		modprobe "$DMA_MODULE" || { fail "round $i: no load"; return; }
	done
	expect "controllers after $i rounds" "$devices" "$(controllers)" || return
	modprobe -q dmatest || return 0
	dmatest_start iterations=20 && dmatest_end && dmatest_verdict 20
}

# A module whose channels are in use cannot be unloaded.
refuses_to_unload()
{
	modprobe -q dmatest || { skip "no module dmatest for this kernel"; return; }
	dmatest_start iterations=0 max_channels=1 ||
		{ fail "dmatest does not start"; return; }
	if rmmod "$DMA_MODULE" 2>/dev/null; then
		fail "$DMA_MODULE was unloaded with a channel in use"
		return
	fi
	dmatest_set run 0
}

ktap_print_header
need_driver
devices=$(controllers)
ktap_set_plan 5
run "unbind and bind, $ROUNDS times" again_and_again
run "unbind and bind under clients of request lines: they work again" with_clients
run "unbind while dmatest copies, and copies work again" under_dmatest
run "no unload while a channel is in use" refuses_to_unload
run "unload and load, $((ROUNDS / 10)) times" reload
ktap_finished
