#!/bin/sh
# jobctl.sh [JOBS] - jobctl import beside a bare sqlite3 shell that inserts the same rows.
#
# The rows are those that the import made (machines, addresses, jobs, settings, attempts,
# events), as INSERTs in one transaction, into the same schema with the same indexes and
# triggers, with the same journal, cache and synchronous. Turns alternate; what counts is
# the CPU time of the best turn of each, as the machine may be shared; the wall clock is
# shown as well. Run it from the build folder. Goal: a ratio of at least 0.5.
set -eu
jobs=${1:-${PXEKIT_BENCH:-100000}}
rounds=${ROUNDS:-3}
tmp=$(mktemp -d "${TMPDIR:-/var/tmp}/jobctl-bench.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 3' HUP INT TERM
PATH=$PWD:$PATH
PXEKIT_CONF=$tmp/pxekit.conf
export PXEKIT_CONF

cat >"$tmp/took.py" <<'END'
import os, sys, time
began = time.monotonic()
if not os.fork():
    os.dup2(os.open(sys.argv[1], os.O_RDONLY), 0)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.execvp(sys.argv[2], sys.argv[2:])
_, status, usage = os.wait3(0)
print(round((usage.ru_utime + usage.ru_stime) * 1000), round((time.monotonic() - began) * 1000))
sys.exit(os.waitstatus_to_exitcode(status))
END
took() { python3 "$tmp/took.py" "$@"; } # STDIN COMMAND...: ms of CPU, ms

mkdir -p "$tmp/images/bench/1"
printf '# pxekit-image: 1\n# name: bench\n# version: 1\n# kind: rootfs\n# arch: x86_64\n# min-disk: 1000\n%064d  rootfs.tar.gz\n' 0 >"$tmp/images/bench/1/MANIFEST"
ln -s 1 "$tmp/images/bench/current"
printf 'database = "%s"\nimages = "%s"\nkey = "%s"\n' "$tmp/jobs.db" "$tmp/images" "$tmp/key" >"$PXEKIT_CONF"
awk -v n="$jobs" 'BEGIN {
	print "mac,image,hostname,address,gateway,timezone"
	for (i = 1; i <= n; i++)
		printf "52:54:%02x:%02x:%02x:%02x,bench,host%d,10.%d.%d.%d/8,10.0.0.1,Europe/Vienna\n",
			int(i / 16777216), int(i / 65536) % 256, int(i / 256) % 256, i % 256,
			i, int(i / 62500) + 1, int(i / 250) % 250, i % 250 + 1
}' >"$tmp/jobs.csv"

best() { # NAME CPU: the least so far
	old=$(cat "$tmp/best.$1" 2>/dev/null || echo 0)
	if [ "$old" -eq 0 ] || [ "$2" -lt "$old" ]; then echo "$2" >"$tmp/best.$1"; fi
}

for round in $(seq "$rounds"); do
	rm -f "$tmp"/jobs.db* "$tmp"/bare.db*
	times=$(took "$tmp/jobs.csv" jobctl import)
	import_cpu=${times% *} import=${times#* }
	if [ ! -e "$tmp/rows.sql" ]; then
		sqlite3 "$tmp/jobs.db" .schema | grep -v sqlite_sequence >"$tmp/schema.sql"
		{
			echo 'PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;'
			echo 'PRAGMA cache_size = -65536; BEGIN;'
			sqlite3 "$tmp/jobs.db" .dump | grep '^INSERT INTO' | grep -v sqlite_sequence
			echo 'COMMIT;'
		} >"$tmp/rows.sql"
	fi
	{ echo 'PRAGMA journal_mode = WAL;' && cat "$tmp/schema.sql"; } | sqlite3 "$tmp/bare.db" >"$tmp/mode"
	times=$(took "$tmp/rows.sql" sqlite3 "$tmp/bare.db")
	bare_cpu=${times% *} bare=${times#* }
	[ "$(sqlite3 "$tmp/bare.db" 'SELECT count(*) FROM job')" = "$jobs" ]
	echo "$round: import $import_cpu ms of CPU ($import ms), sqlite3 $bare_cpu ms of CPU ($bare ms)"
	best import "$import_cpu"
	best bare "$bare_cpu"
done
awk -v jobs="$jobs" -v own="$(cat "$tmp/best.import")" -v bare="$(cat "$tmp/best.bare")" 'BEGIN {
	ratio = bare / own
	printf "%s: import of %d jobs is %.2f of a bare sqlite3 (%.0f jobs a second of CPU)\n",
		(ratio >= 0.5 ? "good" : "missed"), jobs, ratio, jobs * 1000 / own
	exit (ratio < 0.5)
}'
