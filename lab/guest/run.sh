#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The guest's side of "make run": runs the kernel's dmatest, the client test module and
# client drivers. Prints "run: WHAT|RESULT" for each result, and "run: > STEP" as a step
# begins.
here=/selftests/rkdma
# shellcheck source=selftests/lib.sh
. $here/lib.sh
# shellcheck source=lab/guest/clients.sh
. /lab/clients.sh

failed=0

row()
{
	echo "run: $1|$2"
}

step()
{
	echo "run: > $1"
}

# copies WHAT ITERATIONS PARAMETER=VALUE...: run dmatest and print its row.
copies()
{
	local what=$1 iterations=$2 start end bytes said

	shift 2
	step "dmatest: $what"
	bytes=$(bytes_moved)
	start=$(date +%s)
	dmatest_start "iterations=$iterations" "$@" && dmatest_end
	end=$(date +%s)
	bytes=$(($(bytes_moved) - bytes))
	if said=$(dmatest_verdict "$iterations"); then
		row "dmatest, $what" "$(echo "$said" | sed 's/, [0-9]* KB.s$//'), $(rate "$bytes" $((end - start)))"
	else
		row "dmatest, $what" "FAILED: $(echo "$said" | tail -n 1)"
		failed=1
	fi
}

# The controller model's own count.
bytes_moved()
{
	count lli0 bytes-written
}

# rate BYTES SECONDS
rate()
{
	awk -v b="$1" -v s="$2" 'BEGIN {
		printf "%.1f MB/s by this machine\047s clock", b / 1e6 / (s ? s : 1) }'
}

copying()
{
	grep -A1 "^dma1 " $debugfs/dmaengine/summary | sed -n 's/.*channels: //p'
}

# Throughput of the modelled bus alone, without the time of the emulated CPU.
bus_rate()
{
	step "queued copies of 16 MiB"
	labctl set /machine/lli0 reset-counters true
	echo "copy 16777216 4 1" > $debugfs/rkdma_bench/run ||
		{ row "16 MiB copies" "FAILED"; failed=1; return; }
	row "16 MiB copies" "4 copies, $(awk -v b="$(bytes_moved)" \
		-v t="$(count lli0 busy-ns)" 'BEGIN {
		printf "%d MB/s of the modelled bus (6400)", b * 1000 / t }')"
}

interrupts()
{
	step "queued copies, for their interrupts"
	labctl set /machine/lli0 reset-counters true
	echo "copy 4096 200 5" > $debugfs/rkdma_bench/run ||
		{ row "interrupts" "FAILED"; failed=1; return; }
	row "interrupts per 1,000 descriptors" \
	    "$(count lli0 irqs-raised) (batches of 200, with DMA_PREP_INTERRUPT on the last one)"
}

client()
{
	local dir=$debugfs/rkdma_client/$1 totals

	step "client tests on $1"
	echo all > "$dir/run"
	grep '^not ok' "$dir/results"
	totals=$(sed -n 's/^# Totals: //p' "$dir/results")
	row "client tests on $1" "$totals"
	case $totals in
	*fail:0*) ;;
	*) failed=1 ;;
	esac
}

# port WHO LINES OBJECT COUNTERS COMMAND...: run a test of one of the kernel's client
# drivers and print its row; COUNTERS are the model's counters of lost data.
port()
{
	local what="$1, lines $2" object=$3 counters=$4 bytes

	step "$1"
	shift 4
	bytes=$(count "$object" dma-bytes)
	# shellcheck disable=SC2086 # words
	if "$@" > /tmp/said 2>&1 && none "$object" $counters >> /tmp/said; then
		row "$what" "$(($(count "$object" dma-bytes) - bytes)) bytes by DMA, 0 errors, 0 lost by the device's count"
	else
		cat /tmp/said
		row "$what" "FAILED: $(tail -n 1 /tmp/said)"
		failed=1
	fi
}

# Play two seconds of sound. Underruns are not counted, since a late host causes some.
sound()
{
	sound_card || return
	head -c 384000 /dev/urandom > /tmp/played
	aplay -q -t raw -D hw:0,0 -f S16_LE -c 2 -r 48000 /tmp/played
}

clients()
{
	modprobe spi-rockchip
	port "spi-rockchip, loopback" "8 and 9" spi0 \
		"rx-overruns tx-overruns rx-underruns" spitest /dev/spidev0.0 8 4096 50
	port "8250_dw, loopback" "4 and 5" uart0 \
		"rx-overruns tx-overruns rx-underruns" uarttest "$(tty_of feb40000.serial)" 1500000 100000 flow
	port "rockchip_i2s, aplay" "10 and 11" i2s0 "tx-overruns" sound
}

row "kernel" "$(uname -r), $(nproc) CPUs, unmodified"
row "controller" "$(dmesg | sed -n 's/.*rkdma-lli \(.*: linked-list.*\)/\1/p')"
[ -n "$(controllers)" ] || exit 1
row "channels that copy memory" "$(copying)"
modprobe dmatest
modprobe rkdma_bench
modprobe rkdma_client
copies "1 byte to 16 KiB, unaligned" 250 threads_per_chan=4
copies "1 to 64 bytes, unaligned" 500 threads_per_chan=2 test_buf_size=64
copies "1 byte to 4 MiB, unaligned" 3 threads_per_chan=2 test_buf_size=4194304
bus_rate
interrupts
client fea60000.fifo
clients
exit $failed
