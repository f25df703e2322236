# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Building the modules out of tree.
#
# The sources are copied to a folder laid out like drivers/dma/ of a kernel tree, so that
# they build as in a tree. drivers/dma/rockchip/vchan.h declares what they need of the
# kernel's private headers. If those headers are in the folder, they are used instead.
# Sourced after common.sh.

# The kernel's configuration does not have these options: enable all.
modules_config=(
	CONFIG_ROCKCHIP_RKDMA=m CONFIG_ROCKCHIP_RKDMA_LLI=m CONFIG_ROCKCHIP_RKDMA_PL330=m
	CONFIG_RKDMA_CLIENT=m CONFIG_RKDMA_BENCH=m
)

# modules_stage DIR [FILE...]: lay out DIR, with these files of a kernel's
# drivers/dma/ (virt-dma.h, dmaengine.h, dmatest.c). A file that did not change
# keeps its time, so that make builds only what it must.
modules_stage()
{
	local dir=$1 f

	shift
	mkdir -p "$dir/dmatest"
	modules_copy "$top/drivers/dma/rockchip" "$dir/rockchip"
	modules_copy "$top/drivers/dma/client" "$dir/client"
	modules_copy "$top/lab/vchan" "$dir/vchan"
	rm -f "$dir"/*.h
	echo 'obj-m += rockchip/ client/ vchan/' > "$dir/Kbuild.new"
	for f; do
		case $f in
		*.h) cp -p "$f" "$dir/" ;;
		*.c)
			cp -pu "$f" "$dir/dmatest/"
			echo 'obj-m += dmatest.o' > "$dir/dmatest/Kbuild"
			echo 'obj-m += dmatest/' >> "$dir/Kbuild.new"
			;;
		esac
	done
	cmp -s "$dir/Kbuild.new" "$dir/Kbuild" || mv "$dir/Kbuild.new" "$dir/Kbuild"
	rm -f "$dir/Kbuild.new"
}

# modules_copy FROM TO: copy the sources with their sub-folders, and take away what is
# no longer there.
modules_copy()
{
	local f

	mkdir -p "$2"
	cp -pru "$1/." "$2/"
	(cd "$2" && find . -mindepth 1 -type d -o -name '*.[ch]' ! -name '*.mod.c') |
		while IFS= read -r f; do
			[ -e "$1/$f" ] || rm -rf "${2:?}/$f"
		done
}

# modules_release KDIR: print the kernel's release as "uname -r" does. "make
# kernelrelease" prints a different one with Debian's headers of 6.1.
modules_release()
{
	local release

	release=$(sed -n 's/^#define UTS_RELEASE "\(.*\)"$/\1/p' \
		"$1/include/generated/utsrelease.h" 2> /dev/null) || :
	[ -n "$release" ] || release=$(make -s -C "$1" kernelrelease)
	echo "$release"
}

# modules_build DIR KDIR [ARG...]: build what modules_stage laid out.
modules_build()
{
	local dir=$1 kdir=$2

	shift 2
	make -s -C "$kdir" M="$dir" -j"$(nproc)" \
		"${modules_config[@]}" CONFIG_DEBUG_INFO_BTF_MODULES= \
		"$@" modules
}

# modules_btf DIR FILE: check that the kernel's BTF in FILE has the layout that DIR was
# built with. Without BTF or a compiler for this machine nothing is checked here; the
# module checks when it is loaded.
modules_btf()
{
	local dir=$1 file=$2 said status=0

	"${HOSTCC:-cc}" -D_GNU_SOURCE -O1 -o "$dir/vchan/btf-check" \
		"$dir/vchan/btf-check.c" 2> /dev/null || {
		echo "Not compared with the kernel's BTF: no compiler for programs"
		return 0
	}
	said=$("$dir/vchan/btf-check" "$dir/vchan/layout.s" "$file" 2>&1) || status=$?
	case $status in
	0) ;;
	1)
		printf '%s\n' "$said" >&2
		die "this kernel's virt-dma differs from drivers/dma/rockchip/vchan.h: give KDIR a build tree with the kernel's source, whose virt-dma.h is then used"
		;;
	*) echo "Not compared with the kernel's BTF: $said" ;;
	esac
}

# modules_sources: the content of all that the modules are made of
modules_sources()
{
	find "$top/drivers/dma" "$top/lab/vchan" -type f -print0 | LC_ALL=C sort -z |
		xargs -0 cat -- "$top/lab/lib/modules.sh"
}

# modules_lab KERNEL KDIR SOURCE: build for a kernel of the lab and put the
# modules into build/modules/KERNEL. SOURCE, drivers/dma/ of the kernel's source,
# gives dmatest, which distributions do not build. The private headers of a
# kernel are not used here: board owners do not have them either.
modules_lab()
{
	local kernel=$1 kdir=$2 source=$3 dir=$build/obj/$1 out=$build/modules/$1
	local key

	key=$({ modules_sources; cat "$kdir/.config"; } | content_key)
	[ "$(cat "$out/.key" 2>/dev/null)" != "$key" ] || return 0
	step "Building the modules for the $kernel kernel (about 10 s)"
	modules_stage "$dir" "$source/dmatest.c"
	modules_build "$dir" "$kdir" ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- \
		KBUILD_MODPOST_WARN= W=1
	mkdir -p "$out"
	rm -f "$out"/*.ko
	find "$dir" -name '*.ko' -exec cp -p {} "$out/" \;
	echo "$key" > "$out/.key"
}
