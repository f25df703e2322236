#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# All clients at the same time: sound plays and records, both serial ports and SPI run
# loopbacks, and dmatest runs on every memcpy channel, for SECONDS_LONG seconds of the
# instruction clock. No data may be lost.
# shellcheck source=lab/guest/clients.sh
. /lab/clients.sh
here=/selftests/rkdma
# shellcheck source=selftests/lib.sh
. $here/lib.sh

: "${SECONDS_LONG:=60}"

# repeat FILE PAUSE COMMAND...: repeat it until sound ends, with PAUSE seconds between.
# FILE gets the number of rounds, or a failure. The pause is needed since each character
# of a slow port is an event of the emulator: traffic without a pause takes an hour.
repeat()
{
	local file=$1 pause=$2 n=0

	shift 2
	while ! [ -e /tmp/over ]; do
		"$@" > "$file.said" 2>&1 || { echo "failed in round $n" > "$file"; return; }
		n=$((n + 1))
		echo $n > "$file"
		sleep "$pause"
	done
}

copies()
{
	dmatest_start iterations=5 test_buf_size=4096 && dmatest_end &&
		dmatest_verdict 5
}

# rounds FILE: check that there were rounds, and none failed
rounds()
{
	cat "$1"
	grep -q '^[1-9][0-9]*$' "$1" || { cat "$1.said"; return 1; }
}

everybody()
{
	repeat /tmp/copies 0.1 copies &
	repeat /tmp/uart0 0.2 uarttest "$tty0" 1500000 10000 &
	repeat /tmp/uart1 0.3 uarttest "$tty1" 460800 3000 &
	repeat /tmp/spi 0.2 spitest /dev/spidev0.0 8 4096 1 &
	duplex "$SECONDS_LONG" S16_LE 4 2
	status=$?
	: > /tmp/over
	wait
	return $status
}

sound_card
modprobe spi-rockchip
modprobe dmatest
appears /dev/spidev0.0
tty0=$(tty_of feb40000.serial)
tty1=$(tty_of feb50000.serial)
echo "KTAP version 1"
check "$SECONDS_LONG s of sound, while all others work, come back sample for sample" everybody
check "dmatest: no failure" rounds /tmp/copies
check "UART 0 at 1.5 Mbaud: no byte lost" rounds /tmp/uart0
check "UART 1 at 460800 baud: no byte lost" rounds /tmp/uart1
check "SPI: no byte lost" rounds /tmp/spi
check "I2S: no frame lost by the controller's count" \
	none i2s0 tx-underruns rx-overruns tx-overruns rx-underruns guest-errors
check "UARTs: no byte lost by the controllers' count" eval '
	none uart0 rx-overruns tx-overruns rx-underruns guest-errors &&
	none uart1 rx-overruns tx-overruns rx-underruns guest-errors'
check "SPI: no word lost by the controller's count" \
	none spi0 tx-overruns rx-overruns rx-underruns guest-errors
echo "1..$number"
