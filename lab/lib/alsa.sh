# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Builds pcm-test, from the kernel's kselftest "alsa", for the guest: from the kernel's
# source, against the guest's libasound, whose headers are kept in the cache. Sourced
# after common.sh and apt.sh.

# The development files of the guest's libasound; prints the folder.
alsa_headers()
{
	local dir=$cache/alsa

	if ! [ -e "$dir/.done" ]; then
		apt_private_init
		step "Fetching libasound's headers (about 2 s)"
		rm -rf "$dir"
		apt_fetch_deb "$dir/debs" libasound2-dev:arm64
		apt_unpack "$dir/root" "$dir"/debs/*.deb
		rm -rf "$dir/debs"
		touch "$dir/.done"
	fi
	echo "$dir/root/usr/include"
}

# The test and its configuration: build/pcm-test.
alsa_pcm_test()
{
	local headers src=$build/linux-src/tools/testing/selftests

	headers=$(with_lock alsa alsa_headers)
	rm -rf "$build/pcm-test"
	mkdir -p "$build/pcm-test"
	cp -r "$src"/alsa/{pcm-test.conf,conf.d} "$build/pcm-test/"
	aarch64-linux-gnu-gcc -O2 -I"$headers" -I"$headers/alsa" -I"$src" \
		-o "$build/pcm-test/pcm-test" "$src"/alsa/{pcm-test,conf}.c \
		"$build"/initramfs/base/usr/lib/aarch64-linux-gnu/libasound.so.2 -lpthread
}
