#!/bin/sh
# registry.sh [EVENTS] [MACHINES] - the database at the size of a large site, in the build
# folder, after `make tests/bench/plan_load`.
#
# 1. jobctl ingest of EVENTS (100000) lines beside the sqlite3 shell that writes the same
#    rows, with the same indexes and in as many transactions; seconds of CPU, in turns.
#    Goal: at least 0.5 of the shell's speed.
# 2. MACHINES (100000) with a job for every tenth, and ten events each: what one decision
#    costs (goal: below 50 us of CPU), and how long the verbs for people take.
set -eu
events=${1:-100000} machines=${2:-100000}
tmp=$(mktemp -d "${TMPDIR:-/var/tmp}/registry-bench.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 3' HUP INT TERM
PATH=$PWD:$PATH
PXEKIT_CONF=$tmp/pxekit.conf
export PXEKIT_CONF
printf 'database = "%s/jobs.db"\nimages = "%s"\nkey = "%s/key"\n' "$tmp" "$tmp" "$tmp" >"$PXEKIT_CONF"

# Seconds of CPU and of clock that a command takes.
took() { # command...
	bash -c 'TIMEFORMAT="%U %S %R"; time "$@" >/dev/null 2>"$0"' "$tmp/err" "$@" 2>"$tmp/time" ||
		{ cat "$tmp/err" >&2; exit 3; }
	tail -n 1 "$tmp/time" | awk '{ printf "%.2f %.2f\n", $1 + $2, $3 }'
}

# ---- 1 ----
awk -v n="$events" 'BEGIN { for (i = 0; i < n; i++) {
	mac = sprintf("52:54:00:00:%02x:%02x", i / 256 % 4, i % 256)
	head = sprintf("{\"v\":1,\"time\":\"2026-11-22T01:%02d:%02d.%03dZ\",\"id\":\"bench-%d\",", i / 60000 % 60, i / 1000 % 60, i % 1000, i)
	if (i % 3 == 0)
		printf "%s\"event\":\"offer\",\"source\":\"pxeproxy\",\"mac\":\"%s\",\"arch\":7,\"network\":\"lab\",\"rule\":\"job\",\"file\":\"ipxe.efi\"}\n", head, mac
	else if (i % 3 == 1)
		printf "%s\"event\":\"transfer\",\"source\":\"tftpd-lite\",\"mac\":\"%s\",\"address\":\"10.77.0.%d\",\"file\":\"ipxe.efi\",\"octets\":1048576,\"ms\":120}\n", head, mac, i % 250
	else
		printf "%s\"event\":\"script\",\"source\":\"bootweb\",\"mac\":\"%s\",\"address\":\"10.77.0.%d\",\"action\":\"install\",\"rule\":\"job\"}\n", head, mac, i % 250
} }' >"$tmp/lines"
: >"$tmp/empty"
for round in 1 2 3; do
	rm -f "$tmp"/jobs.db* "$tmp"/shell.db*
	jobctl ingest <"$tmp/empty" >/dev/null
	ours=$(took sh -c 'jobctl ingest <"$1"' sh "$tmp/lines")
	# The same rows as statements, 1000 in a transaction as ingest has them.
	{
		echo 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;'
		sqlite3 "$tmp/jobs.db" .schema | grep -v sqlite_sequence
		echo 'BEGIN;'
		sqlite3 "$tmp/jobs.db" '.dump machine' '.dump machine_mac' '.dump event' |
			grep '^INSERT' | awk '{ print } NR % 1000 == 0 { print "COMMIT; BEGIN;" }'
		echo 'COMMIT;'
	} >"$tmp/statements"
	shell=$(took sh -c 'sqlite3 "$1" <"$2"' sh "$tmp/shell.db" "$tmp/statements")
	ratio=$(echo "$shell $ours" | awk '{ printf "%.2f", $1 / $3 }')
	echo "$round: jobctl ingest $ours s, sqlite3 $shell s (CPU, clock); $ratio of its speed by CPU"
	echo "$ratio" >>"$tmp/ratios"
done
best=$(sort -n "$tmp/ratios" | tail -n 1)

# ---- 2 ----
sqlite3 "$tmp/jobs.db" <<-END
	PRAGMA synchronous = OFF;
	BEGIN;
	CREATE TEMP TABLE n AS WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM c
		WHERE i + 1 < $machines) SELECT i FROM c;
	INSERT INTO machine (id, uuid, name, disposition, manufacturer, product, first_seen, last_seen)
		SELECT 1000000 + i, printf('%08x-0000-4000-8000-000000000000', i), 'host' || i, 'known',
		'QEMU', 'Standard PC', 1, 2 FROM n;
	INSERT INTO machine_mac SELECT printf('02:00:00:%02x:%02x:%02x', i / 65536, i / 256 % 256,
		i % 256), 1000000 + i, 1 FROM n;
	INSERT INTO job (id, machine, image, state, hostname, created, updated)
		SELECT 1 + i, 1000000 + i, 'debian12@1', CASE i % 10 WHEN 0 THEN 'queued' ELSE 'done' END,
		'host' || i, 1, 1 FROM n;
	INSERT INTO attempt (job, number, nonce, state, started) SELECT 1 + i, 1,
		printf('%032x', i), CASE i % 10 WHEN 0 THEN 'queued' ELSE 'done' END, 1 FROM n;
	INSERT INTO event (received, time, source, event, machine, address, verdict, line)
		SELECT 1, 1, 'pxeproxy', 'offer', 1000000 + i, '10.0.0.1', 'applied',
		'{"v":1,"time":"2026-11-22T01:00:00.000Z","event":"offer"}'
		FROM n, (SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL
		SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9
		UNION ALL SELECT 10);
	COMMIT;
	PRAGMA wal_checkpoint(TRUNCATE);
END
plan=$(tests/bench/plan_load "$tmp/jobs.db" "$machines" 200000)
echo "a decision: ${plan% *} us of CPU (${plan#* } of 200000 are installations)"
for verb in 'list' 'list --all' 'show 500' 'explain host500' 'machines --new' 'events --job 500' 'sweep --dry-run'; do
	# shellcheck disable=SC2086
	echo "jobctl $verb: $(took jobctl $verb) s (CPU, clock)"
done
if [ "$(echo "$best ${plan% *}" | awk '{ print ($1 >= 0.5 && $2 < 50) }')" = 1 ]; then
	echo "good: $best of the shell's speed, ${plan% *} us a decision"
else
	echo "missed: $best of the shell's speed, ${plan% *} us a decision"
	exit 1
fi
