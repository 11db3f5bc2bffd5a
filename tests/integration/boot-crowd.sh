#!/bin/sh
# shellcheck disable=SC2086,SC2119 # lists of processes; dhcp_start may have arguments
# Fifty machines at once: a MAC, an image, a job, power on; DHCP, loader, script, and every
# report of an installation, while one jobctl ingest takes it all in.
# Rows: S1-01 S1-02
set -u
[ "${INSIDE:-}" ] || exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0"
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/pxeprobe.inc"
crowd=50

net_make
site_fill
seq 0 $((crowd - 1)) | awk 'BEGIN { print "mac,image,hostname" }
	{ printf "02:70:78:00:00:%02x,tiny,crowd%d\n", $1, $1 }' >"$tmp/jobs.csv"
run sh -c "jobctl import '$tmp/jobs.csv' --format csv | tail -n 1"
is 0 "$crowd queued, 0 refused" ''
mkfifo "$tmp/pipe"
exec 9<>"$tmp/pipe"
jobctl ingest <&9 >"$tmp/ingested" 2>&1 &
ingest=$!
tftpd-lite --root="$site/tftp" >&9 2>"$tmp/tftp.err" 9>&- &
pids="$ingest $!"
bootweb --listen=10.0.0.1:8080 >&9 2>"$tmp/web.err" 9>&- &
pids="$pids $!"
pxeproxy >&9 2>"$tmp/proxy.err" 9>&- &
pids="$pids $!"
trap 'kill -9 $pids $dhcp 2>/dev/null; rm -rf "$tmp"' EXIT
dhcp_start
started() { [ "$(jobctl events --json | grep -c '"event":"started"')" = 3 ]; }
wait_for started

# ---- DHCP, ProxyDHCP, loader and script, all of them at the same time ----
began=$(date +%s)
run $PEER pxeprobe load --interface=nic0 --timeout=60000 --clients=$crowd --at-once=$crowd --json
cp "$tmp/out" "$tmp/load"
run jq -c '[.clients, .failed, .stages.loader.done, .stages.script.done, .stages.whole.done]' "$tmp/load"
is 0 "[$crowd,0,$crowd,$crowd,$crowd]" ''

# ---- what each then reports ----
machine() { # N: its name, the report's URL and states one after another; what was wrong is said
	mac=$(printf '02-70-78-00-00-%02x' "$1")
	url=$($PEER curl -sS -m 60 "http://10.0.0.1:8080/boot/$mac.ipxe" | sed -n 's/^set pxekit-url //p')
	for report in booting:script:1 installing:fetch:20 installing:fetch:60 configuring:boot:95 'done::100'; do
		state=${report%%:*} step=${report#*:}
		$PEER curl -sS -m 60 -d "state=$state&step=${step%:*}&percent=${step#*:}" \
			"$url/report" | grep -qx ok || echo "$mac $report"
	done
}
i=0 machines=
while [ $i -lt $crowd ]; do
	machine $i >>"$tmp/wrong" 2>&1 9>&- &
	machines="$machines $!"
	i=$((i + 1))
done
wait $machines
echo "# $crowd machines took $(($(date +%s) - began)) s"
run cat "$tmp/wrong"
is 0 '' ''
all_done() { [ "$(jobctl list --state 'done' --json | jq '.jobs | length')" = $crowd ]; }
run wait_for all_done
is 0 '' ''

# ---- nothing was lost, nothing came twice, and nobody was told another's ----
whole() {
	jobctl events --json | jq -rs '
		([.[] | select(.event == "report")] | group_by(.job) |
			[length, (map(length) | unique | tostring), (map(map(.state) | join(" ")) | unique | join("; "))] | join(" ")),
		([.[] | select(.verdict == "refused")] | length),
		([.[] | select(.event == "lost")] | length),
		([.[] | .id | select(. != null)] | (length == (unique | length)))'
}
run whole
is 0 "$crowd [5] booting installing installing configuring done
0
0
true" ''
mine() {
	jobctl list --state 'done' --json | jq -r '.jobs[] | "\(.mac[-2:]) \(.hostname) \(.attempt) \(.percent)"' |
		sort >"$tmp/got"
	seq 0 $((crowd - 1)) | awk '{ printf "%02x crowd%d 1 100\n", $1, $1 }' | sort | diff - "$tmp/got"
}
run mine
is 0 '' ''
run sqlite3 "$site/state/jobs.db" 'PRAGMA integrity_check; SELECT count(*) FROM install'
is 0 "ok
$crowd" ''
kill $pids
wait $ingest
run cat "$tmp/ingested"
same_lines() { grep -c 'refused 0, malformed 0' "$tmp/ingested"; }
run same_lines
is 0 1 ''
end
