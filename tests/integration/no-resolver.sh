#!/bin/sh
# shellcheck disable=SC2119 # dhcp_start and proxy_start may have arguments
# With a name server that never answers, none of our servers asks it anything: who a client
# is called is nobody's business, and nobody waits for it.
# Rows: S0-45
set -u
[ "${INSIDE:-}" ] || exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0"
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/pxeprobe.inc"
PATH=$PATH:/usr/sbin

net_make
site_fill
echo 'nameserver 10.0.0.66' >"$tmp/resolv.conf"
echo 'hosts: dns' >"$tmp/nsswitch.conf"
mount --bind "$tmp/resolv.conf" /etc/resolv.conf
mount --bind "$tmp/nsswitch.conf" /etc/nsswitch.conf
nft -f - <<'END'
table inet asked {
	counter dns { }
	chain out {
		type filter hook output priority 0;
		meta l4proto { tcp, udp } th dport { 53, 853 } counter name dns
	}
}
END
questions() { nft list counter inet asked dns | sed -n 's/.*packets \([0-9]*\) .*/\1/p'; }

dhcp_start
tftp_start
web_start
proxy_start
bootweb --face=admin --listen=10.0.0.1:8081 --plain-http --user= \
	--www="$srcdir/tools/bootweb/www" >"$tmp/admin.events" 2>&1 &
admin=$!
wait_for listens tcp 10.0.0.1:8081
run faults --arch 7 --checksum
is 0 '' ''
run $PEER curl -sS -o /dev/null -w '%{http_code}' http://10.0.0.1:8081/api/v1/jobs
is 0 401 ''
kill $admin
wait $admin
run proxy_stop
is 0 0 ''
web_stop
tftp_stop
dhcp_stop
cat "$tmp/web.events" "$tmp/tftp.events" "$tmp/events" | jobctl ingest >"$tmp/ingested"
run cut -d, -f3- "$tmp/ingested"
is 0 ' refused 0, malformed 0' ''
run questions
is 0 0 ''

# That somebody who asks would have been seen:
getent hosts 10.0.0.9 >"$tmp/name"
run test "$(questions)" -gt 0
is 0 '' ''
end
