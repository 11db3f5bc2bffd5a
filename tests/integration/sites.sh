#!/bin/sh
# The services of a site tell that they are alive, and jobctl sites says who is not; bootweb's
# /healthz fails while reports wait and nobody takes them.
# Rows: S0-33 S0-37
set -u
[ "${INSIDE:-}" ] || exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0"
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/pxeproxy.inc"
PATH=$builddir/tests/integration:$PATH

site_make
sed -i '1i site = "vienna"
s/^\(\t*\)subnet = "10.0.0.0.24"/&\n\1server = "10.0.0.1"/' "$PXEKIT_CONF"
mkdir -p "$site/tftp"
cat >>"$PXEKIT_CONF" <<END
tftp = "$site/tftp"
templates = "$srcdir/tools/ipxegen/templates"
END
mkfifo "$tmp/pipe"
exec 9<>"$tmp/pipe" # as systemd's socket unit keeps it open
pids=
trap 'kill -9 $pids 2>/dev/null; rm -rf "$tmp"' EXIT
ingest_start() {
	jobctl ingest <&9 >"$tmp/ingested" 2>&1 &
	ingest=$!
	pids="$pids $ingest"
}
ingest_start
pxeproxy >&9 2>"$tmp/proxy.err" 9>&- &
proxy=$!
tftpd-lite --listen=127.0.0.1 --port=6969 >&9 2>"$tmp/tftp.err" 9>&- &
tftp=$!
bootweb --user= --listen=127.0.0.1:8081 >&9 2>"$tmp/web.err" 9>&- &
web=$!
bootweb --face=admin --user= --listen=127.0.0.1:8082 >&9 2>"$tmp/admin.err" 9>&- &
pids="$pids $proxy $tftp $web $!"

states() {
	jobctl sites --json | jq -r '.services[] | "\(.site) \(.service) \(.state) \(.stale)"'
}
up() { [ "$(states | grep -c 'up false')" = "$1" ]; }
wait_for up 5
run states
is 0 'vienna bootweb up false
vienna bootweb-admin up false
vienna ingest up false
vienna pxeproxy up false
vienna tftpd-lite up false' ''
version=$(jobctl --version | sed -n '1s/.* //p')
whole() {
	jobctl sites --json | jq -r --arg host "$(hostname)" --arg version "$version" \
		'.services | map(select(.host == $host and .version == $version and .last_seen >= .started)) | length'
}
run whole
is 0 5 ''
where() {
	jobctl sites --json | jq -r '.services[] | select(.service == "bootweb") | .where'
}
run where
is 0 'face boot on 127.0.0.1:8081' ''
run sh -c 'jobctl sites | sed -n "1p; s/.* pxeproxy  *up .*/up/p" | tr -s " "'
is 0 'SITE HOST SERVICE STATE LAST JOBS SERVES
up' ''

# ---- which networks each serves, by which address, and the jobs there ----
serves() {
	jobctl sites --json | jq -r '.services[] | "\(.service) \(.active) \(.networks)."'
}
for last in 1 2; do
	jobctl add --mac 52:54:00:00:00:0$last --image tiny --network lab >/dev/null
done
run serves
is 0 'bootweb 2 lab 10.0.0.0/24 10.0.0.1.
bootweb-admin 0 .
ingest 0 .
pxeproxy 2 lab 10.0.0.0/24 10.0.0.1.
tftpd-lite 2 lab 10.0.0.0/24 10.0.0.1.' ''

# ---- one ends in order, one is killed and not heard of any more ----
kill $tftp
stopped() { states | grep -q 'tftpd-lite stopped false'; }
run wait_for stopped
is 0 '' ''
run sh -c 'jobctl sites >/dev/null'
is 0 '' ''
kill -9 $proxy
later() { # so much time has gone by for this service
	sqlite3 "$site/state/jobs.db" "UPDATE service SET seen = seen - 90000 WHERE name = '$1'"
}
later pxeproxy
run sh -c "jobctl sites --json | jq -r '.services[] | select(.stale) | .service'"
is 0 pxeproxy ''
run sh -c 'jobctl sites >/dev/null'
is 1 '' ''

# ---- reports wait, and nobody takes them ----
health() { curl -s -o "$tmp/health" -w '%{http_code} ' "http://127.0.0.1:$1/healthz" && cat "$tmp/health"; }
run health 8081
is 0 '200 ok' ''
kill -9 $ingest
wait $ingest 2>/dev/null
run health 8081
is 0 '200 ok' ''
curl -s -o /dev/null 'http://127.0.0.1:8081/boot/52-54-00-00-00-fe.ipxe'
run health 8081 # it may be about to come back
is 0 '200 ok' ''
later ingest
ill() {
	health "$1" | sed 's/ of .* ago/ of a while ago/'
}
for port in 8081 8082; do
	run ill $port
	is 0 '503 ill: reports wait, and jobctl ingest was last heard of a while ago' ''
done
sqlite3 "$site/state/jobs.db" "DELETE FROM service WHERE name = 'ingest'"
run health 8081
is 0 '503 ill: reports wait, and jobctl ingest does not run' ''
ingest_start
well() { [ "$(health 8081)" = '200 ok' ]; }
run wait_for well
is 0 '' ''
taken() {
	jobctl events --json | grep -q '"script"'
}
run wait_for taken
is 0 '' ''

# ---- what is not heard of any more goes with the old events ----
sqlite3 "$site/state/jobs.db" "UPDATE service SET seen = 1 WHERE name = 'pxeproxy'"
jobctl vacuum --keep 30d >/dev/null
run sh -c "jobctl sites --json | jq -r '.services | map(.service) | join(\" \")'"
is 0 'bootweb bootweb-admin ingest tftpd-lite' ''
end
