#!/bin/sh
# shellcheck disable=SC2119 # proxy_start may have arguments
# Rows: S0-05 S0-06 S0-07 S0-08 S0-31 S2-07 S2-09 S3-03 S3-11 S3-18 S3-20 N-08
# What each kind of client is told, by a daemon that can only read.
set -u
[ "${INSIDE:-}" ] || exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0"
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/pxeproxy.inc"
PATH=$builddir/tests/integration:$PATH
url=http://10.0.0.1:8080

busy=52:54:00:00:00:01 idle=52:54:00:00:00:02 blocked=52:54:00:00:00:03
stranger=52:54:00:00:00:04 late=52:54:00:00:00:05
site_make
add $busy >/dev/null
jobctl allow $idle >/dev/null
jobctl block $blocked >/dev/null
proxy_start

# ---- the ports ----

udp_ports() {
	ss -Hlun | awk '{ print $4 }' | sort
}
run udp_ports
is 0 0.0.0.0:4011 ''
run ss -Hltn
is 0 '' ''

# ---- each architecture gets its file, in the direct form ----

direct() { # arch
	ask 'from|file|53|54|60|43.6|yiaddr|siaddr' --mac $busy --arch "$1"
}
offer() { # file
	printf '%s\n' '43.6: 8' '53: OFFER' '54: 10.0.0.1' '60: PXEClient' "file: $1" \
		'from: 10.0.0.1:67' 'siaddr: 10.0.0.1'
}
for pair in 0=undionly.kpxe 6=ipxe32.efi 7=snponly.efi 9=snponly.efi 10=arm32.efi 11=arm64.efi; do
	run direct "${pair%%=*}"
	is 0 "$(offer "${pair#*=}")" ''
done

run direct 99,7
is 0 "$(offer snponly.efi)" ''

run ask 'options|length' --mac $busy --arch 7 --machine-id 00000102030405060708090a0b0c0d0e0f
is 0 'length: 300
options: 53 54 60 97 43' ''

# Old ROMs: 300 octets at least, a broadcast, server and file in the header, nothing of it
# overloaded with options, however little the client says it can take.
run ask 'options|length|flags|siaddr|sname|file|from' --mac $busy --arch 0 --max-size 300
is 0 'file: undionly.kpxe
flags: 8000
from: 10.0.0.1:67
length: 300
options: 53 54 60 43
siaddr: 10.0.0.1
sname: 10.0.0.1' ''

http() { # arch mac
	ask 'file|60|43.6|43.9' --mac "$2" --arch "$1"
}
for pair in 15=ipxe32.efi 16=snponly.efi 19=arm64.efi; do
	run http "${pair%%=*}" $busy
	is 0 "60: HTTPClient
file: $url/loader/${pair#*=}" ''
done

run quiet --mac $busy --arch 31
is 0 '' ''
event_is 'silent arch 31' $busy '"\(.event) \(.rule) \(.arch)"'

run quiet --mac $busy --class PXEClient
is 0 '' ''
event_is 'silent no-arch' $busy '"\(.event) \(.rule)"'

# ---- iPXE gets the script, never the loader ----

for client in '--user-class iPXE' '--ipxe b1010a'; do
	for arch in 0 7 11; do
		# shellcheck disable=SC2086 # an option and its value
		run ask 'file|60|43.6' --mac $busy --arch $arch $client
		is 0 "43.6: 8
60: PXEClient
file: $url/boot.ipxe" ''
	done
done

# ---- machines with nothing to do boot locally, each kind by its own answer ----

menu='43.10: 0
43.6: 3
43.9: 0'
run ask 'file|43.6|43.9|43.10' --mac $idle --arch 7
is 0 "$menu" ''
run ask 'file|43.6|43.9|43.10' --mac $idle --arch 0
is 0 "$menu" ''
run ask 'file|43.6|43.9|43.10' --mac $idle --arch 0 --user-class iPXE
is 0 "$menu" ''
run ask 'file|43.6|43.9|43.10' --mac $idle --arch 7 --user-class iPXE
is 0 "43.6: 8
file: $url/boot.ipxe" ''
run http 16 $idle
is 0 "60: HTTPClient
file: $url/local-boot" ''

# ---- silence ----

run quiet --mac $blocked --arch 7
is 0 '' ''
event_is 'silent blocked' $blocked '"\(.event) \(.rule)"'

# Blocked and not, ignored and not: from the next packet on.
jobctl allow $blocked >/dev/null
run ask '43.9' --mac $blocked --arch 7
is 0 '43.9: 0' ''
jobctl block $blocked >/dev/null
run quiet --mac $blocked --arch 7
is 0 '' ''

run quiet --mac $stranger --arch 7
is 0 '' ''
event_is 'silent unknown lab PXEClient:Arch:00007:UNDI:003000' $stranger '"\(.event) \(.rule) \(.network) \(.vendor_class)"'

for type in request inform release decline; do
	run quiet --mac $busy --arch 7 --type $type
	is 0 '' ''
done
run quiet --mac $busy --arch 0 --plain
is 0 '' ''
run quiet --mac $busy --arch 0 --class 'MSFT 5.0'
is 0 '' ''

# ---- a job counts from the next packet on ----

run quiet --mac $late --arch 7
is 0 '' ''
add $late >/dev/null
run ask file --mac $late --arch 7
is 0 'file: snponly.efi' ''
jobctl cancel $late >/dev/null
run ask '43.9' --mac $late --arch 7
is 0 '43.9: 0' ''

# ---- port 4011 ----

$PEER ip addr add 10.0.0.9/24 dev nic0
pxe() {
	ask "$@" --to 10.0.0.1 --port 4011 --type request --ciaddr 10.0.0.9
}
run pxe 'from|53|54|60|file|43.6|ciaddr|siaddr' --mac $busy --arch 7 --source-port 4011
is 0 '53: ACK
54: 10.0.0.1
60: PXEClient
ciaddr: 10.0.0.9
file: snponly.efi
from: 10.0.0.1:4011
siaddr: 10.0.0.1' ''
run pxe 'from|file|43.71|xid' --mac $busy --arch 0 --user-class iPXE --class PXEClient --item 0x8002 --xid 0
is 0 "43.71: 32770 0
file: $url/boot.ipxe
from: 10.0.0.1:4011
xid: 00000000" ''
run pxe '43.9|53' --mac $idle --arch 7 --type inform
is 0 '43.9: 0
53: ACK' ''
event_is 'ack idle 10.0.0.9' $idle '"\(.event) \(.rule) \(.address)"'

# ---- relays ----

relayed() {
	ask "$@" --to 10.0.0.1 --source-port 67 --mac $busy --arch 7 --relay-info 0104657468
}
run relayed 'from|file|giaddr|82|options' --giaddr 10.0.0.9
is 0 '82: 0104657468
file: snponly.efi
from: 10.0.0.1:67
giaddr: 10.0.0.9
options: 53 54 60 43 82' ''
event_is 'offer 10.0.0.9' $busy '"\(.event) \(.relay)"'

run quiet --mac $busy --arch 7 --giaddr 10.0.0.77
is 0 '' ''
event_is 'silent relay 10.0.0.77' $busy '"\(.event) \(.rule) \(.relay)"'

# ---- broken packets ----

for packet in "$srcdir"/tests/corpus/dhcp/broken-* "$srcdir"/tests/corpus/dhcp/overload-*; do
	run quiet --raw "$packet"
	is 0 '' ''
	run quiet --raw "$packet" --port 4011 --to 10.0.0.1
	is 0 '' ''
done
run told '"event":"malformed"'
is 0 '' ''

# A flood of them, and one of a machine that says no MAC: each is counted, few are told.
told_of() { # filter
	jq -c "select($1) | 1 + (.repeats // 0)" "$tmp/events"
}
counted() { # filter, how many
	[ "$(told_of "$1" | jq -s 'add // 0')" -ge "$2" ]
}
# Of those above, the last may be told with these.
broken='.event == "malformed"'
broken_before=$(told_of "$broken" | jq -s 'add // 0')
$PEER dhcpsend --interface nic0 --raw "$srcdir/tests/corpus/dhcp/broken-cookie" --from 10.0.0.9 \
	--port 4011 --to 10.0.0.1 --times 100 --replies 0
run wait_for counted "$broken" $((broken_before + 100))
is 0 '' ''
by_uuid='.uuid == "00112233-4455-6677-8899-aabbccddeeff" and .mac == null'
$PEER dhcpsend --interface nic0 --raw "$srcdir/tests/corpus/dhcp/guid-in-chaddr" \
	--times 200 --replies 0
run wait_for counted "$by_uuid" 200
is 0 '' ''
run test "$(told_of "$by_uuid" | wc -l)" -lt 200
is 0 '' ''

# ---- another wire: the answer leaves where the question came in ----

ip link add boot1 type veth peer name nic1 netns "$PEER_PID"
ip addr add 10.0.1.1/24 dev boot1
ip link set boot1 up
$PEER ip link set nic1 up
second() {
	$PEER dhcpsend --interface nic1 "$@" >"$tmp/answer" || echo 'no answer'
	fields 'from|file|54'
}
refused_there() {
	second --mac $busy --arch 7 --wait 100 >/dev/null
	told '"rule":"network"'
}
run wait_for refused_there
is 0 '' ''
cat >>"$PXEKIT_CONF" <<'END'
network second { subnet = "10.0.1.0/24" url = "http://10.0.1.1" }
END
kill -HUP $proxy
answered_there() {
	[ "$(second --mac $busy --arch 7 --wait 200)" != 'no answer' ]
}
run wait_for answered_there
is 0 '' ''
run second --mac $busy --arch 7
is 0 '54: 10.0.1.1
file: snponly.efi
from: 10.0.1.1:67' ''
run ask 'from|54' --mac $busy --arch 7
is 0 '54: 10.0.0.1
from: 10.0.0.1:67' ''

# ---- a broken configuration changes nothing ----

echo 'network {' >>"$PXEKIT_CONF"
kill -HUP $proxy
wait_for grep -q 'the old one stays' "$tmp/said"
run ask file --mac $busy --arch 7
is 0 'file: snponly.efi' ''

# ---- the database goes away, and comes back ----

mv "$site/state" "$site/away"
missed() {
	ask file --mac $busy --arch 7 --wait 100 >/dev/null
	grep -q 'cannot open the database' "$tmp/said"
}
run wait_for missed
is 0 '' ''
mv "$site/away" "$site/state"
answers_again() {
	[ "$(ask file --mac $busy --arch 7 --wait 200)" = 'file: snponly.efi' ]
}
run wait_for answers_again
is 0 '' ''

# ---- a thousand machines switched on at once ----

crowd=52:54:00:00:0b:0b
all_heard() {
	[ "$(grep "\"mac\":\"$crowd\"" "$tmp/events" |
		jq -s 'map(1 + (.repeats // 0)) | add')" = 1000 ]
}
kill -STOP $proxy
$PEER dhcpsend --interface nic0 --mac $crowd --arch 7 --times 1000 --replies 0
kill -CONT $proxy
run wait_for all_heard
is 0 '' ''

# ---- the configuration and the database change among them: nobody is lost ----

crowd=52:54:00:00:0b:0c
kill -STOP $proxy
$PEER dhcpsend --interface nic0 --mac $crowd --arch 7 --times 500 --replies 0
sed -i 's/snponly.efi/other.efi/; /^network {/d' "$PXEKIT_CONF"
kill -HUP $proxy
add $crowd >/dev/null
$PEER dhcpsend --interface nic0 --mac $crowd --arch 7 --times 500 --replies 0
kill -CONT $proxy
run wait_for all_heard
is 0 '' ''
run ask file --mac $crowd --arch 7
is 0 'file: other.efi' ''
sed -i 's/other.efi/snponly.efi/' "$PXEKIT_CONF"

run proxy_stop
is 0 0 ''
run told '"event":"stopped"'
is 0 '' ''

# ---- started as its unit does it, it keeps no right ----

if [ -n "$(service_user)" ]; then
	rights() {
		grep -E '^(Uid|CapPrm|CapEff|CapAmb|NoNewPrivs|Seccomp):' /proc/$proxy/status | tr '\t' ' '
	}
	none='Uid: 65534 65534 65534 65534
CapPrm: 0000000000000000
CapEff: 0000000000000000
CapAmb: 0000000000000000
NoNewPrivs: 1
Seccomp: 2'
	grep -q '^Seccomp:' /proc/self/status || none=${none%?Seccomp*}
	sed -i '/^network second/,$d' "$PXEKIT_CONF"

	proxy_start
	run rights
	is 0 "$none" ''
	run setpriv --reuid nobody --regid nogroup --clear-groups sh -c ": >>'$site/state/jobs.db'"
	: >"$tmp/err"
	is 2 '' ''
	proxy_stop >/dev/null

	caps=+net_raw
	: >"$tmp/events"
	setpriv --reuid nobody --regid nogroup --clear-groups --inh-caps $caps --ambient-caps $caps \
		pxeproxy >"$tmp/events" 2>"$tmp/said" &
	proxy=$!
	wait_for told '"event":"started"'
	run rights
	is 0 "$none" ''
	run ask file --mac $busy --arch 7
	is 0 'file: snponly.efi' ''
	run cat "$tmp/said"
	is 0 '' ''
	run proxy_stop
	is 0 0 ''
fi

# ---- sockets handed over: by systemd both, by inetd one; no right is needed ----

[ -n "$(service_user)" ] && nobody='setpriv --reuid nobody --regid nogroup --clear-groups'
asked_once() {
	ask file --mac $busy --arch 7 --wait 200 >/dev/null
	told '"event":"started"'
}
: >"$tmp/events"
# shellcheck disable=SC2086 # a command with its options, or none
systemd-socket-activate --datagram --listen=255.255.255.255:67 --listen=0.0.0.0:4011 \
	-E PXEKIT_CONF="$PXEKIT_CONF" -E PATH="$PATH" ${nobody-} pxeproxy \
	>"$tmp/events" 2>"$tmp/said" &
proxy=$!
run wait_for asked_once
is 0 '' ''
run ask 'from|file|54' --mac $busy --arch 7
is 0 '54: 10.0.0.1
file: snponly.efi
from: 10.0.0.1:67' ''
run pxe 'from|file' --mac $busy --arch 7
is 0 'file: snponly.efi
from: 10.0.0.1:4011' ''
run quiet --mac $busy --arch 7 --type request
is 0 '' ''
run proxy_stop
is 0 0 ''

# shellcheck disable=SC2086
systemd-socket-activate --inetd --datagram --listen=0.0.0.0:4011 \
	-E PXEKIT_CONF="$PXEKIT_CONF" -E PATH="$PATH" ${nobody-} pxeproxy \
	>"$tmp/all" 2>"$tmp/said" &
proxy=$!
answered_4011() {
	[ "$(pxe file --mac $busy --arch 7 --wait 200)" != 'no answer' ]
}
wait_for answered_4011
run pxe 'from|file' --mac $busy --arch 7
is 0 'file: snponly.efi
from: 10.0.0.1:4011' ''
kill $proxy
wait $proxy

end
