# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The stock kernels besides KERNEL_SERIES: image and modules from the packages of the
# Debian release that a series belongs to, and the project's modules, built in a root
# folder of that release. Sourced after common.sh, apt.sh, kernel.sh,
# root.sh, headers-root.sh and modules.sh.

# The names that lab/boot --kernel knows.
OTHER_KERNELS="6.1 6.12-rt 7.3"

# The releases of Debian whose compiler and kbuild tools are used, the oldest first.
OTHER_SUITES="bookworm trixie"

# other_carried: print "SUITE SERIES" for each series that the mirror has headers of, with
# the first release that has it; real-time ones as SERIES-rt.
other_carried()
{
	local suite series all seen=' '

	for suite in $OTHER_SUITES; do
		all=$(headers_memo "series-$suite" headers_series "$suite")
		for series in $all; do
			[[ $seen != *" $series "* ]] || continue
			seen+="$series "
			echo "$suite $series"
		done
	done
}

# other_suite SERIES: the release of Debian that a series is taken from.
other_suite()
{
	local suite

	suite=$(other_carried | sed -n "s/ ${1//./\\.}$//p")
	[ -n "$suite" ] || die "the mirror has no arm64 headers of Linux $1"
	echo "$suite"
}

# other_fetch RELEASE DIR: unpack image and modules.
other_fetch()
{
	local rel=$1 dir=$2 pkgs=("linux-image-$1:arm64") pkg vmlinuz

	# From Linux 7.2 on these are packages of their own.
	for pkg in "linux-"{base,binary,modules}"-$rel:arm64"; do
		[ -z "$(apt_candidate "$pkg")" ] || pkgs+=("$pkg")
	done
	step "Fetching the stock kernel $rel (about 30 s)"
	rm -rf "$dir"
	mkdir -p "$dir"
	apt_fetch_deb "$dir/debs" "${pkgs[@]}"
	apt_unpack "$dir" "$dir"/debs/*.deb
	rm -rf "$dir/debs"
	kernel_merge_usr "$dir"
	vmlinuz=$(find "$dir" -type f -name 'vmlinuz*')
	[ -f "$vmlinuz" ] || die "the packages of $rel have no kernel image"
	image_unpack "$vmlinuz" "$dir/Image" || die "the image of $rel cannot be unpacked"
	depmod -b "$dir" "$rel"
	touch "$dir/.done"
}

# The modules for a series, W=1, into build/modules/SERIES.
other_modules()
{
	local name=$1 rel=$2 suite=$3 dir=$build/obj/$1 out=$build/modules/$1 dma key

	dma=$(private_files "${name%-rt}")
	key=$({ echo "$rel"; modules_sources; cat "$dma/dmatest.c" "${BASH_SOURCE[0]}"; } |
		content_key)
	[ "$(cat "$out/.key" 2> /dev/null)" != "$key" ] || return 0
	step "Building the modules for $rel (about 20 s)"
	modules_stage "$dir" "$dma/dmatest.c"
	other_make "$suite" "$rel" "$dir" W=1 || die "the modules do not build for $rel"
	rm -rf "$out"
	mkdir -p "$out"
	find "$dir" -name '*.ko' -exec cp -p {} "$out/" \;
	echo "$key" > "$out/.key"
}

# other_make SUITE RELEASE DIR [ARG...]: build what modules_stage laid out, in a root
# folder of the release, without a network. With KBUILD_CHECKSRC= sparse is there, too.
other_make()
{
	local suite=$1 rel=$2 dir=$3 layers=()

	shift 3
	[[ " $*" != *" KBUILD_CHECKSRC="* ]] || layers+=(--layer "$(headers_sparse "$suite")")
	layers+=(--layer "$(headers_folder "$rel")" --layer "$(headers_root "$suite")")
	root_run "$dir.root" "${layers[@]}" --no-network --bind "$dir:/work" \
		--env ARCH=arm64 --env CROSS_COMPILE=aarch64-linux-gnu- -- \
		make -s -C "/usr/src/linux-headers-$rel" M=/work -j"$(nproc)" \
		"${modules_config[@]}" CONFIG_DEBUG_INFO_BTF_MODULES= KBUILD_MODPOST_WARN= "$@" modules
}

# kernel_other SERIES: build/kernel/SERIES, and its modules.
kernel_other()
{
	local name=$1 suite rel dir

	suite=$(other_suite "$name")
	rel=$(headers_release "$suite" "$name")
	dir=$cache/kernel/$rel/other
	[ -e "$dir/.done" ] ||
		with_lock "kernel-$name" with_releases other_fetch "$rel" "$dir"
	link_build "$dir/Image" "kernel/$name/Image"
	link_build "$dir" "kernel/$name/root"
	echo "$rel" > "$build/kernel/$name/version"
	echo "$suite" > "$build/kernel/$name/suite"
	other_modules "$name" "$rel" "$suite"
}
