# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Layers for root folders that stand for a board: a Debian release with a compiler for
# arm64, dkms, and the headers packages of arm64 kernels; and the images of these kernels.
# Sourced after common.sh, apt.sh and root.sh.

# headers_name SUITE: print an extended regular expression, one group, of what follows the
# series in the names of headers packages made for that release of Debian.
headers_name()
{
	case $1 in
	bookworm) echo '\.([0-9]+\+deb12[0-9.]*|[0-9]+-[0-9]+)' ;;
	trixie) echo '\.([0-9]+\+deb13[0-9.]*)' ;;
	*) die "no release '$1'" ;;
	esac
}

# headers_series SUITE: the series that there are arm64 headers of, made for a release
# of Debian, the oldest first; those of the real-time flavour as SERIES-rt.
headers_series()
{
	local name

	name=$(headers_name "$1")
	apt_private apt-cache pkgnames linux-headers- |
		sed -nE "s/^linux-headers-([0-9]+\.[0-9]+)$name(-rt)?-arm64$/\1\3/p" | sort -uV
}

# headers_package SUITE SERIES[-rt]: the newest arm64 headers package of a series that
# was made for a release of Debian, or of its real-time flavour.
headers_package()
{
	local name pkg flavour=arm64 series=$2

	name=$(headers_name "$1")
	if [ "${series%-rt}" != "$series" ]; then
		flavour=rt-arm64
		series=${series%-rt}
	fi
	apt_private apt-cache pkgnames "linux-headers-$series" |
		grep -E "^linux-headers-${series//./\\.}$name-$flavour$" |
		sort -rV | while read -r pkg; do
			[ -n "$(apt_candidate "$pkg:arm64")" ] || continue
			echo "$pkg"
			break
		done
}

headers_fetch()
{
	local pkg=$1 dir=$2 deps

	step "Fetching ${pkg#linux-} (about 10 s)"
	rm -rf "$dir"
	mkdir -p "$dir.debs"
	# The build tools run on this machine.
	mapfile -t deps < <(apt_private apt-cache show "$pkg:arm64" |
		sed -n 's/^Depends: //p' | head -n 1 | tr ',' '\n' |
		sed -nE 's/^ *(linux-headers-[^ ]*-common(-rt)?|linux-kbuild-[^ ]*).*/\1/p')
	apt_fetch_deb "$dir.debs" "$pkg:arm64" "${deps[@]}"
	apt_unpack "$dir" "$dir.debs"/*.deb
	# lib is a link there.
	if [ -d "$dir/lib" ]; then
		cp -a "$dir/lib/." "$dir/usr/lib/"
		rm -rf "${dir:?}/lib"
	fi
	rm -rf "$dir.debs" "${dir:?}/usr/share"
	touch "$dir/.done"
}

# headers_memo NAME COMMAND...: print the command's output. It is cached until the package
# lists are read again, since each query of apt takes seconds.
headers_memo()
{
	local memo=$cache/headers/memo-$1 said

	shift
	with_releases true
	if ! [ "$memo" -nt "$apt_releases/updated" ]; then
		said=$(with_releases "$@")
		mkdir -p "${memo%/*}"
		echo "$said" > "$memo"
	fi
	cat "$memo"
}

# headers_release SUITE SERIES: the newest kernel release of a series that a release
# of Debian has headers of; they are to be had from headers_folder.
headers_release()
{
	local pkg

	pkg=$(headers_memo "$1-$2" headers_package "$1" "$2")
	[ -n "$pkg" ] || die "the mirror has no arm64 headers of Linux $2 for $1"
	echo "${pkg#linux-headers-}"
}

# headers_folder RELEASE: a layer for root_run: the headers as they are installed;
# prints its path.
headers_folder()
{
	local dir=$cache/headers/$1

	[ -e "$dir/.done" ] ||
		with_lock headers with_releases headers_fetch "linux-headers-$1" "$dir"
	echo "$dir"
}

# headers_root SUITE: a layer for root_run: a release of Debian with a compiler for
# arm64 and dkms, without any kernel's headers; prints its path.
headers_root()
{
	local libs tar

	# What linux-kbuild, which comes with the headers, depends on
	case $1 in
	bookworm) libs="libelf1 libssl3 zlib1g" ;;
	*) libs="libelf1t64 libssl3t64 zlib1g pahole" ;;
	esac
	# shellcheck disable=SC2086 # words
	tar=$(with_lock "root-$1" root_archive "$1" dkms make gcc-aarch64-linux-gnu gcc libc6-dev $libs)
	with_lock headers root_folder "$tar"
}

# layer_fetch PACKAGE/SUITE DIR: make DIR a layer for root_run with a package.
layer_fetch()
{
	step "Fetching $1 (about 5 s)"
	rm -rf "$2"
	apt_fetch_deb "$2.debs" "$1"
	apt_unpack "$2" "$2.debs"/*.deb
	rm -rf "$2.debs" "${2:?}"/usr/share/{doc,man}
	touch "$2/.done"
}

# headers_sparse SUITE: a layer for root_run with a release's sparse, which a plain build
# of the modules does not have; prints its path.
headers_sparse()
{
	local dir=$cache/headers/sparse-for-$1 from=$1

	# That of trixie does not know what headers from Linux 7.2 on are written in.
	[ "$1" != trixie ] || from=sid
	[ -e "$dir/.done" ] || with_lock headers with_releases layer_fetch "sparse/$from" "$dir"
	echo "$dir"
}

# image_unpack FILE TO: unpack an arm64 kernel image, which is plain, compressed by gzip,
# or an EFI program that unpacks itself.
image_unpack()
{
	local offset size kind tool

	if [ "$(head -c 2 "$1" | od -An -tx1)" = " 1f 8b" ]; then
		gzip -dc "$1" > "$2"
	elif [ "$(tail -c +5 "$1" | head -c 4 | tr -d '\0')" = zimg ]; then
		read -r offset size < <(od -An -tu4 -j 8 -N 8 "$1")
		kind=$(tail -c +25 "$1" | head -c 7 | tr -d '\0')
		case $kind in
		gzip) tool="gzip -dc" ;;
		xzkern) tool="xz -dc" ;;
		zstd*) tool="zstd -dc" ;;
		*) die "$1 is compressed by '$kind', which is not known" ;;
		esac
		tail -c +$((offset + 1)) "$1" | head -c "$size" | $tool > "$2" 2> /dev/null
	else
		cp "$1" "$2"
	fi
}

image_fetch()
{
	local release=$1 image=$2 dir=$2.dir pkg

	step "Fetching the kernel image $release (about 10 s)"
	rm -rf "$dir"
	# From Linux 7.2 on the image is in a package of its own.
	pkg=linux-binary-$release:arm64
	[ -n "$(apt_candidate "$pkg")" ] || pkg=linux-image-$release:arm64
	apt_fetch_deb "$dir" "$pkg"
	dpkg-deb --fsys-tarfile "$dir"/*.deb |
		tar -x -O --wildcards --no-anchored 'vmlinuz*' > "$dir/vmlinuz" ||
		die "$pkg has no kernel image"
	image_unpack "$dir/vmlinuz" "$image.new" ||
		die "the kernel image of $release cannot be unpacked"
	mv "$image.new" "$image"
	rm -rf "$dir"
}

private_fetch()
{
	local dir=$2 tar

	step "Fetching virt-dma and dmatest of Linux $1 (about 20 s)"
	rm -rf "$dir"
	mkdir -p "$dir"
	tar=$(kernel_source_tar "$1" "$dir")
	tar -xJf "$tar" -C "$dir" --strip-components=3 --wildcards \
		'*/drivers/dma/virt-dma.h' '*/drivers/dma/dmaengine.h' \
		'*/drivers/dma/dmatest.c' ||
		die "the source of Linux $1 has no drivers/dma/virt-dma.h"
	rm -f "$tar"
	touch "$dir/.done"
}

# private_files SERIES: files of a series that no headers package has: the real headers of
# virt-dma, and dmatest; prints their folder.
private_files()
{
	local ver dir

	ver=$(headers_memo "source-$1" apt_candidate "linux-source-$1")
	[ -n "$ver" ] || die "the mirror has no linux-source-$1"
	dir=$cache/headers/private-$ver
	[ -e "$dir/.done" ] && [ -e "$dir/dmatest.c" ] ||
		with_lock headers with_releases private_fetch "$1" "$dir"
	echo "$dir"
}

# image_of RELEASE: the uncompressed Image of a stock kernel, which has the
# kernel's BTF; prints its path.
image_of()
{
	local image=$cache/headers/$1.Image

	mkdir -p "${image%/*}"
	[ -e "$image" ] || with_lock headers with_releases image_fetch "$1" "$image"
	echo "$image"
}
