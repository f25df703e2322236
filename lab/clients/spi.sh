#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Tests the kernel's own SPI and flash drivers: a loopback on chip select 0, and a flash
# chip on chip select 1.
# shellcheck source=lab/guest/clients.sh
. /lab/clients.sh

bytes=${SPI_BYTES:-4194304}
lost="tx-overruns rx-overruns rx-underruns guest-errors"

load()
{
	modprobe spi-nor && modprobe spi-rockchip && [ -c /dev/spidev0.0 ] &&
		[ -c /dev/mtd0 ]
}

# loopback BITS LENGTHS...
loopback()
{
	local bits=$1 length

	shift
	for length; do
		spitest /dev/spidev0.0 "$bits" "$length" 2 ||
			{ echo "$bits bits, $length bytes"; return 1; }
	done
	# shellcheck disable=SC2086 # words
	none spi0 $lost
}

# random_lengths COUNT LIMIT WORD: print COUNT random lengths up to LIMIT, multiples of WORD.
random_lengths()
{
	awk -v n="$1" -v below="$2" -v word="$3" 'BEGIN {
		srand(1)
		for (; n; n--)
			printf "%d ", word * int(1 + rand() * below / word)
	}'
}

flash()
{
	head -c "$bytes" /dev/urandom > /tmp/image
	flashcp /tmp/image /dev/mtd0 || return
	dd if=/dev/mtd0 of=/tmp/back bs=65536 count=$((bytes / 65536)) 2> /dev/null || return
	cmp /tmp/image /tmp/back || return
	# shellcheck disable=SC2086 # words
	none spi0 $lost
}

echo "KTAP version 1"
check "the drivers bind to controller, loopback and flash" load
check "8 bits, 1 byte to 64 KiB" loopback 8 1 2 3 31 63 64 65 127 128 1000 4095 4096 65535 65536
# The kernel splits longer transfers at 65535 bytes, which 16 bits do not divide.
check "16 bits, 2 bytes to 65534" loopback 16 2 4 62 126 128 130 1000 4096 65534
# shellcheck disable=SC2046 # words
check "8 bits, 40 random lengths" loopback 8 $(random_lengths 40 20000 1)
# shellcheck disable=SC2046 # words
check "16 bits, 40 random lengths" loopback 16 $(random_lengths 40 20000 2)
check "8 bits, $bytes bytes, by DMA" by_dma spi0 $((bytes / 100 * 95)) loopback 8 "$bytes"
check "$bytes bytes of flash written by flashcp and read back, by DMA" \
	by_dma spi0 $((bytes / 100 * 95)) flash
echo "1..$number"
