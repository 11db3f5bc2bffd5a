#!/bin/sh
# bench pxeproxy: answers, CPU, latency and losses beside dnsmasq in proxy mode, in
# namespaces, with 100,000 machines in the database; both in one run, in turns.
# usage: tests/bench/pxeproxy.sh [answers a turn, 40000] [turns, 3] [machines, 100000]
# shellcheck disable=SC2119,SC2086
set -u
[ "${INSIDE:-}" ] || exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0" "$@"
srcdir=${srcdir:-.} builddir=${builddir:-.}
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/pxeproxy.inc"
PATH=$builddir/tests/bench:$PATH:/usr/sbin
count=${1:-40000} turns=${2:-3} machines=${3:-100000}
command -v dnsmasq >/dev/null || skip 'dnsmasq is not here'

site_make
sed -i 's/relay = .*/policy = known/' "$PXEKIT_CONF"
sqlite3 "$site/state/jobs.db" "
	PRAGMA synchronous = off;
	BEGIN;
	CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS
		(SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < $machines - 1) SELECT i FROM n;
	INSERT INTO machine (id, first_seen, disposition)
		SELECT 1000 + i, 1, 'known' FROM n;
	INSERT INTO machine_mac (mac, machine, position) SELECT printf('52:54:01:%02x:%02x:%02x',
		i >> 16, (i >> 8) & 255, i & 255), 1000 + i, 1 FROM n;
	COMMIT;" || exit 3
add 52:54:00:00:00:01 >/dev/null # leaves -wal and -shm as readers need them
$PEER ip addr add 10.0.0.9/24 dev nic0

ours() {
	mkfifo "$tmp/events" 2>/dev/null
	cat "$tmp/events" >/dev/null &
	pxeproxy >"$tmp/events" 2>"$tmp/said" &
	server=$!
	wait_for answers_now
}
theirs() {
	dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --user= --pid-file= \
		--interface=boot0 --bind-interfaces --dhcp-range=10.0.0.0,proxy \
		--pxe-service=x86PC,boot,undionly --pxe-service=X86-64_EFI,boot,snponly.efi \
		--log-facility="$tmp/dnsmasq" >"$tmp/said" 2>&1 &
	server=$!
	wait_for answers_now
}
answers_now() {
	[ "$($PEER pxeproxy_load nic0 discover 1 1 1 | cut -d' ' -f4)" = 0 ]
}

# Nanoseconds on a CPU.
cpu() {
	cut -d' ' -f1 /proc/$server/schedstat
}

# turn NAME MODE OUTSTANDING COUNT MACHINES: "NAME rate p50 p99 lost us-per-packet"
turn() {
	before=$(cpu)
	line=$($PEER pxeproxy_load nic0 "$2" "$3" "$4" "$5")
	echo "$1 $line $(awk "BEGIN { printf \"%.2f\", ($(cpu) - $before) / $4 / 1000 }")" \
		>>"$tmp/results"
}
all() { # who
	turn "$1-discover-1" discover 1 $((count / 4)) 1000
	turn "$1-discover-16" discover 16 "$count" 1000
	turn "$1-discover-64" discover 64 "$count" 1000
	turn "$1-pxe-1" pxe 1 $((count / 4)) 1000
	turn "$1-pxe-16" pxe 16 "$count" 1000
	turn "$1-burst" burst 1000 1000 1000
	turn "$1-many" discover 16 "$count" "$machines"
	turn "$1-other" other 1 4000 1000
	echo "$1-memory $(awk '/^Rss(Anon|Shmem)/ { n += $2 } END { print n }' /proc/$server/status) 0 0 0 0" >>"$tmp/results"
}

i=0
while [ $i -lt "$turns" ]; do
	for who in theirs ours; do
		$who || exit 3
		all $who
		kill $server
		wait $server
	done
	i=$((i + 1))
done

median() { # name column
	awk -v name="$1" -v col="$2" '$1 == name { print $col }' "$tmp/results" |
		sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
printf '%-22s %10s %10s %10s %6s %12s\n' WHAT ANSWERS/S 'P50 US' 'P99 US' LOST 'CPU US/PACKET'
for what in discover-1 discover-16 discover-64 pxe-1 pxe-16 burst many other; do
	for who in theirs ours; do
		name=$who-$what
		printf '%-22s %10s %10s %10s %6s %12s\n' $name "$(median $name 2)" \
			"$(median $name 3)" "$(median $name 4)" "$(median $name 5)" "$(median $name 6)"
	done
done
printf '%-22s %10s KiB of its own\n' theirs-memory "$(median theirs-memory 2)" \
	ours-memory "$(median ours-memory 2)"
ratio() { # text name column
	awk -v what="$1" -v a="$(median "ours-$2" "$3")" -v b="$(median "theirs-$2" "$3")" \
		'BEGIN { printf "%-46s %.2f\n", what, b ? a / b : 0 }'
}
echo
ratio 'CPU per DISCOVER, ours / dnsmasq' discover-16 6
ratio 'CPU per REQUEST on 4011, ours / dnsmasq' pxe-16 6
ratio 'CPU per packet that is no network boot' other 6
ratio 'answers/s at 1' discover-1 2
ratio 'answers/s at 16' discover-16 2
ratio 'answers/s at 64' discover-64 2
ratio 'p99 at 1' discover-1 4
ratio 'p99 at 16' discover-16 4
ratio 'p99 at 64' discover-64 4
echo "lost of 1000 at once: dnsmasq $(median theirs-burst 5), ours $(median ours-burst 5)"
