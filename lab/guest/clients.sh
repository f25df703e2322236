# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# What do the tests of the kernel's own client drivers share? Runs in the guest;
# sourced. What is lost is counted by the device models, not by the guest.

number=0

# check NAME COMMAND...: a KTAP line; what a failing command said comes first.
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

# count OBJECT PROPERTY...: their values, in a line
count()
{
	local object=$1 line=""

	shift
	for property; do
		line="$line $(labctl get "/machine/$object" "$property")"
	done
	# shellcheck disable=SC2086 # words
	echo $line
}

# none OBJECT PROPERTY...: all of them are 0
none()
{
	local object=$1 property value

	shift
	for property; do
		value=$(labctl get "/machine/$object" "$property")
		[ "$value" = 0 ] || { echo "$object: $property is $value"; return 1; }
	done
}

# by_dma BYTES COMMAND...: the controller moved at least so many meanwhile
by_dma()
{
	local want=$1 before after

	shift
	before=$(count lli0 bytes-written)
	"$@" || return
	after=$(count lli0 bytes-written)
	[ $((after - before)) -ge "$want" ] ||
		{ echo "$((after - before)) bytes by DMA, expected $want"; return 1; }
}

# The tty of a UART of the board, whatever number it got.
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
