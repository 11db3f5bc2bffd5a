#!/bin/sh
# bench pxeproxy: answers, CPU, latency and losses beside dnsmasq in proxy mode, in
# namespaces, with 100,000 machines in the database; both in one run, in turns.  Servers
# have one CPU and the load another.  Prints what was measured (the median of the turns),
# then figure, goal and verdict; exit status 1 if a goal is missed.
# usage: tests/bench/pxeproxy.sh [answers a turn, 40000] [turns, 3] [machines, 100000]
# shellcheck disable=SC2119,SC2086
set -u
if [ "${INSIDE:-}" != yes ]; then
	make -s -C "${builddir:-.}" pxeproxy jobctl tests/bench/pxeproxy_load || exit 3
	exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0" "$@"
fi
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

server_cpu='' load_cpu=''
if [ "$(nproc)" -gt 1 ]; then
	server_cpu='taskset -c 1' load_cpu='taskset -c 0'
fi
load() {
	$PEER $load_cpu pxeproxy_load nic0 "$@"
}

ours() {
	mkfifo "$tmp/events" 2>/dev/null
	cat "$tmp/events" >/dev/null &
	$server_cpu pxeproxy >"$tmp/events" 2>"$tmp/said" &
	server=$!
	wait_for answers_now
}
theirs() {
	$server_cpu dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --user= --pid-file= \
		--interface=boot0 --bind-interfaces --dhcp-range=10.0.0.0,proxy \
		--pxe-service=x86PC,boot,undionly --pxe-service=X86-64_EFI,boot,snponly.efi \
		--log-facility="$tmp/dnsmasq" >"$tmp/said" 2>&1 &
	server=$!
	wait_for answers_now
}
answers_now() {
	[ "$(load discover 1 1 1 | cut -d' ' -f4)" = 0 ]
}

# Nanoseconds on a CPU.
cpu() {
	cut -d' ' -f1 /proc/$server/schedstat
}

# turn NAME MODE OUTSTANDING COUNT MACHINES: "NAME rate p50 p99 lost us-per-packet"
turn() {
	before=$(cpu)
	line=$(load "$2" "$3" "$4" "$5")
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

missed=0
# judge TEXT most|least GOAL FIGURE
judge() {
	verdict=$(awk -v w="$2" -v g="$3" -v f="$4" \
		'BEGIN { print (w == "most" ? f <= g : f >= g) ? "met" : "MISSED" }')
	[ "$verdict" = met ] || missed=1
	printf '%-48s %8s  at %-5s %5s  %s\n' "$1" "$4" "$2" "$3" "$verdict"
}
ratio() { # name column
	awk -v a="$(median "ours-$1" "$2")" -v b="$(median "theirs-$1" "$2")" \
		'BEGIN { printf "%.2f", b ? a / b : 0 }'
}
printf '\n%-48s %8s  %-14s %s\n' 'OURS / DNSMASQ' FIGURE GOAL VERDICT
for what in discover-16 discover-64 pxe-16; do
	judge "CPU per answer, $what" most 0.5 "$(ratio $what 6)"
done
for what in discover-16 discover-64; do
	judge "answers/s, $what" least 2 "$(ratio $what 2)"
done
for what in discover-1 discover-16 discover-64 pxe-1 pxe-16; do
	judge "99th percentile, $what" most 1 "$(ratio $what 4)"
done
judge "answers/s, $machines machines in turn" least 1 "$(ratio many 2)"
judge "99th percentile, $machines machines in turn" most 1 "$(ratio many 4)"
printf '\n%-48s %8s  %-14s %s\n' OURS FIGURE GOAL VERDICT
judge 'lost of 1000 at once' most 0 "$(median ours-burst 5)"
judge 'lost in all other turns' most 0 "$(awk '/^ours-(discover|pxe|many)/ { n += $5 } END { print n + 0 }' "$tmp/results")"
judge 'CPU us per packet that is no network boot' most 3 "$(median ours-other 6)"
judge 'KiB of memory, database cache included' most 4096 "$(median ours-memory 2)"
exit $missed
