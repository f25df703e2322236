# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# How do packages get into the cache without touching the machine's own apt?
#
# A private apt root has the machine's own sources, with source packages and
# the arm64 architecture added, and lists of its own. Nothing is installed from
# it: packages are downloaded and unpacked. Sourced after common.sh.

apt_root=$cache/apt

# The machine's sources, in both of apt's formats, with deb-src added.
apt_private_sources()
{
	local f

	mkdir -p "$apt_root/etc/sources.list.d"
	rm -f "$apt_root"/etc/sources.list.d/*
	for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[ -f "$f" ] || continue
		sed -E -n 's/^[[:space:]]*deb(-src)?[[:space:]]/deb /p' "$f" |
		sed -E 's/\[([^]]*)\]/[\1]/; s/arch=[^] ]*//; p; s/^deb /deb-src /' |
		sort -u > "$apt_root/etc/sources.list.d/$(basename "$f")"
	done
	for f in /etc/apt/sources.list.d/*.sources; do
		[ -f "$f" ] || continue
		sed -E '/^Architectures:/d; s/^Types:.*/Types: deb deb-src/' "$f" \
			> "$apt_root/etc/sources.list.d/$(basename "$f")"
	done
}

apt_private_config()
{
	local host

	host=$(dpkg --print-architecture)
	cat <<-END
	Dir::State "$apt_root/state";
	Dir::State::status "$apt_root/state/status";
	Dir::Cache "$apt_root/cache";
	Dir::Etc::sourcelist "/dev/null";
	Dir::Etc::sourceparts "$apt_root/etc/sources.list.d";
	APT::Architecture "$host";
	APT::Architectures { "$host"; "arm64"; };
	APT::Sandbox::User "";
	APT::Get::List-Cleanup "true";
	Acquire::Languages "none";
	Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
	Acquire::Retries "3";
	END
}

# apt_private COMMAND...: run an apt tool on the private root.
apt_private()
{
	local tool=$1

	shift
	APT_CONFIG=$apt_root/apt.conf "$tool" "$@"
}

# Refresh the lists, at most once a day.
apt_private_init()
{
	local stamp=$apt_root/updated

	if [ -n "$(find "$stamp" -newermt '1 day ago' 2>/dev/null)" ] &&
	   ! [ /etc/apt -nt "$stamp" ] && ! [ /etc/apt/sources.list.d -nt "$stamp" ]; then
		return
	fi
	step "Reading the package lists of this machine's apt sources (about 10 s)"
	mkdir -p "$apt_root"/{etc,state/lists/partial,cache/archives/partial}
	: > "$apt_root/state/status"
	apt_private_config > "$apt_root/apt.conf"
	apt_private_sources
	apt_private apt-get -qq update ||
		die "apt cannot read the package lists: see the lines above, and try 'apt-get update'"
	touch "$stamp"
}

# apt_candidate PKG[:ARCH]: print the version that would be fetched.
apt_candidate()
{
	apt_private apt-cache policy "$1" |
		awk '$1 == "Candidate:" && $2 != "(none)" { print $2 }'
}

# apt_fetch_deb DIR PKG[:ARCH]...: download binary packages into DIR.
apt_fetch_deb()
{
	local dir=$1

	shift
	mkdir -p "$dir"
	(cd "$dir" && apt_private apt-get -qq download "$@") ||
		die "cannot download $*: is the network up, and the package in the apt sources?"
}

# apt_fetch_source DIR SRCPKG: download a source package's files into DIR.
apt_fetch_source()
{
	mkdir -p "$1"
	(cd "$1" && apt_private apt-get -qq source --download-only "$2") ||
		die "cannot download the source of $2: do the apt sources have it?"
}

# apt_unpack DIR DEB...: unpack binary packages into DIR.
apt_unpack()
{
	local dir=$1 deb

	shift
	mkdir -p "$dir"
	for deb in "$@"; do
		dpkg-deb -x "$deb" "$dir"
	done
}
