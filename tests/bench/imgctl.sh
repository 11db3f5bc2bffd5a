#!/bin/sh
# imgctl.sh [MB] - imgctl import of a disc beside cp and sha256sum of the same file, in turns.
#
# The disc lies in the page cache; what is written goes to the folder of $TMPDIR. cp is
# followed by sync, as imgctl import says nothing before its files are on the disk; cp alone
# is shown as well. Run it from the build folder. Goal: the import takes at most 1.15 times
# the slower of cp and sha256sum, and less than 64 MiB.
set -eu
megabytes=${1:-${PXEKIT_BENCH:-5120}}
rounds=${ROUNDS:-3}
tmp=$(mktemp -d "${TMPDIR:-/var/tmp}/imgctl-bench.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 3' HUP INT TERM
PATH=$PWD:$PATH

now() { date +%s%N; }
# Milliseconds that a command takes.
took() { # command...
	began=$(now)
	"$@" >/dev/null 2>"$tmp/err" || { cat "$tmp/err" >&2; exit 3; }
	echo $((($(now) - began) / 1000000))
}
# Runs a command, and writes the most memory that it had, in KiB.
cat >"$tmp/rss.py" <<'END'
import os, sys
pid = os.spawnvp(os.P_NOWAIT, sys.argv[2], sys.argv[2:])
_, status, usage = os.wait4(pid, 0)
open(sys.argv[1], "w").write("%d\n" % usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
END
copy() { cp "$tmp/disc.iso" "$tmp/copy" && sync "$tmp/copy"; }

mkdir -p "$tmp/disc" "$tmp/images"
for piece in $(seq $(((megabytes + 999) / 1000))); do
	head -c 1000M /dev/urandom >"$tmp/disc/data.$piece"
done
genisoimage -quiet -R -V BENCH -o "$tmp/disc.iso" "$tmp/disc" 2>/dev/null
rm -rf "$tmp/disc"
cat "$tmp/disc.iso" >/dev/null
sum=$(sha256sum <"$tmp/disc.iso" | cut -c 1-64)

for round in $(seq "$rounds"); do
	plain=$(took cp "$tmp/disc.iso" "$tmp/copy") && rm "$tmp/copy" && sync
	cp=$(took copy) && rm "$tmp/copy" && sync
	sha=$(took sha256sum "$tmp/disc.iso")
	import=$(took python3 "$tmp/rss.py" "$tmp/rss" \
		imgctl --images "$tmp/images" import "$tmp/disc.iso" --name bench --version 1 --sha256 "$sum")
	rm -rf "$tmp/images/bench" && sync
	slower=$((cp > sha ? cp : sha))
	echo "$round: cp $plain ms, cp+sync $cp ms, sha256sum $sha ms, import $import ms ($((import * 100 / slower)) % of the slower), $(cat "$tmp/rss") KiB"
	echo "$((import * 100 / slower)) $(cat "$tmp/rss")" >>"$tmp/rounds"
done
sort -n "$tmp/rounds" | head -n 1 | {
	read -r percent kib
	if [ "$percent" -le 115 ] && [ "$kib" -lt 65536 ]; then
		echo "good: best round $percent % of the slower, $kib KiB"
	else
		echo "missed: best round $percent % of the slower, $kib KiB"
		exit 1
	fi
}
