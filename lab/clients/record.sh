#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Records sound while all request lines with a test FIFO are at work, and have more channels
# than the PL330 has threads. The I2S controller's model counts the frames that are lost.
# shellcheck source=lab/guest/clients.sh
. /lab/clients.sh

: "${SECONDS_LONG:=3}"
client=/sys/kernel/debug/rkdma_client/fea60000.fifo

# Run the client's test on all FIFOs until the recording ends.
all_lines()
{
	local rounds=0

	while ! [ -e /tmp/recorded.end ]; do
		echo thread.all-devices > $client/run
		grep -q "^ok .*thread.all-devices" $client/results ||
			{ cat $client/results; return 1; }
		rounds=$((rounds + 1))
	done
	echo "$rounds rounds"
	[ $rounds -gt 0 ]
}

record()
{
	local status

	rm -f /tmp/recorded.end
	all_lines > /tmp/all_lines 2>&1 &
	arecord -q -t raw -D hw:0,1 -f S16_LE -c 2 -r 48000 -d "$SECONDS_LONG" /tmp/recorded
	status=$?
	: > /tmp/recorded.end
	wait $! || status=$?
	cat /tmp/all_lines
	[ $status = 0 ] && [ "$(stat -c %s /tmp/recorded)" = $((SECONDS_LONG * 192000)) ] &&
		none i2s0 rx-overruns rx-underruns guest-errors
}

echo "KTAP version 1"
sound_card
modprobe rkdma_client effort=20
check "recording loses nothing while all lines are at work" \
	by_dma i2s0 $((SECONDS_LONG * 192000)) record
echo "1..$number"
