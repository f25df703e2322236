# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The debug kernels: built from the same source package as the stock kernel, with a
# small configuration (lab/kernel/lab.config and debug.config) that has every check
# switched on; debug-rt is the same with PREEMPT_RT. Kept in the cache by the content
# of both. Sourced after common.sh.

# debug_config KERNEL: its configuration. A later line replaces an earlier one.
debug_config()
{
	local files=("$top/lab/kernel/lab.config")

	[ "$1" != debug-rt ] || files+=("$top/lab/kernel/debug.config")
	files+=("$top/lab/kernel/$1.config")
	awk -F = '
	/^CONFIG_/ { if (!($1 in value)) name[++n] = $1; value[$1] = $2 }
	END { for (i = 1; i <= n; i++) print name[i] "=" value[name[i]] }' "${files[@]}"
}

debug_make()
{
	make -s -C "$build/linux-src" O="$1" ARCH=arm64 \
		CROSS_COMPILE=aarch64-linux-gnu- -j"$(nproc)" "${@:2}"
}

# Fail if another option silently disabled one of these: the check would be missing.
debug_config_check()
{
	local line lost=()

	while read -r line; do
		case $line in
		CONFIG_*=n) grep -q "^${line%=n}=" "$1/.config" && lost+=("$line") ;;
		CONFIG_*) grep -qxF "$line" "$1/.config" || lost+=("$line") ;;
		esac
	done < "$1/lab.config"
	[ ${#lost[@]} -eq 0 ] ||
		die "the kernel's configuration does not have: ${lost[*]}"
}

debug_kernel_build()
{
	local kernel=$1 out=$2

	# Another process may have built it while this one waited for the lock.
	[ ! -e "$out/.done" ] || return 0
	rm -rf "$out"
	mkdir -p "$out"
	debug_config "$kernel" > "$out/lab.config"
	debug_make "$out" KCONFIG_ALLCONFIG="$out/lab.config" allnoconfig \
		> "$out/build.log" 2>&1 || die "see $out/build.log"
	debug_config_check "$out"
	step "Building the $kernel kernel (about 4 min)"
	debug_make "$out" Image modules > "$out/build.log" 2>&1 ||
		die "the $kernel kernel does not build: see $out/build.log"
	debug_make "$out" INSTALL_MOD_PATH="$out/root" modules_install \
		>> "$out/build.log" 2>&1 || die "see $out/build.log"
	find "$out" -name '*.o' -o -name '*.cmd' -o -name 'vmlinux*' |
		grep -v '/scripts/' | xargs rm -f
	touch "$out/.done"
}

# kernel_debug debug|debug-rt: build/kernel/debug or the other.
kernel_debug()
{
	local kernel=$1 source key out

	source=$(readlink "$build/linux-src")
	key=$(debug_config "$kernel" | content_key)
	out=$cache/kernel/$kernel-${source##*/}-$key
	[ -e "$out/.done" ] || with_lock "$kernel-kernel" debug_kernel_build "$kernel" "$out"
	link_build "$out/arch/arm64/boot/Image" "kernel/$kernel/Image"
	link_build "$out/root" "kernel/$kernel/root"
	link_build "$out" "kernel/$kernel/headers"
	ls "$out/root/lib/modules" > "$build/kernel/$kernel/version"
}
