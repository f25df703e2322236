#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The guest's side of lab/bench: loads rkdma_bench, runs its scenarios, reads the
# controller model's counters around them, and prints one line "bench: NAME VALUE UNIT"
# per figure.
#
#	run.sh cost|bus|queued|terminate...
#
# cost: CPU time, with a bus that takes no time
# bus: use of the bus, with its time modelled
# queued: speed of queued copies and the gaps between them, with the bus's time
# terminate: whether a callback outlives terminate_sync; needs a second CPU
# The linked-list controller's model and the strict PL330's have a bus time and count
# accesses, QEMU's PL330 has not.

dir=/sys/kernel/debug/rkdma_bench
# The models of the controllers that may copy, if they have counters.
models=
for device in /sys/bus/platform/drivers/rkdma-lli/*/driver; do
	[ ! -e "$device" ] || models=/machine/lli0
done
[ -n "$models" ] || ! labctl get /machine/dmac0 bus-ns > /dev/null 2>&1 ||
	models="/machine/dmac0 /machine/dmac1 /machine/dmac2"

die()
{
	echo "bench: $*" >&2
	exit 1
}

# scenario WORDS...: run one; its figures stay in $dir/results.
scenario()
{
	echo "$*" > $dir/run || die "scenario '$*' failed"
}

# result NAME: one figure of the last scenario.
result()
{
	awk -v name="$1" '$2 == name { print $3 }' $dir/results
}

# counter NAME: the sum of all models.
counter()
{
	sum=0
	for model in $models; do
		value=$(labctl get "$model" "$1") || die "no counter '$1'"
		sum=$((sum + value))
	done
	echo $sum
}

# set_all NAME VALUE: set a property of all models.
set_all()
{
	for model in $models; do
		labctl set "$model" "$1" "$2" || die "'$1' cannot be set"
	done
}

# Interrupts of the controllers so far, on all CPUs.
interrupts()
{
	awk '$NF ~ /dma-controller$/ {
		for (i = 2; $i ~ /^[0-9]+$/; i++) n += $i
	} END { print n + 0 }' /proc/interrupts
}

reset()
{
	before=$(interrupts)
	set_all reset-counters true
}

figure()
{
	echo "bench: $1 $2 $3"
}

# ratio NUMERATOR DENOMINATOR: with two decimals.
ratio()
{
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f\n", b ? a / b : 0 }'
}

# accesses NAME DESCRIPTORS: report interrupts and register accesses since reset.
accesses()
{
	figure "$1-interrupts" $(($(interrupts) - before)) interrupts
	[ -n "$models" ] || return 0
	figure "$1-mmio-reads" "$(ratio "$(counter mmio-reads)" "$2")" per-descriptor
	figure "$1-mmio-writes" "$(ratio "$(counter mmio-writes)" "$2")" per-descriptor
}

cost()
{
	set_all bus-time false

	# A new channel, and no memory of the driver's in the allocator's caches.
	scenario copy 4096 200 1
	figure memcpy-4k-fresh-prep-submit "$(result prep-submit)" ns

	# The first rounds fill caches and pools; they are not measured.
	scenario copy 4096 1 50
	scenario copy 4096 1 500
	figure memcpy-4k-depth-1 "$(result each)" ns
	figure memcpy-4k-depth-1-mean "$(result each-mean)" ns
	figure memcpy-4k-depth-1-prep-submit "$(result prep-submit)" ns
	reset
	scenario copy 4096 1 1
	accesses memcpy-4k-depth-1 1

	scenario copy 4096 200 3
	scenario copy 4096 200 20
	figure memcpy-4k-depth-200 "$(result each)" ns
	figure memcpy-4k-depth-200-mean "$(result each-mean)" ns
	figure memcpy-4k-depth-200-prep-submit "$(result prep-submit)" ns
	reset
	scenario copy 4096 200 1
	accesses memcpy-4k-depth-200 200

	scenario list 128 4096 5
	scenario list 128 4096 50
	figure slave-sg-128-prep "$(result prep)" ns
	figure slave-sg-128-prep-to-callback "$(result prep-to-callback)" ns
	reset
	scenario list 128 4096 1
	accesses slave-sg-128 1
}

# use NAME SIZE COUNT: report the share of time that queued copies use the bus, the time
# that the controller was idle with work left, and the interrupts.
use()
{
	scenario copy "$2" "$3" 2
	reset
	scenario copy "$2" "$3" 1
	figure "interrupts-$1" $(($(interrupts) - before)) interrupts
	figure "bus-use-$1" \
	       "$(ratio "$(($(counter bus-ns) * 100))" "$(counter busy-ns)")" %
	figure "idle-gap-$1" "$(ratio "$(counter gap-ns)" "$3")" ns-per-descriptor
	figure "item-fetch-$1" \
	       "$(ratio "$(counter fetch-time-ns)" "$3")" ns-per-descriptor
}

bus()
{
	set_all bus-time true
	use 64 64 400
	use 4k 4096 400
	use 64k 65536 100
	use 16m 16777216 4
}

# timed NAME HOW SIZE COUNT: report the speed of queued copies, from the first prepare to
# the last callback, the share of the controller's busy time that its bus moves data, and
# how long per copy it moves none, on the whole. HOW: copy or stream.
timed()
{
	scenario "$2" "$3" "$4" 2
	reset
	scenario "$2" "$3" "$4" 1
	each=$(result each)
	moved=$(counter bus-ns)
	figure "$1-speed" "$(ratio "$(($3 * 1000))" "$each")" MB/s
	figure "$1-bus-use" "$(ratio "$((moved * 100))" "$(counter busy-ns)")" %
	figure "$1-gap" $((each - moved / $4)) ns-per-copy
	figure "$1-interrupts" $(($(interrupts) - before)) interrupts
}

# Issued at once, and each by itself while the ones before are under way.
queued()
{
	[ -n "$models" ] || die "the controller's model takes no time"
	set_all bus-time true
	timed queued-4k copy 4096 200
	timed queued-64k copy 65536 100
	timed queued-1m copy 1048576 16
	timed stream-4k stream 4096 200
	timed stream-64k stream 65536 100
	timed stream-1m stream 1048576 16
}

terminate()
{
	scenario terminate 10
	figure terminate-sync-tries "$(result terminate-tries)" tries
	figure terminate-sync-early "$(result terminate-early)" tries
}

[ $# -gt 0 ] || die "expected cost, bus, queued or terminate"
# After boot the kernel is still busy, for instance with testing ciphers.
sleep 5
modprobe rkdma_bench || die "rkdma_bench cannot be loaded"
for what; do
	case $what in
	cost | bus | queued | terminate) $what ;;
	*) die "unknown part '$what'" ;;
	esac
done
