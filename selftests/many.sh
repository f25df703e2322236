#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Sixteen channels of one controller in use at the same time.
#
# A PL330 has eight threads for its 32 request lines. Eight FIFOs with two lines each
# need more channels than that.
. "$(dirname "$(readlink -f "$0")")/lib.sh"

: "${CHANNELS:=16}"

# The controller that most of the client test module's devices are wired to, and
# how many of its channels they would take.
lines()
{
	local dir node

	for dir in $debugfs/rkdma_client/*; do
		node=/sys/bus/platform/devices/${dir##*/}/of_node
		[ -e "$node/dmas" ] && hexdump -n 4 -e '4/1 "%02x" "\n"' "$node/dmas"
	done | sort | uniq -c | sort -rn | awk 'NR == 1 { print 2 * $1 }'
}

# Channels that are in use now.
held()
{
	grep -c '|' $debugfs/dmaengine/summary
}

# The client test module compares the data.
all_at_once()
{
	local before most=0 now test

	before=$(held)
	echo thread.all-devices > "$client/run" &
	test=$!
	while kill -0 $test 2> /dev/null; do
		now=$(($(held) - before))
		[ $now -le $most ] || most=$now
	done
	wait $test
	cat "$client/results"
	grep -q '^ok' "$client/results" || return
	echo "$most channels at once"
	[ $most -ge "$CHANNELS" ] || fail "expected $CHANNELS channels in use"
}

ktap_print_header
need_driver
need_module rkdma_client
there=$(lines)
[ "${there:-0}" -ge "$CHANNELS" ] ||
	skip_all "the test devices take ${there:-0} channels of a controller, expected $CHANNELS"
for client in $debugfs/rkdma_client/*; do
	[ -e "/sys/bus/platform/devices/${client##*/}/of_node/reg" ] && break
done
ktap_set_plan 1
run "$CHANNELS channels of a controller are held and used at once" all_at_once
ktap_finished
