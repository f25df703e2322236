# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Fetches the guest's kernel: the distribution's newest packages that the machine's apt
# sources have. Image, modules and headers for arm64 and the matching source are unpacked
# into the cache and never installed. Sourced after common.sh and apt.sh.

# The series that the lab boots, and the oldest that the driver is built for.
KERNEL_SERIES=6.12
OLDEST_SERIES=6.1

# kernel_newest KIND SERIES: the newest linux-KIND package of the plain arm64
# flavour, e.g. "linux-image-6.12.1+deb-arm64".
kernel_newest()
{
	apt_private apt-cache pkgnames "linux-$1-$2" |
		grep -E "^linux-$1-${2//./\\.}(\.[0-9]+[^-]*|\.[0-9]+-[0-9]+)-arm64$" |
		sort -V | tail -n 1
}

# The arm64 headers' Makefile names the common headers by where the package
# would install them.
kernel_fix_headers()
{
	local dir=$1 rel=$2 common

	common=$(cd "$dir/usr/src" && echo linux-headers-*-common)
	# shellcheck disable=SC2016 # for make, not for the shell
	printf 'include $(dir $(lastword $(MAKEFILE_LIST)))../%s/Makefile\n' \
		"$common" > "$dir/usr/src/linux-headers-$rel/Makefile"
}

# kernel_headers SERIES: unpack headers that modules can be built against on
# this machine; prints the folder for KDIR.
kernel_headers()
{
	local pkg rel dir tmp deps

	pkg=$(kernel_newest headers "$1")
	[ -n "$pkg" ] || die "the apt sources have no arm64 headers of Linux $1"
	rel=${pkg#linux-headers-}
	dir=$cache/kernel/$rel/headers
	if ! [ -e "$dir/.done" ]; then
		step "Fetching the kernel headers $rel (about 10 s)"
		rm -rf "$dir"
		tmp=$dir/debs
		mkdir -p "$tmp"
		mapfile -t deps < <(apt_private apt-cache show "$pkg:arm64" |
			sed -n 's/^Depends: //p' | tr ',' '\n' |
			sed -nE 's/^ *(linux-headers-[^ ]*-common|linux-kbuild-[^ ]*).*/\1/p')
		# The build tools run here, so they are this machine's kind.
		apt_fetch_deb "$tmp" "$pkg:arm64" "${deps[@]}"
		apt_unpack "$dir" "$tmp"/*.deb
		rm -rf "$tmp"
		kernel_fix_headers "$dir" "$rel"
		touch "$dir/.done"
	fi
	echo "$dir/usr/src/linux-headers-$rel"
}

# kernel_source_tar SERIES DIR: fetch the kernel source; prints the tarball.
kernel_source_tar()
{
	apt_fetch_deb "$2" "linux-source-$1"
	dpkg-deb --fsys-tarfile "$2"/linux-source-*.deb |
		tar -x -C "$2" --strip-components=3 --wildcards '*.tar.xz'
	rm -f "$2"/*.deb
	echo "$2"/*.tar.xz
}

# kernel_source SERIES: unpack the whole kernel source; prints the folder.
kernel_source()
{
	local ver dir tar

	ver=$(apt_candidate "linux-source-$1")
	[ -n "$ver" ] || die "the apt sources have no linux-source-$1"
	dir=$cache/src/linux-$ver
	if ! [ -e "$dir/.done" ]; then
		step "Unpacking the kernel source $ver (about 1 min)"
		rm -rf "$dir"
		mkdir -p "$dir"
		tar=$(kernel_source_tar "$1" "$dir")
		xz -dc -T0 "$tar" | tar -x -C "$dir" --strip-components=1
		rm -f "$tar"
		touch "$dir/.done"
	fi
	echo "$dir"
}

# kernel_linux_src: build/linux-src, the source of the lab's kernel; prints the folder.
kernel_linux_src()
{
	local source

	if ! [ -e "$build/linux-src/.done" ]; then
		apt_private_init
		source=$(kernel_source "$KERNEL_SERIES")
		link_build "$source" linux-src
	fi
	readlink -f "$build/linux-src"
}

# kernel_merge_usr DIR: packages of a merged /usr have their modules in /usr/lib; depmod,
# modprobe and modules_install look for them in /lib, which is a link there.
kernel_merge_usr()
{
	[ -e "$1/lib" ] || ! [ -d "$1/usr/lib" ] || ln -s usr/lib "$1/lib"
}

# The stock kernel: build/kernel/stock and build/linux-src.
kernel_stock()
{
	local pkg rel dir headers source

	pkg=$(kernel_newest image "$KERNEL_SERIES")
	[ -n "$pkg" ] || die "the apt sources have no arm64 kernel $KERNEL_SERIES"
	rel=${pkg#linux-image-}
	dir=$cache/kernel/$rel/image
	if ! [ -e "$dir/.done" ]; then
		step "Fetching the stock kernel $rel (about 20 s)"
		rm -rf "$dir"
		mkdir -p "$dir/debs"
		apt_fetch_deb "$dir/debs" "$pkg:arm64"
		apt_unpack "$dir" "$dir"/debs/*.deb
		rm -rf "$dir/debs"
		kernel_merge_usr "$dir"
		/sbin/depmod -b "$dir" "$rel"
		touch "$dir/.done"
	fi
	headers=$(kernel_headers "$KERNEL_SERIES")
	source=$(kernel_source "$KERNEL_SERIES")
	link_build "$dir/boot/vmlinuz-$rel" kernel/stock/Image
	link_build "$dir" kernel/stock/root
	link_build "$headers" kernel/stock/headers
	echo "$rel" > "$build/kernel/stock/version"
	link_build "$source" linux-src
}
