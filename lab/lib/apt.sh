# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Downloads packages into the cache, without touching the machine's own apt.
#
# A private apt root has its own sources and lists, with source packages and the arm64
# architecture. Nothing is installed from it: packages are downloaded and unpacked.
# There are two private roots: one with the machine's sources, one with further releases
# of Debian from the same mirrors. Sourced after common.sh.

apt_machine=$cache/apt
apt_releases=$cache/apt-releases
apt_root=$apt_machine

# Releases of Debian that the lab reads besides the machine's own.
APT_SUITES="bookworm bookworm-updates bookworm-backports
	    trixie trixie-updates trixie-backports sid"
APT_SECURITY_SUITES="bookworm-security trixie-security"

# The machine's sources, in both of apt's formats, with deb-src added.
apt_machine_sources()
{
	local f

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

# The machine's sources as lines "URI SUITE SIGNED-BY", of both formats.
apt_machine_suites()
{
	{ cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2> /dev/null || :; } |
	sed -E -n 's/^[[:space:]]*deb[[:space:]]+//p' |
	sed -E 's/^\[([^]]*)\][[:space:]]*/\1|/; t; s/^/|/' |
	awk -F'|' '{
		key = "-"
		if (match($1, /signed-by=[^ ]+/))
			key = substr($1, RSTART + 10, RLENGTH - 10)
		split($2, word, " ")
		print word[1], word[2], key
	}'
	awk '
	function flush(   i, j) {
		for (i in uris) for (j in suites)
			print uris[i], suites[j], key == "" ? "-" : key
		delete uris; delete suites; key = ""
	}
	FNR == 1 || /^$/ { flush() }
	tolower($1) == "uris:" { sub(/^[^:]*:/, ""); split($0, uris, " ") }
	tolower($1) == "suites:" { sub(/^[^:]*:/, ""); split($0, suites, " ") }
	tolower($1) == "signed-by:" { key = $2 }
	END { flush() }' /dev/null /etc/apt/sources.list.d/*.sources 2> /dev/null || :
}

# Print those of APT_SUITES or APT_SECURITY_SUITES that a mirror has, by the suite that
# the machine takes from it; nothing if the suite is not Debian's.
apt_further_suites()
{
	local codename

	codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
	case $1 in
	"$codename-security" | stable-security) echo "$APT_SECURITY_SUITES" ;;
	"$codename" | stable | sid | unstable) echo "$APT_SUITES" ;;
	esac
}

# The same mirrors' further releases.
apt_releases_sources()
{
	local uri suite key further

	apt_machine_suites | sort -u | while read -r uri suite key; do
		for further in $(apt_further_suites "$suite"); do
			cat > "$apt_root/etc/sources.list.d/$further.sources" <<-END
			Types: deb deb-src
			URIs: $uri
			Suites: $further
			Components: main
			$([ "$key" = - ] || echo "Signed-By: $key")
			END
		done
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

# Read one release's lists. A mirror need not have each of them.
apt_update_release()
{
	apt_private apt-get -qq -o Dir::Etc::sourcelist="$1" \
		-o Dir::Etc::sourceparts=/dev/null -o APT::Get::List-Cleanup=false \
		update > "$1.log" 2>&1
}

apt_update_releases()
{
	local source

	for source in "$apt_root"/etc/sources.list.d/*.sources; do
		[ -e "$source" ] ||
			die "the apt sources name no mirror of Debian: its other releases cannot be read"
		apt_update_release "$source" || {
			step "The mirror does not give $(basename "$source" .sources)"
			rm -f "$source"
		}
	done
}

apt_update_machine()
{
	apt_private apt-get -qq update ||
		die "apt cannot read the package lists: see the lines above, and try 'apt-get update'"
}

# Refresh the lists of $apt_root, at most once a day.
apt_private_init()
{
	local stamp=$apt_root/updated kind=machine

	if [ -n "$(find "$stamp" -newermt '1 day ago' 2>/dev/null)" ] &&
	   ! [ /etc/apt -nt "$stamp" ] && ! [ /etc/apt/sources.list.d -nt "$stamp" ] &&
	   ! [ "${BASH_SOURCE[0]}" -nt "$stamp" ]; then
		return
	fi
	if [ "$apt_root" = "$apt_releases" ]; then
		kind=releases
		step "Reading the package lists of Debian's other releases (about 30 s)"
	else
		step "Reading the package lists of this machine's apt sources (about 10 s)"
	fi
	mkdir -p "$apt_root"/{etc/sources.list.d,state/lists/partial,cache/archives/partial}
	rm -f "$apt_root"/etc/sources.list.d/*
	: > "$apt_root/state/status"
	apt_private_config > "$apt_root/apt.conf"
	"apt_${kind}_sources"
	"apt_update_$kind"
	touch "$stamp"
}

# with_releases COMMAND...: run it with Debian's releases in place of the machine's
# sources.
with_releases()
{
	local apt_root=$apt_releases

	with_lock apt-releases apt_private_init
	"$@"
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
