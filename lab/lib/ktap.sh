# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Reports the tests of a script as KTAP on stdout, the plan at the end. Sourced.

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

# subtest NAME LOG STATUS: report a guest's run as one test, with its KTAP as subtests. The
# kernel's messages go first: one may stand between a result and the end of its line.
subtest()
{
	python3 -B "$top/lab/lib/ktap.py" < "$2" | grep -aE '^(# |ok |not ok |1\.\.|KTAP)|complaint|lab/boot:' |
		sed 's/^/    /'
	check "$1" subtest_passed "$2" "$3"
}

subtest_passed()
{
	[ "$2" = 0 ] || { tail -n 25 "$1"; echo "exit status $2"; return 1; }
	grep -qa '^1\.\.[1-9]' "$1" || { tail -n 25 "$1"; echo "it has not ended"; return 1; }
	! grep -a '^not ok' "$1"
}

# guest_passes LOG COMMAND BOOTARGS...: boot the guest; its failures are shown. A client
# that skips because its provider is missing counts as failed.
guest_passes()
{
	local log=$1 command=$2

	shift 2
	if "$top/lab/boot" --no-prepare --bare "$@" --run "$command" > "$log" 2>&1; then
		! grep -a 'SKIP no channel.*(error -517)' "$log" && return
	fi
	grep -aE 'not ok|^# |complaint|WARNING|lab/boot' "$log" || tail -n 20 "$log"
	echo "all of it: ${log#"$top/"}"
	return 1
}

# skip NAME REASON
skip()
{
	ktap_count=$((ktap_count + 1))
	echo "ok $ktap_count $1 # SKIP $2"
}

# ktap_setup SECTION...: install these sections of lab/packages.list. If this release of
# Debian lacks a package, the whole script is skipped.
ktap_setup()
{
	local said status=0

	said=$("$top/lab/setup" "$@" 2>&1) || status=$?
	if [ $status -eq 4 ]; then
		skip "${0##*/}" "${said##*lab/setup: }"
		ktap_end
	fi
	[ $status -eq 0 ] || { printf '%s\n' "$said" >&2; exit $status; }
}

# The last line of a test script.
ktap_end()
{
	echo "1..$ktap_count"
	exit $((ktap_failed > 0))
}
