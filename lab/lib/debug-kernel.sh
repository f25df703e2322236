# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Where does the debug kernel come from?
#
# It is built from the same source package as the stock kernel, with a small
# configuration (lab/kernel/debug.config) that has every check switched on.
# Kept in the cache by the content of both. Sourced after common.sh.

debug_config=$top/lab/kernel/debug.config

debug_make()
{
	make -s -C "$build/linux-src" O="$1" ARCH=arm64 \
		CROSS_COMPILE=aarch64-linux-gnu- -j"$(nproc)" "${@:2}"
}

# An option that another one silently switched off would be a check that is
# believed to run and does not.
debug_config_check()
{
	local line lost=()

	while read -r line; do
		case $line in
		CONFIG_*=n) grep -q "^${line%=n}=" "$1/.config" && lost+=("$line") ;;
		CONFIG_*) grep -qxF "$line" "$1/.config" || lost+=("$line") ;;
		esac
	done < "$debug_config"
	[ ${#lost[@]} -eq 0 ] ||
		die "the debug kernel's configuration does not have: ${lost[*]}"
}

debug_kernel_build()
{
	local out=$1

	rm -rf "$out"
	mkdir -p "$out"
	debug_make "$out" KCONFIG_ALLCONFIG="$debug_config" allnoconfig \
		> "$out/build.log" 2>&1 || die "see $out/build.log"
	debug_config_check "$out"
	step "Building the debug kernel (about 4 min)"
	debug_make "$out" Image modules > "$out/build.log" 2>&1 ||
		die "the debug kernel does not build: see $out/build.log"
	debug_make "$out" INSTALL_MOD_PATH="$out/root" modules_install \
		>> "$out/build.log" 2>&1 || die "see $out/build.log"
	find "$out" -name '*.o' -o -name '*.cmd' -o -name 'vmlinux*' |
		grep -v '/scripts/' | xargs rm -f
	touch "$out/.done"
}

# The debug kernel: build/kernel/debug.
kernel_debug()
{
	local source key out

	source=$(readlink "$build/linux-src")
	key=$(content_key "$debug_config")
	out=$cache/kernel/debug-${source##*/}-$key
	[ -e "$out/.done" ] || with_lock debug-kernel debug_kernel_build "$out"
	link_build "$out/arch/arm64/boot/Image" kernel/debug/Image
	link_build "$out/root" kernel/debug/root
	link_build "$out" kernel/debug/headers
	ls "$out/root/lib/modules" > "$build/kernel/debug/version"
}
