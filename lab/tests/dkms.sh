#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The part of lab/tests/dkms that runs in its root folders, as root. PACKAGE, SOURCE
# and MODULES are in the environment: what dkms calls the package, where its sources
# are, and the names of its modules.
#
#   dkms.sh WHAT [ARGUMENT...]: one of the functions below
set -eu

fail()
{
	echo "$*"
	exit 1
}

# no_network: check that there is no route except that of the loopback interface.
no_network()
{
	! tail -n +2 /proc/net/route | grep . || fail "there is a route"
	[ ! -e /proc/net/ipv6_route ] || ! grep -v ' lo$' /proc/net/ipv6_route ||
		fail "there is a route"
}

# arrives RELEASE: unpack what a kernel's image and headers packages have. Headers are
# moved from /srv/next unless they are there already. A stand-in is the only module.
arrives()
{
	dir=/lib/modules/$1
	[ -e "$dir/build" ] || cp -a /srv/next/usr/. /usr/
	mkdir -p "$dir/kernel"
	echo 'int stand_in;' | aarch64-linux-gnu-gcc -x c -c -o "$dir/kernel/stand-in.ko" -
	! grep -q '^CONFIG_MODULE_COMPRESS_XZ=y' "$dir/build/.config" ||
		xz "$dir/kernel/stand-in.ko"
	: > "$dir/modules.order"
	: > "$dir/modules.builtin"
	: > "$dir/modules.builtin.modinfo"
	depmod "$1"
}

# traces FILE: record all that a build or an install might change, except the key that
# dkms makes once to sign modules.
traces()
{
	find /lib/modules/ /var/lib/dkms "$SOURCE" ! -name 'mok.*' \
		\( -type f -exec sha256sum {} + -o -printf '%y %p %l\n' \) | sort > "$1"
}

# unchanged FILE: check that nothing has changed since the traces were taken.
unchanged()
{
	traces /tmp/now
	diff "$1" /tmp/now
}

# copy: put the sources where a package has them.
copy()
{
	mkdir "$SOURCE"
	cp -a /srv/rkdma/. "$SOURCE"
}

# status RELEASE STATE
status()
{
	said=$(dkms status "$PACKAGE" -k "$1")
	[ "$said" = "$PACKAGE, $1, aarch64: $2" ] || fail "dkms status: $said"
}

# installed RELEASE: check that the modules, and no others, are in updates/, compressed as
# the kernel's, built for that kernel, and known to depmod.
installed()
{
	dir=/lib/modules/$1
	suffix=$(find "$dir/kernel" -name 'stand-in.*')
	suffix=${suffix#*/stand-in}
	for m in $MODULES; do
		file=$(find "$dir/updates" -name "$m$suffix")
		[ -n "$file" ] || fail "$m$suffix is not in updates: $(find "$dir/updates" -type f)"
		found=$(modinfo -k "$1" -F filename "$m")
		[ "$(realpath "$found")" = "$(realpath "$file")" ] || fail "modinfo finds '$found', not $file"
		magic=$(modinfo -k "$1" -F vermagic "$m")
		case $magic in
		"$1 "*aarch64*) ;;
		*) fail "$m: vermagic is $magic" ;;
		esac
		grep -q "^${file#"$dir/"}:" "$dir/modules.dep" || fail "depmod has not found $m"
		modprobe -S "$1" --show-depends "$m" > /tmp/depends || fail "modprobe does not find $m"
		grep -q "/$m$suffix" /tmp/depends || fail "modprobe $m: $(cat /tmp/depends)"
	done
	files=$(find "$dir/updates" -type f | wc -l)
	[ "$files" -eq "$(echo "$MODULES" | wc -w)" ] ||
		fail "more than the modules is in updates: $(find "$dir/updates" -type f)"
}

# quiet RELEASE: check that the build had no warning and made these modules and no others.
quiet()
{
	log=/var/lib/dkms/$PACKAGE/$1/aarch64/log/make.log
	grep -q 'The modules are in' "$log" || fail "$log is not the build's"
	made=$(sed -n 's,^\./\(.*\)\.ko$,\1,p' "$log" | sort | xargs)
	[ "$made" = "$(echo "$MODULES" | xargs -n 1 | sort | xargs)" ] ||
		fail "dkms.conf has $MODULES, and the build makes $made"
	! grep -iE 'warning|error|not compared' "$log"
}

# gone RELEASE: check that none of the modules is left, also for depmod.
gone()
{
	! find "/lib/modules/$1/updates" -type f 2> /dev/null | grep . ||
		fail "files are left in updates"
	for m in $MODULES; do
		! modinfo -k "$1" "$m" 2> /dev/null || fail "$m is still there"
	done
}

# lacks RELEASE: make headers of a kernel "lacks", a copy whose options can be changed.
lacks()
{
	dir=/lib/modules/lacks-$1
	mkdir -p "$dir/build"
	cp -a "/lib/modules/$1/build/." "$dir/build"
	cp -a "$dir/build/.config" "$dir/config"
}

no_build()
{
	[ -z "$(ls -A "/var/lib/dkms/$PACKAGE/build" 2> /dev/null)" ] ||
		fail "a build was begun"
}

# excluded RELEASE [OPTION...]: check that dkms skips this kernel by BUILD_EXCLUSIVE, and
# starts no build.
excluded()
{
	release=$1
	shift
	status=0
	said=$(dkms build "$PACKAGE" -k "$release" "$@" 2>&1) || status=$?
	echo "$said"
	[ "$status" -eq 77 ] || fail "exit status $status, not dkms's 77 for what is skipped"
	echo "$said" | grep -q 'BUILD_EXCLUSIVE directive' || fail "dkms does not say why"
	no_build
}

# without RELEASE OPTION: check that dkms skips that kernel without this option.
without()
{
	dir=/lib/modules/lacks-$1
	grep -q "^$2=[ym]" "$dir/config" || fail "the kernel does not have $2"
	sed "s/^$2=.*/# $2 is not set/" "$dir/config" > "$dir/build/.config"
	excluded "lacks-$1"
}

# hook_skips RELEASE: check that the kernel's hook builds nothing for that kernel. dkms 3.0
# reports a skip as a failure there, newer versions do not.
hook_skips()
{
	status=0
	said=$(/etc/kernel/postinst.d/dkms "lacks-$1" 2>&1) || status=$?
	echo "$said"
	echo "$said" | grep -q 'BUILD_EXCLUSIVE directive' || fail "dkms does not say why"
	case $(dkms --version) in
	dkms-3.0.*) [ "$status" -eq 11 ] ;;
	*) [ "$status" -eq 0 ] ;;
	esac || fail "exit status $status"
	no_build
}

# no_headers RELEASE: check that dkms does not skip it, and names the missing headers.
no_headers()
{
	status=0
	said=$(dkms build "$PACKAGE" -k "$1" 2>&1) || status=$?
	echo "$said"
	case $status in
	0 | 77) fail "exit status $status" ;;
	esac
	echo "$said" | grep -q "install the linux-headers-$1 package"
}

# broken RELEASE FILE SED LINE: check that the build fails after SED has changed FILE, that
# dkms names the log, that the log has LINE, and that nothing is installed. The file is
# restored.
broken()
{
	release=$1 file=$SOURCE/$2 line=$4
	cp -p "$file" /tmp/right
	sed "$3" /tmp/right > "$file"
	! cmp -s "$file" /tmp/right || fail "sed changes nothing in $2"
	status=0
	said=$(dkms install "$PACKAGE" -k "$release" 2>&1) || status=$?
	cp -p /tmp/right "$file"
	echo "$said"
	[ "$status" -eq 10 ] || fail "exit status $status, not dkms's 10 for a failed build"
	echo "$said" | grep -q 'Bad return status for module build' || fail "dkms does not say so"
	log=$(echo "$said" | sed -n 's/^.*Consult \(.*make\.log\).*/\1/p')
	[ -e "$log" ] || fail "the log that dkms names does not exist: '$log'"
	tail -n 5 "$log"
	grep -q "$line" "$log" || fail "the log has no line '$line'"
	said=$(dkms status "$PACKAGE")
	[ "$said" = "$PACKAGE: added" ] || fail "dkms status: $said"
	gone "$release"
	rm -rf "/var/lib/dkms/$PACKAGE/build"
}

"$@"
