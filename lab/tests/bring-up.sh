#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The guest's side of lab/tests/bring-up: runs the commands of docs/bring-up.md, and
# checks their results.
#
#	bring-up.sh move|held|see|blacklist|initcall
# shellcheck source=lab/guest/clients.sh
. /lab/clients.sh

dmac0=fea10000.dma-controller
amba=/sys/bus/amba/devices

# guide NAME: run a block of the guide, with the lab's names of the sound card and its I2S
# controller.
guide()
{
	sed 's/fe470000\.i2s/fe490000.i2s/g;s/analog-sound/sound/g' \
		"/add/guide/$1" > /tmp/block
	# shellcheck source=/dev/null
	. /tmp/block
}

# says PATTERN COMMAND...: the command must succeed, and its output match
says()
{
	local pattern=$1 said

	shift
	said=$("$@" 2>&1) && echo "$said" | grep -qE -- "$pattern" && return
	echo "$said"
	echo "expected success and '$pattern'"
	return 1
}

# refuses PATTERN COMMAND...: the command must fail, its output match, and no device get
# another driver
refuses()
{
	local pattern=$1 said before after status

	shift
	before=$(drivers)
	said=$("$@" 2>&1)
	status=$?
	after=$(drivers)
	[ $status != 0 ] && [ "$before" = "$after" ] &&
		echo "$said" | grep -qE -- "$pattern" && return
	echo "$said"
	echo "expected failure and '$pattern', got $status; before: $before; after: $after"
	return 1
}

driver()
{
	basename "$(readlink "$amba/$1/driver")"
}

drivers()
{
	local dev

	# The console stands for a device that is no DMA controller.
	for dev in "$amba"/*.dma-controller "$amba"/9000000.pl011; do
		echo "$(driver "${dev##*/}") $(cat "$dev/driver_override")"
	done
}

is()
{
	[ "$1" = "$2" ] || { echo "expected '$2', got '$1'"; return 1; }
}

# moves BLOCK DRIVER: the guide's block must bind DRIVER to dmac0
moves()
{
	guide "$1" && is "$(driver $dmac0)" "$2"
}

# fifo TEST...: the test FIFO's client must pass these tests
fifo()
{
	local dir=/sys/kernel/debug/rkdma_client/fea60000.fifo name

	modprobe rkdma_client || return
	for name; do
		echo "$name" > $dir/run
		grep -q '^ok 1 ' $dir/results && ! grep '^not ok\|SKIP' $dir/results ||
			{ cat $dir/results; return 1; }
	done
}

# Tests that the kernel's own driver passes on this model, too
either="data.tx-alone data.rx-alone data.fifo-widths data.memcpy-alignments"

test_move()
{
	modprobe rkdma-pl330
	guide move
	for way in there back there back; do
		name=$([ $way = there ] && echo rkdma-pl330 || echo dma-pl330)
		check "to $name" moves $way $name
		# shellcheck disable=SC2086 # words
		check "the test FIFO's client works with $name" fifo $either
	done
	check "to the driver that it already has" moves back dma-pl330
	check "other controllers keep their driver" is "$(driver fed10000.dma-controller)" dma-pl330
	check "a missing device name is refused" refuses "'' is no PL330" rkdma_move
	check "a missing driver name is refused" refuses "not ''" rkdma_move $dmac0
	check "a device that does not exist is refused" \
		refuses 'these are: fea10000.* fed10000' rkdma_move fea10000 rkdma-pl330
	check "a device that is no PL330 is refused" \
		refuses "'9000000.pl011' is no PL330" rkdma_move 9000000.pl011 rkdma-pl330
	check "a driver of another kind is refused" \
		refuses "not 'uart-pl011'" rkdma_move $dmac0 uart-pl011
	rmmod rkdma-pl330
	check "a driver that is not loaded is refused" \
		refuses 'rkdma-pl330 is not there' rkdma_move $dmac0 rkdma-pl330
}

# plays: the sound card must play by DMA
plays()
{
	appears /proc/asound/card0/pcm0p || return
	head -c 192000 /dev/zero |
		by_dma i2s0 100000 aplay -q -t raw -D hw:0,0 -f S16_LE -c 2 -r 48000
}

test_held()
{
	modprobe rkdma-pl330
	modprobe spi-rockchip
	sound_card
	appears /dev/spidev0.0
	guide move
	check "a controller whose channels SPI holds is refused" \
		refuses 'dma.chan14 is held by feb00000.spi' guide there
	check "a controller whose channels I2S holds is refused" refuses 'is held by fe490000.i2s' guide there
	check "sound works with dma-pl330" plays
	echo feb00000.spi > /sys/bus/platform/drivers/rockchip-spi/unbind
	check "without SPI it is refused because of I2S" refuses 'chan1 is held by fe490000.i2s' guide there
	check "the guide's commands move it under a sound card" moves client rkdma-pl330
	check "sound works with rkdma" plays
	sed -i s/rkdma-pl330/dma-pl330/ /add/guide/client
	check "the same commands move it back" moves client dma-pl330
	check "sound works with dma-pl330 again" plays
	sed -i s/dma-pl330/rkdma-pl330/ /add/guide/client
	check "they move it to rkdma once more" moves client rkdma-pl330
	echo feb00000.spi > /sys/bus/platform/drivers/rockchip-spi/bind
	check "SPI comes" appears /dev/spidev0.0
	check "SPI works with rkdma" by_dma spi0 8192 spitest /dev/spidev0.0 8 4096 3
	check "a held channel of rkdma is refused, too" \
		refuses 'chan14 is held by feb00000.spi' guide back

	modprobe dmatest
	for what in iterations=0 max_channels=1 device=fed10000.dma-controller \
		    channel= run=1; do
		echo "${what#*=}" > "/sys/module/dmatest/parameters/${what%%=*}"
	done
	check "a channel that dmatest holds is refused" \
		refuses 'is held by one that copies memory' \
		rkdma_move fed10000.dma-controller rkdma-pl330
	echo 0 > /sys/module/dmatest/parameters/run
	check "without dmatest that controller moves" says 'fed10000.*: rkdma-pl330' \
		rkdma_move fed10000.dma-controller rkdma-pl330
}

# all_copied: what the guide's dmatest block shows
all_copied()
{
	guide dmatest > /tmp/summaries 2>&1
	is "$(grep -c ' 0 failures' /tmp/summaries)" 8 && ! grep -v ' 0 failures' /tmp/summaries | grep summary
}

test_see()
{
	for what in 'rkdma-pl330 fea10000.*PL330: 32 request lines, 8 threads' \
		    'rkdma-pl330 fea10000.*self-check, .* done without: nothing' \
		    'fea10000.*: number of channels: 32' \
		    'fea10000.*: number of channels: 8' \
		    'Level +fea10000.dma-controller'; do
		check "see: $what" says "$what" guide see
	done
	check "the self-check shows each thread" \
		says 'thread 7: event 7, gate [0-9]+: used' guide selfcheck
	check "dmatest: 0 failures of each of 8 channels" all_copied
	check "the client tests pass" says 'Totals: pass:[1-9][0-9]* fail:0' guide tests
	for what in prep start complete; do
		check "rkdma_$what is traced" says "rkdma_$what: .*mem-to-mem|rkdma_$what: .*done" guide trace
	done
}

# what loads a driver for dmac0, as udev does
udev()
{
	modprobe -b "$(sed -n 's/^MODALIAS=//p' $amba/$dmac0/uevent)" 2> /dev/null
}

test_blacklist()
{
	modprobe spi-rockchip
	check "without a controller SPI waits" \
		says feb00000.spi cat /sys/kernel/debug/devices_deferred
	mkdir -p /etc/modprobe.d
	guide blacklist
	udev
	check "udev gives all three to rkdma" is "$(drivers | grep -c rkdma-pl330)" 3
	check "SPI comes" appears /dev/spidev0.0
	check "SPI works with rkdma" by_dma spi0 8192 spitest /dev/spidev0.0 8 4096 3
}

test_initcall()
{
	modprobe pl330 2> /dev/null
	check "dma-pl330 does not start" [ ! -e /sys/bus/amba/drivers/dma-pl330 ]
	modprobe rkdma-pl330
	check "rkdma has them" is "$(driver $dmac0)" rkdma-pl330
	check "the test FIFO's client works" fifo data.tx-alone data.rx-alone
}

echo "KTAP version 1"
"test_$1"
echo "1..$number"
