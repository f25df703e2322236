# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# How are the modules built out of tree?
#
# The sources are copied to a folder laid out like drivers/dma/ of a kernel
# tree, with the two private headers and dmatest.c of the matching kernel
# source beside them, so that they build there just as they would in a tree.
# Sourced after common.sh.

# modules_stage DIR PRIVATE: lay out DIR. A file that did not change keeps its
# time, so that make builds only what it must.
modules_stage()
{
	local dir=$1 private=$2

	mkdir -p "$dir/rockchip" "$dir/client" "$dir/dmatest"
	modules_copy "$top/drivers/dma/rockchip" "$dir/rockchip"
	modules_copy "$top/drivers/dma/client" "$dir/client"
	cp -pu "$private/virt-dma.h" "$private/dmaengine.h" "$dir/"
	cat > "$dir/Kbuild.new" <<-END
	obj-m += rockchip/ client/
	END
	if [ -e "$private/dmatest.c" ]; then
		cp -pu "$private/dmatest.c" "$dir/dmatest/"
		echo 'obj-m += dmatest.o' > "$dir/dmatest/Kbuild"
		echo 'obj-m += dmatest/' >> "$dir/Kbuild.new"
	fi
	cmp -s "$dir/Kbuild.new" "$dir/Kbuild" || mv "$dir/Kbuild.new" "$dir/Kbuild"
	rm -f "$dir/Kbuild.new"
}

# Copy the sources, and take away what is no longer there.
modules_copy()
{
	local f

	cp -pu "$1"/* "$2/"
	for f in "$2"/*.[ch]; do
		case $f in *.mod.c) continue ;; esac
		[ -e "$1/${f##*/}" ] || rm -f "$f"
	done
}

# modules_build DIR KDIR [ARG...]: build what modules_stage laid out.
modules_build()
{
	local dir=$1 kdir=$2

	shift 2
	make -s -C "$kdir" M="$dir" -j"$(nproc)" \
		CONFIG_ROCKCHIP_RKDMA=m CONFIG_RKDMA_CLIENT=m CONFIG_RKDMA_BENCH=m \
		CONFIG_DEBUG_INFO_BTF_MODULES= \
		"$@" modules
}

# modules_lab KERNEL KDIR PRIVATE: build for a kernel of the lab and put the
# modules into build/modules/KERNEL.
modules_lab()
{
	local kernel=$1 kdir=$2 private=$3 dir=$build/obj/$1 out=$build/modules/$1
	local key

	key=$(content_key "$top"/drivers/dma/*/* "$kdir/.config" "${BASH_SOURCE[0]}")
	[ "$(cat "$out/.key" 2>/dev/null)" != "$key" ] || return 0
	step "Building the modules for the $kernel kernel (about 10 s)"
	modules_stage "$dir" "$private"
	modules_build "$dir" "$kdir" ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- \
		KBUILD_MODPOST_WARN= W=1
	mkdir -p "$out"
	find "$dir" -name '*.ko' -exec cp -pu {} "$out/" \;
	echo "$key" > "$out/.key"
}
