#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Runs the client test module on every device that it is bound to. Its KTAP is shown as
# subtests. CLIENT_TESTS and CLIENT_DEVICES select tests and devices. CLIENT_EFFORT is the
# percentage of repetitions in long tests.
. "$(dirname "$(readlink -f "$0")")/lib.sh"

: "${CLIENT_TESTS:=all}"

# client DEVICE: run the tests, show the report; fails if one of them did.
client()
{
	local dir=$debugfs/rkdma_client/$1 status=0

	if ! echo "$CLIENT_TESTS" > "$dir/run"; then
		echo "# $1 does not run '$CLIENT_TESTS'"
		status=1
	fi
	sed 's/^/    /' "$dir/results"
	grep -q '^not ok' "$dir/results" && status=1
	grep -q '^ok' "$dir/results" || status=1
	return $status
}

ktap_print_header
need_driver
need_module rkdma_client
[ -z "${CLIENT_EFFORT-}" ] ||
	echo "$CLIENT_EFFORT" > /sys/module/rkdma_client/parameters/effort
devices=${CLIENT_DEVICES:-$(ls $debugfs/rkdma_client)}
[ -n "$devices" ] ||
	skip_all "no device tree node is compatible with the client test module"
# shellcheck disable=SC2086 # one word per device
set -- $devices
ktap_set_plan $#
for device; do
	if client "$device"; then
		ktap_test_pass "$device"
	else
		ktap_test_fail "$device"
	fi
done
ktap_finished
