# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# Functions for tests of the kernel's own client drivers, used by lab/clients/ and "make
# run". Runs in the guest; sourced. The device models count lost data, not the guest.

# The modules that a sound card needs, in the order of loading.
sound_modules="snd-soc-rockchip-i2s snd-soc-spdif-tx snd-soc-spdif-rx snd-soc-simple-card"

number=0

# check NAME COMMAND...: print a KTAP line; a failing command's output comes first.
check()
{
	local name=$1 said

	shift
	number=$((number + 1))
	if said=$("$@" 2>&1); then
		echo "ok $number $name"
	else
		echo "$said" | tail -n 12 | sed 's/^/# /'
		echo "not ok $number $name"
	fi
}

# count OBJECT PROPERTY
count()
{
	labctl get "/machine/$1" "$2"
}

# none OBJECT PROPERTY...: check that all of them are 0
none()
{
	local object=$1 property value

	shift
	for property; do
		value=$(count "$object" "$property")
		[ "$value" = 0 ] || { echo "$object: $property is $value"; return 1; }
	done
}

# Interrupts of the DMA controllers so far, on all CPUs.
interrupts()
{
	awk '$NF ~ /dma-controller$/ {
		for (i = 2; $i ~ /^[0-9]+$/; i++) n += $i
	} END { print n + 0 }' /proc/interrupts
}

# by_dma OBJECT BYTES COMMAND...: check that DMA accessed at least BYTES of the device
# while the command ran
by_dma()
{
	local object=$1 want=$2 before after

	shift 2
	before=$(count "$object" dma-bytes)
	"$@" || return
	after=$(count "$object" dma-bytes)
	[ $((after - before)) -ge "$want" ] ||
		{ echo "$((after - before)) bytes by DMA, expected $want"; return 1; }
}

# tty_of DEVICE: print the tty of a UART of the board.
tty_of()
{
	local tty

	for tty in /sys/class/tty/ttyS*; do
		case $(readlink -f "$tty/device") in
		*/"$1"/* | */"$1") echo "/dev/${tty##*/}"; return ;;
		esac
	done
	echo "no tty of $1"
	return 1
}

# soon COMMAND...: repeat it until it succeeds, for ten seconds at most
soon()
{
	local i=0

	while ! "$@"; do
		i=$((i + 1))
		[ $i -le 500 ] || { echo "not within ten seconds: $*"; return 1; }
		sleep 0.02
	done
}

appears()
{
	soon test -e "$1"
}

# Load the sound drivers; the card comes a while later.
sound_card()
{
	local module

	for module in $sound_modules; do
		modprobe "$module" || return
	done
	appears /proc/asound/card0/pcm0p && appears /proc/asound/card0/pcm1c
}

# frames FILE BYTES: print a line for each frame of BYTES bytes
frames()
{
	hexdump -v -e "$2/1 \"%02x\" \"\n\"" "$1"
}

# duplex SECONDS FORMAT BYTES CHANNELS OPTIONS...: play noise and record it at the
# same time, BYTES a frame; OPTIONS are aplay's and arecord's. Check that all of it comes back.
duplex()
{
	local seconds=$1 format=$2 frame=$3 channels=$4 bytes first status

	shift 4
	bytes=$((48000 * frame * seconds))
	head -c $bytes /dev/urandom > /tmp/played
	arecord -q -t raw -D hw:0,1 -f "$format" -c "$channels" -r 48000 "$@" \
		-d $((seconds + 2)) /tmp/recorded &
	sleep 0.2
	aplay -q -t raw -D hw:0,0 -f "$format" -c "$channels" -r 48000 "$@" /tmp/played
	status=$?
	wait $!
	[ $status = 0 ] || { echo "aplay's exit status is $status"; return 1; }
	# Silence is recorded until the first frame comes.
	first=$(frames /tmp/recorded "$frame" | grep -n -m 1 -v '^0*$' | cut -d: -f 1)
	[ -n "$first" ] || { echo "nothing but silence was recorded"; return 1; }
	cmp -n $bytes /tmp/played /tmp/recorded 0 $(((first - 1) * frame))
}
