# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# Functions that all of the selftests use. Sourced by each of them.
#
# A test is a function that returns 0, 1 or $KSFT_SKIP and says why on stdout.
# Runs under dash and busybox's ash as well as bash.

: "${here:=$(dirname "$(readlink -f "$0")")}"
# shellcheck source=/dev/null
. "$here/../kselftest/ktap_helpers.sh"

debugfs=/sys/kernel/debug
# DMA_MODULE: the driver's module. DMA_DRIVER: the folder in sysfs of the module's driver
# that a device is bound to. Without DMA_MODULE it is the first of our modules with a
# controller. A driver that is built in has the module's name, but no module in sysfs.
: "${DMA_MODULE:=}"
DMA_MODULE=$(echo "$DMA_MODULE" | tr - _)
: "${DMA_DRIVER:=}"
ours="rkdma_lli rkdma_pl330"

find_driver()
{
	local module dev

	[ -z "$DMA_DRIVER" ] || return
	for module in ${DMA_MODULE:-$ours}; do
		for dev in "/sys/module/$module"/drivers/*/*/driver \
			"/sys/bus/"*"/drivers/$(echo "$module" | tr _ -)"/*/driver; do
			[ -e "$dev" ] || continue
			DMA_MODULE=$module
			DMA_DRIVER=$(readlink -f "$dev")
			return
		done
	done
}
find_driver

# run NAME FUNCTION ARGUMENTS...: run a test and print its KTAP line, after the function's
# output as diagnostics.
run()
{
	local name=$1 said status

	shift
	said=$("$@" 2>&1)
	status=$?
	[ -z "$said" ] || echo "$said" | sed 's/^/# /'
	case $status in
	0) ktap_test_pass "$name" ;;
	"$KSFT_SKIP") __skip_because "$name" "$said" ;;
	*) ktap_test_fail "$name" ;;
	esac
}

__skip_because()
{
	__ktap_test ok "$1" "SKIP $(echo "$2" | tail -n 1)"
	KTAP_CNT_SKIP=$((KTAP_CNT_SKIP + 1))
}

# skip REASON: for use in a test function, "skip ... ; return".
skip()
{
	echo "$*"
	return "$KSFT_SKIP"
}

fail()
{
	echo "$*"
	return 1
}

# skip_all REASON: nothing in this file can run here.
skip_all()
{
	ktap_skip_all "$*"
	exit "$KSFT_SKIP"
}

# expect WHAT EXPECTED GOT
expect()
{
	[ "$2" = "$3" ] || fail "$1: expected $2, got $3"
}

# Devices that the driver is bound to.
controllers()
{
	local dev

	for dev in "$DMA_DRIVER"/*/; do
		[ -e "$dev/uevent" ] && [ -e "$dev/driver" ] && basename "$dev"
	done
}

need_driver()
{
	local module

	for module in ${DMA_MODULE:-$ours}; do
		modprobe -q "$module"
	done
	find_driver
	[ -n "$DMA_DRIVER" ] && [ -n "$(controllers)" ] ||
		skip_all "no device is bound to a driver of ${DMA_MODULE:-$ours}"
}

# need_module NAME
need_module()
{
	[ -d "/sys/module/$1" ] || modprobe -q "$1" 2>/dev/null ||
		skip_all "no module $1 for this kernel"
}

# log_mark: mark the kernel's log; log_since prints it from there on.
log_mark()
{
	mark="selftest-$$-$(cut -d' ' -f1 /proc/uptime)"
	echo "<6>$mark" > /dev/kmsg
}

log_since()
{
	dmesg | sed "1,/$mark/d"
}

dmatest_set()
{
	echo "$2" > "/sys/module/dmatest/parameters/$1"
}

# dmatest_start PARAMETER=VALUE...: start dmatest on every free memcpy channel of a
# controller.
dmatest_start()
{
	local word

	log_mark
	for word in timeout=20000 threads_per_chan=1 iterations=1 norandom=N \
		    polled=N transfer_size=0 alignment=-1 test_buf_size=16384 \
		    max_channels=0 noverify=N dmatest=0 \
		    device="$(controllers | head -n 1)" "$@"; do
		dmatest_set "${word%%=*}" "${word#*=}" || return 1
	done
	dmatest_set channel "" && dmatest_set run 1
}

# Wait for dmatest's end, and release its channels.
dmatest_end()
{
	# Reading "wait" waits, but not for threads that have not started yet.
	sleep 0.1
	cat /sys/module/dmatest/parameters/wait > /dev/null
	dmatest_set run 0
}

# Sum up the reports of dmatest's threads: "THREADS TESTS FAILURES KB/s".
dmatest_sum()
{
	log_since | awk '
	/dmatest: .*: summary/ {
		threads++
		for (i = 2; i <= NF; i++) {
			if ($i ~ /^tests,/) tests += $(i - 1)
			if ($i ~ /^failures/) failures += $(i - 1)
			if ($i ~ /^KB\/s/) rate += $(i - 1)
		}
	}
	END { print threads + 0, tests + 0, failures + 0, rate + 0 }'
}

# dmatest_verdict ITERATIONS: check that each thread did as many copies (0: any number)
# and none failed.
dmatest_verdict()
{
	local started=0 line want

	# Otherwise dmatest seems to have started no thread.
	if ! dmesg | grep -q "$mark"; then
		fail "the kernel's log has lost dmatest's start: boot with a larger log_buf_len"
		return
	fi
	for line in $(log_since |
		      sed -n 's/.*dmatest: Started \([0-9]*\) threads.*/\1/p'); do
		started=$((started + line))
	done
	# shellcheck disable=SC2046 # four words
	set -- "$1" $(dmatest_sum)
	[ "$started" -gt 0 ] || { skip "dmatest found no free channel"; return; }
	want=$((started * $1))
	[ "$1" -gt 0 ] || want=$(($3 > 0 ? $3 : 1))
	echo "$2 threads, $3 copies, $4 failures, $5 KB/s"
	[ "$2" = "$started" ] && [ "$3" = "$want" ] && [ "$4" = 0 ] && return
	log_since | grep 'dmatest: .*result' | head -n 5
	fail "expected $started threads, $want copies, 0 failures"
}
