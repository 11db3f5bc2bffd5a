#!/bin/sh
# bench drivers: wimprep drivers index on a folder of 5,000 INFs: cold, with its cache, after
# a touch of every file, and with one INF changed; then a match.
# usage: tests/bench/drivers.sh [INFs, 5000] [kilobytes of registry lines in each, 60]
set -u
. "${srcdir:-.}/tests/sh.inc"
. "${srcdir:-.}/tests/integration/drivers.inc"
count=${1:-5000} size=${2:-60}
export XDG_CACHE_HOME="$tmp/cache"

# One real package, and the others like it with ids of their own; half are UTF-16.
inf "$tmp/one/net.inf" Net 1041 NTamd64.10.0...16299 1.0 net.sys netp.exe
{
	echo '[Registry]'
	yes 'HKR, Ndi\Params\*PriorityVLANTag, ParamDesc, 0, %PriorityVlanTag%' |
		head -c $((size * 1024))
	echo
} >>"$tmp/one/net.inf"
mkdir "$tmp/pack"
i=0
while [ $i -lt "$count" ]; do
	folder=$tmp/pack/$((i / 100))/$i
	mkdir -p "$folder"
	id=$(printf "%04X" $i)
	sed "s/DEV_1041/DEV_$id/g" "$tmp/one/net.inf" >"$folder/net.inf"
	[ $((i % 2)) = 0 ] || {
		iconv -t UTF-16 "$folder/net.inf" >"$folder/wide" && mv "$folder/wide" "$folder/net.inf"
	}
	: >"$folder/net.cat"
	: >"$folder/net.sys"
	: >"$folder/netp.exe"
	i=$((i + 1))
done
find "$tmp/pack" -name '*.inf' -exec touch -d '1 hour ago' {} +
echo "# $(find "$tmp/pack" -name '*.inf' | wc -l) INFs, $(du -sm "$tmp/pack" | cut -f1) MiB"

# measure WHAT COMMAND...: seconds and the largest memory.
measure() {
	measure_what=$1
	shift
	/usr/bin/time -f "$measure_what: %e s, %M KiB" "$@" >"$tmp/rows" 2>"$tmp/time" || exit 3
	echo "$(tail -n 1 "$tmp/time"), $(wc -l <"$tmp/rows") rows"
}
measure 'nothing remembered' wimprep drivers index --no-cache "$tmp/pack"
measure 'first, remembers' wimprep drivers index "$tmp/pack"
measure 'remembered' wimprep drivers index "$tmp/pack"
find "$tmp/pack" -name '*.inf' -exec touch -d '2 hours ago' {} +
measure 'touched' wimprep drivers index "$tmp/pack"
measure 'remembered again' wimprep drivers index "$tmp/pack"
echo '; one more' >>"$tmp/pack/0/0/net.inf"
measure 'one changed' wimprep drivers index "$tmp/pack"
measure 'match' wimprep drivers match --id='PCI\VEN_1AF4&DEV_0777' "$tmp/pack"
