#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Unloads, loads, unbinds and binds the kernel's own client drivers, idle and busy, and
# checks that they release their channels.
# shellcheck source=lab/guest/clients.sh
. /lab/clients.sh

: "${TIMES:=100}"
platform=/sys/bus/platform/drivers
# Removed in this order.
sound="snd-soc-simple-card snd-soc-rockchip-i2s snd-soc-spdif-tx snd-soc-spdif-rx"

# Number of channels in use.
held()
{
	grep -c '|' /sys/kernel/debug/dmaengine/summary
}

# again COMMAND...: run it $TIMES times, and check that as many channels are in use as before
again()
{
	local before n=0

	before=$(held)
	while [ $n -lt "$TIMES" ]; do
		"$@" || { echo "in round $n"; return 1; }
		n=$((n + 1))
	done
	[ "$(held)" = "$before" ] || {
		echo "channels held: before $before, now"
		cat /sys/kernel/debug/dmaengine/summary
		return 1
	}
}

spi_module()
{
	modprobe -r spi-rockchip && modprobe spi-rockchip && appears /dev/spidev0.0
}

# rebind DRIVER DEVICE FILE: unbind it, bind it, and wait for FILE
rebind()
{
	echo "$2" > "$platform/$1/unbind" && echo "$2" > "$platform/$1/bind" &&
		appears "$3"
}

# busy OBJECT COMMAND...: start it, wait until DMA moves bytes, and then for a time that
# differs in each round of again
busy()
{
	local object=$1 before

	shift
	before=$(count "$object" dma-bytes)
	"$@" > /dev/null 2>&1 &
	soon moved "$object" "$before" && usleep $((n * 300))
}

moved()
{
	[ "$(count "$1" dma-bytes)" != "$2" ]
}

spi_busy()
{
	busy spi0 spitest /dev/spidev0.0 8 4096 1000 &&
		rebind rockchip-spi feb00000.spi /dev/spidev0.0 || return
	wait
}

# The port must be closed when the driver is bound again: serial8250_register_8250_port()
# (6.12) hangs up an open port, and uses freed memory of the unbound driver for that.
uart_busy()
{
	busy uart0 uarttest "$tty0" 1500000 100000 &&
		echo feb40000.serial > $platform/dw-apb-uart/unbind || return
	kill $! 2> /dev/null
	wait
	echo feb40000.serial > $platform/dw-apb-uart/bind && appears "$tty0"
}

sound_module()
{
	# Not modprobe -r, which also removes the modules that they depend on.
	# shellcheck disable=SC2086 # words
	rmmod $sound && sound_card
}

sound_busy()
{
	aplay -q -t raw -D hw:0,0 -f S16_LE -c 2 -r 48000 /dev/zero &
	soon grep -q RUNNING /proc/asound/card0/pcm0p/sub0/status || return
	rmmod snd-soc-rockchip-i2s 2> /dev/null && echo "was removed while it played" && return 1
	kill $!
	wait
}

modprobe spi-rockchip
sound_card
tty0=$(tty_of feb40000.serial)
echo "KTAP version 1"
check "spi-rockchip unloaded and loaded $TIMES times" again spi_module
check "SPI works after it" spitest /dev/spidev0.0 8 4096 3
check "spi-rockchip unbound $TIMES times while it transfers" again spi_busy
check "SPI works after it" spitest /dev/spidev0.0 8 4096 3
check "8250_dw unbound and bound $TIMES times" again rebind dw-apb-uart feb40000.serial "$tty0"
check "the UART works after it" uarttest "$tty0" 1500000 20000 flow
check "8250_dw unbound $TIMES times while it transfers" again uart_busy
check "the UART works after it" uarttest "$tty0" 1500000 20000 flow
check "the sound drivers unloaded and loaded $TIMES times" again sound_module
check "they cannot be unloaded while sound plays, $TIMES times" again sound_busy
check "no channel is in use: the provider can be unloaded" eval "
	rmmod $sound && rmmod spi-rockchip &&
	echo feb40000.serial > $platform/dw-apb-uart/unbind &&
	echo feb50000.serial > $platform/dw-apb-uart/unbind && modprobe -r $DMA_MODULE"
echo "1..$number"
