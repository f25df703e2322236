# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Root folders with a minimal Debian of a given release, made by mmdebstrap and entered by
# chroot. Commands in there see only the machine's kernel and network. Sourced after common.sh and apt.sh.

# root_archive SUITE PACKAGE...: a tar archive of SUITE's essential packages and
# these; prints its path. Kept by the names, without the package lists.
root_archive()
{
	local suite=$1 key tar sources=() f
	shift

	key=$(printf '%s\n' "$suite" "$@" | cat - "${BASH_SOURCE[0]}" | sha256sum | cut -c1-16)
	tar=$cache/roots/$suite-$key.tar
	if ! [ -e "$tar" ]; then
		"$top/lab/setup" fresh
		with_releases true
		step "Making a root folder of Debian $suite (about 30 s)"
		for f in "$apt_releases/etc/sources.list.d/$suite"{,-updates,-security}.sources; do
			[ -e "$f" ] && sources+=("$f")
		done
		[ ${#sources[@]} -gt 0 ] || die "the mirror does not give Debian $suite"
		mkdir -p "${tar%/*}"
		mmdebstrap --quiet --format=tar --variant=apt --aptopt='APT::Sandbox::User "root"' \
			--include="$(IFS=,; echo "$*")" "$suite" "$tar.new" "${sources[@]}" \
			> "$tar.log" 2>&1 ||
			{ tail -n 20 "$tar.log" >&2; die "mmdebstrap cannot make a root of $suite: see $tar.log"; }
		mv "$tar.new" "$tar"
	fi
	echo "$tar"
}

# root_unpack ARCHIVE DIR
root_unpack()
{
	mkdir -p "$2"
	tar -x -C "$2" --exclude='./dev/*' -f "$1"
	cp -L /etc/resolv.conf "$2/etc/resolv.conf"
	[ ! -e /etc/hosts ] || cp -L /etc/hosts "$2/etc/hosts"
}

# root_remove DIR: remove it, with the files of users that exist only in there.
root_remove()
{
	local as=()

	[ -e "$1" ] || return 0
	[ "$(id -u)" -eq 0 ] || as=(unshare --map-root-user --map-auto)
	"${as[@]}" rm -rf "$1"
}

# root_folder ARCHIVE: what root_archive made, unpacked once, to be the lowest of
# root_run's layers; prints its path.
root_folder()
{
	local dir=${1%.tar}

	if ! [ -e "$dir/.done" ]; then
		step "Unpacking $(basename "$dir") (about 10 s)"
		rm -rf "$dir"
		root_unpack "$1" "$dir"
		touch "$dir/.done"
	fi
	echo "$dir"
}

# root_run DIR [OPTION]... -- COMMAND...: run it in there as root, with /proc, /sys
# and /dev of the machine. OPTION: --bind FROM:TO, --no-network, --env NAME=VALUE,
# --layer FOLDER. With layers DIR itself is empty: it shows the layers, the first
# on top, and over them the changes, which are kept in DIR.changes.
root_run()
{
	local dir=$1 binds=() env=() layers='' flags=(--mount --pid --fork --kill-child)
	shift

	while [ "$1" != -- ]; do
		case $1 in
		--bind) binds+=("${2%%:*}" "$dir${2#*:}"); shift ;;
		--env) env+=("$2"); shift ;;
		--layer) layers=${layers:+$layers:}$2; shift ;;
		--no-network) flags+=(--net) ;;
		*) die "root_run: $1: what?" ;;
		esac
		shift
	done
	shift
	[ "$(id -u)" -eq 0 ] || flags+=(--map-root-user --map-auto)
	# shellcheck disable=SC2016 # for the shell in there
	unshare "${flags[@]}" sh -ec '
		dir=$1 layers=$2 n=$3; shift 3
		if [ -n "$layers" ]; then
			mkdir -p "$dir" "$dir.changes" "$dir.work"
			mount -t overlay overlay "$dir" \
				-o "lowerdir=$layers,upperdir=$dir.changes,workdir=$dir.work"
		fi
		mkdir -p "$dir/proc" "$dir/sys" "$dir/dev" "$dir/tmp"
		mount --rbind /dev "$dir/dev"
		mount --rbind /sys "$dir/sys"
		# make does not start where one of the same process number was killed.
		rm -f "$dir"/tmp/GMfifo*
		mount -t proc proc "$dir/proc" 2> /dev/null || mount --rbind /proc "$dir/proc"
		while [ "$n" -gt 0 ]; do
			mkdir -p "$2"
			mount --bind "$1" "$2"
			shift 2; n=$((n - 1))
		done
		exec chroot "$dir" /usr/bin/env -i "$@"
	' sh "$dir" "$layers" $((${#binds[@]} / 2)) "${binds[@]}" \
		HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
		"${env[@]}" "$@"
}
