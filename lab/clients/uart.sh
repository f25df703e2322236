#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Tests the kernel's own 8250 driver: through the port's loopback or, with "peer", with a
# program at the other end that sends the data back.
# shellcheck source=lab/guest/clients.sh
. /lab/clients.sh

lost="rx-overruns tx-overruns rx-underruns guest-errors"

bound()
{
	tty_of feb40000.serial && tty_of feb50000.serial
}

# through OBJECT TTY BAUD LENGTHS... -- OPTIONS...
through()
{
	local object=$1 tty=$2 baud=$3 lengths="" length

	shift 3
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		lengths="$lengths $1"
		shift
	done
	[ $# -eq 0 ] || shift
	for length in $lengths; do
		uarttest "$tty" "$baud" "$length" "$@" || return
	done
	# shellcheck disable=SC2086 # words
	none "$object" $lost
}

# Both ways at once.
both_ports()
{
	# A port starts with the baud rate that it had last. 8250_dw of Linux 7.3 waits for
	# the time of a character with interrupts off: at 9600 baud a millisecond, in which
	# a port at 1.5 Mbaud loses what its FIFO has no room for.
	uarttest "$tty0" 1500000 1 && uarttest "$tty1" 1500000 1 || return
	uarttest "$tty0" 1500000 262144 > /tmp/port0 2>&1 &
	uarttest "$tty1" 1500000 262144 || return
	wait $! || { cat /tmp/port0; return 1; }
	# shellcheck disable=SC2086 # words
	none uart0 $lost && none uart1 $lost
}

# Inject an error into a transfer: it must be counted, and no other character be lost.
error()
{
	local kind=$1 wrong=$2 counted=$3 pid

	uarttest "$tty0" 115200 20000 > /tmp/said &
	pid=$!
	sleep 0.5
	labctl set /machine/uart0 inject "$kind"
	wait $pid
	cat /tmp/said
	grep -q "received 20000 wrong $wrong " /tmp/said &&
		grep -q "$counted" /tmp/said
}

tty0=$(tty_of feb40000.serial)
tty1=$(tty_of feb50000.serial)
echo "KTAP version 1"
check "the driver binds to both ports" bound
if [ "${1-}" = peer ]; then
	check "1 MiB each way at 1.5 Mbaud, sent back by a peer, tx by DMA" \
		by_dma uart1 1000000 through uart1 "$tty1" 1500000 1048576 -- flow peer
else
	check "1 MiB each way at 1.5 Mbaud, tx by DMA" \
		by_dma uart0 1048576 through uart0 "$tty0" 1500000 1048576
	check "1 to 4096 bytes, ended by the receive time-out" \
		through uart0 "$tty0" 1500000 1 2 15 16 17 31 32 33 63 64 65 100 255 1000 4095 4096
	check "9600 and 115200 baud, and 1500000 with flow control" eval '
		through uart0 "$tty0" 9600 2000 && through uart0 "$tty0" 115200 20000 &&
		through uart0 "$tty0" 1500000 100000 -- flow'
	check "both ports at once" both_ports
	check "a parity error amid a transfer" error parity 0 'parity 1 frame 0 break 0'
	check "a framing error amid a transfer" error framing 0 'frame 1 break 0'
	check "a break amid a transfer" error break 1 'break 1'
fi
echo "1..$number"
