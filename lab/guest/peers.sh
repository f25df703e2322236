#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Runs tests of the client test module in the guest, each by itself, for
# lab/peers: "peers: test NAME" before each, then its report, then what the
# kernel itself complained about meanwhile, as "peers: warned LINE".
#
#	peers.sh all | TEST...
dir=/sys/kernel/debug/rkdma_client/fea60000.fifo

# A lost transfer is lost after a shorter time, too.
modprobe rkdma_client timeout_ms=3000
[ -e $dir/run ] || { echo "peers: no test device"; exit 1; }
[ "$1" != all ] || {
	# shellcheck disable=SC2046 # words
	set -- $(sed 's/:.*//;/^sleep\./d' $dir/tests)
}
# What the kernel says must not get between the lines.
dmesg -n 1
dmesg -c > /dev/null
for test; do
	echo "peers: test $test"
	echo "$test" > $dir/run
	cat $dir/results
	dmesg -c | grep -E 'WARNING: |BUG: |Oops|Unable to handle' | sed 's/^/peers: warned /'
done
echo "peers: end"
