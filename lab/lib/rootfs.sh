# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Makes the guest's root folder: an initramfs of three joined cpio archives, which are the
# base (busybox, init, lab tools), the modules of a kernel, and the selftests. Sourced after
# common.sh and apt.sh.

# rootfs_pack DIR FILE: pack a folder; replaces FILE only if its content changes. The
# archive has no times of this machine: they would change a run with --icount.
rootfs_pack()
{
	find "$1" -exec touch -h -d @0 {} +
	(cd "$1" && find . | LC_ALL=C sort |
		cpio --quiet -o -H newc -R 0:0 --reproducible) > "$2.new"
	if cmp -s "$2.new" "$2"; then
		rm "$2.new"
	else
		mv "$2.new" "$2"
	fi
}

# rootfs_package NAMES: the first of the names "a|b" that the apt sources have, with its
# architecture. Some libraries have other names in other releases.
rootfs_package()
{
	local name

	for name in ${1//|/ }; do
		[[ $name == *:* ]] || name=$name:arm64
		[ -z "$(apt_candidate "$name")" ] || { echo "$name"; return; }
	done
	die "the apt sources have no arm64 package $1"
}

# rootfs_unpack DIR: read lines of lab/guest/packages.list, and fetch and unpack what
# they name.
rootfs_unpack()
{
	local debs=$1.debs names files

	rm -rf "$debs"
	mkdir -p "$1"
	while read -r names files; do
		read -ra files <<< "${files:-*}"
		apt_fetch_deb "$debs" "$(rootfs_package "$names")"
		dpkg-deb --fsys-tarfile "$debs"/*.deb |
			tar -x -C "$1" --wildcards "${files[@]/#/./}"
		rm -r "$debs"
	done
}

# rootfs_merged_usr ROOT FILE...: link these files to /usr, where a release with a merged
# /usr has them.
rootfs_merged_usr()
{
	local root=$1 file

	shift
	for file; do
		[ -e "$root/$file" ] && continue
		[ -e "$root/usr/$file" ] || die "the guest's packages have no $file"
		mkdir -p "$root/${file%/*}"
		ln -s "../usr/$file" "$root/$file"
	done
}

# Unpack the guest's packages into the cache; prints the folder.
rootfs_packages()
{
	local list dir key

	list=$(sed '/^#/d;/^$/d' "$top/lab/guest/packages.list")
	key=$(content_key "$top/lab/guest/packages.list")
	dir=$cache/guest/$key
	if ! [ -e "$dir/.done" ]; then
		apt_private_init
		step "Fetching the guest's packages (about 5 s)"
		rm -rf "$dir"
		rootfs_unpack "$dir/root" <<< "$list"
		rootfs_merged_usr "$dir/root" bin/busybox lib/ld-linux-aarch64.so.1
		rm -rf "$dir/root/usr/share/"{doc,man,lintian,bug}
		touch "$dir/.done"
	fi
	echo "$dir/root"
}

# The base, for every kernel: build/initramfs/base.cpio.
rootfs_base()
{
	local packages f tool root=$build/initramfs/base

	packages=$(rootfs_packages)
	rm -rf "$root"
	mkdir -p "$root"/{bin,sbin,usr/bin,usr/sbin,proc,sys,dev,etc,add,lab,tmp,run,lib/modules}
	cp -a "$packages/." "$root/"
	cp -p "$top/lab/guest/init" "$root/init"
	for f in "$top"/lab/guest/*.sh; do
		[ -e "$f" ] && cp -p "$f" "$root/lab/"
	done
	ln -sf busybox "$root/bin/sh"
	for f in "$top"/lab/guest/*.c; do
		tool=$root/sbin/$(basename "$f" .c)
		aarch64-linux-gnu-gcc -O2 -Wall -Wextra -Werror -static -o "$tool" "$f"
		aarch64-linux-gnu-strip "$tool"
	done
	rootfs_pack "$root" "$build/initramfs/base.cpio"
}

# rootfs_kernel_modules KERNEL ROOT REL DIR: put the kernel's modules that the guest's
# list names into DIR, unpacked, with what they depend on. Built-in ones need no file.
# Distributions' kernels have all of them.
rootfs_kernel_modules()
{
	local kernel=$1 root=$2 rel=$3 dir=$4 name ko to

	sed '/^#/d;/^$/d' "$top/lab/guest/modules.list" | while IFS= read -r name; do
		modprobe -d "$root" -S "$rel" --show-depends "$name" 2> /dev/null ||
			[[ $kernel == debug* || $kernel == series-* ]] || die "the kernel $rel has no module $name"
	done | sed -n 's/^insmod \([^ ]*\).*/\1/p' | sort -u | while IFS= read -r ko; do
		to=$dir/${ko#*/lib/modules/"$rel"/}
		mkdir -p "${to%/*}"
		case $ko in
		*.xz) xz -dc "$ko" > "${to%.xz}" ;;
		*.zst) zstd -dcq "$ko" > "${to%.zst}" ;;
		*.gz) gzip -dc "$ko" > "${to%.gz}" ;;
		*) cp "$ko" "$to" ;;
		esac
	done
}

# rootfs_modules KERNEL: build/initramfs/KERNEL.cpio.
rootfs_modules()
{
	local kernel=$1 root=$build/initramfs/$1 rel src dst ko

	rel=$(cat "$build/kernel/$kernel/version")
	src=$build/kernel/$kernel/root/lib/modules/$rel
	dst=$root/lib/modules/$rel
	rm -rf "$root"
	mkdir -p "$dst/extra"
	cp "$src"/modules.{order,builtin,builtin.modinfo} "$dst/"
	for ko in "$build/modules/$kernel"/*.ko; do
		aarch64-linux-gnu-strip -g -o "$dst/extra/${ko##*/}" "$ko"
	done
	rootfs_kernel_modules "$kernel" "$build/kernel/$kernel/root" "$rel" "$dst"
	depmod -b "$root" "$rel"
	rootfs_pack "$root" "$build/initramfs/$kernel.cpio"
}

# The installed selftests, as /selftests: build/initramfs/selftests.cpio.
rootfs_selftests()
{
	local root=$build/initramfs/selftests

	rm -rf "$root"
	mkdir -p "$root"
	[ -d "$build/selftests" ] && cp -a "$build/selftests" "$root/selftests"
	rootfs_pack "$root" "$build/initramfs/selftests.cpio"
}
