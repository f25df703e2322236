#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Runs tests of the client test module one by one in the guest, for lab/peers. Prints
# "peers: test NAME", then the test's report, then the kernel's warnings meanwhile as
# "peers: warned LINE".
#
#	peers.sh all | TEST...
dir=/sys/kernel/debug/rkdma_client/fea60000.fifo

# A shorter timeout is enough to detect a lost transfer.
modprobe rkdma_client timeout_ms=3000
[ -e $dir/run ] || { echo "peers: no test device"; exit 1; }
[ "$1" != all ] || {
	# shellcheck disable=SC2046 # words
	set -- $(sed 's/:.*//;/^sleep\./d;/^crowd\./d' $dir/tests)
}
# Keep kernel messages off the console, where they would split lines of the report.
dmesg -n 1
dmesg -c > /dev/null
for test; do
	echo "peers: test $test"
	echo "$test" > $dir/run
	cat $dir/results
	dmesg -c | grep -E 'WARNING: |BUG: |Oops|Unable to handle' | sed 's/^/peers: warned /'
done
echo "peers: end"
