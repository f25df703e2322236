# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The series of patches for a kernel tree, build/series/KERNEL, and kernel trees that
# it is applied to, in the cache. Sourced after common.sh, apt.sh, kernel.sh, root.sh
# and headers-root.sh.

# The kernels that a series is written for.
SERIES_KERNELS="6.12 7.3"
# The release of Debian whose tools check it, but for two that have to be newer.
SERIES_SUITE=trixie

# series_source KERNEL: the source of its newest package; prints the folder. The lab
# has that of its own kernel.
series_source()
{
	if [ "$1" = "$KERNEL_SERIES" ]; then
		kernel_linux_src
	else
		with_lock "source-$1" with_releases kernel_source "$1"
	fi
}

# series_write KERNEL SOURCE: prints the patches' names.
series_write()
{
	mkdir -p "$build/series/$1"
	python3 "$top/lab/lib/series.py" "$2" "Linux $1" "$build/series/$1" |
		sed "s|^$top/||"
}

# series_work KERNEL: the folder in the cache with its tree and what is built of it.
series_work()
{
	echo "$cache/series/$1"
}

# series_patches KERNEL: the patches of both series in their order.
series_patches()
{
	find "$build/series/$1" -maxdepth 1 -name '*.patch' ! -name '0000-*' | sort
	find "$build/series/$1/rfc" -name '*.patch' ! -name '0000-*' | sort
}

# series_key KERNEL: a short key of what the patches say, without who wrote them when.
series_key()
{
	local patches

	mapfile -t patches < <(series_patches "$1")
	sed -E '/^(From |From:|Date:|Signed-off-by:| <|index |M:\t|\+M:|\+  - )/d' "${patches[@]}" |
		content_key
}

# series_restore TREE SOURCE: take away what patches added and bring back what they
# changed. All other files are the source's own, by hard links.
series_restore()
{
	local tree=$1 source=$2 name

	if [ "$(cat "$tree.source" 2> /dev/null)" != "$source" ]; then
		step "Copying the kernel source to patch it (about 10 s)"
		rm -rf "$tree" "$tree.touched"
		mkdir -p "${tree%/*}"
		cp -al "$source" "$tree"
		# Two want a compiler of OCaml: one is about another driver's data, and
		# what the other is about, 0 for NULL, sparse says.
		grep -rlZ script:ocaml "$tree/scripts/coccinelle" | xargs -0 rm
		echo "$source" > "$tree.source"
	fi
	[ -e "$tree.touched" ] || return 0
	while IFS= read -r name; do
		rm -f "$tree/$name"
		[ ! -e "$source/$name" ] || ln "$source/$name" "$tree/$name"
	done < "$tree.touched"
	find "$tree/drivers/dma/rockchip" "$tree/drivers/dma/client" -type d -empty -delete 2> /dev/null || :
	rm "$tree.touched"
}

# series_apply KERNEL SOURCE: a tree with both series, in $(series_work)/tree. Each
# patch applies as it is, on top of those before.
series_apply()
{
	local work patch

	work=$(series_work "$1")
	series_restore "$work/tree" "$2"
	for patch in $(series_patches "$1"); do
		sed -nE 's|^diff --git a/.* b/(.*)|\1|p' "$patch" >> "$work/tree.touched"
		GIT_CEILING_DIRECTORIES=$work git -C "$work/tree" apply --whitespace=error "$patch" ||
			return 1
	done
}

# series_layers: the layers of root_run with all tools that check the series, one a line.
series_layers()
{
	local tar schema=$cache/series/dt-schema-sid

	# The kernels want a newer one than the release has, and that of its backports
	# stumbles over bindings of Linux 6.12.
	[ -e "$schema/.done" ] ||
		with_lock headers with_releases layer_fetch dt-schema/sid "$schema"
	echo "$schema"
	headers_sparse "$SERIES_SUITE"
	tar=$(with_lock "root-$SERIES_SUITE" root_archive "$SERIES_SUITE" \
		make gcc gcc-aarch64-linux-gnu libc6-dev bc bison flex libelf-dev libssl-dev perl \
		python3 libpython3-dev coccinelle python3-jsonschema python3-libfdt python3-rfc3987 \
		python3-ruamel.yaml yamllint git kmod)
	with_lock headers root_folder "$tar"
}

# series_run KERNEL COMMAND...: run it beside the tree, in a root folder with the tools
# and without a network. The tree is ./tree.
series_run()
{
	local work layers layer words=()

	work=$(series_work "$1")
	shift
	layers=$(series_layers)
	for layer in $layers; do
		words+=(--layer "$layer")
	done
	root_run "$work/root" "${words[@]}" --no-network --bind "$work:/series" -- \
		sh -c 'cd /series && exec "$@"' sh "$@"
}

# series_make KERNEL FOLDER ARCH ARG...: make in the tree, with what is built in FOLDER.
series_make()
{
	local kernel=$1 folder=$2 arch=$3 cross=()

	shift 3
	[ "$arch" != arm64 ] || cross=(CROSS_COMPILE=aarch64-linux-gnu-)
	series_run "$kernel" make -C tree O="/series/$folder" ARCH="$arch" "${cross[@]}" \
		-j"$(nproc)" "$@"
}

series_kernel_build()
{
	local kernel=$1 out=$2 folder=${2##*/}

	rm -rf "$out/root" "$out/.key"
	mkdir -p "$out"
	debug_config series > "$out/lab.config"
	series_make "$kernel" "$folder" arm64 -s KCONFIG_ALLCONFIG="/series/$folder/lab.config" \
		allnoconfig > "$out/build.log" 2>&1 || die "see $out/build.log"
	debug_config_check "$out"
	step "Building Linux $kernel with the series (about 4 min)"
	{
		series_make "$kernel" "$folder" arm64 -s Image modules &&
			series_make "$kernel" "$folder" arm64 -s \
				INSTALL_MOD_PATH="/series/$folder/root" modules_install
	} > "$out/build.log" 2>&1 ||
		{ tail -n 20 "$out/build.log"; die "Linux $kernel with the series does not build: see $out/build.log"; }
}

# series_kernel KERNEL KEY: the tree as a small kernel with the driver built in, for
# lab/boot --no-prepare --kernel series-KERNEL; with another KEY than the last time, what
# changed is built.
series_kernel()
{
	local name=series-$1 out

	out=$(series_work "$1")/boot
	if [ "$(cat "$out/.key" 2> /dev/null)" != "$2" ]; then
		series_kernel_build "$1" "$out"
		echo "$2" > "$out/.key"
	fi
	link_build "$out/arch/arm64/boot/Image" "kernel/$name/Image"
	link_build "$out/root" "kernel/$name/root"
	ls "$out/root/lib/modules" > "$build/kernel/$name/version"
	rm -rf "$build/modules/$name"
	mkdir -p "$build/modules/$name"
	find "$out/root/lib/modules" -path '*/drivers/dma/*' -name '*.ko' \
		-exec cp {} "$build/modules/$name/" \;
	rootfs_modules "$name"
}
