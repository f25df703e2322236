# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Paths and helpers that every script of the lab uses. Sourced, with
# `set -euo pipefail`.

# A step that fails inside "$(...)" fails the script.
shopt -s inherit_errexit

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck disable=SC2034 # used by those that source this
cache=${XDG_CACHE_HOME:-${HOME:-}/.cache}/rkdma
build=$top/build
# Debian's tools are written for Debian's python3, whatever else is in PATH.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH

# step MESSAGE: name a step as it starts. To stderr: stdout is for results.
step()
{
	printf '==> %s\n' "$*" >&2
}

die()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# wait_for_job: wait until fewer than RKDMA_JOBS jobs run in the background.
wait_for_job()
{
	[ "$(jobs -pr | wc -l)" -lt "${RKDMA_JOBS:-2}" ] || wait -n || :
}

# link_build TARGET NAME: make build/NAME point to TARGET.
link_build()
{
	mkdir -p "$(dirname "$build/$2")"
	ln -sfn "$1" "$build/$2"
}

# content_key FILE...: a short key of the files' content.
content_key()
{
	cat -- "$@" | sha256sum | cut -c1-16
}

# with_lock NAME COMMAND...: one at a time per machine and cache.
with_lock()
{
	local name=$1
	shift
	mkdir -p "$cache"
	(
		flock 9
		"$@"
	) 9> "$cache/.$name.lock"
}
