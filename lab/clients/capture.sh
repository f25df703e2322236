#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Records 8 channels of 32 bits at 192 kHz: as many bytes per second as HDMI's 32 channels
# at 48 kHz, with a FIFO of 32 words, which is full after 21 us. The DMA controller has to
# repeat the buffer without a gap. Needs capture.dtso.
# shellcheck source=lab/guest/clients.sh
. /lab/clients.sh

: "${SECONDS_LONG:=5}"

capture()
{
	local bytes=$((SECONDS_LONG * 8 * 4 * 192000))

	arecord -q -t raw -D hw:0,1 -f S32_LE -c 8 -r 192000 --period-size=8192 \
		--buffer-size=65536 -d "$SECONDS_LONG" - | wc -c > /tmp/bytes
	[ "$(cat /tmp/bytes)" = $bytes ] || { echo "$(cat /tmp/bytes) bytes, not $bytes"; return 1; }
	none i2s0 rx-overruns rx-underruns guest-errors
}

echo "KTAP version 1"
sound_card
check "8 channels of 32 bits at 192 kHz lose nothing in $SECONDS_LONG s" \
	by_dma i2s0 $((SECONDS_LONG * 8 * 4 * 192000)) capture
echo "1..$number"
