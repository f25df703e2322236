# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# How does a test script say how its tests ended? As KTAP on stdout, the plan
# at the end. Sourced.

ktap_count=0
ktap_failed=0
echo "KTAP version 1"

# check NAME COMMAND...: a test passes if the command does. Otherwise its output
# comes before the result.
check()
{
	local name=$1 said status=0

	shift
	ktap_count=$((ktap_count + 1))
	said=$("$@" 2>&1) || status=$?
	if [ "$status" -eq 0 ]; then
		echo "ok $ktap_count $name"
	else
		tail -n 60 <<< "$said" | sed 's/^/# | /'
		echo "not ok $ktap_count $name"
		ktap_failed=$((ktap_failed + 1))
	fi
}

# skip NAME REASON
skip()
{
	ktap_count=$((ktap_count + 1))
	echo "ok $ktap_count $1 # SKIP $2"
}

# The last line of a test script.
ktap_end()
{
	echo "1..$ktap_count"
	exit $((ktap_failed > 0))
}
