#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Plays and records sound with the kernel's own I2S driver, at the same time, and compares
# sample for sample. The controller's model counts under- and overruns. The test runs by
# the instruction clock, where a late host causes none.
# shellcheck source=lab/guest/clients.sh
. /lab/clients.sh

: "${SECONDS_LONG:=30}"
lost="tx-underruns rx-overruns tx-overruns rx-underruns guest-errors"

listed()
{
	aplay -l | grep 'card 0: rkdmai2s' && arecord -l | grep 'card 0: rkdmai2s'
}

# Run duplex, and check that the controller's model counted no loss.
whole()
{
	# shellcheck disable=SC2086 # words
	duplex "$@" && none i2s0 $lost
}

# Print the frames of a recording that are not silence, one a line.
sounds()
{
	frames "$1" 4 | grep -v '^0*$'
}

# In a pause the DMA controller stops and the FIFO drains; no sample may be lost.
paused()
{
	local status

	head -c 384000 /dev/urandom > /tmp/played
	arecord -q -t raw -D hw:0,1 -f S16_LE -c 2 -r 48000 -d 5 /tmp/recorded &
	sleep 0.2
	pcmpause /dev/snd/pcmC0D0p /tmp/played 15
	status=$?
	wait
	[ $status = 0 ] || return
	sounds /tmp/played > /tmp/played.text
	sounds /tmp/recorded > /tmp/recorded.text
	# shellcheck disable=SC2086 # words
	cmp /tmp/played.text /tmp/recorded.text && none i2s0 $lost
}

# Check that there is one interrupt per period.
interrupts_of()
{
	local before after

	before=$(interrupts)
	whole 2 S16_LE 4 2 --period-size="$1" --buffer-size=$(($1 * 4)) || return
	after=$(interrupts)
	# Two seconds of playing, four of recording.
	[ $((after - before)) -le $((48000 * 6 / $1 + 20)) ] ||
		{ echo "$((after - before)) interrupts for periods of $1 frames"; return 1; }
}

echo "KTAP version 1"
check "the drivers bind, and there is a sound card" sound_card
check "aplay -l and arecord -l list it" listed
check "$SECONDS_LONG s of 48 kHz stereo come back sample for sample" \
	whole "$SECONDS_LONG" S16_LE 4 2
for period in 32 64 256 1024 6000 24000; do
	check "periods of $period frames" interrupts_of $period
done
check "32-bit samples" whole 2 S32_LE 8 2
check "8 channels" whole 2 S16_LE 16 8
check "paused 15 times" paused
check "through mmap" whole 2 S16_LE 4 2 -M
echo "1..$number"
